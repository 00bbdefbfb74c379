"""The guest's side over HTTP: its page, its state as events, the few commands that are a guest's, the camera's view.

Whoever opens it has a cookie of the guest's, of a self-checkout's, or of the cashier's page. All of it is about the
receipt in front. Nothing here names another receipt, and no word meant for a cashier goes out.
"""

from __future__ import annotations

from asyncio import wrap_future
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Final

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from loyalty.member import POINTS_MAX
from pos_agent.agent import Agent
from pos_agent.answers import Reply
from pos_agent.body import short_body
from pos_agent.events import WholeState, events
from pos_agent.guest_turn import Seen
from pos_agent.listening import Listening, Places
from pos_agent.once import BadKey, KeyReused, Once, fingerprint, key_in
from pos_agent.page.faces import Pages
from pos_agent.page.guest import GuestState, Side, guest_state, thanks_go_on, was_left
from pos_agent.page.guest_words import GUEST_WORDS, refusal_text
from pos_agent.page.page_words import PAGE_WORDS
from pos_agent.page.pages import page
from pos_agent.page.pairing import Role
from pos_agent.problems import MEDIA_TYPE, PROBLEM_TYPE, status_of
from pos_agent.protocol import Code, DropCard, OfReceipt, Phone, Prepare, Redeem
from pos_agent.protocol_codes import EnterCode, SendCode
from pos_agent.state import state_now
from pos_agent.status import Revised, ShownDone, State, Status

ASKER: Final = "/guest"  # among the keys of commands; no POS can be called so
STATUS: Final = {"not_for_guest": 403, "guest_tries_over": 429}  # besides problems.py

Points = Annotated[int, msgspec.Meta(ge=0, le=POINTS_MAX)]


class _Guests(msgspec.Struct, frozen=True, kw_only=True, tag_field="do", forbid_unknown_fields=True):
    """`turn`: of the state that he saw."""

    turn: str


class GuestPhone(_Guests, frozen=True, kw_only=True, tag="phone"):
    number: Annotated[str, msgspec.Meta(max_length=40)]

    def command(self) -> OfReceipt:
        return Phone(number=self.number)


class GuestCode(_Guests, frozen=True, kw_only=True, tag="code"):
    """A card's number, typed; a coupon has no digits alone."""

    text: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4,32}\Z")]

    def command(self) -> OfReceipt:
        return Code(text=self.text)


class GuestRedeem(_Guests, frozen=True, kw_only=True, tag="redeem"):
    """`quote`: the sums that he saw; not needed with `preview`."""

    points: Points
    preview: bool = False
    quote: str | None = None

    def command(self) -> OfReceipt:
        return Redeem(points=self.points, preview=self.preview)


class GuestSendCode(_Guests, frozen=True, kw_only=True, tag="send_code"):
    """To the phone that was said: nobody else's can be named here."""

    def command(self) -> OfReceipt:
        return SendCode()


class GuestEnterCode(_Guests, frozen=True, kw_only=True, tag="enter_code"):
    """His code, typed by himself: the cashier does not see it."""

    code: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4,10}\Z")]

    def command(self) -> OfReceipt:
        return EnterCode(code=self.code)


class GuestTypes(_Guests, frozen=True, kw_only=True, tag="types"):
    """He has begun with his code: the cashier sees that, and no digit of it."""


class GuestDropCard(_Guests, frozen=True, kw_only=True, tag="drop_card"):
    """A stranger's: his phone was typed by mistake, or he left his card read and went. Neither are his points this
    guest's, nor is this purchase his."""

    def command(self) -> OfReceipt:
        return DropCard()


class GuestPrepare(_Guests, frozen=True, kw_only=True, tag="prepare"):
    """Yes, the changed sum is right: of a self-checkout, where nobody else can say so."""

    quote: str | None = None

    def command(self) -> OfReceipt:
        return Prepare(quote=self.quote)


Call = Callable[[Request, Role], Awaitable[Response]]
GuestCommand = GuestPhone | GuestCode | GuestRedeem | GuestSendCode | GuestEnterCode | GuestDropCard | GuestPrepare
_decoder: msgspec.json.Decoder[GuestCommand | GuestTypes] = msgspec.json.Decoder(GuestCommand | GuestTypes)


class WouldBe(msgspec.Struct, frozen=True, kw_only=True):
    """What spending so many would come to."""

    points: int
    amount: str
    to_pay: str
    accrued: int


class GuestAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`text`: why not, for the guest."""

    ok: bool
    code: str
    text: str = ""
    would_be: WouldBe | None = None
    type: str | None = None  # of a problem (RFC 9457)
    title: str | None = None
    status: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestFace:
    """`clock` gives the corrected moment; `jpeg` what the camera sees now, None: nothing; `in_time` waits for an
    answer as long as every command does."""

    agent: Agent
    status: Callable[[], Status]
    done: Callable[[], ShownDone | None]
    clock: Callable[[], datetime]
    jpeg: Callable[[], bytes | None]
    side: Side
    pages: Pages
    once: Once
    places: Places
    in_time: Callable[[Awaitable[Response]], Awaitable[Response]]
    problem: Callable[[str], Response]

    def routes(self) -> list[Route]:
        whole = WholeState(self.state, self.agent.news, self.is_over)
        return [
            Route("/guest", self._page),
            Route("/guest/events", self._guarded(partial(self._events, whole))),
            Route("/guest/commands", self._guarded(self._do), methods=["POST"]),
            Route("/guest/camera.jpg", self._guarded(self._camera)),
        ]

    def state(self) -> GuestState:
        whole = state_now(self.agent, self.status(), self.done())
        visit, front = self.agent.in_front()
        of_one_moment: State = msgspec.structs.replace(whole, visit=visit)
        return guest_state(of_one_moment, front, self.side, self.clock())

    def is_over(self, state: Revised) -> bool:
        """Thanks end by the clock, and so does a visit that was left; nothing else happens then."""
        if not isinstance(state, GuestState) or state.moment == "welcome":
            return False
        if state.thanks is not None:
            return not thanks_go_on(state.thanks.at, self.clock())
        return was_left(self.agent.front(), self.side, self.clock())

    def _guarded(self, call: Call) -> Callable[[Request], Awaitable[Response]]:
        async def guarded(request: Request) -> Response:
            role = self.pages.role(request)
            return self.problem("wrong_token") if role is None else await call(request, role)

        return guarded

    async def _page(self, request: Request) -> Response:
        role = self.pages.role(request)
        if role is None:
            return self.pages.unpaired()
        language = self.side.language
        setup = self.pages.setup(language) | {"alone": role == "self"}
        return page("guest", PAGE_WORDS | GUEST_WORDS, language, setup)

    async def _events(self, whole: WholeState, request: Request, role: Role) -> Response:
        if not self.places.take():
            return self.problem("too_many")
        has = request.headers.get("last-event-id", "")
        told = events(whole, self.agent.news, has, lambda: self.pages.role(request) == role)
        return Listening(told, media_type="text/event-stream", places=self.places)

    async def _camera(self, request: Request, role: Role) -> Response:
        jpeg = await run_in_threadpool(self.jpeg)
        return Response(jpeg, media_type="image/jpeg") if jpeg is not None else self.problem("not_found")

    async def _do(self, request: Request, role: Role) -> Response:
        alone = role == "self"
        body = await short_body(request)
        command = _read(body)
        if command is None or (isinstance(command, GuestPrepare) and not alone):
            return self._answer(Reply(ok=False, code="not_for_guest", text=""), alone)
        if isinstance(command, GuestTypes):
            self.agent.guest_types(command.turn)
            return _json(GuestAnswer(ok=True, code="types"))
        ask = partial(self._asked, command, alone)
        try:
            key = key_in(request.headers.getlist("idempotency-key"))
            if key is None:
                return await self.in_time(ask())
            return await self.in_time(self.once.answer(ASKER, key, fingerprint(request.url.path, body), ask))
        except BadKey:
            return self.problem("bad_idempotency_key")
        except KeyReused:
            return self.problem("idempotency_key_reused")

    async def _asked(self, command: GuestCommand, alone: bool) -> Response:
        seen = Seen(command.turn, getattr(command, "quote", None))
        asked = self.agent.asked(command.command(), channel="self" if alone else None, seen=seen)
        return self._answer(await wrap_future(asked), alone)

    def _answer(self, reply: Reply, alone: bool) -> Response:
        if reply.ok:
            return _json(GuestAnswer(ok=True, code=reply.code, would_be=_would_be(reply)))
        text = refusal_text(reply.code, self.side.language, alone=alone)
        status = STATUS.get(reply.code, status_of(reply.code))
        problem = GuestAnswer(
            ok=False, code=reply.code, text=text, type=PROBLEM_TYPE + reply.code, title=text, status=status
        )
        return _json(problem, status)


def _read(body: bytes) -> GuestCommand | GuestTypes | None:
    """None: it is no command, or none of a guest's. Which one it is, is nothing that he could mend."""
    try:
        return _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None


def _would_be(reply: Reply) -> WouldBe | None:
    told = reply.told
    if reply.code != "redeem_would_be" or told is None:
        return None
    return WouldBe(
        points=told.redeemed.points,
        amount=told.redeemed.amount,
        to_pay=told.to_pay,
        accrued=told.accrued.points,
    )


def _json(value: Any, status: int = 200) -> Response:
    media_type = "application/json" if status < 400 else MEDIA_TYPE
    return Response(msgspec.json.encode(value), status_code=status, media_type=media_type)
