"""The process that holds a shared scanner: device, POS and agent, each with a descriptor of its own.

It hears, writes down what it has in hand, then tells; so whoever takes its place goes on where it was killed. What is
ours is decided by data that the till has published: no agent is asked, so a dead one holds nothing up.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from drivers.scanner.divider import Divider, Everything, Own, OwnCodes, Piece
from drivers.scanner.handing import AGENT_WAIT_S, Handing, thawed
from drivers.scanner.profile import ScannerProfile
from drivers.scanner.serial import SerialLine
from drivers.sharing.doors import open_door
from drivers.sharing.held import HeldDevice, last_number, listener, newest
from drivers.sharing.keeper import Memory, Stopped
from drivers.sharing.local import CODE, RELOAD, STATE, STOP, TAKEN, Message, heard
from drivers.sharing.plan import ShareFiles, SharePlan

ORDERS_MAX_BYTES = 4_096  # a POS's orders for a scanner that does not take them: some twenty bytes each
LOOK_S = 0.1  # how soon a POS that opens a pty is noticed by its orders; its codes go out at once
IDLE_S = 1.0


class ScannerShare:
    def __init__(self, files: ShareFiles, found: dict[str, int], memory: Memory) -> None:
        state = memory.load()
        self._files = files
        self._memory = memory
        self._plan = files.published()
        self._line = line_of(self._plan)
        self._divider = Divider(self._line.endings, _own(self._plan, self._line))
        self._handing = Handing(everything=self._plan.everything)
        self._epoch = os.urandom(4).hex()
        self._device = HeldDevice(found.get("device"), lambda: self._line.open().detach(), "the device is gone")
        self._orders = bytearray()
        self._heard_s = 0.0
        self._number = last_number(found)
        self._told_state = b""
        self._starting = not state
        if state:
            self._thaw(json.loads(state))
        self._listener, self._agent = listener(found, "listener", files.socket), newest(found, "agent")
        self._pos = open_door(self._plan.door, found)
        self._pos_was_there = False
        if state:
            self._handing.sent(memory.gone())
            self._took(memory.unsaved(), self._heard_s)

    # What the shell around it asks

    def kept(self) -> dict[str, int]:
        kept = {"listener": self._listener.fileno()} | self._pos.kept()
        if self._device.fd is not None:
            kept["device"] = self._device.fd
        if self._agent is not None:
            kept[f"agent-{self._number:09}"] = self._agent.fileno()
        return kept

    def reads(self) -> list[int]:
        reads = [self._listener.fileno(), *self._pos.reads()]
        reads += [] if self._agent is None else [self._agent.fileno()]
        return [*reads, *self._device.fds]

    def writes(self) -> list[int]:
        writes = self._pos.writes() if self._handing.unsent and self._pos.there() else []
        return [*writes, *self._device.fds] if self._orders else writes

    def frozen(self) -> bytes:
        return json.dumps(
            {
                "epoch": self._epoch,
                "orders": self._orders.decode("latin-1"),
                "divider": self._divider.frozen(),
                "handing": self._handing.frozen(),
                "heard_s": self._heard_s,
                "losses": self._device.life.losses,
            }
        ).encode()

    def _thaw(self, state: dict[str, Any]) -> None:
        self._epoch, self._heard_s, self._device.life.losses = state["epoch"], state["heard_s"], state["losses"]
        self._orders += state["orders"].encode("latin-1")
        self._divider.thaw(state["divider"])
        self._handing = thawed(state["handing"])
        self._handing.sent_number = 0  # the word that a code was taken may have died with him: it is asked for again

    def close(self) -> None:
        self._pos.close()
        self._files.socket.unlink(missing_ok=True)

    # Hearing

    def hear(self, ready: set[int], now_s: float) -> None:
        if self._starting:  # the till that started us is about to connect
            self._starting, self._handing.gone_s = False, now_s
        self._hear_agent(ready, now_s)
        self._hear_pos(ready, now_s)
        if self._device.fd is None:
            self._device.open(now_s)
        elif self._device.fd in ready:
            if data := self._device.read(now_s, self._memory.read):
                self._heard_s = now_s
                self._took(data, now_s)
            self._look_for_loss(now_s)
        elif self._divider.holds and now_s - self._heard_s >= self._line.idle_s:
            self._take(self._divider.quiet(), now_s)
        self._handing.expire(now_s, pos_there=self._pos.there())

    def _took(self, data: bytes, now_s: float) -> None:
        pieces = self._divider.feed(data)
        if self._plan.everything:
            copy = Piece(data, ours=False, ended=not self._divider.holds)
            self._handing.pass_on(copy, pos_there=self._pos.there())
        self._take(pieces, now_s)

    def _take(self, pieces: list[Piece], now_s: float) -> None:
        self._handing.take(pieces, now_s, pos_there=self._pos.there())

    def _look_for_loss(self, now_s: float) -> None:
        if self._device.fd is None:
            self._orders.clear()
            self._take(self._divider.lost(), now_s)

    def _hear_pos(self, ready: set[int], now_s: float) -> None:
        orders = self._pos.hear(ready, now_s)
        if self._device.fd is not None and len(self._orders) + len(orders) <= ORDERS_MAX_BYTES:
            self._orders += orders
        there = self._pos.there()
        if self._pos_was_there and not there:
            self._handing.pos_left()
        self._pos_was_there = there

    def _hear_agent(self, ready: set[int], now_s: float) -> None:
        if self._listener.fileno() in ready:
            with suppress(BlockingIOError):
                self._agent_gone(now_s)
                self._agent, _ = self._listener.accept()
                self._agent.setblocking(False)
                self._number += 1
                self._told_state = b""
                self._handing.agent_came()
        elif self._agent is not None and self._agent.fileno() in ready:
            self._obey(now_s)

    def _obey(self, now_s: float) -> None:
        assert self._agent is not None
        while self._agent is not None:
            try:
                message = heard(self._agent)
            except BlockingIOError:
                return
            if message is None:
                self._agent_gone(now_s)
            elif message.kind == TAKEN:
                self._handing.taken(message.number)
            elif message.kind == RELOAD:
                self._reload()
            elif message.kind == STOP:
                raise Stopped

    def _reload(self) -> None:
        """Other rules for the same device; a POS that is connected notices nothing."""
        plan = self._files.published()
        if plan.wiring == self._plan.wiring:
            self._plan = plan
            self._divider.own = _own(plan, self._line)
            self._handing.everything = plan.everything

    def _agent_gone(self, now_s: float) -> None:
        if self._agent is not None:
            self._agent.close()
            self._agent = None
        self._handing.agent_left(now_s)

    # Telling

    def tell(self, now_s: float) -> float:
        """Send what can be sent; returns when to be called next, if nothing happens before."""
        if self._device.fd is not None and self._orders:
            self._device.write(self._orders, now_s)
            self._look_for_loss(now_s)
        if self._handing.unsent and self._pos.there():
            self._memory.note_going(len(self._handing.unsent))
            self._handing.sent(self._pos.tell(bytes(self._handing.unsent)))
        if self._agent is not None:
            self._tell_agent()
        return self._next_s(now_s)

    def _tell_agent(self) -> None:
        assert self._agent is not None
        state = self.state()
        with suppress(OSError):  # full, or gone: then its last words are still to be read, and its end is noticed there
            if state != self._told_state:
                self._agent.send(Message(STATE, data=state).packed())
                self._told_state = state
            for one in self._handing.unsent_ours():
                self._agent.send(Message(CODE, one.number, bytes([one.quiet]) + one.data).packed())
                self._handing.sent_number = one.number

    def state(self) -> bytes:
        """For the agent's status."""
        tally = asdict(self._handing.tally)
        pos = "" if self._pos.there() else "nobody"
        return json.dumps(
            {
                "epoch": self._epoch,
                "state": self._device.life.state.value,
                "cause": self._device.life.cause,
                "losses": self._device.life.losses,
                "pos": "not_read" if self._handing.unsent else pos,
                "tally": tally,
                "pid": os.getpid(),
            }
        ).encode()

    def _next_s(self, now_s: float) -> float:
        times = [now_s + IDLE_S]
        if self._divider.holds:
            times.append(self._heard_s + self._line.idle_s)
        if self._device.fd is None:
            times.append(self._device.life.try_at_s)
        if self._handing.ours and not self._handing.agent:
            times.append(self._handing.gone_s + AGENT_WAIT_S)
        if not self._pos.there():
            times.append(now_s + LOOK_S)
        return min(times)


def _own(plan: SharePlan, line: SerialLine) -> Own:
    return Everything() if plan.everything else OwnCodes(plan.own, line.framer(), line.leads)


def line_of(plan: SharePlan) -> SerialLine:
    return SerialLine(plan.device, ScannerProfile(name=plan.name, habits=plan.habits, identifiers=plan.identifiers))
