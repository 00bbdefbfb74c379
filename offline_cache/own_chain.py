"""The till's own chain held against the hub's: what the hub has forgotten is sent again, what this file has forgotten
comes back, and what another file has the places of is recorded anew. Each is one transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from loyalty.bodies import Body, CertificateRefunded, CertificateSold, Deviation, Return, Sale, SaleNumber
from loyalty.kinds import name_of, row_for
from loyalty.operation import FIRST_HASH, VERSION, Key, Operation, hash_operation, read_operation, write_operation
from offline_cache.certificates import REFUNDED, SOLD
from offline_cache.chain import add_operation, last_of
from offline_cache.days import Days
from offline_cache.deeds import DEEDS
from offline_cache.lease import NOT_YET, Lease, Leases
from offline_cache.packed import unpack_text
from offline_cache.ready import UNDER_WAY
from storage import engine
from storage.sqlite_file import SqliteFile

NUMBER_TAKEN: Final = "number_taken"  # a deviation


class End(NamedTuple):
    """Of a chain: its last operation, and its hash."""

    generation: int
    sequence: int
    hash: str


class Own(NamedTuple):
    """An operation of the till's own as the hub has it. `reason`: why it was refused; None: it was applied."""

    text: str
    reason: str | None


class Parted(NamedTuple):
    """Of one generation: the last operation that is the same in the file and at the hub, and what the hub has behind
    it."""

    common: Key
    told: Sequence[Own]


class Astray(NamedTuple):
    key: Key
    hash: str
    text: str
    sale: SaleNumber | None


def is_same(here: str | None, hash: str) -> bool:
    """`here`: as `hash_at` says it."""
    return here is not None and hash.startswith(here)


