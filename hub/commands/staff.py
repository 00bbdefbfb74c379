"""`pos-hub staff …`: who works here, and may sign in at tills and at the office's desk."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import click
import msgspec

from hub.commands.ledger_option import ledger_option
from hub.commands.ordering import agreed, by_option, who_is_here
from hub.commands.tills import json_option, opened
from hub.hub import Hub
from hub.staff import book
from hub.staff.pepper import pepper_now, rotate
from hub.staff.person import Person
from hub.store.seam import Writer
from hub.stores import STORE_LETTERS_MAX
from loyalty.possible import is_text
from loyalty.staff import ROLES, Role
from sync.staff_codes import (
    BADGE,
    BADGE_LETTERS,
    CHALLENGE_LETTERS,
    CODE_MINUTES,
    LETTERS,
    PIN_DIGITS,
    is_challenge,
    is_pin,
)

_T = TypeVar("_T")
Command = Callable[..., None]
ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
NAME_LETTERS_MAX: Final = 60  # operations name him so
ABOUT_LETTERS_MAX: Final = 200


@click.group()
def staff() -> None:
    """Who works in the shops and in the office: names, roles, PINs, badges, and keys of their programs.

    Tills hear of their store's people with the next page, and check PINs and badges also without the hub. Where nobody
    was ever added, nobody signs in, and tills do what they did before.
    """


def _id(context: click.Context, option: click.Parameter, value: str) -> str:
    if not ID.fullmatch(value):
        raise click.BadParameter("an id has small letters, digits and dashes, at most 32")
    return value


def _name(context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    if value is not None and not is_text(value, NAME_LETTERS_MAX):
        raise click.BadParameter(f"a name has 1 to {NAME_LETTERS_MAX} letters, and no control characters")
    return value


def _stores(context: click.Context, option: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    if not all(is_text(one, STORE_LETTERS_MAX) and one != book.ALL_STORES for one in value):
        raise click.BadParameter(f"a store's id has 1 to {STORE_LETTERS_MAX} letters; without --store: all stores")
    return tuple(dict.fromkeys(value))


person_argument = click.argument("person", callback=_id)
role_option = click.option("--role", type=click.Choice(ROLES), help="cashier, manager, office or auditor.")
name_option = click.option("--name", callback=_name, help="How he signs, Петрова А.; operations name him so.")
store_option = click.option(
    "--store", "stores", multiple=True, callback=_stores, help="Where he works; several times for several. None: all."
)


@staff.command()
@ledger_option
@person_argument
@name_option
@role_option
@store_option
@click.option("--pin", "with_pin", is_flag=True, help="Make a PIN for him too, and show it once.")
@by_option
def add(
    ledger: Path | str,
    person: str,
    name: str | None,
    role: Role | None,
    stores: tuple[str, ...],
    with_pin: bool,
    by: str | None,
) -> None:
    """Add somebody: PERSON is his id, petrova.

    \b
    pos-hub staff add petrova --name 'Петрова А.' --role manager --store omsk-7 --pin
    """
    who, new_pin = _who(by), book.random_pin() if with_pin else None

    def work(hub: Hub, writer: Writer) -> Person:
        now, pepper = hub.now(), pepper_now(writer, hub.keys.phones)
        added: dict[str, Any] = {
            "name": name or person,
            "role": role or "cashier",
            "stores": stores,
            "by": who,
            "now": now,
        }
        made = book.add(writer, person, **added)
        return book.set_pin(writer, person, new_pin, pepper, by=who, now=now) if new_pin else made

    made = _done(ledger, person, work)
    click.echo(f"{_line(made)}. Tills hear of it with their next page.")
    if new_pin:
        _tell_pin(new_pin)


@staff.command()
@ledger_option
@person_argument
@name_option
@role_option
@store_option
@click.option("--all-stores", is_flag=True, help="He works in all of them.")
@by_option
def change(
    ledger: Path | str,
    person: str,
    name: str | None,
    role: Role | None,
    stores: tuple[str, ...],
    all_stores: bool,
    by: str | None,
) -> None:
    """Another name, role or other stores; what is not said stays."""

    def work(hub: Hub, writer: Writer) -> Person:
        known = book.held(writer, person)
        where = () if all_stores else stores or known.stores
        values: dict[str, Any] = {"name": name or known.name, "role": role or known.role, "stores": where}
        return book.change(writer, person, **values, by=_who(by), now=hub.now())

    click.echo(f"{_line(_done(ledger, person, work))}. Tills hear of it with their next page.")


@staff.command(name="list")
@ledger_option
@click.option("--store", help="Only who works in this store.")
@json_option
def list_command(ledger: Path | str, store: str | None, as_json: bool) -> None:
    """Everybody, also who was revoked; with --json also what was done with each, by whom and when. No PIN is shown:
    nobody has them."""
    with opened(ledger) as hub, hub.store.reading() as reader:
        people = [one for one in book.everybody(reader) if store is None or one.works_in(store)]
    for one in people:
        shown = msgspec.to_builtins(one) | {"pin": bool(one.pin), "badge": bool(one.badge), "key": bool(one.key)}
        click.echo(msgspec.json.encode(shown).decode() if as_json else _line(one))
    if not people and not as_json:
        click.echo("Nobody: `pos-hub staff add`. Until then nobody signs in at tills.")


@staff.command()
@ledger_option
@person_argument
@click.option("--own", is_flag=True, help="Ask for it, twice, in the place of making one.")
@by_option
def pin(ledger: Path | str, person: str, own: bool, by: str | None) -> None:
    """Give PERSON a PIN: six digits drawn by lot, shown once; or one of his own (--own), of 4 to 6 digits."""
    digits = f"{PIN_DIGITS.start} to {PIN_DIGITS.stop - 1}"
    made = click.prompt(f"PIN, {digits} digits", hide_input=True, confirmation_prompt=True) if own else ""
    if own and not is_pin(made):
        raise click.ClickException(f"A PIN has {digits} digits.")
    new = made or book.random_pin()
    _done(ledger, person, lambda hub, w: book.set_pin(w, person, new, hub.pepper, by=_who(by), now=hub.now()))
    if own:
        click.echo("It holds from the tills' next page on.")
    else:
        _tell_pin(new)


@staff.command()
@ledger_option
@person_argument
@click.option("--read", is_flag=True, help="Of a badge that there is: its text, a line of the standard input.")
@by_option
def badge(ledger: Path | str, person: str, read: bool, by: str | None) -> None:
    """Give PERSON a badge: the text of its code, to be printed as a QR. The badge of before is none any more."""
    text = sys.stdin.readline().strip() if read else book.random_badge()
    letters = text[len(BADGE) :].upper()
    if not text.lower().startswith(BADGE) or len(letters) != BADGE_LETTERS or set(letters) - {*LETTERS}:
        raise click.ClickException(f"A badge is {BADGE} and {BADGE_LETTERS} letters and digits that we have drawn.")
    _done(ledger, person, lambda hub, w: book.new_badge(w, person, text, hub.pepper, by=_who(by), now=hub.now()))
    click.echo(text)


@staff.command()
@ledger_option
@person_argument
@by_option
def key(ledger: Path | str, person: str, by: str | None) -> None:
    """A key for a program of PERSON's (`Authorization: Bearer` at the office's API). Shown once; the one of before is
    none any more."""
    text = book.random_key(person)
    _done(ledger, person, lambda hub, w: book.new_key(w, person, text, by=_who(by), now=hub.now()))
    click.echo(text)


@staff.command()
@ledger_option
@person_argument
@by_option
def revoke(ledger: Path | str, person: str, by: str | None) -> None:
    """PERSON may sign in nowhere any more: at once in the office, at tills with their next page."""
    made = _done(ledger, person, lambda hub, w: book.revoke(w, person, by=_who(by), now=hub.now()))
    click.echo(f"{_line(made)}.")


@staff.command()
@ledger_option
@person_argument
@by_option
def restore(ledger: Path | str, person: str, by: str | None) -> None:
    """PERSON may sign in again, with what he had."""
    made = _done(ledger, person, lambda hub, w: book.restore(w, person, by=_who(by), now=hub.now()))
    click.echo(f"{_line(made)}.")


@staff.command(name="rotate")
@ledger_option
@click.option("--yes", is_flag=True, help="Do not ask.")
@by_option
def rotate_command(ledger: Path | str, yes: bool, by: str | None) -> None:
    """After a till was stolen with its keys: PINs and badges of all people are void, and tills get another key to check
    them with. Then give each a new one (`pin`, `badge`). Send the stolen till away first."""
    agreed("Nobody can sign in at a till before he has a new PIN or badge.", yes)
    who = _who(by)
    with opened(ledger) as hub:
        count = hub.within(lambda writer: rotate(writer, by=who, now=hub.now()))
    click.echo(f"{count} people need a new PIN or badge.")


@staff.command()
@ledger_option
@click.argument("challenge", required=False)
@click.option("--about", default="", help="What it is for, as they said it on the telephone.")
@click.option("--as", "person", help="Who answers: the id of somebody who may, petrova.")
@click.option("--list", "listed", is_flag=True, help="What was answered, by whom and when.")
def answer(ledger: Path | str, challenge: str | None, about: str, person: str | None, listed: bool) -> None:
    """Answer for a step at a till that asks for a second person: CHALLENGE stands there, and the code that is shown
    here is read back. It is good as the answer of who gives it, and the till takes none of whoever asks there. Who
    answered is kept."""
    if listed:
        with opened(ledger) as hub, hub.store.reading() as reader:
            for one in book.answers(reader):
                click.echo(f"{one.at[:16].replace('T', ' ')} UTC  {one.challenge}  {one.by}  {one.about}".rstrip())
        return
    if challenge is None or not is_challenge(challenge):
        raise click.ClickException(f"A challenge has {CHALLENGE_LETTERS} letters and digits, like K7Q2-M4XD.")
    if about and not is_text(about, ABOUT_LETTERS_MAX):
        raise click.BadParameter(f"--about has at most {ABOUT_LETTERS_MAX} letters, and no control characters")
    if person is None:
        raise click.ClickException("Who answers? --as PERSON, an id of `pos-hub staff list`.")
    said, who = challenge, person

    def work(hub: Hub, writer: Writer) -> str:
        return book.answer(writer, said, hub.pepper, person=who, about=about, now=hub.now())

    code = _done(ledger, who, work)
    click.echo(f"{code}   (good for {CODE_MINUTES} minutes, for that step alone)")


def _who(by: str | None) -> str:
    who = by or who_is_here()
    if not is_text(who, NAME_LETTERS_MAX):
        raise click.BadParameter(f"a name has 1 to {NAME_LETTERS_MAX} letters, and no control characters")
    return who


def _done(ledger: Path | str, person: str, work: Callable[[Hub, Writer], _T]) -> _T:
    with opened(ledger) as hub:
        try:
            return hub.within(lambda writer: work(hub, writer))
        except book.NoSuchPerson as error:
            raise click.ClickException(f"Nobody is called {person}: `pos-hub staff list`.") from error
        except book.MayNotAnswer as error:
            raise click.ClickException(
                f"{person} may answer for no step: a manager may, or somebody of the office who was not revoked."
            ) from error
        except book.PersonExists as error:
            raise click.ClickException(f"{person} is there already: `pos-hub staff change {person}`.") from error


def _tell_pin(text: str) -> None:
    click.echo(f"PIN: {text}   (shown once; tell it to nobody else)")


def _line(one: Person) -> str:
    has = [name for name, value in {"PIN": one.pin, "badge": one.badge, "key": one.key}.items() if value]
    parts: list[Any] = [one.id, one.name, one.role, ", ".join(one.stores) or "all stores", ", ".join(has) or "no PIN"]
    if one.revoked_at is not None:
        parts.append(f"revoked {one.revoked_at[:10]}")
    return "  ".join(parts)
