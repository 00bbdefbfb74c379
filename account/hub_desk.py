"""The hub, as the account asks it: one signed act at a time from each thread, every answer the hub's own."""

from __future__ import annotations

import secrets
import threading
from collections import deque
from functools import partial
from typing import Final, TypeVar

import msgspec
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from loyalty.operation import ACCOUNT_CHAIN
from sync.account.asking import ACCOUNT_PATH, AccountReply, AccountRequest
from sync.account.programme import AskProgramme, ProgrammeTold
from sync.identity import Own
from sync.protocol import Problem
from sync.signed import Answerer, Asker, NotSigned, check_answer, sign_request
from sync.watch import Watch

CONNECT_S: Final = 2.0
READ_S: Final = 5.0
TOTAL_S: Final = 10.0  # then whoever looks at a page has given it up
ANSWER_BYTES_MAX: Final = 8 * 1024 * 1024  # years of a member, with their receipts
NONCES_KEPT: Final = 64
HEADERS: Final = {"Content-Type": "application/json", "Accept-Encoding": "identity"}

_T = TypeVar("_T", bound=msgspec.Struct)


class HubSilent(Exception):
    """No answer that is the hub's came: what was asked may or may not have been done. The same key asks again."""


class HubSaysNo(Exception):
    """Why it was not done. `code`: for the account's words; the message is for a log."""

    def __init__(self, code: str, message: str, tries_left: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.tries_left = tries_left


class _Stale(HubSilent):
    """The nonce is good no more; the answer has brought another."""

    def __init__(self, message: str, nonce: str) -> None:
        super().__init__(message)
        self.nonce = nonce


class HubDesk:
    """`url`: of the hub; `programme`: whose account this is."""

    def __init__(self, url: str, own: Own, programme: str) -> None:
        self.programme = programme
        self._url = url.rstrip("/")
        self._own = own
        self._run = secrets.token_hex(8)
        self._nonces: deque[str] = deque(maxlen=NONCES_KEPT)
        self._here = threading.local()

    def programme_told(self) -> ProgrammeTold:
        """Whose account it is; and both sides learn of the hub's next key. Raises HubSilent, HubSaysNo."""
        known = self._own.identity.next_hub_key or ""
        told = self.ask("programme", AskProgramme(next_hub_key=known), ProgrammeTold)
        if told.next_hub_key:
            self._own.learn(told.next_hub_key)
        return told

    def ask(
        self, act: str, body: msgspec.Struct, told: type[_T], *, member: str = "", key: str = "", mark: str = ""
    ) -> _T:
        """What the act answers. Raises HubSilent, HubSaysNo."""
        asked = AccountRequest(
            act=act,
            key=key or secrets.token_hex(8),
            programme=self.programme,
            member=member,
            mark=mark,
            body=msgspec.Raw(msgspec.json.encode(body)),
        )
        data = msgspec.json.encode(asked)
        try:
            reply = self._once(data, self._nonce())
        except _Stale as stale:  # the hub began anew: none that it gave before is good
            self._nonces.clear()
            reply = self._once(data, stale.nonce)
        return _read(reply.body, told)

    def _once(self, data: bytes, nonce: str) -> AccountReply:
        who, request = self._own.identity, secrets.token_hex(16)
        asker = Asker(ACCOUNT_CHAIN, "", 0, self._run, who.ledger, nonce)
        key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(who.key))
        signed = sign_request(key, asker, "POST", ACCOUNT_PATH, data, request=request)
        status, fields, body = self._sent(data, signed)
        try:
            next_nonce = self._heard(request, status, fields, body).nonce
        except NotSigned as error:
            raise HubSilent(f"what answers at {self._url} is not this account's hub: {error}") from error
        if status == 200:
            self._nonces.append(next_nonce)
            return _read(body, AccountReply)
        problem = _read(body, Problem)
        if problem.code == "stale_nonce":
            raise _Stale(problem.message, next_nonce)
        self._nonces.append(next_nonce)
        if problem.code in ("busy", "too_many", "ledger_off"):
            raise HubSilent(f"the hub at {self._url} says {problem.code}: {problem.message}")
        raise HubSaysNo(problem.code, problem.message, problem.tries_left)

    def _heard(self, request: str, status: int, fields: dict[str, str], body: bytes) -> Answerer:
        """By the hub's key, or by the next one that it told: then it has gone over. Raises NotSigned."""
        who = self._own.identity
        check = partial(check_answer, status=status, fields=fields, body=body, request=request, till=ACCOUNT_CHAIN)
        try:
            return check(_public(who.hub_key))
        except NotSigned:
            if who.next_hub_key is None:
                raise
            answerer = check(_public(who.next_hub_key))
        self._own.is_now(msgspec.structs.replace(who, hub_key=who.next_hub_key, next_hub_key=None))
        return answerer

    def _nonce(self) -> str:
        """Each is good once; where there is none, the answer brings one."""
        try:
            return self._nonces.popleft()
        except IndexError:
            return ""

    def _sent(self, data: bytes, signed: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        session, watch = self._line()
        try:
            with (
                watch.over_after(TOTAL_S),
                session.post(
                    self._url + ACCOUNT_PATH,
                    data=data,
                    headers={**HEADERS, **signed},
                    timeout=(CONNECT_S, READ_S),
                    stream=True,
                    allow_redirects=False,
                ) as answer,
            ):
                body = answer.raw.read(ANSWER_BYTES_MAX + 1, decode_content=False)
                if len(body) > ANSWER_BYTES_MAX:
                    raise HubSilent(f"the hub at {self._url} says more than {ANSWER_BYTES_MAX} bytes")
                return answer.status_code, dict(answer.headers), body
        except (requests.RequestException, OSError) as error:
            raise HubSilent(f"the hub at {self._url} did not answer: {error}") from error

    def _line(self) -> tuple[requests.Session, Watch]:
        """Of this thread."""
        if not hasattr(self._here, "line"):
            session, watch = requests.Session(), Watch()
            session.trust_env = False
            watch.mount(session)
            self._here.line = (session, watch)
        line: tuple[requests.Session, Watch] = self._here.line
        return line


def _public(key: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))


def _read(body: bytes | msgspec.Raw, type: type[_T]) -> _T:
    try:
        return msgspec.json.decode(body, type=type)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise HubSilent(f"the hub's answer cannot be read: {error}") from error
