"""`pos-hub goods …`: what the chain sells, from a file as people have it to the tills."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

import click
import msgspec

from hub.batches import batches
from hub.build import build_hub, build_programmes, drinks_by_law
from hub.commands.ledger_option import ledger_option
from hub.commands.ledger_there import open_ledger
from hub.commands.tables import (
    check_place,
    map_option,
    remember,
    remembered,
    seekable,
    setting_of,
    sheet_option,
    shown_bad,
    skip_bad_option,
)
from hub.files.dialect import BadFile
from hub.files.goods_file import Around, GoodsFile, read_goods
from hub.files.goods_headings import GOODS
from hub.files.headings import key_of, said_from
from hub.files.left_out import write_left_out
from hub.files.reasons import Fault
from hub.files.workbook import Tabled, tabled
from hub.goods import PRICES_MAX, GoodsBody, NewGoods, Took, format_of, readable_body, take, told, withdraw
from hub.hub import Hub
from hub.members import BAD_LINES_SHOWN_MAX
from hub.store.errors import StoreOff
from hub.store.office_records import GoodsRow
from loyalty.money import format_kopecks

GOODS_AT_ONCE: Final = 500  # of one transaction, for which a till's push has to wait
HEADINGS_REMEMBERED: Final = "goods_headings/"  # settings: what --map said, by the set of headings
CATEGORIES_REMEMBERED: Final = "goods_categories"  # a setting: what --category said


@click.group()
def goods() -> None:
    """What the chain sells: tills are told of it, and sell by the law what comes to them by article or barcode alone.

    A price is the chain's, a format's or a store's, from a day on; the store's own goes before its format's.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was said beside the file."""

    since: datetime | None
    skip_bad: Path | None
    withdraw_others: bool
    as_json: bool


@goods.command(name="import")
@ledger_option
@click.argument("file", type=click.File("rb"))
@map_option
@sheet_option
@click.option(
    "--category",
    "categories",
    multiple=True,
    metavar="'WORDS=CATEGORY'",
    help="What the file calls a category of the programmes; nothing behind = says none. Remembered.",
)
@click.option("--from", "since", type=click.DateTime(["%Y-%m-%d"]), help="Of prices without a day; else today.")
@skip_bad_option
@click.option("--withdraw-others", is_flag=True, help="The file is all that is sold: tills forget what is not in it.")
@click.option("--json", "as_json", is_flag=True, help="What was done as JSON instead of words.")
def import_command(
    ledger: Path | str,
    file: BinaryIO,
    maps: tuple[str, ...],
    sheet: str | None,
    categories: tuple[str, ...],
    **others: Any,
) -> None:
    """Take goods from a table, also while the hub serves tills.

    \b
    article;barcode;name;category;brand;tags;unit;kind;strength;volume;subject;price;store;format;from;until;picture
    2001;4600000000022;Водка;alcohol_strong;;;шт;vodka;40;0,5;2;449,00;;;01.12.2026;;

    An Excel workbook (.xlsx), or any CSV that a spreadsheet or a cash program writes, with headings such as «Артикул»,
    «Штрихкод», «Наименование», «Цена». Only an article or a barcode is required (22* is a beginning of barcodes). An
    article may stand in several rows, one for each barcode or price. An empty cell, and a column that is not there, say
    nothing: what was known stays. How the file was read is said first.

    A file with a bad row is told line by line, and nothing of it is taken (but for --skip-bad). The same file again
    changes nothing, so an import that was stopped is begun anew.
    """
    wanted = Wanted(**others)
    hub = build_hub(ledger, build_programmes(), serving=False)
    try:
        columns = said_from(maps, GOODS.columns) if maps else None
        meant = said_from(categories, None, "--category")
        _check_categories(hub, meant)
        with seekable(file) as source, tabled(source, sheet) as table:
            _import(hub, table, file.name, columns, meant, wanted)
    except BadFile as error:
        sys.exit(f"pos-hub: no goods were imported:\n{error}")
    finally:
        hub.close()


