"""Operations come in: each is answered once and for ever, those of several tills in one transaction when they wait
anyway.

An operation that was taken before gets its old answer; another text under a known identity is a conflict and an alarm;
a gap or a broken chain stops the batch there, and what came before it stands. Texts are read and checked before anybody
waits for the ledger (hub/books/told.py).
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, TypeVar, cast
from zoneinfo import ZoneInfo

from hub.blanks.odd import odd_blanks
from hub.books.coupon_rows import NO_RULES, CouponRules
from hub.books.known import OperationRefused
from hub.books.ledger import Ledger
from hub.books.loading import load
from hub.books.looks import Looks
from hub.books.named import found_by, named_by
from hub.books.postings import post
from hub.books.told import ReadBatch, Told, placed, read_batch
from hub.books.turns import Turns
from hub.cases.opening import deviations_of, of_applied, of_blank, of_clock, of_other_text, of_refused, told_of
from hub.epochs import own_generation
from hub.store.errors import Clash, OutcomeUnknown, StoreOff
from hub.store.records import ChainEnd, ChainKey, KeptOperation, Place
from hub.store.rows import Rows
from hub.store.seam import Store, Writer
from hub.stores import tell_shops
from loyalty.operation import FIRST_HASH, Operation
from sync.protocol import OperationAnswer, Problem

GROUP_OPERATIONS_MAX = 1_000  # in one transaction: past it a till waits longer than the group saves
CLASH_TRIES_MAX = 20  # each time somebody else got on; so many in a row is no accident

_T = TypeVar("_T")


class Taken(NamedTuple):
    """An answer for each operation, oldest first, up to where the batch `stopped`."""

    answers: tuple[OperationAnswer, ...]
    stopped: Problem | None = None


class Born(NamedTuple):
    """What operations of the hub's own did."""

    rows: Rows
    ledger: Ledger


@dataclass(slots=True, eq=False)
class _Waiting:
    """A batch whose thread waits until somebody has written it. `other`: the text that stopped it because another has
    its identity, and where."""

    till: str
    batch: ReadBatch
    seized: bool = False
    done: threading.Event = field(default_factory=threading.Event)
    taken: Taken | None = None
    failed: Exception | None = None
    other: tuple[Place, Told] | None = None

    def outcome(self) -> Taken:
        self.done.wait()
        if self.failed is not None:
            raise self.failed
        assert self.taken is not None
        return self.taken