class OwnChain:
    def __init__(self, file: SqliteFile, till: str, leases: Leases, days: Days) -> None:
        self._file = file
        self._till = till
        self._leases = leases
        self.days = days
        self._sql: Any = file.sql

    def ends(self) -> list[End]:
        """Of each generation that the file has operations of, the oldest first."""
        with self._file.reading() as connection:
            return [End(*row) for row in self._sql.own_ends(connection)]

    def hash_at(self, key: Key) -> str | None:
        """Of an operation that is trimmed, its beginning."""
        if key.sequence == 0:
            return FIRST_HASH
        with self._file.reading() as connection:
            at = {"generation": key.generation, "sequence": key.sequence}
            found: str | None = self._sql.operation_hash(connection, **at) or self._sql.trimmed_hash(connection, **at)
        return found

    def answered_to(self, generation: int) -> Key:
        """The last operation that the hub has answered."""
        with self._file.reading() as connection:
            found = self._sql.last_answered(connection, generation=generation)
        return Key(generation, found or 0)

    def trimmed_to(self, generation: int) -> Key:
        """The last operation of which no text is left, and which cannot be sent again."""
        with self._file.reading() as connection:
            return Key(generation, self._sql.trimmed_to(connection, generation=generation) or 0)

    def is_answered_behind(self, key: Key) -> bool:
        """Has the hub answered anything of this generation that comes after it?"""
        return self.answered_to(key.generation).sequence > key.sequence

    # the hub was put back

    def send_again(self, after: Sequence[Key], epoch: str) -> None:
        """The hub knows no more than this of each of these generations: what it had answered of the rest waits again,
        and its feed is read from the beginning."""
        with self._file.transaction() as connection:
            for key in after:
                self._sql.wait_again(connection, generation=key.generation, sequence=key.sequence)
                self._sql.put_back_in_outbox(connection, generation=key.generation, sequence=key.sequence)
            self._sql.drop_setting(connection, name="cursor")
            self._sql.drop_setting(connection, name=UNDER_WAY)
            self._sql.set_setting(connection, name="epoch", value=epoch)
        self._leases.epoch = epoch

    # the file was put back

    def take_back(self, told: Sequence[Own]) -> bool:
        """The till's own operations that the hub has and this file has not, oldest first. False: something was recorded
        meanwhile in the place of the first, and nothing was taken."""
        with self._file.transaction() as connection:
            first = read_operation(told[0].text)
            last = last_of(self._sql, connection, first.generation)
            if last != (first.sequence - 1, first.previous_hash):
                return False
            self.take_in(connection, told)
        return True

    def take_in(self, connection: engine.Connection, told: Sequence[Own]) -> None:
        for text, reason in told:
            operation = read_operation(text)
            self.add(connection, operation, text)
            self._sql.answer_operations(connection, [answer_to(operation, text, reason)])
            if reason is not None:
                self.days.count_refused(connection, operation, reason)
            self.do_again(connection, operation, refused=reason is not None)

    def do_again(self, connection: engine.Connection, operation: Operation, *, refused: bool = False) -> None:
        deed = row_for("cache", DEEDS, operation.body)
        if refused and deed.undone is not None:
            return
        member = getattr(operation.body, "member", None)
        if deed.kept is not None and self._sql.find_member(connection, member=member) is None:
            return  # the hub's page tells of him, and of his cards
        deed.found_again(self._sql, connection, operation, operation.body)

    # another file has the places of its operations

    def wanted_generation(self) -> int:
        """Which the hub is asked for. What a file does that begins anew with operations in it comes after them, also
        after those of which the hub has not heard: a generation that the file gave itself is large, for it is a
        moment."""
        working = self._leases.generation
        return working if working != NOT_YET else max((end.generation + 1 for end in self.ends()), default=NOT_YET)

    def go_on_as(
        self, lease: Lease, parted: Sequence[Parted], told: Sequence[Own], newer: Sequence[Own] = (), *, asked: int
    ) -> bool:
        """What stands here behind what is `parted` is recorded anew under another generation, with the same bodies and
        moments, and what the hub has in the places of these is taken in, with what it has `told` of that generation. A
        sale that is among those is there already, and is none more. What was recorded here before is kept aside.
        `newer`: what the hub has of generations that this file never worked under. None of it is taken in: the hub's
        word of a member may have it, and would have it twice; but what is there already is not recorded anew. `asked`
        and False as in Leases.keep."""
        with self._file.transaction() as connection:
            if not self._leases.still_works_under(connection, asked):
                return False
            self._sql.defer_foreign_keys(connection)
            astray = [one for place in parted for one in self._set_aside(connection, place.common)]
            for place in parted:
                self.take_in(connection, place.told)
            self.take_in(connection, told)
            self._leases.write(connection, lease)
            moved: dict[Key, Key] = {}
            there = {_happening(operation): operation.key for operation in map(read_operation, _texts(newer))}
            for one in astray:
                known = there.get(_happening(read_operation(one.text)))
                moved[one.key] = known or self.again(connection, one, lease.generation, moved)
                self.note(connection, one, moved[one.key], stands=known is None)
        self._leases.now(lease)
        return True

    def _set_aside(self, connection: engine.Connection, common: Key) -> Iterator[Astray]:
        behind = {"generation": common.generation, "sequence": common.sequence}
        for generation, sequence, digest, kept in list(self._sql.operations_behind(connection, **behind)):
            yield self.set_aside(connection, Key(generation, sequence), digest, unpack_text(kept))

    def set_aside(self, connection: engine.Connection, key: Key, digest: str, text: str) -> Astray:
        for forget in _FORGET:
            getattr(self._sql, forget)(connection, generation=key.generation, sequence=key.sequence)
        operation = read_operation(text)
        self.days.count_no_more(connection, operation)
        return Astray(key, digest, text, getattr(operation.body, "sale", None))

    def again(self, connection: engine.Connection, one: Astray, generation: int, moved: Mapping[Key, Key]) -> Key:
        """Under which key it stands now."""
        operation = read_operation(one.text)
        there = self._same_number(connection, one)
        is_another = there is not None and self._is_another(connection, operation, there)
        if there is not None and not is_another:
            return there
        sequence, last_hash = last_of(self._sql, connection, generation)
        body = _renamed(operation, moved)
        operation = msgspec.structs.replace(
            operation,
            v=VERSION,
            generation=generation,
            sequence=sequence + 1,
            previous_hash=last_hash,
            body=_under_a_taken_number(body, operation.at) if is_another else body,
        )
        self.add(connection, operation, write_operation(operation))
        self._sql.put_in_outbox(connection, generation=generation, sequence=operation.sequence)
        self.do_again(connection, operation)
        return operation.key

    def _same_number(self, connection: engine.Connection, one: Astray) -> Key | None:
        """The POS told both files of it, mostly. Of certificates it may sell several."""
        if one.sale is None:
            return None
        body = read_operation(one.text).body
        if isinstance(body, CertificateSold | CertificateRefunded):
            what = SOLD if isinstance(body, CertificateSold) else REFUNDED
            moved = self._sql.certificate_moved(connection, number=body.certificate, what=what)
            return Key(*moved) if moved is not None else None
        found = self._sql.operation_of_sale(connection, kind=name_of(body), **msgspec.structs.asdict(one.sale))
        return Key(*found) if found is not None else None

    def _is_another(self, connection: engine.Connection, one: Operation, there: Key) -> bool:
        """A POS that counts anew, as a file does that was put back, gives a number a second time: a sale or a return of
        other goods is another. What stands beside it, a card that it gave out, say, is taken for the same."""
        at = {"generation": there.generation, "sequence": there.sequence}
        other = read_operation(unpack_text(self._sql.operation_text(connection, **at)))
        is_asked_again = one.asked is not None and one.asked == other.asked
        return not is_asked_again and _told(one.body) != _told(other.body)

    def note(self, connection: engine.Connection, one: Astray, now: Key, *, stands: bool = True) -> None:
        """`stands`: here, and not at the hub alone."""
        before = {"generation": one.key.generation, "sequence": one.key.sequence}
        after = {"now_generation": now.generation, "now_sequence": now.sequence}
        self._sql.keep_astray(connection, hash=one.hash, text=one.text, **before, **after)
        self._sql.repoint_print_jobs(connection, **before, **(after if stands else dict.fromkeys(after)))

    def add(self, connection: engine.Connection, operation: Operation, text: str) -> None:
        add_operation(self._sql, connection, operation, text, getattr(operation.body, "sale", None))
        self.days.count(connection, [operation])


