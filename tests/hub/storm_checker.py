"""What must be so after a storm, worked out from what tills were answered and from the ledger's tables alone.

Shares nothing with the hub: no engine, no rules of points, no verify. Nothing dies in a storm and all of it happens in
one moment, so a member's points are a plain sum, whatever the order was.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from loyalty.bodies import Body, CardIssued, CardReissued, Return, ReturnCompleted, Sale
from loyalty.operation import FIRST_HASH, HUB_CHAIN, hash_operation, read_operation

Row = tuple[Any, ...]
Place = tuple[str, int, int]
Ask = Callable[[str], Sequence[Row]]

TABLES: Final[Mapping[str, str]] = {
    "operations": "chain, generation, sequence, hash, text, reason",
    "chains": "chain, generation, sequence, last_hash",
    "entries": "chain, generation, sequence, number, member, account, points",
    "lots": "member, lot, granted, remaining, expired",
    "members": "member, debt",
    "cards": "number, member, status, successor",
    "used_coupons": "serial, chain, generation, sequence",
    "coupon_conflicts": "serial, chain, generation, sequence",
    "returns": "of_chain, of_generation, of_sequence, chain, generation, sequence, restored",
    "days": "member, day, redeemed, offline, spent_kopecks",
}


@dataclass(frozen=True)
class Told:
    """An operation as its till has it, and each answer that it ever got."""

    place: Place
    text: str
    body: Body
    answers: tuple[bytes, ...]
    reason: str | None  # of the first answer; None: applied

    @property
    def applied(self) -> bool:
        return bool(self.answers) and self.reason is None


def read_tables(ask: Ask) -> dict[str, list[Row]]:
    return {table: [tuple(row) for row in ask(f"SELECT {columns} FROM {table}")] for table, columns in TABLES.items()}


class Checker:
    """`first`: what each member had before. `owner_of`: of each card that was there before."""

    def __init__(
        self,
        told: Iterable[Told],
        tables: Mapping[str, Sequence[Row]],
        first: Mapping[str, int],
        owner_of: Mapping[str, str],
    ) -> None:
        self._told = {one.place: one for one in told}
        self._applied = [one for one in self._told.values() if one.applied]
        self._tables = tables
        self._first = first
        self._owner_of = owner_of

    def faults(self) -> list[str]:
        """All that is not as it must be."""
        checks = (
            self._nothing_acknowledged_is_lost,
            self._nothing_is_doubled,
            self._one_answer_for_ever,
            self._chains_are_unbroken,
            self._nothing_is_negative,
            self._operations_move_what_they_say,
            self._members_have_what_they_were_told,
            self._days_count_what_was_told,
            self._only_impossible_sales_are_refused,
            self._points_come_back_once,
            self._coupons_are_one_sales,
            self._a_number_is_one_card,
            self._a_card_is_replaced_once,
        )
        return [f"{check.__name__.strip('_')}: {fault}" for check in checks for fault in check()]

    def balance_of(self, member: str) -> int:
        """Points that he has, less what he owes."""
        return self._first.get(member, 0) + sum(_net(one.body) for one in self._applied if self._owner(one) == member)

    def _owner(self, one: Told) -> str | None:
        body = one.body
        if isinstance(body, Sale):
            return body.member or self._owner_of.get(body.card or "")
        return getattr(body, "member", None)

    # what was told

    def _nothing_acknowledged_is_lost(self) -> Iterator[str]:
        kept = {tuple(row[:3]): row[3:] for row in self._tables["operations"]}
        for place, one in self._told.items():
            if place not in kept:
                if one.answers:
                    yield f"{place} was answered {one.reason or 'applied'} and is gone"
                continue
            digest, text, reason = kept[place]
            if text != one.text or digest != hash_operation(one.text):
                yield f"{place} is kept as another text"
            if one.answers and reason != one.reason:
                yield f"{place} was answered {one.reason or 'applied'} and is kept as {reason or 'applied'}"

    def _nothing_is_doubled(self) -> Iterator[str]:
        places = Counter(tuple(row[:3]) for row in self._tables["operations"])
        yield from (f"{place} is kept {times} times" for place, times in places.items() if times > 1)
        texts = Counter(row[4] for row in self._tables["operations"])
        yield from (f"a text is kept {times} times: {text[:80]}" for text, times in texts.items() if times > 1)
        tills = {place[0] for place in self._told}
        for place in places:
            if place[0] in tills and place not in self._told:
                yield f"{place} is kept, and no till wrote it"

    def _one_answer_for_ever(self) -> Iterator[str]:
        for place, one in self._told.items():
            if len(set(one.answers)) > 1:
                yield f"{place} was answered in {len(set(one.answers))} ways: {sorted(set(one.answers))}"

    def _chains_are_unbroken(self) -> Iterator[str]:
        last: dict[tuple[str, int], tuple[int, str]] = {}
        for chain, generation, sequence, digest, text, _ in sorted(self._tables["operations"]):
            before, hash_before = last.get((chain, generation), (0, FIRST_HASH))
            if sequence != before + 1 or f'"{hash_before}"' not in text or digest != hash_operation(text):
                yield f"{chain}/{generation}/{sequence} does not follow {before}"
            last[chain, generation] = (sequence, digest)
        ends = {
            (chain, generation): (sequence, digest)
            for chain, generation, sequence, digest in self._tables["chains"]
            if sequence >= 0  # else it is only held, for somebody may begin it
        }
        for key in ends.keys() | last.keys():
            if ends.get(key) != last.get(key):
                yield f"{key} is said to end with {ends.get(key)}, and ends with {last.get(key)}"

    # points

    def _nothing_is_negative(self) -> Iterator[str]:
        for member, lot, granted, remaining, expired in self._tables["lots"]:
            if not (granted > 0 and remaining >= 0 and expired == 0 and remaining <= granted):
                yield f"lot {lot} of {member}: {granted} granted, {remaining} remain, {expired} expired"
        for member, debt in self._tables["members"]:
            if debt < 0:
                yield f"{member} owes {debt}"

    def _operations_move_what_they_say(self) -> Iterator[str]:
        """Each sums to zero, and its member's side is what it says: once, and of nobody else's."""
        sums: Counter[Place] = Counter()
        sides: dict[Place, Counter[str]] = defaultdict(Counter)
        for chain, generation, sequence, _, member, account, points in self._tables["entries"]:
            place = (chain, generation, sequence)
            sums[place] += points
            if account in ("member", "debt"):
                sides[place][member] += points
        yield from (f"the entries of {place} sum to {total}" for place, total in sums.items() if total)
        for place, one in self._told.items():
            owner, net = self._owner(one), _net(one.body) if one.applied else 0
            moved = {member: points for member, points in sides.get(place, {}).items() if points}
            if one.answers and moved != ({owner: net} if net else {}):
                yield f"{place} moved {moved} and should have moved {net} of {owner}"

    def _members_have_what_they_were_told(self) -> Iterator[str]:
        lots: Counter[str] = Counter()
        entries: Counter[tuple[str, str]] = Counter()
        for member, _, _, remaining, _ in self._tables["lots"]:
            lots[member] += remaining
        for _, _, _, _, member, account, points in self._tables["entries"]:
            entries[member, account] += points
        debts: dict[str, int] = dict(self._tables["members"])
        wanted: Counter[str] = Counter(self._first)
        for one in self._applied:
            wanted[self._owner(one) or ""] += _net(one.body)
        for member, debt in debts.items():
            told = wanted[member]
            if (lots[member], debt) != (max(told, 0), max(-told, 0)):
                yield f"{member} has {lots[member]} and owes {debt}; was told {told}"
            if (entries[member, "member"], entries[member, "debt"]) != (lots[member], -debt):
                yield f"{member}: entries of {entries[member, 'member']} and {entries[member, 'debt']} beside that"
        yield from (f"{member} is not in the ledger" for member, told in wanted.items() if told and member not in debts)

    def _days_count_what_was_told(self) -> Iterator[str]:
        wanted: dict[str, Counter[str]] = defaultdict(Counter)
        for one in self._applied:
            wanted[self._owner(one) or ""].update(_day(one.body))
        kept: dict[str, Counter[str]] = defaultdict(Counter)
        for member, _, redeemed, offline, spent in self._tables["days"]:
            kept[member].update(redeemed=redeemed, offline=offline, spent=spent)
        for member in wanted.keys() | kept.keys():
            if +wanted[member] != +kept[member] or -wanted[member] != -kept[member]:
                yield f"{member}'s days hold {dict(kept[member])} and should hold {dict(wanted[member])}"

    # what may be refused, and what not

    def _only_impossible_sales_are_refused(self) -> Iterator[str]:
        for one in self._told.values():
            if isinstance(one.body, Sale) and one.answers:
                wanted = None if self._owner(one) in self._first else "unknown_member"
                if one.reason != wanted:
                    yield f"{one.place} was answered {one.reason}, and should be {wanted}"

    def _points_come_back_once(self) -> Iterator[str]:
        """No more than the sale took; and whoever was refused would have been too much."""
        back: Counter[Place] = Counter()
        for one in self._applied:
            if isinstance(one.body, Return):
                back[_of(one.body)] += one.body.restored.points
        for place, points in back.items():
            sold = self._told[place].body
            if not isinstance(sold, Sale) or not self._told[place].applied or points > sold.redeemed.points:
                yield f"{points} points of {place} came back"
        rows = Counter(dict.fromkeys(back, 0))
        for row in self._tables["returns"]:
            rows[tuple(row[:3])] += row[6]
        if +rows != +back:
            yield f"returns keep {+rows - +back} more and {+back - +rows} less"
        for one in self._told.values():
            if isinstance(one.body, Return) and one.answers and not one.applied:
                sold = self._told[_of(one.body)].body
                assert isinstance(sold, Sale)
                fits = back[_of(one.body)] + one.body.restored.points <= sold.redeemed.points
                if one.reason != "more_than_was_redeemed" or fits:
                    yield f"{one.place} was refused as {one.reason}"

    def _coupons_are_one_sales(self) -> Iterator[str]:
        """One sale has used it, each further one is a conflict; but for those that came back whole."""
        freed = self._freed()
        users: dict[str, list[Place]] = defaultdict(list)
        for one in self._applied:
            if isinstance(one.body, Sale):
                for coupon in one.body.coupons:
                    if (coupon.serial, one.place) not in freed:
                        users[coupon.serial].append(one.place)
        holders: dict[str, list[Place]] = defaultdict(list)
        conflicts: dict[str, list[Place]] = defaultdict(list)
        for table, found in (("used_coupons", holders), ("coupon_conflicts", conflicts)):
            for serial, *place in self._tables[table]:
                found[serial].append((place[0], place[1], place[2]))
        for serial in users.keys() | holders.keys() | conflicts.keys():
            held, other = holders[serial], conflicts[serial]
            least = 0 if any(serial == gone for gone, _ in freed) else 1
            if not least <= len(held) <= 1 or sorted(held + other) != sorted(users[serial]):
                yield f"coupon {serial} was used by {users[serial]}; kept: {held}, conflicts {other}"

    def _freed(self) -> set[tuple[str, Place]]:
        """By the hub's own job, for no till has seen that all of it came back."""
        found = set[tuple[str, Place]]()
        for chain, _, _, _, text, _ in self._tables["operations"]:
            body = read_operation(text).body if chain == HUB_CHAIN else None
            if isinstance(body, ReturnCompleted):
                place = (body.of.chain, body.of.generation, body.of.sequence)
                found |= {(serial, place) for serial in body.coupons}
        return found

    def _a_number_is_one_card(self) -> Iterator[str]:
        wanted = dict(self._owner_of)
        asked = []
        for one in self._told.values():
            number = _number(one.body)
            if number is None or not one.answers:
                continue
            asked.append((number, one))
            if one.applied:
                if number in wanted:
                    yield f"{one.place} made card {number}, which was there"
                wanted[number] = str(getattr(one.body, "member", ""))
        kept = {number: member for number, member, _, _ in self._tables["cards"]}
        if kept != wanted:
            yield f"cards differ: {sorted(kept.items() ^ wanted.items())}"
        for number, one in asked:
            if one.reason not in (None, "card_taken", "card_already_replaced"):
                yield f"{one.place} was refused as {one.reason}"
            if one.reason == "card_taken" and number not in wanted:
                yield f"{one.place} was refused card {number}, and nobody has it"

    def _a_card_is_replaced_once(self) -> Iterator[str]:
        heirs: dict[str, str] = {}
        for one in self._applied:
            if isinstance(one.body, CardReissued):
                if one.body.old_card in heirs:
                    yield f"{one.place} replaced {one.body.old_card} again"
                heirs[one.body.old_card] = one.body.new_card
        kept = {number: successor for number, _, _, successor in self._tables["cards"] if successor is not None}
        if kept != heirs:
            yield f"successors differ: {sorted(kept.items() ^ heirs.items())}"
        gone = {number for number, _, status, _ in self._tables["cards"] if status == "replaced"}
        if gone != heirs.keys():
            yield f"replaced cards differ: {sorted(gone ^ heirs.keys())}"
        for one in self._told.values():
            late = isinstance(one.body, CardReissued) and one.reason == "card_already_replaced"
            if late and getattr(one.body, "old_card", "") not in heirs:
                yield f"{one.place} was refused as {one.reason}, and nobody did it before"


def _net(body: Body) -> int:
    if isinstance(body, Sale):
        return body.accrued.points - body.redeemed.points
    return body.restored.points - body.clawed_back.points if isinstance(body, Return) else 0


def _day(body: Body) -> dict[str, int]:
    if isinstance(body, Sale):
        points, offline, spent = body.redeemed.points, body.link == "offline", body.qualifying_kopecks
    elif isinstance(body, Return):
        points, offline, spent = -body.restored.points, body.sold_offline, -body.qualifying_kopecks
    else:
        return {}
    return {"redeemed": points, "offline": points if offline else 0, "spent": spent}


def _of(back: Return) -> Place:
    return (back.of.chain, back.of.generation, back.of.sequence)


def _number(body: Body) -> str | None:
    if isinstance(body, CardIssued):
        return body.card
    return body.new_card if isinstance(body, CardReissued) else None
