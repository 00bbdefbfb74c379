"""Who speaks: every request of a till and every answer of the hub is signed (RFC 9421, Ed25519), by one library.

A till signs what it does (method, path, query), what it says (the digest of its body) and as whom: its name, the id and
generation of its file, this run of its process, the ledger that it belongs to. The hub signs its answer together with
the id of the request that it answers and the name of its till, so that an old answer is none, nor one to another. A
till's clock is wrong every week: what a signature says of time is not looked at. Where a replay would do something, the
request names a nonce that the hub gave (hub/face/nonces.py).
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl, urlencode

from cryptography.exceptions import InvalidSignature as WrongSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import (
    ContentDigest,
    HTTPMessageSignaturesException,
    HTTPMessageSigner,
    HTTPMessageVerifier,
    MappingKeyResolver,
)
from http_message_signatures.algorithms import ED25519

TAG_REQUEST: Final = "pos-till"
TAG_ANSWER: Final = "pos-hub"
LABEL: Final = "pos"
HUB_KEY_ID: Final = "hub"
# few headers with much in each: the library looks at every header it signs for a tenth of a millisecond
REQUEST_COVERS: Final = ("@method", "@path", "@query", "content-digest", "pos-asker", "pos-request")
ANSWER_COVERS: Final = ("@status", "content-digest", "pos-answerer")
LOOKS: Final = "looks"  # what a look beside a running agent says in the place of its process: it is no second agent
GENERATION_DIGITS: Final = 20  # more are no number of ours
ORIGIN: Final = "http://hub"  # a hub has many addresses; whose it is, its key says


class NotSigned(Exception):
    """The message is not signed, or not by this key, or not as it came."""


class Asker(NamedTuple):
    """As whom a till asks. `file`: the id of its file, made with it; `run`: of its process; `ledger`: to which the file
    belongs ("" before it has met one); `nonce`: that the hub gave last, if any."""

    till: str
    file: str
    generation: int
    run: str
    ledger: str = ""
    nonce: str = ""

    def fields(self) -> dict[str, str]:
        return {"Pos-Asker": urlencode(self._asdict())}


class Answerer(NamedTuple):
    """As whom the hub answers: its ledger and the epoch of it, a fresh nonce, which request it answers, and of whom
    that was as it came: the hub's word about another till is none about this one."""

    ledger: str
    epoch: str
    nonce: str
    answers: str
    till: str

    def fields(self) -> dict[str, str]:
        return {"Pos-Answerer": urlencode(self._asdict())}


@dataclass(slots=True)
class _Asked:
    method: str
    url: str
    headers: MutableMapping[str, str]


@dataclass(slots=True)
class _Answered:
    status_code: int
    headers: MutableMapping[str, str]
    request: _Asked | None = None

    @property
    def url(self) -> str:
        return ORIGIN + "/"


class _Timeless(HTTPMessageVerifier):
    """It asks for no clock of ours or theirs."""

    max_clock_skew = timedelta.max
    require_created = False

    def validate_created_and_expires(self, sig_input: Any, max_age: timedelta | None = None) -> None:
        return None


def sign_request(
    key: Ed25519PrivateKey, asker: Asker, method: str, target: str, body: bytes, *, request: str
) -> dict[str, str]:
    """The headers that a request gets besides its own. `target`: path and query. `request`: its id, random."""
    asked = _Asked(method, ORIGIN + target, {**asker.fields(), "Pos-Request": request})
    _sign(key, asked, asker.till, REQUEST_COVERS, body, tag=TAG_REQUEST)
    return dict(asked.headers)


def sign_answer(key: Ed25519PrivateKey, answerer: Answerer, status: int, body: bytes) -> dict[str, str]:
    """The headers that an answer gets besides its own."""
    answered = _Answered(status, answerer.fields())
    _sign(key, answered, HUB_KEY_ID, ANSWER_COVERS, body, tag=TAG_ANSWER)
    return dict(answered.headers)


def check_request(key: Ed25519PublicKey, till: str, method: str, target: str, fields: Mapping[str, str]) -> None:
    """Are all these headers signed by this till's key? Its body is still to be held against the digest among them
    (`check_body`). Raises NotSigned."""
    asked = _Asked(method, ORIGIN + target, dict(fields))
    _verify(key, till, asked, REQUEST_COVERS, TAG_REQUEST)