class Intake:
    """`zone_of`: the time zone of a programme. `pause` waits a moment, longer after more failed tries. `now`: the hub's
    clock."""

    def __init__(
        self,
        store: Store,
        zone_of: Callable[[str], ZoneInfo],
        pause: Callable[[int], None],
        now: Callable[[], datetime],
        coupons: CouponRules = NO_RULES,
    ) -> None:
        self._store = store
        self._coupons = coupons
        self._now = now
        self._zone_of = zone_of
        self._pause = pause
        self._queue: deque[_Waiting] = deque()
        self._guard = threading.Lock()
        self._turns = Turns(store.writers)

    def take(self, till: str, texts: Sequence[str]) -> Taken:
        """Answer the operations of a till. Raises StoreOff, and then nothing of them was taken; OutcomeUnknown: or
        all."""
        mine = _Waiting(till, read_batch(till, texts))
        with self._guard:
            self._queue.append(mine)
        while not mine.seized:  # whoever has the turn writes for all who wait
            with self._turns.taken():
                self._write(self._next_group())
        taken = mine.outcome()
        if mine.other is not None:
            self._note_other(*mine.other)
        return taken

    def within(self, work: Callable[[Writer], _T], *, first: bool = False) -> _T:
        """Work of the hub's own, in a transaction in its turn; done anew after a Clash. `first`: before the operations
        that wait, because a customer does."""
        with self._turns.taken(first=first):
            return self._transaction(work)

    def wrote(self, decided: Callable[[Writer], Rows], *, ahead: bool = False) -> Rows:
        """The rows of what is decided, written in their turn. `ahead`: decided before it comes, and anew only where the
        ledger says something else by then."""
        looks, foreseen = self._foreseen(decided) if ahead else (None, Rows())

        def work(writer: Writer) -> Rows:
            rows = foreseen if looks is not None and looks.still_so(writer) else decided(writer)
            writer.write(rows)
            return rows

        return self.within(work)

    def _foreseen(self, decided: Callable[[Writer], Rows]) -> tuple[Looks, Rows]:
        with self._store.reading() as reader:
            looks = Looks(reader)
            return looks, decided(cast("Writer", looks))

    def _note_other(self, place: Place, told: Told) -> None:
        """The batch stopped at it; the case stands. The till sends the same text again and again."""
        case = of_other_text(place, told.operation, told.hash, self._now())
        with self._store.reading() as reader:
            if reader.cases([case.key]):
                return

        def open_once(writer: Writer) -> None:
            if not writer.cases([case.key]):
                writer.write(Rows(new_cases=[case], changes=told_of(case)))

        self.within(open_once)

    # whose turn it is

    def _next_group(self) -> list[_Waiting]:
        """The oldest that wait, as many as make one transaction; always one, however long it is."""
        group: list[_Waiting] = []
        room = GROUP_OPERATIONS_MAX
        with self._guard:
            while self._queue and (not group or len(self._queue[0].batch.told) <= room):
                waiting = self._queue.popleft()
                waiting.seized = True
                room -= len(waiting.batch.told)
                group.append(waiting)
        return group

    def _write(self, group: list[_Waiting]) -> None:
        """One transaction. What fails by our own mistake fails alone: the others are written one by one."""
        if not group:
            return
        try:
            taken = self._transaction(lambda writer: self._take_all(writer, group))
        except Exception as error:
            if len(group) > 1 and not isinstance(error, StoreOff):
                for waiting in group:
                    self._write([waiting])
                return
            self._end(group, [], error)
        else:
            self._end(group, taken, None)

    @staticmethod
    def _end(group: list[_Waiting], taken: list[Taken], failed: Exception | None) -> None:
        for number, waiting in enumerate(group):
            waiting.taken = taken[number] if taken else None
            waiting.failed = failed
            waiting.done.set()

    def _transaction(self, work: Callable[[Writer], _T]) -> _T:
        for tries in range(CLASH_TRIES_MAX):
            try:
                with self._store.writing() as writer:
                    return work(writer)
            except Clash:
                self._pause(tries)
            except OutcomeUnknown:
                with suppress(StoreOff):  # else at the next try
                    self._store.settle()
                raise
        raise StoreOff(f"{self._store.name}: others wrote the same rows {CLASH_TRIES_MAX} times. Try again.")

    # a group, decided

    def _take_all(self, writer: Writer, group: Sequence[_Waiting]) -> list[Taken]:
        batches = _placed(writer, group)
        told = [one for batch in batches for one in batch]
        ends = writer.locked_chains(sorted({ChainKey(*place[:2]) for place, _ in told}))
        before = dict(ends)
        again = {place for place, _ in told if _is_behind(ends, place)}
        kept = writer.operations(again) if again else {}
        fresh = (one.operation for place, one in told if one.fault is None and place not in again)
        operations = [operation for operation in fresh if operation is not None]
        ledger = load(writer, operations, self._now(), self._coupons)
        ledger.odd_blanks = odd_blanks(writer, operations)
        taken = [self._take(ledger, ends, kept, batch, waiting) for batch, waiting in zip(batches, group, strict=True)]
        rows = ledger.rows()
        rows.chains = [end for key, end in ends.items() if before.get(key) != end]
        tell_shops(writer, rows, ledger.now, ledger.happened)
        if rows.operations:
            writer.write(rows)
        return taken

    def _take(
        self,
        ledger: Ledger,
        ends: dict[ChainKey, ChainEnd],
        kept: dict[Place, KeptOperation],
        batch: list[tuple[Place, Told]],
        waiting: _Waiting,
    ) -> Taken:
        answers: list[OperationAnswer] = []
        waiting.other = None  # it may be decided anew, after a Clash
        for place, told in batch:
            key = ChainKey(place.chain, place.generation)
            end = ends.get(key) or ChainEnd(*key, 0, FIRST_HASH)
            if place.sequence <= end.sequence:
                problem = _not_again(place, told.hash, kept.get(place))
            else:
                problem = _not_next(place, told.previous_hash, end)
            if problem is not None:
                waiting.other = (place, told) if problem.code == "identity_conflict" else None
                return Taken(tuple(answers), problem)
            if place not in kept:
                kept[place] = self._post(ledger, place, told)
                ends[key] = ChainEnd(*place, told.hash)
            answers.append(answer_of(kept[place]))
        return Taken(tuple(answers), waiting.batch.stopped)

    def _post(self, ledger: Ledger, place: Place, told: Told) -> KeptOperation:
        reason = told.fault
        if reason is None:
            assert told.operation is not None, "what cannot be read has a fault"
            reason = self._refusal(ledger, told.operation)
        if told.operation is not None and not (reason is None and ledger.made_lot):
            ledger.named += named_by(told.operation, place)
        if told.operation is not None:
            ledger.named += found_by(told.operation, place)
        self._open_cases(ledger, place, told.operation, reason)
        kept = KeptOperation(*place, told.hash, told.text, reason)
        ledger.operations.append(kept)
        return kept

    @staticmethod
    def _open_cases(ledger: Ledger, place: Place, operation: Operation | None, reason: str | None) -> None:
        """What posting it did not find itself. A clock is wrong for many operations in a row: one case of a batch."""
        case = None
        if reason is not None:
            owner = _holder(ledger, operation) if reason == "card_taken" else None
            case = of_refused(place, operation, reason, ledger.now, owner)
        elif operation is not None and deviations_of(operation):
            case = of_applied(operation, ledger.now, _holder(ledger, operation))
        odd = ledger.odd_blanks.get(place) if reason is None else None
        blank = of_blank(operation, odd, ledger.now) if operation is not None and odd is not None else None
        clock = of_clock(operation, ledger.now) if operation is not None else None
        if clock is not None and any((one.chain, one.kind) == (place.chain, "clock") for one in ledger.cases):
            clock = None
        for found in (case, blank, clock):
            if found is not None:
                ledger.open_case(found)

    def _refusal(self, ledger: Ledger, operation: Operation) -> str | None:
        """Post it; or why it does nothing here."""
        try:
            post(ledger, operation, self._zone_of)
        except OperationRefused as refused:
            return refused.reason
        return None

    # operations of the hub's own

    def bear(self, writer: Writer, said: Sequence[Told]) -> Born:
        """Post what is said behind the end of a chain that is held (`held_end`); the caller writes the rows."""
        operations = [told.operation for told in said if told.operation is not None]
        ledger = load(writer, operations, self._now(), self._coupons)
        for operation, told in zip(operations, said, strict=True):
            self._post(ledger, Place(operation.chain, told.generation, told.sequence), told)
        rows = ledger.rows()
        rows.chains = [ChainEnd(*kept.place, kept.hash) for kept in ledger.operations[-1:]]
        tell_shops(writer, rows, ledger.now, ledger.happened)
        return Born(rows, ledger)


