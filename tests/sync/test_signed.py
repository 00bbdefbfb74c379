"""RFC 9421 as both sides use it: the standard's own vector, and messages of which each byte is changed."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from http_message_signatures import HTTPMessageVerifier, InvalidSignature, MappingKeyResolver
from http_message_signatures.algorithms import ED25519

from sync.signed import (
    Answerer,
    Asker,
    NotSigned,
    check_answer,
    check_body,
    check_request,
    lower_fields,
    said_by,
    sign_answer,
    sign_request,
)
from sync.signed import _Asked as Asked

LONG = bool(os.environ.get("SIGNED_LONG"))
PLACES = 1_000 if LONG else 150  # of a long message
WHOLE_MAX = 4_096 if LONG else 0  # bytes: shorter ones are changed everywhere
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
ASKER = Asker("till-1", "f" * 32, 3, "run1", "a" * 32, "nonce-1")
TARGET = "/v3/operations?limit=5"

# RFC 9421: B.1.4 (the key), B.2 (the message), B.2.6 (its signature)
RFC_KEY = b"""-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=
-----END PUBLIC KEY-----
"""
RFC_COVERS = '("date" "@method" "@path" "@authority" "content-type" "content-length")'
RFC_INPUT = f'{RFC_COVERS};created=1618884473;keyid="test-key-ed25519"'
RFC_SIGNATURE = "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
RFC_FIELDS = {
    "host": "example.com",
    "date": "Tue, 20 Apr 2021 02:07:55 GMT",
    "content-type": "application/json",
    "content-length": "18",
    "signature-input": f"sig-b26={RFC_INPUT}",
    "signature": f"sig-b26=:{RFC_SIGNATURE}:",
}


class _Undated(HTTPMessageVerifier):
    """It was signed years ago."""

    max_clock_skew = timedelta.max

    def validate_created_and_expires(self, sig_input: object, max_age: timedelta | None = None) -> None:
        return None


def rfc_verified(**changes: str) -> None:
    key = load_pem_public_key(RFC_KEY)
    assert isinstance(key, Ed25519PublicKey)
    resolver = MappingKeyResolver(public_keys={"test-key-ed25519": key}, private_keys={})
    verifier = _Undated(signature_algorithm=ED25519, key_resolver=resolver)
    fields = RFC_FIELDS | {name.replace("_", "-"): value for name, value in changes.items()}
    verifier.verify(Asked("POST", "https://example.com/foo?param=Value&Pet=dog", fields), max_age=None)


def test_the_vector_of_rfc_9421_b_2_6_is_verified_by_what_we_use() -> None:
    rfc_verified()


def test_the_vector_changed_is_not() -> None:
    with pytest.raises(InvalidSignature):
        rfc_verified(date="Tue, 20 Apr 2021 02:07:56 GMT")


def request_of(body: bytes) -> bytes:
    fields = sign_request(KEY, ASKER, "POST", TARGET, body, request="r1")
    return message(f"POST {TARGET}", fields, body)


def answer_of(body: bytes) -> bytes:
    fields = sign_answer(KEY, Answerer("a" * 32, "e" * 32, "nonce-2", "r1", "till-1"), 200, body)
    return message("200 OK", fields, body)


def message(start: str, fields: dict[str, str], body: bytes) -> bytes:
    """What is signed of a message, as bytes."""
    head = "\n".join([start, *(f"{name}: {value}" for name, value in fields.items())])
    return head.encode("latin-1") + b"\n\n" + body


def parts(raw: bytes) -> tuple[str, list[tuple[bytes, bytes]], bytes]:
    head, _, body = raw.partition(b"\n\n")
    start, *lines = head.split(b"\n")
    return start.decode("latin-1"), [(line.partition(b": ")[0], line.partition(b": ")[2]) for line in lines], body


def hear_request(raw: bytes) -> Asker:
    start, pairs, body = parts(raw)
    fields = lower_fields(pairs)
    asker = said_by(fields)
    method, _, target = start.partition(" ")
    check_request(KEY.public_key(), asker.till, method, target, fields)
    check_body(body, fields["content-digest"])
    return asker


def hear_answer(raw: bytes) -> Answerer:
    start, pairs, body = parts(raw)
    if not start[:3].isdecimal():
        raise NotSigned("no answer")
    return check_answer(KEY.public_key(), int(start[:3]), lower_fields(pairs), body, request="r1", till="till-1")


MESSAGES: dict[str, tuple[bytes, Callable[[bytes], Asker | Answerer]]] = {
    "a request": (request_of(b'{"till":"till-1","operations":[]}'), hear_request),
    "a request without a body": (request_of(b""), hear_request),
    "a long request": (request_of(b"x" * 50_000), hear_request),
    "an answer": (answer_of(b'{"answers":[]}'), hear_answer),
    "a long answer": (answer_of(b"y" * 50_000), hear_answer),
}


def places(raw: bytes, chance: random.Random) -> Iterator[tuple[int, int]]:
    at = range(len(raw)) if len(raw) <= WHOLE_MAX else sorted(chance.sample(range(len(raw)), min(PLACES, len(raw))))
    for place in at:
        yield place, 1 << chance.randrange(8)


@pytest.mark.parametrize("case", MESSAGES)
def test_sec3_a_message_with_any_bit_changed_is_not_accepted_as_another(case: str) -> None:
    """Letters of a header's name in the other case, and the words behind a status, say the same: the message that is
    heard is the one that was signed."""
    raw, hear = MESSAGES[case]
    seed = int(os.environ.get("POS_TEST_SEED") or random.SystemRandom().randrange(10**9))
    print(f"POS_TEST_SEED={seed}")
    meant, refused = hear(raw), 0
    for place, bit in places(raw, random.Random(seed)):
        changed = raw[:place] + bytes([raw[place] ^ bit]) + raw[place + 1 :]
        try:
            heard = hear(changed)
        except NotSigned as why:
            assert str(why)
            refused += 1
            continue
        assert heard == meant and _same(raw, changed), (place, bit)
    assert refused > 0


def _same(raw: bytes, changed: bytes) -> bool:
    (start, pairs, body), (start_2, pairs_2, body_2) = parts(raw), parts(changed)
    return body == body_2 and said(pairs) == said(pairs_2) and start[:3] == start_2[:3]


def said(pairs: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """What is signed of the headers."""
    signed = ("pos-", "content-digest")
    return {name: value for name, value in lower_fields(pairs).items() if name.startswith(signed)}


def test_sec3_an_answer_to_another_request_is_none_and_a_header_that_comes_twice_is_refused() -> None:
    _, pairs, body = parts(answer_of(b"{}"))
    with pytest.raises(NotSigned, match="another request"):
        check_answer(KEY.public_key(), 200, lower_fields(pairs), body, request="r2", till="till-1")
    with pytest.raises(NotSigned, match="another till"):
        check_answer(KEY.public_key(), 200, lower_fields(pairs), body, request="r1", till="till-2")
    for name in ("pos-answerer", "signature", "content-digest"):
        with pytest.raises(NotSigned, match="two headers"):
            lower_fields([*pairs, (name.encode(), b"x")])
