"""A member's favourite categories (P24): which he may choose, and his choice, which stands for some time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from hub.account.act import AccountAct, AccountAsked, order_of, ordered, signed_in
from hub.account.offers_here import may_be_named
from hub.desk.act import ActRefused
from hub.hub import Hub
from hub.people.profile import change_favourites
from hub.people.who import Person
from hub.store.records import OnceRow
from hub.store.seam import Reader, Writer
from loyalty.programme import FavouriteBonus, Programme
from sync.account.favourites import AskFavourites, ChangeFavourites, FavouritesTold, ToLike
from sync.account.profile import Changed

CHOSEN_ON: Final = "favourites/"  # once: and a day, on which he chose in his account


def favourites(hub: Hub, asked: AccountAsked, body: AskFavourites) -> FavouritesTold:
    programme = hub.programmes[asked.programme]
    rule, today = programme.favourite, programme.day(hub.now())
    with hub.store.reading() as reader:
        person = signed_in(reader, asked)
        next_day = _next_day(reader, person, rule) if rule is not None else None
    if rule is None:
        return FavouritesTold()
    return FavouritesTold(
        categories=tuple(
            ToLike(
                id=id,
                title=(programme.categories[id].ru, programme.categories[id].en),
                chosen=id in person.profile.favourites,
            )
            for id in likeable(programme, rule)
        ),
        most=rule.categories_max,
        points=rule.points,
        step_kopecks=rule.step_kopecks,
        change_days=rule.change_days,
        next_day=next_day.isoformat() if next_day is not None and next_day > today else "",
    )


def likeable(programme: Programme, rule: FavouriteBonus) -> tuple[str, ...]:
    """Whatever earns, and may be advertised: more points for alcohol are advertising of it."""
    ids = rule.categories or tuple(programme.categories)
    return tuple(id for id in ids if programme.categories[id].earn and may_be_named(programme, id))


def change(hub: Hub, asked: AccountAsked, body: ChangeFavourites) -> Changed:
    programme = hub.programmes[asked.programme]
    rule, today = programme.favourite, programme.day(hub.now())
    if rule is None:
        raise ActRefused("favourites_none", "the programme has no favourites")
    chosen = tuple(id for id in likeable(programme, rule) if id in body.categories)
    if len(chosen) < len(set(body.categories)):
        raise ActRefused("favourites_unknown", "one of them cannot be a favourite")
    if len(chosen) > rule.categories_max:
        raise ActRefused("favourites_too_many", f"{rule.categories_max} at most")

    def check(writer: Writer, person: Person) -> tuple[OnceRow, ...]:
        next_day = _next_day(writer, person, rule)
        if next_day is not None and next_day > today:
            raise ActRefused("favourites_wait", f"his choice stands until {next_day}")
        return (OnceRow(person.member, f"{CHOSEN_ON}{today.isoformat()}"),) if rule.change_days else ()

    with hub.store.reading() as reader:
        whose = signed_in(reader, asked).member
    done = ordered(lambda: change_favourites(hub, whose, chosen, order_of(asked), check))
    return Changed(changed=done.changed)


def _next_day(reader: Reader, person: Person, rule: FavouriteBonus) -> date | None:
    """On which he may choose again; None: he has not chosen yet."""
    days = [
        row.what.removeprefix(CHOSEN_ON) for row in reader.once_of([person.member]) if row.what.startswith(CHOSEN_ON)
    ]
    return date.fromisoformat(max(days)) + timedelta(days=rule.change_days) if days else None


FAVOURITE_ACTS: Final[Mapping[str, AccountAct]] = {
    "favourites": AccountAct(takes=AskFavourites, do=favourites),
    "favourites_change": AccountAct(takes=ChangeFavourites, do=change),
}
