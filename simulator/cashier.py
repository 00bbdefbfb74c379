"""Whoever sells at a till: tells one story after the other, and says a command again until it is answered."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

from pos_agent.answers import Reply
from simulator.broken import Broken
from simulator.story import Say, Story

if TYPE_CHECKING:
    from simulator.till import ChainTill
    from simulator.world import World

AGAIN_S: Final = (5.0, 20.0)  # so long somebody waits before he says again what the till could not take
# then a till takes a command never, and that is a fault of its own; a disk is full for an hour and a half at most
TRIES_MAX: Final = 600
# nothing was done, and the same command may be done yet
LATER: Final = frozenset(("fault", "busy", "file_full", "file_off", "file_damaged", "page_not_read", "not_recorded"))


class Cashier:
    def __init__(self, world: World, till: ChainTill) -> None:
        self._world = world
        self._till = till
        self._chance = world.stream(f"{till.name}/cashier")
        self._queue: deque[tuple[str, Story]] = deque()
        self._now: Story | None = None
        self._name = ""
        self._said = 0
        self._tries = 0
        self._open: tuple[Say, str] | None = None  # said, and not answered
        self.waits_since_s: float | None = None  # since when it was said first
        till.started.append(self._began_anew)

    @property
    def is_free(self) -> bool:
        return self._now is None and not self._queue

    def serve(self, name: str, story: Story) -> None:
        """Behind whoever waits already."""
        self._queue.append((name, story))
        if self._now is None:
            self._next()

    def _next(self) -> None:
        self._now = None
        if self._queue:
            self._name, self._now = self._queue.popleft()
            self._said = 0
            self._step(next(self._now, None))

    def _step(self, say: Say | None) -> None:
        if say is None:
            self._next()
            return
        self._said += 1
        key = f"{self._name}/{self._said}"
        self._world.moments.after(say.after_s, lambda: self._say(say, key))

    def _say(self, say: Say, key: str) -> None:
        """To the till as it is by then; one that dies before it has answered is told again when it runs again."""
        self._open = (say, key)
        if self.waits_since_s is None:
            self.waits_since_s = self._world.moments.now_s
            self._world.oracle.begins_to_say(self._name)
        if self._till.is_up:
            self._ask()

    def _began_anew(self) -> None:
        """The till runs again: what it had not answered is said again."""
        if self._now is not None:
            self._world.count("a till died in the middle of a visit")
        if self._open is not None:
            self._world.count("a till died before it had answered")
        self._ask()

    def _ask(self) -> None:
        if self._open is not None:
            say, key = self._open
            self._till.ask(say, key, lambda reply: self._heard(say, key, reply))

    def _heard(self, say: Say, key: str, reply: Reply) -> None:
        if self._open != (say, key):
            return  # it was answered before
        self._open = None
        world = self._world
        world.trace(self._till.name, type(say.command).__name__, reply.code)
        if not reply.ok and reply.code in LATER:
            self._tries += 1
            if self._tries > TRIES_MAX:
                raise Broken("a till sells", f"{self._till.name} never takes {say.command}: {reply.text}")
            world.count("a command was said again")
            world.moments.after(self._chance.uniform(*AGAIN_S), lambda: self._say(say, key))
            return
        self._tries = 0
        self.waits_since_s = None
        world.count(f"{type(say.command).__name__} {reply.code}")
        world.oracle.told(self._till.disk, self._name, say.command, reply, world.moments.now)
        assert self._now is not None
        try:
            step = self._now.send(reply)
        except StopIteration:
            step = None
        self._step(step)
