"""More cards for members who are there, each with its state.

    other;card;status
    2600000000017;2600000000024;active
    2600000000017;2600000000031;blocked

A member is named by another card of his, by his phone or his id.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal, cast

import msgspec

from hub.brought.kind import Around, Found, Kind, Stands, Took, Verdict, Who
from hub.brought.whose import card_reader, who, who_readers
from hub.files.checked import Fate
from hub.files.headings import Headings
from hub.files.members_headings import CALLED as MEMBERS_CALLED
from hub.files.reasons import BadValue, Fault
from hub.store.records import CardRow, EntryRow
from hub.store.seam import Reader
from loyalty.bodies import Body, CardBlocked, CardLinked, CardUnblocked
from loyalty.operation import OFFICE_CHAIN
from loyalty.spellings import folded

BROUGHT_BY_FILE: Final = "import"  # why a card is blocked, and no more so

CALLED: Final = {
    "card": (
        *(*MEMBERS_CALLED["card"], "new card", "additional card", "second card"),
        *("новая карта", "дополнительная карта", "доп карта", "вторая карта", "номер доп карты", "привязать карту"),
    ),
    "other": (
        *("owner card", "main card", "primary card", "old card", "other card"),
        *("основная карта", "номер основной карты", "главная карта", "карта владельца", "карта участника"),
        *("старая карта", "другая карта", "первая карта"),
    ),
    "phone": MEMBERS_CALLED["phone"],
    "member": MEMBERS_CALLED["member"],
    "status": (
        *("state", "card status", "card state", "active", "blocked"),
        *("статус", "статус карты", "состояние", "состояние карты", "действует"),
    ),
}
STATUSES: Final = {
    "active": (
        *("", "active", "issued", "ok", "virtual", "plastic", "new", "да", "активна", "активная", "действует"),
        *("действующая", "выдана", "выданная", "в работе", "открыта", "новая", "виртуальная", "электронная"),
        *("пластиковая", "пластик"),
    ),
    "blocked": (
        *("blocked", "lost", "stolen", "closed", "inactive", "disabled", "cancelled", "canceled", "expired", "нет"),
        *("заблокирована", "заблокированная", "блокирована", "блок", "в блоке", "утеряна", "утеряна карта"),
        *("потеряна", "украдена", "закрыта", "аннулирована", "неактивна", "не активна", "недействительна"),
    ),
}
MEANT: Final = {folded(word): status for status, words in STATUSES.items() for word in words}
OWNER: Final = frozenset(("other", "phone", "member"))
Status = Literal["active", "blocked"]


class NewCard(msgspec.Struct, frozen=True, kw_only=True, array_like=True, gc=False):
    """`other`: a card that its member has already."""

    line: int
    card: str
    other: str | None
    phone: str | None
    member: str | None
    status: Status

    @property
    def whose(self) -> Who:
        return Who(self.other, self.phone, self.member)


def _readers(around: Around) -> Mapping[str, Callable[[str], Any]]:
    readers = who_readers(around)
    return {**readers, "card": card_reader(around), "other": readers["card"], "status": _status}


def _status(text: str) -> Status:
    said = MEANT.get(folded(text))
    if said is None:
        raise BadValue("status", f"status {text!r} is none of a card; write active or blocked")
    return cast("Status", said)


def _made(line: int, said: Mapping[str, Any]) -> NewCard:
    named = who({**said, "card": said["other"]})
    return NewCard(
        line=line,
        card=said["card"],
        other=named.card,
        phone=named.phone,
        member=named.member,
        status=said["status"],
    )


def _judge(reader: Reader, found: Sequence[Found[NewCard]], around: Around) -> list[Verdict]:
    there = reader.cards([one.row.card for one in found])
    return [_verdict(one, there.get(one.row.card), around) for one in found]


def _verdict(found: Found[NewCard], there: CardRow | None, around: Around) -> Verdict:
    assert found.owner is not None, "its row names somebody"
    row, member = found.row, found.owner.member
    blocked = CardBlocked(member=member, card=row.card, reason=BROUGHT_BY_FILE)
    if there is None:
        linked = CardLinked(member=member, card=row.card)
        return Took(Fate.TAKEN, [linked, blocked] if row.status == "blocked" else [linked])
    if there.member != member:
        return Fault("other_member", f"card {row.card} is member {there.member}'s in the ledger, not {member}'s")
    if _is_so(there, row.status):
        return Took(Fate.UNCHANGED)
    if there.status == "replaced":
        return Fault("card_status", f"card {row.card} was replaced by {there.successor}")
    if not around.update:
        return Fault("card_status", f"card {row.card} is {there.status} in the ledger, not {row.status}")
    freed = CardUnblocked(member=member, card=row.card, reason=BROUGHT_BY_FILE)
    return Took(Fate.UPDATED, [blocked if row.status == "blocked" else freed])


def _is_so(there: CardRow, said: Status) -> bool:
    """A card that was replaced opens nothing any more."""
    if said == "blocked":
        return there.status in ("blocked", "replaced")
    return there.status not in ("blocked", "replaced")


def _stands(body: Body, entries: Sequence[EntryRow]) -> Stands:
    assert isinstance(body, CardLinked | CardBlocked | CardUnblocked), "a row of cards makes these"
    return Stands(what=f"card {body.card}")


def _continues(first: Body, body: Body) -> bool:
    return isinstance(first, CardLinked) and isinstance(body, CardBlocked) and first.card == body.card


CARDS: Final = Kind(
    name="cards",
    what="cards",
    headings=Headings(CALLED, lambda columns: bool(OWNER & columns) and "card" in columns),
    needs=(frozenset(("card",)), OWNER),
    row=NewCard,
    readers=_readers,
    made=_made,
    judge=_judge,
    says=lambda row: Stands(what=f"card {row.card}"),
    stands=_stands,
    continues=_continues,
    once={"card": "card"},
    chain=OFFICE_CHAIN,
    updates="cards that are their members' already are blocked, or no longer, as the file says",
    helped_by_update=frozenset(("card_status",)),
)
