"""The ledger of copies: which pieces of which jobs lie on the paper, whole or torn, and which say the same.

A piece is what was printed between two of these: ESC @, a cut, the request that a host puts after its job, a
loss of what was not printed yet. Blank paper is no piece. A piece is

* complete, when a cut ended it; or GS ( H, met with the piece not cut yet; or, on a model without a knife, GS r 1;
* torn, with a cause: "cleared" (DLE DC4 8), "power" (the buffer was lost), "next ESC @" (another job began on
  the same paper), "tear" (a hand tore the paper off), "uncut at end" (the printer was stopped). What comes after
  "cleared" or "power" without an ESC @ of its own is the tail of a job that lost its head: torn too, for the
  same cause, though a cut may end it.

A request in the middle of a piece ends nothing: with the next printed row the piece goes on, under its number. One that
is broken off right behind such a request counts as complete, for nobody can see that more was to come.

`job` is the id of the GS ( H that was met after the piece; a job of several cuts gives it to all its pieces.
`receipt` is the number of the file that the piece lies in, or will once the paper is cut. `same_as` is the number
of the first complete piece with the same rows: a harness counts copies of a job as complete pieces that share
it, and losses as jobs without one. In ledger.jsonl a piece is written when it ends and again when its id comes
after it: the last line of a number is the one that counts. Numbers go on from run to run; `same_as` does not
look back over a run's start.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from drivers.printer.emulator.paper import Row, TextRow, is_printed

PIECES_MAX = 100_000  # a printer that runs for months must not fill the memory
RECORD_HEAD = '{"piece": '  # how each line of the file begins


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    piece: int
    receipt: int
    state: str  # "complete" or "torn"
    cause: str | None = None
    job: str | None = None
    same_as: int | None = None

    def record(self) -> dict[str, int | str | None]:
        return asdict(self)


class Ledger:
    """`write` gets each piece when it ends, and again when its job is known."""

    def __init__(self, write: Callable[[Piece], None] = lambda piece: None, *, last: int = 0) -> None:
        self.pieces: list[Piece] = []
        self._write = write
        self._ended = last
        self._rows: list[Row] = []
        self._lost_head: str | None = None
        self._of_this_job: list[int] = []  # places in `pieces`
        self._asked: list[int] | None = None  # the same of the request that ended the last piece, if one did
        self._goes_on: int | None = None  # the place of a piece that such a request did not end after all
        self._ended_rows: list[Row] = []
        self._complete: dict[bytes, int] = {}

    def printed(self, row: Row) -> None:
        if self._asked is not None and is_printed(row):
            self._go_on(self._asked)
        self._rows.append(row)

    def _go_on(self, places: list[int]) -> None:
        """The request was asked in the middle."""
        self._goes_on, self._of_this_job, self._asked = places[-1], places[:-1], None
        self._rows = self._ended_rows + self._rows

    def began(self, receipt: int) -> None:
        """ESC @."""
        self._end(receipt, "torn", self._lost_head or "next ESC @")
        self._lost_head = None
        self._of_this_job.clear()

    def cut(self, receipt: int) -> None:
        self._end(receipt, "torn" if self._lost_head else "complete", self._lost_head)

    def requested(self, receipt: int, job: str | None) -> None:
        rows = self._rows
        self.cut(receipt)
        if stripped(rows) and self._of_this_job:
            self._asked, self._ended_rows = list(self._of_this_job), rows
        if job is not None:
            for place in self._of_this_job:
                self.pieces[place] = replace(self.pieces[place], job=job)
                self._write(self.pieces[place])
        self._of_this_job.clear()

    def lost(self, receipt: int, cause: str, *, something: bool) -> None:
        """The buffer is empty now; `something`: there was anything in it."""
        if self._end(receipt, "torn", cause) or something:
            self._lost_head = cause
        self._of_this_job.clear()

    def torn(self, receipt: int, cause: str) -> None:
        """The paper ended here, not the job."""
        self._end(receipt, "torn", self._lost_head or cause)

    def _end(self, receipt: int, state: str, cause: str | None) -> bool:
        """False where there was nothing on the paper."""
        rows, self._rows, self._asked = self._rows, [], None
        content = stripped(rows)
        if not content or len(self.pieces) >= PIECES_MAX:
            return False
        place, self._goes_on = self._goes_on, None
        if place is None:
            self._ended += 1
        number = self._ended if place is None else self.pieces[place].piece
        same_as = None
        if state == "complete":
            first = self._complete.setdefault(digest(content), number)
            same_as = first if first != number else None
        self._keep(Piece(piece=number, receipt=receipt, state=state, cause=cause, same_as=same_as), place)
        return True

    def _keep(self, piece: Piece, place: int | None) -> None:
        if place is None:
            place = len(self.pieces)
            self.pieces.append(piece)
        else:
            self.pieces[place] = piece
        self._of_this_job.append(place)
        self._write(piece)


class LedgerFile:
    """ledger.jsonl. Opened for each piece: a folder that was away is found again."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.last = last_piece(path)
        with suppress(OSError):  # a file that cannot be written is told when there is something to write
            cut_torn_line(path)

    def write(self, piece: Piece) -> None:
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(piece.record()) + "\n")
        except OSError:
            with suppress(OSError):
                cut_torn_line(self._path)  # of a disk that became full in the middle of it
            raise


def last_piece(path: Path) -> int:
    """The highest number that an earlier run gave."""
    try:
        with path.open(encoding="utf-8") as lines:
            return max((int(json.loads(line)["piece"]) for line in lines if not is_torn(line)), default=0)
    except FileNotFoundError:
        return 0
    except (ValueError, KeyError, TypeError):
        raise OSError(f"{path} is no ledger of a virtual printer") from None


def is_torn(line: str) -> bool:
    """The last line of a run that was killed while it wrote. What is no piece at all is somebody's other file."""
    return not line.endswith("\n") and RECORD_HEAD.startswith(line[: len(RECORD_HEAD)])


def cut_torn_line(path: Path) -> None:
    """So that the next line does not begin in the middle of one."""
    with path.open("rb") as lines:
        torn = [len(line) for line in lines if is_torn(line.decode())]
    if torn:
        os.truncate(path, path.stat().st_size - torn[0])


def stripped(rows: list[Row]) -> list[Row]:
    """Without the blank paper before and after."""
    black = [place for place, row in enumerate(rows) if is_printed(row)]
    return rows[black[0] : black[-1] + 1] if black else []


def digest(rows: list[Row]) -> bytes:
    return hashlib.sha256("".join(map(told, rows)).encode()).digest()


def told(row: Row) -> str:
    """All that is to be seen of a row. Plain tuples: the repr of letters one by one takes as long as printing them."""
    return repr((row.spacing_dots, [tuple(cell) for cell in row.cells]) if isinstance(row, TextRow) else row)
