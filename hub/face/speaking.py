"""Who speaks to the hub: nothing that is not signed by a till's key has any effect, but to ask whether the hub is there
and to join. Every answer is signed by the hub's key.

The signature is looked at before anything else is done or read, so that a stranger costs nothing but that; the body is
held against its signed digest where it is read (hub/face/wire.py).
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Final, NamedTuple

import anyio
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.face.limits import ACCOUNT_A_SECOND, ACCOUNT_AT_ONCE, REQUESTS_A_SECOND, REQUESTS_AT_ONCE, Strangers
from hub.face.nonces import Nonces
from hub.face.runs import Runs
from hub.face.wire import answer
from hub.hub import Hub
from hub.store.errors import LedgerReplaced, StoreOff
from hub.tills.leasing import may_speak
from hub.tills.till import HEARD_MINUTES, Till
from loyalty.operation import ACCOUNT_CHAIN
from sync.account.asking import ACCOUNT_PATH
from sync.protocol import Problem
from sync.signed import LOOKS, Answerer, Asker, NotSigned, check_body, check_request, lower_fields, said_by, sign_answer
from web.rates import Rates, TooMany

JOIN: Final = "/v3/join"
LEASE: Final = "/v3/lease"  # which a file that is not the till's may ask for
OWN: Final = "/v3/own"
OPEN: Final = frozenset(("/v1/health", JOIN))
NEW_KEYS: Final = frozenset((JOIN, "/v3/key"))  # after them a till may have another key
ONCE: Final = frozenset(
    ("/v3/holds", "/v3/members", "/v3/desk", LEASE, ACCOUNT_PATH)
)  # a replay of them would do or tell something
OF_ACCOUNT: Final = frozenset(("/v3/key",))  # besides its own
KNOWN_S: Final = 2.0  # so long a till that was sent away may still be heard
KNOWN_MAX: Final = 10_000  # tills
REQUEST_NAME: Final = re.compile("[A-Za-z0-9]{1,64}")  # of a request

Problems = dict[str, str]


class NotHeard(Exception):
    """Who sent this is nobody, or nobody any more, or not who is meant; nothing of it was looked at."""

    def __init__(self, code: str, message: str, *, status: int = 401, strange: bool = True) -> None:
        """`strange`: nobody known has signed it."""
        super().__init__(message)
        self.problem = Problem(code=code, message=message)
        self.status = status
        self.strange = strange


class _Asked(NamedTuple):
    """The names of a request, and of the till whose it says it is."""

    request: str
    till: str


class _Known(NamedTuple):
    till: Till | None
    read_s: float


class Speaking:
    """Wraps the hub's face. `now_s`: a clock that only goes on. `names`: by which the hub is called, without a port;
    none: by any."""

    def __init__(
        self,
        app: ASGIApp,
        hub: Hub,
        now_s: Callable[[], float] = time.monotonic,
        *,
        names: Collection[str] = (),
        rates: Rates | None = None,
    ) -> None:
        self._app = app
        self._hub = hub
        self._now_s = now_s
        self._names = frozenset(name.lower() for name in names)
        self._rates = rates or Rates(now_s, REQUESTS_A_SECOND, REQUESTS_AT_ONCE)
        self._account_rates = Rates(now_s, ACCOUNT_A_SECOND, ACCOUNT_AT_ONCE)
        self._strangers = Strangers(now_s)
        self._nonces = Nonces(now_s)
        self._runs = Runs(now_s)
        self._signer = hub.keys.signer
        self._known: dict[str, _Known] = {}
        self._noted: dict[str, float] = {}  # by till, as many as have joined: so long it is written that it is there

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        forget = self._known.clear if scope["path"] in NEW_KEYS else _nothing
        signing = _Signing(send, self._sign, _asked_in(scope), forget)
        asker: Asker | None = None
        try:
            _check_manners(scope, self._names)
            if scope["path"] not in OPEN:
                asker, till = await self._asker(scope)
                scope.setdefault("state", {}).update(asker=asker, till=till)
                self._take_room(asker.till)
        except NotHeard as refused:
            if refused.strange:
                await anyio.sleep(self._strangers.wait_s(_address(scope)))
            await answer(refused.problem, refused.status)(scope, receive, signing.send)
            return
        except TooMany as many:
            told = answer(Problem(code="too_many", message=str(many)), 429)
            told.headers["retry-after"] = str(many.again_s)
            await told(scope, receive, signing.send)
            return
        except (StoreOff, LedgerReplaced):  # the face tells of it, to whoever asks
            scope["path"] = "/v1/health"
        await self._app(scope, receive, signing.send)
        if asker is not None:
            await self._hear(asker)

    def _take_room(self, name: str) -> None:
        """Behind the account are all members. Raises TooMany."""
        (self._account_rates if name == ACCOUNT_CHAIN else self._rates).take(name)

    async def _hear(self, asker: Asker) -> None:
        """After the answer, for which nobody shall wait: the till was there. The ledger says whether it is written."""
        now_s = self._now_s()
        if now_s < self._noted.get(asker.till, now_s) or (till := await self._till(asker.till)) is None:
            return
        self._noted[asker.till] = now_s + HEARD_MINUTES * 60
        with suppress(StoreOff, LedgerReplaced):
            await run_in_threadpool(self._hub.tills.hear, till)

    async def _asker(self, scope: Scope) -> tuple[Asker, Till]:
        """As whom the request comes. Raises NotHeard."""
        try:
            fields = lower_fields(scope["headers"])
            asker = said_by(fields)
            till = await self._till(asker.till)
            if till is None or till.key is None:
                raise _unknown(till, asker.till)
            till = await self._checked(till, scope, fields)
            if scope["method"] == "GET":
                check_body(b"", fields["content-digest"])
        except NotSigned as error:
            raise NotHeard("not_signed", f"not signed by this till's key as it came: {error}") from error
        if asker.ledger not in ("", self._hub.ledger):
            raise NotHeard("other_ledger", "the till's file belongs to another ledger than this hub's", strange=False)
        if scope["path"] in ONCE and not self._nonces.take(asker.nonce):
            raise NotHeard("stale_nonce", "the same once more, with the nonce of this answer", strange=False)
        _check_path(asker.till, scope["path"])
        if asker.till != ACCOUNT_CHAIN:
            await self._check_file(asker, till.key or "", scope)
        return asker, till

    async def _checked(self, till: Till, scope: Scope, fields: dict[str, str]) -> Till:
        """The till whose key signed it, or whose next one did, to which it goes over with that. Raises NotSigned."""
        assert till.key is not None
        try:
            check_request(_key(till.key), till.till, scope["method"], _target(scope), fields)
            return till
        except NotSigned:
            if till.next_key is None:
                raise
            check_request(_key(till.next_key), till.till, scope["method"], _target(scope), fields)
            await run_in_threadpool(self._hub.tills.go_over, till.till, till.next_key)
            self._known.pop(till.till, None)
            return msgspec.structs.replace(till, key=till.next_key, next_key=None, new_key_wanted=False)

    async def _check_file(self, asker: Asker, key: str, scope: Scope) -> None:
        """Does the till's own file speak, in the one process that does? Raises NotHeard."""
        asks_for_it = scope["path"] == LEASE
        if not asks_for_it and not await self._may_speak(asker, scope):
            raise NotHeard("other_file", "another file than this works for the till, or none does yet", strange=False)
        if not asker.file or (asker.run == LOOKS and scope["method"] == "GET"):
            return
        if self._runs.is_elsewhere(key, asker.run):
            raise NotHeard("runs_elsewhere", "the till is running elsewhere at this moment", strange=False)
        if not asks_for_it:
            self._runs.hear(key, asker.run)

    async def _may_speak(self, asker: Asker, scope: Scope) -> bool:
        """Whoever got the lease just now is not known for it yet."""
        said = {"reads": scope["method"] == "GET", "own": scope["path"] == OWN}
        for _ in range(2):
            till = await self._till(asker.till)
            if till is not None and may_speak(till, asker.file, asker.generation, **said):
                return True
            self._known.pop(asker.till, None)
        return False

    async def _till(self, name: str) -> Till | None:
        known = self._known.get(name)
        if known is None or self._now_s() - known.read_s > KNOWN_S:
            if len(self._known) >= KNOWN_MAX:
                self._known.clear()
            known = _Known(await run_in_threadpool(self._hub.tills.find, name), self._now_s())
            self._known[name] = known
        return known.till

    def _sign(self, asked: _Asked, status: int, body: bytes) -> dict[str, str]:
        answerer = Answerer(self._hub.ledger, self._hub.epoch, self._nonces.give(), asked.request, asked.till)
        return sign_answer(self._signer, answerer, status, body)