def _import(
    hub: Hub,
    source: Tabled,
    name: str,
    columns: Mapping[str, str] | None,
    categories: Mapping[str, str],
    wanted: Wanted,
) -> None:
    if wanted.skip_bad is not None:
        check_place(wanted.skip_bad, name)
    today = hub.now().date()
    categories = dict(remembered(hub, CATEGORIES_REMEMBERED) or {}) | dict(categories)
    with hub.store.reading() as reader:
        stores = reader.stores()
    around = Around(
        categories=_known_categories(hub),
        kinds=drinks_by_law(),
        stores=stores,
        since=wanted.since.date() if wanted.since else today,
        said=_named_categories(hub) | categories,
    )
    table = read_goods(
        source.file,
        around,
        said=columns,
        remembered=lambda key: remembered(hub, setting_of(HEADINGS_REMEMBERED, key)),
        sheet=source.sheet,
    )
    click.echo(f"{name}: {table}.", err=True)
    if table.rows.faults and wanted.skip_bad is None:
        sys.exit(f"pos-hub: no goods were imported:\n{_bad(table)}")
    remember(hub, setting_of(HEADINGS_REMEMBERED, table.key), table.columns.said)
    remember(hub, CATEGORIES_REMEMBERED, categories)
    took = _take(hub, list(table.rows.goods()), today)
    for article in took.crowded:
        table.rows.leave_out(article, Fault("crowded", f"article {article} would have more than {PRICES_MAX} prices"))
    if wanted.withdraw_others:
        took = took.plus(_withdraw_others(hub, table))
    _tell(hub, table, took, wanted)
    if wanted.skip_bad is not None:
        count = write_left_out(wanted.skip_bad, source.file, table)
        words = f"Rows left out, with why, in {wanted.skip_bad}: {count}." if count else "No row was left out."
        click.echo(words, err=wanted.as_json)
    elif took.crowded:
        sys.exit(f"pos-hub: these were not imported:\n{_bad(table)}")


def _bad(table: GoodsFile) -> str:
    """The first lines; and how often each category stands there that nobody knows, for they come by the thousand."""
    faults = [fault for of_line in table.rows.faults.values() for fault in of_line]
    unknown = Counter(fault.words for fault in faults if fault.kind == "category").most_common(BAD_LINES_SHOWN_MAX)
    often = [f"{count} rows: {words}" for words, count in unknown if count > 1]
    return "\n".join([shown_bad(table.rows.bad(), len(table.rows.faults)), *often])


def _take(hub: Hub, some: Sequence[NewGoods], today: date) -> Took:
    took = Took()
    try:
        with click.progressbar(length=len(some), label="Importing goods", file=sys.stderr) as bar:
            for batch in batches(some, GOODS_AT_ONCE):
                took = took.plus(_within(hub, batch, today))
                bar.update(len(batch))
    except (KeyboardInterrupt, StoreOff) as stopped:
        why = f"{stopped}\n" if isinstance(stopped, StoreOff) else ""
        done = took.new + took.changed + took.same
        sys.exit(f"pos-hub: {why}stopped after {done} of {len(some)} goods. The same command goes on with the rest.")
    return took


def _within(hub: Hub, batch: Sequence[NewGoods], today: date) -> Took:
    return hub.within(lambda writer: take(writer, batch, today))


def _withdraw_others(hub: Hub, table: GoodsFile) -> Took:
    """What the file does not name. A row that is not taken names its goods all the same."""
    named = table.rows.drafts.keys()
    with hub.store.reading() as reader:
        others = [row.article for row in reader.all_goods() if row.article not in named]
    took = Took()
    for batch in batches(others, GOODS_AT_ONCE):
        took = took.plus(_withdraw(hub, batch))
    return took


def _withdraw(hub: Hub, batch: Sequence[str]) -> Took:
    return hub.within(lambda writer: withdraw(writer, batch))


def _tell(hub: Hub, table: GoodsFile, took: Took, wanted: Wanted) -> None:
    left, shared = len(table.rows.faults), table.rows.shared()
    if wanted.as_json:
        done = {"new": took.new, "changed": took.changed, "same": took.same, "withdrawn": took.withdrawn}
        click.echo(json.dumps({"rows": table.rows.count, **done, "left_out": left, "shared_barcodes": shared}))
        return
    click.echo(
        f"Goods imported into {hub.store.name} from {table.rows.count} rows: {took.new} new, {took.changed} changed, "
        f"{took.same} as they were; {took.withdrawn} withdrawn; rows left out: {left}."
    )
    if shared:
        click.echo(f"Barcodes that stand at several articles: {shared}; at tills the stricter of them counts.")


# what was said