_FORGET: Final = (
    *("forget_waiting", "forget_returns", "forget_returns_elsewhere", "forget_fiscal", "forget_coupon_uses"),
    "forget_certificate_moves",
    "forget_operation",
)


def answer_to(operation: Operation, text: str, reason: str | None) -> tuple[str, str | None, int, int, str]:
    result = "applied" if reason is None else "refused"
    return result, reason, operation.generation, operation.sequence, hash_operation(text)


def _texts(told: Sequence[Own]) -> Iterator[str]:
    return (one.text for one in told)


def _happening(operation: Operation) -> tuple[object, ...]:
    """By what it is known that two operations tell of the same, wherever they stand."""
    body = operation.body
    sale = getattr(body, "sale", None)
    if sale is None:
        return name_of(body), operation.at, operation.asked, msgspec.json.encode(body)
    return name_of(body), sale, getattr(body, "certificate", None), _told(body)


def _told(body: Body) -> tuple[object, ...]:
    """What the POS told of a sale or a return besides its number."""
    if isinstance(body, Sale):
        lines = ((line.id, line.price_kopecks, line.quantity_m, line.pos_discount_kopecks) for line in body.lines)
        return body.card or body.member, *lines
    if isinstance(body, Return):
        return body.of_sale, *((line.id, line.quantity_m) for line in body.lines)
    return ()


def _under_a_taken_number(body: Sale | Return, at: str) -> Sale | Return:
    """As one is recorded that is told so before it is paid."""
    assert body.sale is not None, "by it another was found"
    taken = Deviation(kind=NUMBER_TAKEN, note=body.sale.number)
    sale = msgspec.structs.replace(body.sale, again=at)
    return msgspec.structs.replace(body, sale=sale, deviations=(*body.deviations, taken))


def _renamed(operation: Operation, moved: Mapping[Key, Key]) -> Any:
    """Its body, where it names an operation of the same till that stands elsewhere now."""
    of = getattr(operation.body, "of", None)
    if of is None or of.chain != operation.chain:
        return operation.body
    now = moved.get(Key(of.generation, of.sequence))
    if now is None:
        return operation.body
    named = msgspec.structs.replace(of, generation=now.generation, sequence=now.sequence)
    return msgspec.structs.replace(operation.body, of=named)
