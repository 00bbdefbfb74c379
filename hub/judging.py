"""What becomes of a file's rows in this ledger: somebody new, somebody who is there, or nothing, and why.

Pure but for what is read first (`There`), each table once for many rows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

from hub.files.handed import Givers, fault_of
from hub.files.reasons import Fault
from hub.members import NewMember
from hub.merges import erased_of, stands_for, with_heirs
from hub.store.records import CardRow, MemberRow, ProfileRow
from hub.store.seam import Reader


class Known(NamedTuple):
    """A member who is there, and his profile as the row has it. `registers`: he was not registered, and is by it."""

    profile: ProfileRow
    programme: str
    changed: bool
    registers: bool = False


Verdict = NewMember | Known | Fault  # who joins, who is there, why neither


class There(NamedTuple):
    """What the ledger has of some rows. `profiles`: also of those who have their phones."""

    cards: Mapping[str, CardRow]
    members: Mapping[str, MemberRow]
    profiles: Mapping[str, ProfileRow]
    phones: Mapping[tuple[str, str], Collection[str]]  # members who have it, by programme and phone
    erased: Collection[str]  # members

    def standing(self, id: str) -> MemberRow:
        """Who answers to an id that is there."""
        row = stands_for(self.members.get, id)
        assert row is not None, f"{id} is there"
        return row


def there(
    reader: Reader,
    rows: Sequence[NewMember],
    held: Callable[[Sequence[str]], Mapping[str, MemberRow]] | None = None,
) -> There:
    """`held`: how members are read so that they stay as they are."""
    cards = reader.cards([row.card for row in rows])
    phones = _phones(reader, rows)
    wanted = {row.member for row in rows if row.named} | {card.member for card in cards.values()}
    wanted |= {member for holders in phones.values() for member in holders}
    members = with_heirs(held or reader.members, wanted)
    profiles = reader.profiles(list(members)) if members else {}
    return There(cards, members, profiles, phones, erased_of(reader, members))


def _phones(reader: Reader, rows: Sequence[NewMember]) -> dict[tuple[str, str], list[str]]:
    asked: dict[str, set[str]] = {}
    for row in rows:
        if row.phone:
            asked.setdefault(row.programme, set()).add(row.phone)
    return {
        (programme, phone): holders
        for programme, phones in asked.items()
        for phone, holders in reader.with_phones(programme, phones).items()
    }


class Judged(NamedTuple):
    """`freed`: who has no phone until his own row comes, for another row has taken it."""

    verdicts: list[Verdict]
    freed: Mapping[str, ProfileRow]


def judged(
    rows: Sequence[tuple[int, NewMember]], ledger: There, *, update: bool, givers: Mapping[int, Givers]
) -> Judged:
    """Rows, with their numbers. Where one is refused whose phone another took, that one is judged anew without it."""
    refused: frozenset[int] = frozenset()
    while True:
        found = _in_turn(rows, ledger, update, givers, refused)
        faulty = {number for (number, _), one in zip(rows, found.verdicts, strict=True) if isinstance(one, Fault)}
        if faulty <= refused:
            return found
        refused |= faulty


def _in_turn(
    rows: Sequence[tuple[int, NewMember]],
    ledger: There,
    update: bool,
    givers: Mapping[int, Givers],
    refused: Collection[int],
) -> Judged:
    """One after the other: two may be of one member, with two of his cards."""
    profiles, members = dict(ledger.profiles), dict(ledger.members)
    ledger = ledger._replace(profiles=profiles, members=members)
    verdicts: list[Verdict] = []
    freed: dict[str, ProfileRow] = {}
    for number, row in rows:
        verdict = but_for_phone(row, ledger, update=update)
        holders = holders_of_phone(row, verdict, ledger)
        kept = [one for one in holders if all(giver in refused for giver in givers.get(number, {}).get(one, ()))]
        if kept and row.phone:
            verdict = fault_of(row.phone, kept[0])
        if not isinstance(verdict, Fault):
            for one in holders:
                freed[one] = profiles[one] = profiles[one]._replace(phone=None)
        if isinstance(verdict, Known):
            owner = members[verdict.profile.member]
            profiles[owner.member] = verdict.profile
            members[owner.member] = owner._replace(registered=owner.registered or verdict.registers)
        verdicts.append(verdict)
    return Judged(verdicts, freed)


def but_for_phone(row: NewMember, ledger: There, *, update: bool) -> Verdict:
    card = ledger.cards.get(row.card)
    named = row.named and row.member in ledger.members
    if card is None and not named:
        return row
    if not update:
        return _there_already(row, card)
    owner = ledger.standing(card.member if card else row.member)
    return _not_his(row, ledger, card, owner) or _known(row, owner, ledger.profiles.get(owner.member))


def holders_of_phone(row: NewMember, verdict: Verdict, ledger: There) -> list[str]:
    """Others who have it: a phone of two finds nobody, and who is registered twice is welcomed twice (R13, N3)."""
    if row.phone is None or isinstance(verdict, Fault):
        return []
    owner = verdict.profile.member if isinstance(verdict, Known) else None
    found = ledger.phones.get((row.programme, row.phone), ())
    return [one for one in found if one != owner and ledger.profiles[one].phone == row.phone]


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


def _known(row: NewMember, owner: MemberRow, before: ProfileRow | None) -> Known:
    """What the row does not say stays."""
    old = before or ProfileRow(owner.member, None, None, ())
    new = ProfileRow(
        owner.member,
        row.phone or old.phone,
        row.birthday or old.birthday,
        row.favourites or old.favourites,
        row.name or old.name,
        row.email or old.email,
    )
    return Known(new, owner.programme, new != old, row.registered and not owner.registered)
