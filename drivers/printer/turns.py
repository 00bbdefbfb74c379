"""Who may print now, on a printer that the shop's POS and the till share. Pure: bytes and moments in, bytes out.

    FREE      a byte of the POS's → POS        we ask → DRAINING (or OURS, where the POS sent nothing since)
    POS       its job ends → FREE: its connection closes; a cut, and then a pause; a long pause without a cut.
              Or it lasts too long while we wait: then at the end of a line.
    DRAINING  the printer has worked through all that the POS sent → OURS; or it says nothing in time → OURS
    OURS      we are done, or gone → FREE; the POS's bytes wait, its questions are answered

A real-time question (DLE EOT) of either side goes between two commands of whoever prints, one at a time, and the answer
to whoever asked. What the POS had set (code page, letters, automatic status) is set again after our job.
"""

from __future__ import annotations

import base64
from collections import deque
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Literal

from drivers.printer.answers import (
    Answer,
    Answers,
    AutoStatus,
    Block,
    BufferCleared,
    Flow,
    Noise,
    ProcessId,
    RealTimeStatus,
    ShortStatus,
)
from drivers.printer.pieces import Piece, Pieces

AFTER_CUT_S = 0.3  # a POS kicks the drawer or feeds after its cut, and does so at once
QUIET_S = 3.0  # without a cut: a POS that works something out in the middle of a receipt takes less
JOB_S_MAX = 60.0  # then we print after a line of a job that does not end: a receipt takes a printer 5 s, a report 30
DRAIN_S = 10.0  # a printer that knows GS r and has paper is through its buffer by then
OURS_S_MAX = 180.0  # an agent that does not say that it is done: a paper of ours on the slowest line takes less
OUT_MAX_BYTES = 2_048  # what is taken from a host before the printer has taken what came before
WAIT_MAX_BYTES = 24_576  # of the POS's, while we print: past it its connection shows a slow printer
ANSWER_S = 1.5  # a real-time question without an answer; the next one waits until a late answer has passed by
LATE_S = 1.0
ASKED_MAX = 16  # a host that asks more at once without listening asks into the air

INIT, PAPER_QUESTION = b"\x1b@", b"\x1dr\x01"
GS_A, GS_I, GS_H, CLEAR = b"\x1da", b"\x1dI", b"\x1d(H", b"\x10\x14\x08"
NAMED_FROM = 65  # GS I: from here on the answer is a block

Side = Literal["pos", "ours", "share"]


class Turn(Enum):
    FREE = "free"
    POS = "pos"
    DRAINING = "draining"
    OURS = "ours"


@dataclass(slots=True)
class Asked:
    """A real-time question that is on its way."""

    side: Side
    since_s: float


@dataclass(slots=True)
class Job:
    """The POS's, as far as it has come."""

    began_s: float = 0.0
    last_s: float = 0.0
    cut: bool = False
    at_line: bool = True
    closed: bool = False

    @property
    def quiet_at_s(self) -> float:
        """When it is over, if nothing more comes."""
        return self.last_s + (AFTER_CUT_S if self.cut else QUIET_S)


