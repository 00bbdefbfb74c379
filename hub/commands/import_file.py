"""`pos-hub import`: members of a file, as people have it, and what else files bring (--as)."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

import click

from hub.brought.kinds import BROUGHT
from hub.build import build_hub, build_programmes
from hub.commands import import_brought, import_members
from hub.commands.imports import REPORTS, nothing_taken
from hub.commands.ledger_option import ledger_option
from hub.commands.ledger_there import check_programme, programme_called
from hub.commands.ordering import who_is_here
from hub.commands.tables import check_place, columns_said, map_option, seekable, sheet_option, skip_bad_option
from hub.files.dialect import BadFile
from hub.files.members_headings import MEMBERS
from hub.files.reasons import BadValue
from hub.files.values import expires
from hub.files.workbook import tabled
from hub.hub import Hub
from hub.members import BY_PROGRAMME
from hub.people.orders import NotDone, Order, check_order

AS_MEMBERS: Final = "members"


@click.command(name="import")
@ledger_option
@click.argument("file", type=click.File("rb"))
@click.option(
    "--as",
    "kind",
    type=click.Choice([AS_MEMBERS, *BROUGHT]),
    default=AS_MEMBERS,
    show_default=True,
    help="What the rows of the file are.",
)
@click.option("--programme", metavar="ID", help="Of all rows that name none: alenka, perekrestok, …")
@map_option
@sheet_option
@click.option(
    "--registered",
    type=click.Choice(["yes", "no"]),
    default="no",
    show_default=True,
    help="Of all rows that do not say it: who is not registered earns, and cannot spend yet.",
)
@click.option(
    "--expires",
    metavar="DATE|programme|never",
    default=BY_PROGRAMME,
    show_default=True,
    help="The last day of the points, of all rows that do not say it (a column «Сгорают»); programme: as what is bought"
    " today.",
)
@click.option(
    "--update",
    is_flag=True,
    help="Members who are there: take name, phone, birthday, favourites, and register whom the file has as registered"
    " (without a welcome grant); never points. "
    + " ".join(f"{name}: {kind.updates}." for name, kind in BROUGHT.items() if kind.updates),
)
@skip_bad_option
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the reconciliation sheet there too: .json or .csv.",
)
@click.option("--by", help="Who brings it (not of members).  [default: who is logged in here]")
def import_command(
    ledger: Path | str, file: BinaryIO, kind: str, maps: tuple[str, ...], by: str | None, **others: Any
) -> None:
    """Take members from a table, or what else files bring (--as), also while the hub serves tills.

    \b
    programme,card,phone,points,registered,birthday,favourites,member
    alenka,2600000000017,+79161234567,150,yes,1990-05-17,,

    An Excel workbook (.xlsx), or any CSV that a spreadsheet or a cash program writes (semicolons, commas or tabs,
    UTF-8, Windows-1251 or UTF-16), with headings such as «Номер карты», «ФИО», «Моб. телефон», «Бонусы». Only a card is
    required, and a programme (--programme). How the file was read is said first.

    A file with a bad row, or with a card that is in the ledger already, is told line by line, and nobody of it is taken
    (but for --skip-bad and --update). A good one is taken a few hundred rows at a time. It may be stopped (Ctrl-C): the
    same command goes on where it was, and takes nobody twice. A card that a till gives out meanwhile is left out, and
    told at the end. Then a sheet is printed: rows and points of the file against the ledger's entries. The same command
    again looks again at the rows that were left out, and only at them.

    Other files name members who are there, by card, phone or id: --as lots takes points with their own beginnings and
    ends («Карта; Баллы; С; По»), --as turnover what members bought before («Карта; Сумма покупок; С; По»: it counts for
    tiers on its last day), --as cards more cards of theirs («Основная карта; Карта; Статус»), --as consents what they
    agreed to («Карта; Согласие на; Дата; Документ; Отозвано»). --as receipts brings those of the system before, a row a
    line («Магазин; Дата; № чека; Карта; Товар; Кол-во; Сумма»): they move nothing, and are found again.

    A phone may go from one member to another within a file, whatever the order of its rows.

    \b
    Exit code 0: every row was taken, now or before
              1: it was refused or stopped, or the ledger does not hold what it should (see the sheet)
              2: the command was not understood
              3: rows were left out, the others were taken
    """
    _check(kind, others, file.name)
    ends = _ends(others.pop("expires"))
    sheet = others.pop("sheet")
    registered = others.pop("registered") == "yes"
    hub = _ledger_for(ledger, others["programme"])
    try:
        with ExitStack() as reading:
            with nothing_taken():
                source = reading.enter_context(seekable(file))
                table = reading.enter_context(tabled(source, sheet))
            if kind == AS_MEMBERS:
                said = columns_said(maps, MEMBERS.columns)
                wanted = import_members.Wanted(
                    said=said, registered=registered, expires=ends, sheet=table.sheet, **others
                )
                import_members.run(hub, table.file, file.name, wanted)
            else:
                said = columns_said(maps, BROUGHT[kind].headings.columns)
                rows = import_brought.Wanted(said=said, expires=ends, by=_by(by), sheet=table.sheet, **others)
                import_brought.run(hub, BROUGHT[kind], table.file, file.name, rows)
    except BadFile as error:
        sys.exit(f"pos-hub: nothing was imported:\n{error}")
    finally:
        hub.close()


def _ledger_for(ledger: Path | str, programme: str | None) -> Hub:
    """Made, where there is none; not for a programme that is none. Raises click.ClickException."""
    shipped = build_programmes()
    if isinstance(ledger, Path) and not ledger.exists() and programme is not None:
        check_programme(programme, shipped)
    hub = build_hub(ledger, shipped, serving=False)
    try:
        if programme is not None:
            programme_called(hub, programme)
    except click.ClickException:
        hub.close()
        raise
    return hub


def _check(kind: str, others: Mapping[str, Any], name: str) -> None:
    """Before anything is read."""
    if kind != AS_MEMBERS and others["registered"] == "yes":
        raise click.UsageError("--registered is of members.")
    if kind != AS_MEMBERS and others["update"] and not BROUGHT[kind].updates:
        raise click.UsageError(f"--update changes nothing of {BROUGHT[kind].what}.")
    report = others["report"]
    if report is not None and report.suffix.lower() not in REPORTS:
        raise click.UsageError(f"--report writes {' or '.join(REPORTS)}.")
    for path in filter(None, (others["skip_bad"], report)):
        check_place(path, name)


def _by(said: str | None) -> str:
    by = said or who_is_here()
    try:
        check_order(Order(by=by))
    except NotDone as error:
        raise click.UsageError(str(error)) from error
    return by


def _ends(said: str) -> str:
    """Of all rows that say nothing of their own."""
    try:
        return expires(said.strip(), datetime.now(UTC).date())
    except BadValue as error:
        raise click.UsageError(f"--{error}.") from error