def _known_categories(hub: Hub) -> set[str]:
    return {id for programme in hub.programmes.values() for id in programme.categories}


def _named_categories(hub: Hub) -> dict[str, str]:
    """By the names that programmes give them, where those agree."""
    ids: dict[str, set[str]] = {}
    for programme in hub.programmes.values():
        for category in programme.categories.values():
            for name in (category.ru, category.en):
                ids.setdefault(key_of(name), set()).add(category.id)
    return {name: id for name, (id, *others) in ids.items() if not others}


def _check_categories(hub: Hub, said: Mapping[str, str]) -> None:
    known = _known_categories(hub)
    wrong = sorted({meant for meant in said.values() if meant and meant not in known})
    if wrong:
        raise click.UsageError(
            f"No programme has the category {', '.join(wrong)}; there are {', '.join(sorted(known))}."
        )


# looking


@goods.command(name="list")
@ledger_option
@click.argument("text", default="")
@click.option("--withdrawn", is_flag=True, help="Those that are sold no more.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, one article a line.")
def list_command(ledger: Path | str, text: str, withdrawn: bool, as_json: bool) -> None:
    """List goods, all or those with TEXT in article, barcode, name, brand or category."""
    hub = open_ledger(ledger)
    count = 0
    with hub.store.reading() as reader:
        for row in reader.all_goods():
            body = readable_body(row)
            if body.withdrawn == withdrawn and _has(row, body, text.casefold()):
                count += 1
                click.echo(_json(row, body) if as_json else _line(row, body))
    hub.close()
    if not count and not as_json:
        click.echo("There are none.")


@goods.command()
@ledger_option
@click.argument("article")
@click.option("--store", default="", help="With the prices of this store, as its tills are told.")
@click.option("--json", "as_json", is_flag=True, help="As JSON instead of words.")
def show(ledger: Path | str, article: str, store: str, as_json: bool) -> None:
    """Show all that is known of an article."""
    hub = open_ledger(ledger)
    with hub.store.reading() as reader:
        row = reader.goods([article]).get(article)
        format = format_of(reader, store)
    today = hub.now().date()
    hub.close()
    if row is None:
        raise click.ClickException(f"There are no goods with article {article!r}. `pos-hub goods list` shows all.")
    snapshot = told(row, store, format, today) if store else None
    if as_json:
        click.echo(msgspec.json.encode(snapshot).decode() if store else _json(row, readable_body(row)))
        return
    body = readable_body(row)
    click.echo(_line(row, body))
    for name, value in _facts(body):
        click.echo(f"  {name}: {value}")
    if snapshot is not None:
        for price in snapshot.prices:
            kopecks = "none" if price.kopecks is None else format_kopecks(price.kopecks)
            click.echo(f"  in {store} from {price.since}: {kopecks}")


def _has(row: GoodsRow, body: GoodsBody, text: str) -> bool:
    words = (row.article, body.name, body.brand, body.category or "", *body.barcodes)
    return any(text in word.casefold() for word in words)


def _json(row: GoodsRow, body: GoodsBody) -> str:
    return json.dumps({"article": row.article} | msgspec.to_builtins(body), ensure_ascii=False)


def _line(row: GoodsRow, body: GoodsBody) -> str:
    codes = ", ".join((*body.barcodes, *(f"{code}*" for code in body.beginnings)))
    gone = "withdrawn" if body.withdrawn else ""
    return "  ".join(filter(None, (row.article, body.name, body.category or "of no category", codes, gone)))


def _facts(body: GoodsBody) -> Iterator[tuple[str, str]]:
    facts: list[tuple[str, Any, Callable[[Any], str]]] = [
        ("brand", body.brand, str),
        ("tags", body.tags, ", ".join),
        ("unit", body.unit, str),
        ("kind", body.kind, str),
        ("strength", body.strength_bp, lambda value: f"{value / 100:g} %"),
        ("volume", body.volume_ml, lambda value: f"{value} ml"),
        ("subject (tag 1212)", body.subject, str),
        ("picture", body.picture, str),
    ]
    yield from ((name, said(value)) for name, value, said in facts if value)
    for price in body.prices:
        where = price.place.replace(":", " ") or "chain"
        until = f" to {price.until}" if price.until else ""
        yield f"price, {where}, from {price.since}{until}", format_kopecks(price.kopecks)