def _holder(ledger: Ledger, operation: Operation | None) -> str | None:
    """The member whose card the operation names."""
    card = ledger.card(getattr(operation.body, "card", None) or "") if operation is not None else None
    return card.member if card else None


def held_end(writer: Writer, chain: str) -> ChainEnd:
    """The end of a chain of the hub's own, which nobody else goes on with now."""
    key = ChainKey(chain, own_generation(writer))
    return writer.locked_chains([key]).get(key) or ChainEnd(*key, 0, FIRST_HASH)


def answer_of(kept: KeptOperation) -> OperationAnswer:
    """What was answered, and is for ever."""
    return OperationAnswer(
        generation=kept.generation,
        sequence=kept.sequence,
        hash=kept.hash,
        result="applied" if kept.reason is None else "refused",
        reason=kept.reason,
    )


def _placed(writer: Writer, group: Sequence[_Waiting]) -> list[list[tuple[Place, Told]]]:
    """Each batch's texts with their places. What a text that cannot be read does not say, the end of the till's newest
    chain does."""
    lost = {waiting.till for waiting in group if waiting.batch.unplaced}
    ends = writer.newest_ends(lost) if lost else {}
    return [
        [
            (Place(waiting.till, told.generation, told.sequence), told)
            for told in placed(waiting.batch, ends.get(waiting.till))
        ]
        for waiting in group
    ]


def _is_behind(ends: dict[ChainKey, ChainEnd], place: Place) -> bool:
    end = ends.get(ChainKey(place.chain, place.generation))
    return end is not None and place.sequence <= end.sequence


def _not_again(place: Place, digest: str, kept: KeptOperation | None) -> Problem | None:
    """Why an operation that was answered before cannot be answered again."""
    what = f"till {place.chain}, operation {place.sequence}"
    if kept is None:
        return Problem(code="ledger_damaged", message=f"{what}: was answered before and is gone")
    if kept.hash != digest:
        return Problem(code="identity_conflict", message=f"{what}: another operation has this identity")
    return None


def _not_next(place: Place, previous_hash: str, end: ChainEnd) -> Problem | None:
    """Why an operation does not go on where the chain ends."""
    if place.sequence != end.sequence + 1:
        what = f"till {place.chain}: expected operation {end.sequence + 1}, got {place.sequence}"
        return Problem(code="sequence_gap", message=what)
    if previous_hash != end.last_hash:
        what = f"till {place.chain}: operation {place.sequence} does not follow the last one"
        return Problem(code="chain_broken", message=what)
    return None
