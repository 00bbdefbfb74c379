"""A member leaves: what goes with him is said first, then he is erased (hub/people/profile.py). At once: nobody is
kept a while against his will, and whoever has changed his mind joins again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from hub import feed
from hub.account.act import AccountAct, AccountAsked, order_of, ordered, signed_in
from hub.codes.checking import use
from hub.desk.act import ActRefused
from hub.hub import Hub
from hub.people.consents import standing_consents
from hub.people.profile import erase
from hub.people.who import Person, is_erased, people
from hub.store.seam import Reader, Writer
from loyalty.lots import balance
from loyalty.points_life import last_day_of
from sync.account.mine import AskGone, AskLeaving, Gone, Leave, Leaving
from sync.account.profile import Changed

BY_HIMSELF: Final = "the member left, in his account"


def leaving(hub: Hub, asked: AccountAsked, body: AskLeaving) -> Leaving:
    now, rules = hub.now(), hub.programmes[asked.programme]
    with hub.store.reading() as reader:
        person = signed_in(reader, asked)
        account = feed.accounts(reader, [person.member], now)[person.member]
        held = _held(hub, reader, person)
        consents = len(standing_consents(reader, person.member))
    ends = [lot.expires_at for lot in account.lots if lot.points and lot.expires_at is not None and not lot.dead(now)]
    endless = any(lot.points and lot.expires_at is None for lot in account.lots)
    return Leaving(
        points=max(0, balance(account, now)),
        until="" if endless or not ends else last_day_of(rules, max(ends)).isoformat(),
        cards=sum(card.status not in ("blocked", "replaced") for card in person.cards),
        consents=consents,
        held=held,
        has_phone=person.profile.phone is not None,
    )


def leave(hub: Hub, asked: AccountAsked, body: Leave) -> Changed:
    """Not in the middle of a receipt: its points would be nobody's."""
    with hub.store.reading() as reader:
        member = signed_in(reader, asked).member

    def check(writer: Writer, person: Person) -> None:
        if _held(hub, writer, person):
            raise ActRefused("points_held", "a receipt is being made out with his points")
        use(hub, writer, body.proof, "confirm", member=person.member)

    done = ordered(lambda: erase(hub, member, order_of(asked), BY_HIMSELF, check))
    return Changed(changed=done.changed)


def _held(hub: Hub, reader: Reader, person: Person) -> int:
    return sum(hold.holds_at(hub.now()) for hold in reader.holds_of([person.member]))


def gone(hub: Hub, asked: AccountAsked, body: AskGone) -> Gone:
    """By whom the account still knows something and nobody answers any more."""
    with hub.store.reading() as reader:
        told = tuple(one for one in body.members if _is_gone(reader, one, asked.programme))
    return Gone(members=told)


def _is_gone(reader: Reader, member: str, programme: str) -> bool:
    found = people(reader, [member])
    return not found or found[0].row.programme != programme or is_erased(reader, found[0].member)


LEAVE_ACTS: Final[Mapping[str, AccountAct]] = {
    "leaving": AccountAct(takes=AskLeaving, do=leaving),
    "leave": AccountAct(takes=Leave, do=leave),
    "gone": AccountAct(takes=AskGone, do=gone, signed_in=False),
}
