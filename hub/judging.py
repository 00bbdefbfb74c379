"""What becomes of a file's rows in this ledger: somebody new, somebody who is there, or nothing, and why.

Pure but for what is read first (`There`), each table once for many rows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from hub.files.reasons import Fault
from hub.members import NewMember
from hub.store.records import ERASED, CardRow, MemberRow, ProfileRow
from hub.store.seam import Reader

MERGES_MAX = 1_000  # one after the other: more is a circle


class Known(NamedTuple):
    """A member who is there, and his profile as the row has it."""

    profile: ProfileRow
    programme: str
    changed: bool


Verdict = NewMember | Known | Fault  # who joins, who is there, why neither


class There(NamedTuple):
    """What the ledger has of some rows."""

    cards: Mapping[str, CardRow]
    members: Mapping[str, MemberRow]
    profiles: Mapping[str, ProfileRow]
    phones: Mapping[tuple[str, str], Collection[str]]  # members who have it, by programme and phone
    erased: Collection[str]  # members

    def standing(self, id: str) -> MemberRow:
        """Who answers to an id that is there."""
        row = self.members[id]
        for _ in range(MERGES_MAX):
            if row.merged_into is None:
                return row
            row = self.members[row.merged_into]
        raise AssertionError(f"the merges of {id} go in a circle")


def there(
    reader: Reader,
    rows: Sequence[NewMember],
    held: Callable[[Sequence[str]], Mapping[str, MemberRow]] | None = None,
) -> There:
    """`held`: how members are read so that they stay as they are."""
    cards = reader.cards([row.card for row in rows])
    members: dict[str, MemberRow] = {}
    wanted = {row.member for row in rows if row.named} | {card.member for card in cards.values()}
    while wanted:
        found = (held or reader.members)(sorted(wanted))
        members |= found
        wanted = {row.merged_into for row in found.values() if row.merged_into} - members.keys()
    profiles = reader.profiles(list(members)) if members else {}
    asked = {(row.programme, row.phone) for row in rows if row.phone}
    phones = {(programme, phone): reader.with_phone(programme, phone) for programme, phone in sorted(asked)}
    once = reader.once_of(list(members)) if members else []
    return There(cards, members, profiles, phones, {done.member for done in once if done.what == ERASED})


def judged(rows: Iterable[NewMember], ledger: There, *, update: bool) -> list[Verdict]:
    """One after the other: two rows may be of one member, with two of his cards."""
    profiles = dict(ledger.profiles)
    ledger = ledger._replace(profiles=profiles)
    verdicts = []
    for row in rows:
        verdict = _judged(row, ledger, update)
        if isinstance(verdict, Known):
            profiles[verdict.profile.member] = verdict.profile
        verdicts.append(verdict)
    return verdicts


def _judged(row: NewMember, ledger: There, update: bool) -> Verdict:
    card = ledger.cards.get(row.card)
    named = row.named and row.member in ledger.members
    if card is None and not named:
        return _phone_fault(row, ledger, None) or row
    if not update:
        return _there_already(row, card)
    owner = ledger.standing(card.member if card else row.member)
    fault = _not_his(row, ledger, card, owner) or _phone_fault(row, ledger, owner.member)
    return fault or _known(row, owner, ledger.profiles.get(owner.member))


def _there_already(row: NewMember, card: CardRow | None) -> Fault:
    if card is not None:
        return Fault("card_there", f"card {row.card} is in the ledger already")
    return Fault("member_there", f"card {row.card} is for a member who is in the ledger already")


def _not_his(row: NewMember, ledger: There, card: CardRow | None, owner: MemberRow) -> Fault | None:
    if owner.member in ledger.erased:
        return Fault("erased", f"card {row.card} is of a member who was erased: nothing is known of him any more")
    if owner.programme != row.programme:
        return Fault("other_programme", f"card {row.card} is of the programme {owner.programme} in the ledger")
    if card is None:
        words = f"card {row.card} is new, and member {row.member} is in the ledger with others: a file links no cards"
        return Fault("card_unlinked", words)
    if row.named and (row.member not in ledger.members or ledger.standing(row.member) != owner):
        return Fault("other_member", f"card {row.card} is member {owner.member}'s in the ledger, not {row.member}'s")
    return None


def _phone_fault(row: NewMember, ledger: There, owner: str | None) -> Fault | None:
    """A phone finds nobody when two have it; who is registered twice is welcomed twice (R13, N3)."""
    if row.phone is None:
        return None
    others = [member for member in ledger.phones[row.programme, row.phone] if member != owner]
    if not others:
        return None
    return Fault("phone_there", f"phone {row.phone} is member {others[0]}'s in the ledger")


def _known(row: NewMember, owner: MemberRow, before: ProfileRow | None) -> Known:
    """What the row does not say stays."""
    old = before or ProfileRow(owner.member, None, None, ())
    new = ProfileRow(
        owner.member,
        row.phone or old.phone,
        row.birthday or old.birthday,
        row.favourites or old.favourites,
        row.name or old.name,
    )
    return Known(new, owner.programme, new != old)