class _Signing:
    """Holds an answer back until it is whole, and sends it signed. `before`: what is done before one that says that it
    was done as asked; strangers, who are refused, make the hub forget nothing."""

    def __init__(
        self,
        send: Send,
        sign: Callable[[_Asked, int, bytes], dict[str, str]],
        asked: _Asked,
        before: Callable[[], None],
    ) -> None:
        self._send = send
        self._before = before
        self._sign = sign
        self._asked = asked
        self._start: Message = {}
        self._body = bytearray()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body += message.get("body", b"")
        if message.get("more_body", False):
            return
        status = self._start["status"]
        if status == 200:
            self._before()
        signed = self._sign(self._asked, status, bytes(self._body))
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in signed.items()]
        await self._send({**self._start, "headers": [*self._start.get("headers", ()), *headers]})
        await self._send({"type": "http.response.body", "body": bytes(self._body)})


def _nothing() -> None:
    pass


def _key(text: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(text))


def _check_path(name: str, path: str) -> None:
    """The account asks for what an account may, and for nothing that a till does; it has no till's file. Raises
    NotHeard."""
    if (name == ACCOUNT_CHAIN) != (path == ACCOUNT_PATH) and not (name == ACCOUNT_CHAIN and path in OF_ACCOUNT):
        raise NotHeard("not_yours", f"{name} has no business with {path}", status=403, strange=False)


