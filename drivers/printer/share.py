"""The process that holds a shared printer: the printer, the POS's port and the agent's two sockets.

Over the one the agent speaks to the printer as to its own, over the other it asks for its turn. turns.py decides; here
are only the descriptors, which outlive this process on its keeper's shelf.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from functools import partial
from typing import Any

from drivers.printer.link import open_descriptor
from drivers.printer.turns import Turn, Turns, frozen, thawed
from drivers.sharing.doors import TcpDoor, open_door
from drivers.sharing.held import HeldDevice, last_number, listener, newest
from drivers.sharing.keeper import Memory, Stopped
from drivers.sharing.local import ASK, DONE, STOP, TURN, Message, heard
from drivers.sharing.plan import ShareFiles

READ_BYTES = 4_096
UNHEARD_MAX_BYTES = 4_096  # answers for a POS that does not listen
LOOK_S = 0.1
IDLE_S = 1.0


class PrinterShare:
    def __init__(self, files: ShareFiles, found: dict[str, int], memory: Memory) -> None:
        state = memory.load()
        self._files, self._memory = files, memory
        self._plan = files.published()
        opened = partial(open_descriptor, self._plan.device)
        self._printer = HeldDevice(found.get("printer"), opened, "the printer closed the connection")
        self._turns = Turns()
        self._told = ""  # the last that the agent was told of its turn
        self._number_asked = 0
        self._number = last_number(found)
        self._visit = {"agent": self._number, "ours": self._number}  # a name on the shelf means one thing for ever
        if state:
            self._thaw(json.loads(state))
        self._asking = listener(found, "asking", files.socket)
        self._data = listener(found, "data", files.data_socket, stream=True)
        self._agent, self._ours = newest(found, "agent"), newest(found, "ours")
        self._pos = open_door(self._plan.door, found)
        self._visits = self._pos.visits if isinstance(self._pos, TcpDoor) else 0
        self._pos_was_there = self._pos.there()

    def _thaw(self, state: dict[str, Any]) -> None:
        self._turns, self._told, self._number_asked = thawed(state["turns"]), "", state["asked"]
        del self._turns.out[: self._memory.gone()]
        # As good as sent: a stray byte misleads a POS, a missing one it asks for again.
        self._turns.answers["pos"].clear()

    def frozen(self) -> bytes:
        return json.dumps({"turns": frozen(self._turns), "asked": self._number_asked}).encode()

    # What the shell around it asks

    def kept(self) -> dict[str, int]:
        kept = {"asking": self._asking.fileno(), "data": self._data.fileno()}
        for name, one in (("agent", self._agent), ("ours", self._ours)):
            kept |= {} if one is None else {f"{name}-{self._visit[name]:09}": one.fileno()}
        kept |= {} if self._printer.fd is None else {"printer": self._printer.fd}
        return kept | self._pos.kept()

    def reads(self) -> list[int]:
        reads = [self._asking.fileno(), self._data.fileno()]
        reads += [one.fileno() for one in (self._agent,) if one is not None]
        reads += [self._ours.fileno()] if self._ours is not None and self._turns.room("ours") else []
        reads += self._pos.reads() if self._turns.room("pos") else []
        return [*reads, *self._printer.fds]

    def writes(self) -> list[int]:
        return self._printer.fds if self._turns.out else []

    def close(self) -> None:
        self._pos.close()
        self._files.socket.unlink(missing_ok=True)
        self._files.data_socket.unlink(missing_ok=True)

    # Hearing

    def hear(self, ready: set[int], now_s: float) -> None:
        self._hear_asking(ready, now_s)
        self._hear_ours(ready, now_s)
        if self._printer.fd is None:
            self._printer.open(now_s)
        elif self._printer.fd in ready:
            if data := self._printer.read(now_s, lambda fd: os.read(fd, READ_BYTES)):
                self._turns.hear(data, now_s)
            self._look_for_loss(now_s)
        self._hear_pos(ready, now_s)
        self._turns.step(now_s)

    def _hear_pos(self, ready: set[int], now_s: float) -> None:
        """A printer that is away is away for the POS too: its connection ends."""
        data = self._pos.hear(ready, now_s) if self._turns.room("pos") else b""
        visits = self._pos.visits if isinstance(self._pos, TcpDoor) else 0
        if data:
            self._turns.take("pos", data, now_s)
        if self._printer.fd is None and isinstance(self._pos, TcpDoor):
            self._pos.drop()
        there = self._pos.there()
        if (self._pos_was_there and not there) or visits != self._visits:
            self._turns.left("pos", now_s)
        self._pos_was_there, self._visits = there, visits

    def _hear_ours(self, ready: set[int], now_s: float) -> None:
        if self._data.fileno() in ready:
            with suppress(BlockingIOError):
                arrived, _ = self._data.accept()
                self._ours_gone(now_s)
                self._ours = arrived
                self._ours.setblocking(False)
                self._count("ours")
        elif self._ours is not None and self._ours.fileno() in ready:
            try:
                data = self._ours.recv(READ_BYTES)
            except BlockingIOError:
                return
            except OSError:
                data = b""
            if data:
                self._turns.take("ours", data, now_s)
            else:
                self._ours_gone(now_s)
        if self._printer.fd is None:
            self._ours_gone(now_s)

    def _ours_gone(self, now_s: float) -> None:
        if self._ours is not None:
            self._ours.close()
            self._ours = None
            self._turns.left("ours", now_s)

    def _hear_asking(self, ready: set[int], now_s: float) -> None:
        if self._asking.fileno() in ready:
            with suppress(BlockingIOError):
                arrived, _ = self._asking.accept()
                self._agent_gone(now_s)
                self._agent, self._told = arrived, ""
                self._agent.setblocking(False)
                self._count("agent")
        elif self._agent is not None and self._agent.fileno() in ready:
            self._obey(now_s)

    def _count(self, name: str) -> None:
        self._number += 1
        self._visit[name] = self._number

    def _obey(self, now_s: float) -> None:
        while self._agent is not None:
            try:
                message = heard(self._agent)
            except BlockingIOError:
                return
            if message is None:
                self._agent_gone(now_s)
            elif message.kind == ASK:
                self._asked(message.number, now_s)
            elif message.kind == DONE and message.number == self._number_asked:
                self._done(now_s)
            elif message.kind == STOP:
                raise Stopped

    def _agent_gone(self, now_s: float) -> None:
        """What it has sent is printed to its end."""
        if self._agent is None:
            return
        self._agent.close()
        self._agent = None
        self._done(now_s)

    def _asked(self, number: int, now_s: float) -> None:
        """Another number is another turn: the word that the last one is done may have died with who was killed."""
        if number != self._number_asked and self._turns.wanted:
            self._done(now_s)
        self._number_asked, self._told = number, ""
        self._turns.ask(now_s)

    def _done(self, now_s: float) -> None:
        """The two sockets are not read in the order in which they were written: the cut may still lie in the other."""
        with suppress(OSError):
            while self._ours is not None and (data := self._ours.recv(READ_BYTES)):
                self._turns.take("ours", data, now_s)
        self._turns.done(now_s)

    def _look_for_loss(self, now_s: float) -> None:
        if self._printer.fd is None:
            self._turns.printer_lost(now_s)
            self._ours_gone(now_s)

    # Telling

    def tell(self, now_s: float) -> float:
        if self._printer.fd is not None and self._turns.out:
            self._tell_printer(now_s)
        self._tell_pos()
        self._tell_ours(now_s)
        self._tell_agent()
        self._turns.step(now_s)
        soon = now_s + (LOOK_S if not self._pos.there() else IDLE_S)
        times = [soon, self._turns.next_s(now_s) or soon]
        return min([*times, self._printer.life.try_at_s] if self._printer.fd is None else times)

    def _tell_printer(self, now_s: float) -> None:
        self._memory.note_going(len(self._turns.out))
        if not self._printer.write(self._turns.out, now_s) and self._printer.fd is not None:
            self._memory.note_going(0)
        self._look_for_loss(now_s)

    def _tell_pos(self) -> None:
        answers = self._turns.answers["pos"]
        if answers and self._pos.there():
            del answers[: self._pos.tell(bytes(answers))]
        del answers[UNHEARD_MAX_BYTES:]

    def _tell_ours(self, now_s: float) -> None:
        answers = self._turns.answers["ours"]
        if self._ours is not None and answers:
            try:
                del answers[: self._ours.send(answers)]
            except BlockingIOError:
                return
            except OSError:
                self._ours_gone(now_s)
        if self._ours is None:
            answers.clear()

    def _tell_agent(self) -> None:
        told = json.dumps(self._state())
        if self._agent is None or told == self._told:
            return
        with suppress(OSError):  # full, or gone: then its last words are still to be read, and its end is noticed there
            self._agent.send(Message(TURN, data=told.encode()).packed())
            self._told = told

    def _state(self) -> dict[str, Any]:
        return {
            "turn": self._turns.turn.value,
            "clean": self._turns.sure,
            "ours": self._number_asked if self._turns.turn is Turn.OURS and self._turns.wanted else 0,
            "forced": self._turns.forced,
            "pos": "" if self._pos.there() else "nobody",
            "printer": self._printer.life.state.value,
            "cause": self._printer.life.cause,
            "pid": os.getpid(),
        }