@dataclass(slots=True)
class Turns:
    turn: Turn = Turn.FREE
    out: bytearray = field(default_factory=bytearray)  # for the printer
    answers: dict[Side, bytearray] = field(default_factory=lambda: {"pos": bytearray(), "ours": bytearray()})
    forced: int = 0  # times that we printed in the middle of a job that did not end
    sure: bool = False  # nothing of the POS's can be left half in the printer
    wanted: bool = False  # we wait for our turn
    job: Job = field(default_factory=Job)
    since_s: float = 0.0  # of this turn
    _streams: dict[Side, Pieces] = field(default_factory=lambda: {"pos": Pieces(), "ours": Pieces()})
    _queues: dict[Side, deque[Piece]] = field(default_factory=lambda: {"pos": deque(), "ours": deque()})
    _whole: bool = True  # what went into `out` ends with a whole command
    _questions: deque[tuple[Side, bytes]] = field(default_factory=deque)
    _asked: Asked | None = None
    _ask_from_s: float = 0.0
    _shorts: deque[Side] = field(default_factory=lambda: deque(maxlen=ASKED_MAX))
    _ids: dict[str, Side] = field(default_factory=dict)
    _named: Side = "pos"
    _cleared: Side = "ours"
    _settings: dict[bytes, bytes] = field(default_factory=dict)
    _restore: bool = False
    _undrained: bool = True  # the POS has printed since the printer last said that it is through
    _answers_cut: Answers = field(default_factory=Answers)
    knows_gs_r: bool = True

    # What the hosts send

    def room(self, side: Side) -> bool:
        """Whether more of a host is wanted."""
        return sum(len(piece.data) for piece in self._queues[side]) < WAIT_MAX_BYTES

    def take(self, side: Side, data: bytes, now_s: float) -> None:
        self.job.closed = self.job.closed and side != "pos"
        for piece in self._streams[side].feed(data):
            if piece.kind != "now":
                if side == "pos" or self.wanted:  # out of its turn the agent only asks
                    self._queues[side].append(piece)
            elif len(self._questions) < ASKED_MAX:
                self._questions.append((side, piece.data))
        self.step(now_s)

    def left(self, side: Side, now_s: float) -> None:
        """The host's connection is over, and so is its job. Half a command must not eat the next one's start."""
        missing = self._streams[side].forget()
        if missing:
            self._queues[side].append(Piece(bytes(missing), "other"))
        self._questions = deque(one for one in self._questions if one[0] != side)
        self.answers[side].clear()
        if side == "pos":
            self.job.closed = True
        self.step(now_s)

    def ask(self, now_s: float) -> None:
        self.wanted = True
        self.step(now_s)

    def done(self, now_s: float) -> None:
        """Our paper is out, or will not come."""
        self.wanted = False
        if self.turn is Turn.DRAINING:
            self._begin(Turn.FREE, now_s)
        elif self.turn is Turn.OURS and not self._queues["ours"]:
            self._end_ours(now_s)
        self.step(now_s)

    # Whose turn it is

    def step(self, now_s: float) -> None:
        while self._move(now_s) or self._pump(now_s):
            pass
        self._ask_printer(now_s)

    def _move(self, now_s: float) -> bool:
        """One step through the table above; whether there was one."""
        before = self.turn
        if before is Turn.FREE and self.wanted:
            self._drain(now_s)
        elif before is Turn.FREE and self._queues["pos"]:
            self._begin(Turn.POS, now_s)
            self.job = Job(began_s=now_s, last_s=now_s)
        elif before is Turn.POS and self._job_over(now_s):
            self._begin(Turn.FREE, now_s)
        elif before is Turn.DRAINING and now_s >= self.since_s + DRAIN_S:
            self.knows_gs_r = False
            self._begin(Turn.OURS, now_s)
        elif before is Turn.OURS and self._ours_over(now_s):
            self._end_ours(now_s)
        return self.turn is not before

    def _begin(self, turn: Turn, now_s: float) -> None:
        self.turn, self.since_s = turn, now_s

    def _job_over(self, now_s: float) -> bool:
        if self._queues["pos"] or not self._whole or not self._streams["pos"].between:
            return self._is_forced(now_s)
        return self.job.closed or now_s >= self.job.quiet_at_s or self._is_forced(now_s)

    def _is_forced(self, now_s: float) -> bool:
        forced = self.wanted and self._whole and self.job.at_line and now_s >= self.job.began_s + JOB_S_MAX
        self.forced += forced
        return forced

    def _drain(self, now_s: float) -> None:
        if not self._undrained or not self.knows_gs_r:
            self._begin(Turn.OURS, now_s)
            return
        self.out += PAPER_QUESTION
        self._shorts.append("share")
        self._begin(Turn.DRAINING, now_s)

    def _ours_over(self, now_s: float) -> bool:
        return (not self.wanted and not self._queues["ours"]) or now_s >= self.since_s + OURS_S_MAX

    def _end_ours(self, now_s: float) -> None:
        missing = self._streams["ours"].forget()
        self.out += bytes(0 if self._whole else missing)
        self._queues["ours"].clear()
        self._whole, self._restore, self.wanted = True, True, False
        self._begin(Turn.FREE, now_s)

    # What the printer gets

    def _pump(self, now_s: float) -> bool:
        side: Side | None = {Turn.POS: "pos", Turn.OURS: "ours"}.get(self.turn)  # type: ignore[assignment]
        if side is None or not self._queues[side] or len(self.out) >= OUT_MAX_BYTES:
            return False
        if self._questions and self._whole and self._asked is None and now_s >= self._ask_from_s:
            self._ask_printer(now_s)
        piece = self._queues[side].popleft()
        if side == "pos":
            self._of_pos(piece, now_s)
        self._expect(side, piece)
        self.out += piece.data
        self._whole = piece.whole
        return True

    def _of_pos(self, piece: Piece, now_s: float) -> None:
        if self._restore:
            if piece.kind != "init":
                self.out += INIT + b"".join(self._settings.values())
            self._restore = False
        after_cut = self.job.cut and piece.kind not in ("text", "line")
        self.job.last_s, self.job.cut = now_s, piece.kind == "cut" or after_cut
        self.job.at_line = piece.kind in ("line", "cut", "init") or (self.job.at_line and piece.kind == "setting")
        self._undrained = True
        self.sure = self.sure and piece.known
        if piece.kind == "init":
            self._settings.clear()
        elif piece.kind == "setting":
            self._settings.pop(piece.data[:2], None)  # the order in which they were said last
            self._settings[piece.data[:2]] = piece.data

    def _expect(self, side: Side, piece: Piece) -> None:
        data = piece.data
        if data.startswith(CLEAR):
            self._cleared = side
        elif piece.kind != "ask":
            return
        elif data.startswith(GS_H):
            self._ids[data[7:11].decode("latin-1")] = side
            if len(self._ids) > ASKED_MAX:
                self._ids.pop(next(iter(self._ids)))
        elif data.startswith(GS_I) and data[2] >= NAMED_FROM:
            self._named = side
        else:
            self._shorts.append(side)

    def _ask_printer(self, now_s: float) -> None:
        if self._asked is not None and now_s >= self._asked.since_s + ANSWER_S:
            self._asked, self._ask_from_s = None, now_s + LATE_S
        if self._questions and self._whole and self._asked is None and now_s >= self._ask_from_s:
            side, question = self._questions.popleft()
            self.out += question
            self._asked = Asked(side, now_s)

    # What the printer says

    def hear(self, data: bytes, now_s: float) -> None:
        for answer in self._answers_cut.feed(data):
            for side in self._for(answer, now_s):
                if side in self.answers:
                    self.answers[side] += raw(answer)
        self.step(now_s)

    def _for(self, answer: Answer, now_s: float) -> tuple[Side, ...]:
        match answer:
            case RealTimeStatus():
                asked, self._asked = self._asked, None
                return (asked.side,) if asked is not None else ()
            case AutoStatus():
                return ("ours", "pos") if self._settings.get(GS_A, b"\0")[-1] else ("ours",)
            case ShortStatus():
                return self._short(now_s)
            case ProcessId(attempt_id):
                return (self._ids.pop(attempt_id, "ours"),)
            case BufferCleared():
                self._shorts.clear()
                return (self._cleared,)
            case Block():
                return (self._named,)
            case Flow():
                return ()
            case Noise():
                return ("ours" if self.turn is Turn.OURS else "pos",)

    def _short(self, now_s: float) -> tuple[Side, ...]:
        side: Side = self._shorts.popleft() if self._shorts else "pos"
        if side == "share":
            self._undrained, self.sure, self.knows_gs_r = False, True, True
            if self.turn is Turn.DRAINING:
                self._begin(Turn.OURS, now_s)
        return (side,)

    def printer_lost(self, now_s: float) -> None:
        """What was in it is in nobody's hand; both hosts are told by their connections."""
        wanted, forced, settings = self.wanted, self.forced, self._settings
        fresh = Turns(forced=forced, wanted=wanted, since_s=now_s, knows_gs_r=self.knows_gs_r)
        for name in self.__slots__:
            setattr(self, name, getattr(fresh, name))
        self._settings, self._restore = settings, False

    def next_s(self, now_s: float) -> float | None:
        """When something happens without anybody's doing."""
        times = []
        if self.turn is Turn.POS:
            times.append(self.job.quiet_at_s)
            times += [self.job.began_s + JOB_S_MAX] if self.wanted else []
        times += [self.since_s + DRAIN_S] if self.turn is Turn.DRAINING else []
        times += [self.since_s + OURS_S_MAX] if self.turn is Turn.OURS else []
        times += [self._asked.since_s + ANSWER_S] if self._asked is not None else []
        times += [self._ask_from_s] if self._questions else []
        return min((one for one in times if one > now_s), default=None)


