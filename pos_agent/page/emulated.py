"""The emulated till: its page, and what the page does at the emulators through the till, which is of its own origin.

Only a till whose settings have [emulator] has it, and only whoever may use the cashier's page. Emulators are asked in
threads of their own few, never in the event loop; one that does not answer is shown so.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

import anyio
import msgspec
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from config.settings import EmulatorSettings
from loyalty.programme import Language
from pos_agent.bad_command import BadCommand, bad_command
from pos_agent.body import whole_body
from pos_agent.page import emulators
from pos_agent.page.emulated_faults import FAULTS
from pos_agent.page.emulated_words import EMULATED_WORDS, REFUSALS
from pos_agent.page.emulators import Device, EmulatorGone
from pos_agent.page.faces import Pages
from pos_agent.page.page_words import PAGE_WORDS
from pos_agent.page.pages import page
from pos_agent.page.wallet import WalletError, load_wallet

THREADS_MAX: Final = 8  # two looks of four devices; a stopped emulator holds no thread that the till needs
ORDER_BYTES_MAX: Final = 20_000  # the longest code, and each of its characters escaped
PICTURE_BODY_MAX: Final = 1_000_000  # the till's own bound (front.py); the page shrinks what is larger

Handler = Callable[[Request], Awaitable[Response]]
T = TypeVar("T")
S = TypeVar("S", bound=msgspec.Struct)


class Order(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    device: Device
    line: str


class Picture(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    picture: str  # JPEG, PNG or WebP in base64


class EmulatedTill:
    """The calls over the emulators of one till."""

    def __init__(self, settings: EmulatorSettings, pages: Pages) -> None:
        told = {device: getattr(settings, device) for device in emulators.OF}
        self._controls: Mapping[Device, str] = {device: url for device, url in told.items() if url is not None}
        self._wallet = Path(settings.wallet) if settings.wallet is not None else None
        self._pages = pages
        self._threads = anyio.CapacityLimiter(THREADS_MAX)

    def routes(self, guarded: Callable[[Handler], Handler]) -> list[Route]:
        """`guarded` lets in whoever may, and answers BadCommand and TooLarge."""
        return [
            Route("/emulator", self._page),
            Route("/emulator/state", guarded(self._state)),
            Route("/emulator/order", guarded(self._order), methods=["POST"]),
            Route("/emulator/picture", guarded(self._put), methods=["POST"]),
            Route("/emulator/paper.png", guarded(partial(self._seen, "printer", "image/png"))),
            Route("/emulator/seen.jpg", guarded(partial(self._seen, "camera", "image/jpeg"))),
        ]

    async def _page(self, request: Request) -> Response:
        if self._pages.role(request) != "cashier":
            return self._pages.unpaired()
        faults = {device: [msgspec.to_builtins(fault) for fault in FAULTS[device]] for device in self._controls}
        setup = self._pages.setup(self._language) | {"faults": faults}
        return page("emulator", PAGE_WORDS | EMULATED_WORDS, self._language, setup)

    async def _state(self, request: Request) -> Response:
        devices = [self._look(device, url) for device, url in self._controls.items()]
        looked, wallet = await asyncio.gather(asyncio.gather(*devices), self._in_thread(self._carried))
        return JSONResponse({"devices": dict(zip(self._controls, looked, strict=True)), "wallet": wallet})

    async def _order(self, request: Request) -> Response:
        order = _read(await whole_body(request, ORDER_BYTES_MAX), Order)
        return await self._done(partial(emulators.order, order.device, self._control(order.device), order.line))

    async def _put(self, request: Request) -> Response:
        body = await whole_body(request, PICTURE_BODY_MAX)
        try:
            picture = base64.b64decode(_read(body, Picture).picture, validate=True)
        except (binascii.Error, ValueError) as error:
            if isinstance(error, BadCommand):
                raise
            raise BadCommand("bad_command_field", field="picture") from None
        return await self._done(partial(emulators.put, self._control("camera"), picture))

    async def _seen(self, device: Device, kind: str, request: Request) -> Response:
        try:
            return Response(await self._in_thread(emulators.seen, device, self._control(device)), media_type=kind)
        except (EmulatorGone, BadCommand):
            return Response(status_code=404)

    async def _done(self, ask: Callable[[], str]) -> Response:
        """As the emulator itself answers: {"error": ""}, or what is wrong, in the till's language; it is then 409."""
        try:
            error = self._worded(await self._in_thread(ask))
        except EmulatorGone:
            error = self._word("gone_order")
        return JSONResponse({"error": error}, 409 if error else 200)

    async def _look(self, device: Device, url: str) -> dict[str, Any]:
        try:
            return {**await self._in_thread(emulators.look, device, url), "gone": False}
        except EmulatorGone:
            return {"gone": True}

    def _carried(self) -> dict[str, Any]:
        """Read anew each time: whoever edits the file sees it on the page."""
        if self._wallet is None:
            return {}
        try:
            carried: dict[str, Any] = msgspec.to_builtins(load_wallet(self._wallet))
            return carried
        except WalletError as error:
            return {"error": self._word("wallet_broken").format(text=error)}

    def _control(self, device: Device) -> str:
        """Raises BadCommand where the settings have none."""
        if device not in self._controls:
            raise BadCommand("bad_command_choice", field="device", known=", ".join(self._controls))
        return self._controls[device]

    async def _in_thread(self, call: Callable[..., T], *told: Any) -> T:
        return await run_sync(call, *told, limiter=self._threads)

    @property
    def _language(self) -> Language:
        return self._pages.language

    def _worded(self, error: str) -> str:
        code = next((code for begins, code in REFUSALS.items() if error.startswith(begins)), "refused")
        return self._word(code).format(text=error) if error else ""

    def _word(self, code: str) -> str:
        return EMULATED_WORDS[code][0 if self._language == "ru" else 1]


def _read(body: bytes, kind: type[S]) -> S:
    """Raises BadCommand, in the words that a command would get."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise bad_command(error, body, {"": kind}, "") from None
