"""What must hold of the papers that came out, by what stands on them and what the printer knows of itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from loyalty.bodies import Sale
from loyalty.operation import Key
from pos_agent.printing import COPY, DUPLICATE, id_of_attempt
from pos_agent.strip import VOID
from simulator.books import Books

if TYPE_CHECKING:
    from simulator.printer import TillPrinter
    from simulator.till import ChainTill
    from simulator.world import World

OF_AN_OPERATION: Final = re.compile(r"^\[QR po:([^:]+):(\d+):(\d+):([0-9a-f]+)\]$")
POINTS: Final = {"spent": re.compile(r"^Списано +([\d  ]+) "), "earned": re.compile(r"^Начислено +([\d  ]+) ")}
HEAD: Final = "К чеку "
SPREAD: Final = str.maketrans("", "", " ")  # wide letters have gaps between them
AGAIN: Final = {DUPLICATE["ru"].partition("\n")[0], COPY["ru"]}
NAMED: Final = 4  # rows at the most: that it is not the first, and whose it is
OPEN: Final = ("queued", "sending", "sent", "interrupted", "unknown")


class Counts(NamedTuple):
    """A piece of the strip that counts. `again`: it says that it is not the first, or a copy."""

    till: str
    generation: int
    sequence: int
    hash: str
    spent: int
    earned: int
    again: bool


def counted(printer: TillPrinter) -> Iterator[Counts]:
    """Whole receipts: with their head, which says of which sale they are, and the code of their operation, and not
    declared void. What a printer brings out after somebody has torn off the rest is none."""
    for piece in printer.strip.look():
        codes = [place for place, row in enumerate(piece) if OF_AN_OPERATION.match(row)]
        heads = [place for place, row in enumerate(piece[: codes[-1]]) if row.startswith(HEAD)] if codes else []
        if not heads or piece[-1] == VOID["ru"]:
            continue
        code, receipt = OF_AN_OPERATION.match(piece[codes[-1]]), piece[heads[-1] :]
        assert code is not None
        name, generation, sequence, hash = code.groups()
        again = any(row.translate(SPREAD) in AGAIN for row in _above(piece, heads[-1]))
        yield Counts(
            name, int(generation), int(sequence), hash, _points("spent", receipt), _points("earned", receipt), again
        )


def _above(piece: tuple[str, ...], head: int) -> tuple[str, ...]:
    """What stands above this head and is of its receipt: the half of another may hang on it, which a till left in its
    printer whose file is gone. There are two lines across, and over these a name and that it is not the first."""
    across = [place for place, row in enumerate(piece[:head]) if set(row) == {"-"}]
    return piece[max(0, across[-2] - NAMED) if len(across) > 1 else 0 : head]


def _points(which: str, piece: tuple[str, ...]) -> int:
    found = next((match for row in piece if (match := POINTS[which].match(row))), None)
    return int(re.sub(r"\D", "", found[1])) if found else 0


def all_came_out(world: World) -> Iterator[str]:
    """Nothing waits for a printer that works."""
    for till in world.tills.values():
        counts = till.cache.print_jobs.counts() if till.printer is not None else {}
        waiting = {state: count for state in OPEN if (count := counts.get(state))}
        if waiting:
            yield f"{till.name}'s papers: {waiting}"


def proved_ones_are_there(world: World) -> Iterator[str]:
    """What a printer's word has proved lies on its strip, whole, under the id of one of its attempts."""
    for till in world.tills.values():
        if till.printer is None:
            continue
        ledgers = [printer.cable.ledger for printer in world.printers if printer.of == till.till]
        there = {piece.job for ledger in ledgers for piece in ledger if piece.state == "complete"}
        for job, attempts in _proved(till):
            if not there & {id_of_attempt(job, attempt) for attempt in range(1, attempts + 1)}:
                yield f"{till.name}'s paper {job} is proved, and lies nowhere"


def _proved(till: ChainTill) -> list[tuple[int, int]]:
    with till.cache.file.reading() as connection:
        rows = connection.execute(
            "SELECT job, attempt FROM print_jobs WHERE state = 'printed' AND proof = 'process_id' AND kind <> 'drawer'"
        ).fetchall()
    return [(int(job), int(attempt)) for job, attempt in rows]


def papers_are_the_books(world: World, books: Books) -> Iterator[str]:
    """[I7] A receipt says what its operation does; and one that does not say that it is another counts once."""
    if not world.shape.devices:
        return
    there = {(one.place.chain, Key(one.place.generation, one.place.sequence)): one for one in books.all}
    firsts: Counter[tuple[str, int, int, str]] = Counter()
    for printer in world.printers:
        for paper in counted(printer):
            firsts[paper[:4]] += not paper.again
            one = there.get((paper.till, Key(paper.generation, paper.sequence)))
            if one is None or not one.kept.hash.startswith(paper.hash):
                continue  # recorded anew, under another generation: the sums are the oracle's
            body = one.operation.body
            said = (paper.spent, paper.earned)
            if isinstance(body, Sale) and (body.redeemed.points, body.accrued.points) != said:
                yield f"{one.place.id}: {body.redeemed} {body.accrued}, and its paper says {said}"
    for place, count in sorted(firsts.items()):
        if count > 1 + world.twice[place[0], Key(*place[1:3])]:
            yield f"{count} papers say of {place} that they are the first"