def check_answer(
    key: Ed25519PublicKey, status: int, fields: Mapping[str, str], body: bytes, *, request: str, till: str
) -> Answerer:
    """Is it the hub that answers, and to the request of this id, which came as this till's? Raises NotSigned."""
    answered = _Answered(status, dict(fields))
    _verify(key, HUB_KEY_ID, answered, ANSWER_COVERS, TAG_ANSWER, body)
    answerer = Answerer(**_told(fields, "pos-answerer", Answerer._fields))
    if answerer.till != till:
        raise NotSigned("it answers another till")
    if answerer.answers != request:
        raise NotSigned("it answers another request")
    return answerer


def check_body(body: bytes, digest: str) -> None:
    """Has the body this Content-Digest? Raises NotSigned."""
    try:
        ContentDigest.verify(digest, body)
    except (HTTPMessageSignaturesException, ValueError, TypeError) as error:
        raise NotSigned("the body is not what its signed digest says") from error


def said_by(fields: Mapping[str, str]) -> Asker:
    """As whom a request says it comes. Raises NotSigned where it does not say."""
    told = _told(fields, "pos-asker", Asker._fields)
    generation = told.pop("generation")
    if not (generation.isascii() and generation.isdigit() and len(generation) < GENERATION_DIGITS):
        raise NotSigned("the generation is no number")
    return Asker(generation=int(generation), **told)


def _told(fields: Mapping[str, str], header: str, names: tuple[str, ...]) -> dict[str, str]:
    """What a header of ours says: each of the names, once, and nothing else. Raises NotSigned."""
    said = next((value for name, value in fields.items() if name.lower() == header), None)
    if said is None:
        raise NotSigned(f"the request does not say {header}")
    pairs = parse_qsl(said, keep_blank_values=True)
    if tuple(name for name, _ in pairs) != names:
        raise NotSigned(f"{header} does not say {', '.join(names)}")
    return dict(pairs)


def _sign(
    key: Ed25519PrivateKey,
    message: _Asked | _Answered,
    key_id: str,
    covers: tuple[str, ...],
    body: bytes,
    *,
    tag: str,
) -> None:
    """Its `apply` works all out once more, for signatures that are made elsewhere; this one is of our own key."""
    signer = HTTPMessageSigner(signature_algorithm=ED25519)
    prepared = signer.prepare(
        message,
        key_id=key_id,
        created=datetime.fromtimestamp(0, UTC),
        label=LABEL,
        tag=tag,
        covered_component_ids=covers,
        body=body,
    )
    signature = b64encode(key.sign(prepared.signature_base)).decode("ascii")
    message.headers["Signature-Input"] = f"{LABEL}={prepared.signature_params}"
    message.headers["Signature"] = f"{LABEL}=:{signature}:"


def _verify(
    key: Ed25519PublicKey,
    key_id: str,
    message: _Asked | _Answered,
    covers: tuple[str, ...],
    tag: str,
    body: bytes | None = None,
) -> None:
    verifier = _Timeless(
        signature_algorithm=ED25519,
        key_resolver=MappingKeyResolver(public_keys={key_id: key}, private_keys={}),
    )
    try:
        verifier.verify(message, max_age=None, expect_tag=tag, require_components=covers, body=body)
    except (HTTPMessageSignaturesException, WrongSignature, ValueError, TypeError, KeyError) as error:
        raise NotSigned(str(error) or type(error).__name__) from error


def lower_fields(raw: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers as they came over the wire. Raises NotSigned where one that is signed comes twice: which of them counts
    would be a matter of opinion."""
    found: dict[str, str] = {}
    for name, value in _decoded(raw):
        if name in found and (name.startswith("pos-") or name in ("signature", "signature-input", "content-digest")):
            raise NotSigned(f"two headers are called {name}")
        found[name] = value
    return found


def _decoded(raw: list[tuple[bytes, bytes]]) -> Iterator[tuple[str, str]]:
    for name, value in raw:
        yield name.decode("latin-1").lower(), value.decode("latin-1")