def _unknown(till: Till | None, name: str) -> NotHeard:
    if till is not None and till.state == "revoked":
        return NotHeard("revoked", "the office has sent this till away")
    return NotHeard("unknown_till", "no till of this name has joined")


def _check_manners(scope: Scope, names: frozenset[str]) -> None:
    """No browser speaks here: a page in one can send text to wherever it likes, but cannot say unasked that it is JSON,
    and always says where it comes from. Raises NotHeard."""
    said = {name.lower(): value for name, value in scope["headers"]}
    if b"origin" in said:
        raise NotHeard("no_browsers", "tills speak here, and no page in a browser", status=403)
    if scope["method"] == "POST" and said.get(b"content-type") != b"application/json":
        raise NotHeard("not_json", "application/json, please", status=415)
    if names and _without_port(said.get(b"host", b"")) not in names:
        raise NotHeard("wrong_host", "this hub is called by other names (--host-name)", status=421)


def _without_port(host: bytes) -> str:
    text = str(host, "latin-1").lower()
    return text.rpartition("]")[0] + "]" if text.startswith("[") else text.partition(":")[0]


def _address(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""


def _target(scope: Scope) -> str:
    path = scope.get("raw_path") or scope["path"].encode()
    query = scope.get("query_string", b"")
    return str(path + (b"?" + query if query else b""), "latin-1")


def _asked_in(scope: Scope) -> _Asked:
    """Which request is answered, and of whom, as it says itself; "" where it does not, and nobody hears the answer."""
    said = {str(name, "latin-1").lower(): str(value, "latin-1") for name, value in scope["headers"]}
    request = said.get("pos-request", "")
    try:
        till = said_by(said).till
    except NotSigned:
        till = ""
    return _Asked(request if REQUEST_NAME.fullmatch(request) else "", till)
