"""The shop's tills, seen from one of them: it answers them, and asks them for what the hub cannot be asked for.

One thread with one event loop: the listener, and the questions that are out. Whoever waits for an answer is called back
by it within the time that a cashier waits, whatever the others do.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import socket
import threading
from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from loyalty.programme import Language
from loyalty.utc import utc_text
from pos_agent.connection import FaceServer
from pos_agent.neighbours.asking import Address, Unanswered, post
from pos_agent.neighbours.claims import Held
from pos_agent.neighbours.face import neighbours_app
from pos_agent.neighbours.shop import Shop, Wanted
from pos_agent.neighbours.signing import sign
from pos_agent.neighbours.wire import HOLDS, VOIDS, Ended, Told
from pos_agent.status import Neighbours as ShownNeighbours
from pos_agent.status import NeighbourState
from storage.sqlite_file import FileError
from sync.protocol import HoldReply, HoldRequest

log = logging.getLogger(__name__)

ANSWER_S: Final = (
    0.25  # for all tills of a shop; what is left of RESERVE_S is the two loops' between question and answer
)
SILENT: Final = "silent"
QUESTIONS_MAX: Final = 8  # at once: a till has one cashier
START_S: Final = 5.0  # until the thread listens
STOP_S: Final = 2.0
_told = msgspec.json.Decoder(Told).decode

Answered = Callable[[HoldReply | None, tuple[str, ...]], None]  # what is held now, if anything; who was silent


class Neighbours:
    """`clock`: the corrected moment."""

    def __init__(
        self,
        shop: Shop,
        secret: bytes,
        tills: Collection[Address],
        listener: socket.socket,
        clock: Callable[[], datetime],
        language: Language,
        nonce: Callable[[], str] = lambda: secrets.token_hex(16),
        answer_s: float = ANSWER_S,
    ) -> None:
        self._shop = shop
        self._secret = secret
        self._clock = clock
        self._nonce = nonce
        self._answer_s = answer_s
        self._listener = listener
        self._server = FaceServer(neighbours_app(shop, secret, clock, self._refused), language)
        self._names: dict[Address, str | None] = dict.fromkeys(tills)
        self._last: dict[Address, tuple[datetime, str | None]] = {}  # when it was asked, and what was wrong
        self._strangers = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listening = threading.Event()
        self._questions: set[str] = set()
        self._thread = threading.Thread(target=self._run, name="neighbours", daemon=True)

    def start(self) -> None:
        self._thread.start()
        self._listening.wait(START_S)

    def stop(self) -> None:
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join(STOP_S)

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._loop.call_soon(self._listening.set)
        await self._server.serve(sockets=[self._listener])
        self._loop = None

    # from the agent's thread

    def reserve(self, request: HoldRequest, answered: Answered) -> None:
        """Calls back once, within ANSWER_S, from another thread or this one."""
        if len(self._questions) >= QUESTIONS_MAX or not self._soon(lambda: self._reserve(request, answered)):
            answered(None, self.others)

    @property
    def others(self) -> tuple[str, ...]:
        """All of them, as the cashier calls them."""
        return self._silent(())

    def state(self) -> ShownNeighbours:
        return ShownNeighbours(tills=tuple(map(self._state, self._others())), strangers=self._strangers)

    def _state(self, address: Address) -> NeighbourState:
        till, last = self._names[address], self._last.get(address)
        if last is None:
            return NeighbourState(at=str(address), till=till, state="not_asked")
        at, wrong = last
        shown = NeighbourState(at=str(address), till=till, state="there", asked_at=utc_text(at))
        if wrong is None:
            return shown
        return replace(shown, state="silent") if wrong == SILENT else replace(shown, state="refused", why=wrong)

    def _refused(self, code: str) -> None:
        self._strangers += code == "wrong_signature"

    def own(self, held: Mapping[str, Held], reserving: Collection[str]) -> None:
        """What this till's open receipts have reserved now. Neighbours are told of what has ended, once, and nobody
        waits for it: an end that is not heard comes with the next answer."""
        for ended in self._shop.own(held, reserving):
            self._soon(lambda ended=ended: self._tell(ended))  # type: ignore[misc]

    def _soon(self, work: Callable[[], Coroutine[Any, Any, None]]) -> bool:
        loop = self._loop
        if loop is None:
            return False
        try:
            asyncio.run_coroutine_threadsafe(work(), loop)
        except RuntimeError:  # it has just ended
            return False
        return True

    # in the loop

    async def _reserve(self, request: HoldRequest, answered: Answered) -> None:
        self._questions.add(request.hold)
        reply: HoldReply | None = None
        silent = self.others
        try:
            wanted = self._shop.wants(request)
            if wanted is not None:
                told = await self._ask(wanted)
                silent = self._silent(told)
                reply = self._shop.decide(wanted, _each_once(told.values()))
        except FileError as error:
            log.error("%s", error)
        except Exception:  # our own mistake costs this receipt its points, and nobody else anything
            log.exception("hold %s", request.hold)
        finally:
            self._questions.discard(request.hold)
            answered(reply, silent)

    async def _ask(self, wanted: Wanted) -> dict[Address, Told]:
        """What each till says, of those that say it in time."""
        body, now = msgspec.json.encode(wanted.asked), self._clock()
        tasks = {address: asyncio.ensure_future(self._told_by(address, body)) for address in self._others()}
        if not tasks:
            return {}
        self._last |= dict.fromkeys(tasks, (now, SILENT))
        await asyncio.wait(tasks.values(), timeout=self._answer_s)
        for task in tasks.values():
            task.cancel()
        done = {address: task.result() for address, task in tasks.items() if task.done() and not task.cancelled()}
        return {address: told for address, told in done.items() if told is not None and told.till != self._shop.till}

    async def _told_by(self, address: Address, body: bytes) -> Told | None:
        answer = await self._post(address, HOLDS, body)
        if answer is None:
            return None
        try:
            told = _told(answer)
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            log.warning("the till at %s: %s", address, error)
            self._last[address] = self._clock(), "unclear"
            return None
        self._names[address] = told.till
        return told

    async def _tell(self, ended: Ended) -> None:
        body = msgspec.json.encode(ended)
        told = asyncio.gather(*(self._post(address, VOIDS, body) for address in self._others()))
        await asyncio.wait([told], timeout=self._answer_s)
        told.cancel()

    async def _post(self, address: Address, path: str, body: bytes) -> bytes | None:
        signed = sign(self._secret, "POST", path, body, at=self._clock(), nonce=self._nonce())
        try:
            answer = await post(self._secret, address, path, body, signed)
        except (OSError, Unanswered) as error:
            log.info("the till at %s: %s", address, error)
            self._last[address] = self._clock(), error.code if isinstance(error, Unanswered) else SILENT
            return None
        self._last[address] = self._clock(), None
        return answer

    def _others(self) -> list[Address]:
        """All tills of a shop may have the same list: whoever answers under our own name is this one."""
        return [address for address, name in self._names.items() if name != self._shop.till]

    def _silent(self, told: Collection[Address]) -> tuple[str, ...]:
        """By their names, where they have ever said them."""
        return tuple(self._names[address] or str(address) for address in self._others() if address not in told)


def _each_once(told: Collection[Told]) -> Sequence[Told]:
    """A till that stands in the list twice has spent nothing twice."""
    return list({one.till: one for one in told}.values())