def raw(answer: Answer) -> bytes:
    """As the printer said it."""
    match answer:
        case RealTimeStatus(byte) | ShortStatus(byte):
            return bytes([byte])
        case AutoStatus(data) | Noise(data):
            return data
        case ProcessId(attempt_id):
            return b"\x37\x22" + attempt_id.encode("latin-1", "replace") + b"\0"
        case BufferCleared():
            return b"\x37\x25\0"
        case Block(header, data):
            return bytes([header]) + data + b"\0"
        case Flow():
            return b""


def b64(data: bytes | bytearray) -> str:
    return base64.b64encode(data).decode("ascii")


def frozen(turns: Turns) -> dict[str, Any]:
    """What whoever takes a killed one's place needs: all that was not sent yet, and whose turn it was."""
    return {
        "turn": turns.turn.value,
        "since_s": turns.since_s,
        "out": b64(turns.out),
        "answers": {side: b64(data) for side, data in turns.answers.items()},
        "job": [turns.job.began_s, turns.job.last_s, turns.job.cut, turns.job.at_line, turns.job.closed],
        "flags": [turns.forced, turns.sure, turns.wanted, turns._whole, turns._restore, turns._undrained],
        "gs_r": turns.knows_gs_r,
        "queues": {
            side: [[b64(one.data), one.kind, one.whole] for one in queue] for side, queue in turns._queues.items()
        },
        "streams": {side: [b64(one._head), one._kind, one.missing] for side, one in turns._streams.items()},
        "settings": [[b64(name), b64(data)] for name, data in turns._settings.items()],
        "questions": [[side, b64(data)] for side, data in turns._questions],
        "shorts": list(turns._shorts),
        "ids": turns._ids,
        "named": [turns._named, turns._cleared],
    }


def thawed(state: dict[str, Any]) -> Turns:
    un = base64.b64decode
    turns = Turns(turn=Turn(state["turn"]), out=bytearray(un(state["out"])), since_s=state["since_s"])
    turns.answers = {side: bytearray(un(data)) for side, data in state["answers"].items()}
    turns.job = Job(*state["job"])
    turns.forced, turns.sure, turns.wanted, turns._whole, turns._restore, turns._undrained = state["flags"]
    turns.knows_gs_r = state["gs_r"]
    for side, pieces in state["queues"].items():
        turns._queues[side].extend(Piece(un(data), kind, whole) for data, kind, whole in pieces)
    for side, (head, kind, missing) in state["streams"].items():
        stream = turns._streams[side]
        stream._head, stream._kind, stream.missing = un(head), kind, missing
    turns._settings = {un(name): un(data) for name, data in state["settings"]}
    turns._questions.extend((side, un(data)) for side, data in state["questions"])
    turns._shorts.extend(state["shorts"])
    turns._ids = state["ids"]
    turns._named, turns._cleared = state["named"]
    return turns
