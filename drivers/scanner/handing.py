"""What is on its way from a shared scanner: to the POS, to the agent. Bounded, each code once; the moment is told.

A code of ours waits for the agent, for a while: an agent that was killed is there again within seconds, and so is its
receipt. Then it goes to the POS, which says that it knows no such goods: so the cashier sees that the card was not
taken. It neither vanishes nor waits for the next customer.
"""

from __future__ import annotations

from collections import deque
from dataclasses import asdict, dataclass, field

from drivers.scanner.divider import Piece

AGENT_WAIT_S = 10.0  # an agent is back in three; a customer with his card is still there after ten
OURS_MAX = 16  # cards shown in that time to a till that is starting: more is somebody playing
UNSENT_MAX_BYTES = 4_096  # beside the system's own buffer: as a serial port, which holds that much for its reader


@dataclass(slots=True)
class Waiting:
    """A code of ours that the agent has not taken yet."""

    number: int
    data: bytes
    quiet: bool
    since_s: float


@dataclass(slots=True)
class Tally:
    """Every whole code is in one of these; `late` ones waited for an agent in vain."""

    to_pos: int = 0
    to_agent: int = 0  # taken by it
    late: int = 0
    nobody: int = 0  # lost: no POS held the port
    not_read: int = 0  # lost: the POS held it, and read nothing


@dataclass(slots=True)
class Handing:
    tally: Tally = field(default_factory=Tally)
    unsent: bytearray = field(default_factory=bytearray)
    ours: deque[Waiting] = field(default_factory=deque)
    next_number: int = 1
    sent_number: int = 0  # to the agent that is connected now
    gone_s: float = 0.0  # since when no agent is connected
    agent: bool = False
    everything: bool = False  # the POS has had it all already
    _losing: str = ""  # the tally of a code that is lost: its rest is lost too
    _open: bool = False  # the code for the POS has begun

    def take(self, pieces: list[Piece], now_s: float, *, pos_there: bool) -> None:
        for piece in pieces:
            if piece.ours and self._agent_may_come(now_s):
                self.ours.append(Waiting(self.next_number, piece.data, piece.quiet, now_s))
                self.next_number += 1
            else:
                self._spare(piece, pos_there=pos_there)

    def _spare(self, piece: Piece, *, pos_there: bool) -> None:
        """Nobody takes it for ours."""
        if piece.ours and self.everything:
            self.tally.late += 1
        elif not self.everything:
            self.pass_on(piece, pos_there=pos_there)

    def _agent_may_come(self, now_s: float) -> bool:
        return self.agent or (now_s - self.gone_s < AGENT_WAIT_S and len(self.ours) < OURS_MAX)

    def pass_on(self, piece: Piece, *, pos_there: bool) -> None:
        """To the POS. A code that begins to be lost is lost whole, for half of one is another code; and the newest is,
        for the cashier has seen those before it. Only a line gone mad is cut where the room ends."""
        room = UNSENT_MAX_BYTES * (2 if self._open else 1) - len(self.unsent)
        if not self._open:
            self._losing = "" if pos_there else "nobody"
        if not self._losing and len(piece.data) > room:
            self._losing = "not_read"
        self._open = not piece.ended
        if not self._losing:
            self.unsent += piece.data
        if piece.ended:
            counted = self._losing or "to_pos"
            setattr(self.tally, counted, getattr(self.tally, counted) + 1)

    def pos_left(self) -> None:
        """What it has not read is not for whoever comes next."""
        if self.unsent:
            self.tally.nobody += 1
            self._losing = "nobody" if self._open else ""
        self.unsent.clear()

    def sent(self, count: int) -> None:
        del self.unsent[:count]

    # The agent's side

    def agent_came(self) -> None:
        """What it has not taken from us, or from who it was before, it gets again."""
        self.agent, self.sent_number = True, 0

    def agent_left(self, now_s: float) -> None:
        if self.agent:
            self.agent, self.gone_s = False, now_s

    def unsent_ours(self) -> list[Waiting]:
        return [one for one in self.ours if one.number > self.sent_number] if self.agent else []

    def taken(self, number: int) -> None:
        for one in [one for one in self.ours if one.number == number]:
            self.ours.remove(one)
            self.tally.to_agent += 1

    def expire(self, now_s: float, *, pos_there: bool) -> None:
        if not self.agent and now_s - self.gone_s >= AGENT_WAIT_S and not self._open:
            while self.ours:
                self.tally.late += not self.everything
                self._spare(Piece(self.ours.popleft().data, ours=True, ended=True), pos_there=pos_there)

    def frozen(self) -> dict[str, object]:
        return {
            "tally": asdict(self.tally),
            "unsent": self.unsent.decode("latin-1"),
            "ours": [[one.number, one.data.decode("latin-1"), one.quiet, one.since_s] for one in self.ours],
            "flags": [
                self.next_number,
                self.sent_number,
                self.gone_s,
                self.agent,
                self.everything,
                self._losing,
                self._open,
            ],
        }


def thawed(state: dict[str, object]) -> Handing:
    tally, unsent, ours, flags = state["tally"], state["unsent"], state["ours"], state["flags"]
    assert isinstance(tally, dict) and isinstance(unsent, str) and isinstance(ours, list) and isinstance(flags, list)
    return Handing(
        Tally(**tally),
        bytearray(unsent.encode("latin-1")),
        deque(Waiting(number, data.encode("latin-1"), quiet, since_s) for number, data, quiet, since_s in ours),
        *flags,
    )
