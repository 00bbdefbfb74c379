"""Points put right at a desk, with a reason; what is too much for one person waits for a second one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Annotated, Final

import msgspec

from hub.desk.act import Act, ActRefused, Asked
from hub.desk.member_acts import Text, called, order_of, ordered_by
from hub.hub import Hub
from hub.people.alone import too_much_alone
from hub.people.gifts import Given, gifts_of
from hub.people.grants import Terms, give
from hub.people.orders import NotDone, Order, was_ordered
from hub.people.points import correct
from hub.people.second import approve, refuse
from hub.people.view import viewed
from hub.people.who import Person
from hub.people.whom import Gift, Named
from loyalty.programme import Programme


class CorrectPoints(msgspec.Struct, frozen=True, kw_only=True):
    """`who`: a card, a phone, an id. `points` more, or less with a minus. `into_debt`: take more than there are."""

    who: Text
    points: Annotated[int, msgspec.Meta(ge=-1_000_000_000, le=1_000_000_000)]
    reason: Text
    last_day: date | None = None
    into_debt: bool = False


class Corrected(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`points`: on the account now. `gift`: its id, where it waits for a second person; `before`: who gave the same
    order when."""

    member: str
    points: int
    words: str
    changed: bool
    gift: str | None = None
    before: str | None = None


class ListGifts(msgspec.Struct, frozen=True, kw_only=True):
    """Those that wait for a second person; `all`: the others too, the newest first."""

    all: bool = False


class GiftLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    programme: str
    reason: str
    by: str
    at: str
    members: int
    points: int
    state: str
    waits_until: str | None = None
    second: str | None = None
    mine: bool = False


class GiftsListed(msgspec.Struct, frozen=True, kw_only=True):
    gifts: tuple[GiftLine, ...]


class ApproveGift(msgspec.Struct, frozen=True, kw_only=True):
    id: Text


class RefuseGift(msgspec.Struct, frozen=True, kw_only=True):
    id: Text
    why: Text


GIFTS_SHOWN_MAX: Final = 100


def correct_points(hub: Hub, asked: Asked, said: CorrectPoints) -> Corrected:
    person = called(hub, asked, said.who)
    programme = hub.programmes.get(person.row.programme)
    if programme is None:
        raise ActRefused("not_done", f"The member's programme {person.row.programme!r} is none of this hub.")
    has = viewed(hub, person).points
    owes = -(has + said.points) if said.points < 0 else 0
    if owes > 0 and not _may_owe(programme, asked, said, owes) and not _is_done(hub, asked):
        raise ActRefused("too_few_points", f"Member {person.member} has {has} points.")
    if said.points > 0 and too_much_alone(programme, said.points):
        return _waits(hub, asked, person, said)
    done = ordered_by(
        asked,
        lambda order: correct(
            hub,
            person.member,
            said.points,
            order,
            said.reason,
            last_day=said.last_day,
            into_debt=said.into_debt,
        ),
    )
    now = viewed(hub, called(hub, asked, done.member)).points
    return Corrected(member=done.member, points=now, words=done.words, changed=done.changed, before=done.before)


def list_gifts(hub: Hub, asked: Asked, wanted: ListGifts) -> GiftsListed:
    _check_office(asked)
    now = hub.now()
    with hub.store.reading() as reader:
        found = [one for one in gifts_of(reader) if wanted.all or one.state(now) == "waits"]
    return GiftsListed(gifts=tuple(_line(asked, one, now) for one in found[: -GIFTS_SHOWN_MAX - 1 : -1]))


def approve_gift(hub: Hub, asked: Asked, said: ApproveGift) -> GiftLine:
    return _given(hub, asked, lambda order: approve(hub, said.id, order))


def refuse_gift(hub: Hub, asked: Asked, said: RefuseGift) -> GiftLine:
    return _given(hub, asked, lambda order: refuse(hub, said.id, said.why, order))


CORRECT_ACTS: Final[Mapping[str, Act]] = {
    "correct_points": Act(takes=CorrectPoints, right="correct_points", do=correct_points),
    "gifts": Act(takes=ListGifts, right="approve_gifts", do=list_gifts),
    "approve_gift": Act(takes=ApproveGift, right="approve_gifts", do=approve_gift),
    "refuse_gift": Act(takes=RefuseGift, right="approve_gifts", do=refuse_gift),
}


# the pieces


def _may_owe(programme: Programme, asked: Asked, said: CorrectPoints, owes: int) -> bool:
    """A till, which may name anybody of its store, puts nobody deeper into debt than one person gives alone."""
    return said.into_debt and not (asked.till and too_much_alone(programme, owes))


def _is_done(hub: Hub, asked: Asked) -> bool:
    """Under this key: it is answered as it was, whatever the account has by now."""
    with hub.store.reading() as reader:
        return was_ordered(reader, order_of(asked))


def _waits(hub: Hub, asked: Asked, person: Person, said: CorrectPoints) -> Corrected:
    """More than one person gives alone."""
    card = next((card.number for card in person.cards if card.status != "replaced"), None)
    if card is None:
        raise ActRefused("no_card_for_gift", f"Member {person.member} has no card: so much is given by a card alone.")
    terms = Terms(reason=said.reason, last_day=said.last_day)
    try:
        given = give(hub, Named([Gift(card, said.points)]), terms, order_of(asked))
    except NotDone as error:
        raise ActRefused("not_done", str(error)) from error
    return Corrected(
        member=person.member,
        points=viewed(hub, person).points,
        words=f"Gift {given.id} of {said.points} points waits for a second person.",
        changed=True,
        gift=given.id,
    )


def _given(hub: Hub, asked: Asked, order: Callable[[Order], Given]) -> GiftLine:
    _check_office(asked)
    try:
        given = order(order_of(asked))
    except NotDone as error:
        raise ActRefused("not_done", str(error)) from error
    return _line(asked, given, hub.now())


def _check_office(asked: Asked) -> None:
    """Two people answer for a gift: a till that was taken could say the names of both."""
    if asked.till:
        raise ActRefused("from_the_office", "gifts that wait are answered for at the office's desk, by no till")


def _line(asked: Asked, given: Given, now: datetime) -> GiftLine:
    return GiftLine(
        id=given.id,
        programme=given.programme,
        reason=given.reason,
        by=given.by,
        at=given.at,
        members=given.members,
        points=given.points,
        state=given.state(now),
        waits_until=given.waits_until,
        second=given.second,
        mine=given.person == asked.person != "",
    )
