"""`pos-hub register`: a member filled the form in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import click

from hub.commands.ledger_option import ledger_option
from hub.commands.ledger_there import programme_called
from hub.commands.ordering import office, who_is_here
from hub.files import values
from hub.files.reasons import BadValue
from hub.people.registering import Form, register_member
from loyalty.names import LETTERS_MAX, given_first
from loyalty.phones import parse_phone
from loyalty.programme import Programme
from loyalty.wording import points_text

NO_FORM: Final = Form()


@click.command()
@ledger_option
@click.option("--card", required=True, help="A card of the member.")
@click.option("--programme", "programme_id", required=True, help="alenka, perekrestok, …")
@click.option("--phone", help="The member's phone number.")
@click.option("--name", default="", help="The member's name.")
@click.option("--birthday", default="", help="The member's birthday, like 1990-05-17.")
@click.option("--by", help="Who entered the form.  [default: who is logged in here]")
@click.option("--json", "as_json", is_flag=True, help="As JSON instead of words.")
def register(
    ledger: Path | str,
    card: str,
    programme_id: str,
    phone: str | None,
    name: str,
    birthday: str,
    by: str | None,
    as_json: bool,
) -> None:
    """Register a member: the card may redeem from now on, and the welcome grant is given once.

    Where a member has the phone already, the card becomes one of his: nobody is registered, or welcomed, twice.
    """
    form = Form(parse_phone(phone) if phone else None, _name(name), None)
    with office(ledger) as hub:
        try:
            form = form._replace(birthday=values.birthday(birthday, hub.now().date()))
        except BadValue as error:
            raise click.ClickException(f"{error.words}.") from error
        programme = programme_called(hub, programme_id)
        done = register_member(hub, card, programme, form=form, by=by or who_is_here())
    if as_json:
        linked = {"linked_to": done.linked} if done.linked else {}
        click.echo(json.dumps({"card": card, "granted": done.granted or 0} | linked))
        return
    click.echo(_words(card, programme, done.granted, done.linked, said=form != NO_FORM))


def _name(text: str) -> str | None:
    name = given_first(text)
    if len(name) > LETTERS_MAX or not name.isprintable():
        raise click.ClickException(f"A name is one line of at most {LETTERS_MAX} letters.")
    return name or None


def _words(card: str, programme: Programme, granted: int | None, linked: str | None, *, said: bool) -> str:
    if linked is not None:
        gift = (
            f"; {points_text(granted, programme.currency, 'en')} granted" if granted else "; nothing is granted twice"
        )
        return f"Card {card} of {programme.name_en} is now member {linked}'s, who has this phone{gift}."
    if granted is None:
        more = " What else was said is not taken: pos-hub member phone, name, birthday." if said else ""
        return f"Card {card} of {programme.name_en} was registered already.{more}"
    given = points_text(granted, programme.currency, "en")
    return f"Card {card} of {programme.name_en} is registered; {given} granted."
