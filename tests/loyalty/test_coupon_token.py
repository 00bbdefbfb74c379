"""A coupon's text: genuine ones are opened, everything else is refused with its reason and nothing worse."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import base45
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from loyalty.coupon_token import (
    END,
    PREFIX,
    TOKEN_CHARACTERS_MAX,
    CouponClaims,
    CouponRefused,
    open_coupon,
    seal_coupon,
)

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEYS = {1: KEY.public_key().public_bytes_raw()}
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
CLAIMS = CouponClaims(
    serial=bytes(range(16)),
    programme="alenka",
    campaign="ten-percent",
    valid_from=int(NOW.timestamp()) - 60,
    valid_to=int(NOW.timestamp()) + 86_400,
)
TOKEN = seal_coupon(CLAIMS, 1, KEY.sign)


def reason(text: str, *, keys: dict[int, bytes] = KEYS, programme: str = "alenka", now: datetime = NOW) -> str:
    with pytest.raises(CouponRefused) as caught:
        open_coupon(text, keys, programme, now)
    return caught.value.reason


def signed(raw: bytes, key: Ed25519PrivateKey = KEY) -> str:
    letters: bytes = base45.b45encode(raw + key.sign(raw))
    return PREFIX + letters.decode() + END


def test_a_genuine_coupon_is_opened_and_fits_a_small_qr() -> None:
    assert open_coupon(TOKEN, KEYS, "alenka", NOW) == CLAIMS
    assert len(TOKEN) < TOKEN_CHARACTERS_MAX and set(TOKEN) <= set(ALPHABET), "QR alphanumeric mode"


@given(
    serial=st.binary(min_size=16, max_size=16),
    campaign=st.text(max_size=20),
    key_id=st.integers(0, 255),
    blanks=st.text(" \t\r\n", max_size=3),
)
def test_every_coupon_survives_its_way_through_a_scanner(
    serial: bytes, campaign: str, key_id: int, blanks: str
) -> None:
    """Scanners and people trim blanks, and base45 may end with one."""
    claims = msgspec.structs.replace(CLAIMS, serial=serial, campaign=campaign)
    text = seal_coupon(claims, key_id, KEY.sign)
    assert text.strip() == text
    assert open_coupon((blanks + text + blanks).strip(), {key_id: KEYS[1]}, "alenka", NOW) == claims


def mutations() -> dict[str, list[str]]:
    """Every text one character away: another in its place, one more, one less, two swapped; and every beginning."""
    letters = ALPHABET + "aéЖ\x00\n\r\t\ud800😀"
    places = range(len(TOKEN))
    return {
        "other": [TOKEN[:at] + char + TOKEN[at + 1 :] for at in places for char in letters if char != TOKEN[at]],
        "more": [TOKEN[:at] + char + TOKEN[at:] for at in range(len(TOKEN) + 1) for char in letters],
        "less": [TOKEN[:at] + TOKEN[at + 1 :] for at in places],
        "swapped": [TOKEN[:at] + TOKEN[at + 1] + TOKEN[at] + TOKEN[at + 2 :] for at in places[:-1]],
        "begun": [TOKEN[:at] for at in places],
        "begun, with its end": [TOKEN[:at] + END for at in places[:-1]],
    }


@pytest.mark.parametrize("kind", mutations())
def test_no_text_one_step_away_is_accepted(kind: str) -> None:
    texts = [text for text in mutations()[kind] if text != TOKEN]
    assert len(texts) >= len(TOKEN) - 30
    assert {reason(text) for text in texts} <= {"malformed", "forged", "unknown_key"}


def test_no_flipped_bit_is_accepted() -> None:
    raw = bytearray(base45.b45decode(TOKEN.removeprefix(PREFIX).removesuffix(END)))
    for bit in range(len(raw) * 8):
        raw[bit // 8] ^= 1 << bit % 8
        flipped = PREFIX + base45.b45encode(bytes(raw)).decode() + END
        assert reason(flipped) in {"malformed", "forged", "unknown_key"}
        raw[bit // 8] ^= 1 << bit % 8


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (NOW - 60 * SECOND - SECOND / 1_000, "not_yet"),
        (NOW + 86_400 * SECOND, "expired"),
        (NOW + 86_400_000 * SECOND, "expired"),
    ],
)
def test_a_coupon_outside_its_time_is_refused(now: datetime, expected: str) -> None:
    assert reason(TOKEN, now=now) == expected


@pytest.mark.parametrize("now", [NOW - 60 * SECOND, NOW + 86_400 * SECOND - SECOND / 1_000])
def test_a_coupon_is_good_from_its_first_to_just_before_its_last_second(now: datetime) -> None:
    assert open_coupon(TOKEN, KEYS, "alenka", now) == CLAIMS


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "expected"), [(10**18, 10**18, "not_yet"), (-(10**18), -(10**18), "expired")]
)
def test_a_coupon_with_times_beyond_all_calendars_is_refused_calmly(
    valid_from: int, valid_to: int, expected: str
) -> None:
    claims = msgspec.structs.replace(CLAIMS, valid_from=valid_from, valid_to=valid_to)
    assert reason(seal_coupon(claims, 1, KEY.sign)) == expected


def test_a_coupon_of_another_programme_is_refused() -> None:
    assert reason(TOKEN, programme="perekrestok") == "other_programme"


@pytest.mark.parametrize("keys", [{}, {2: KEYS[1]}, {1: b""}, {1: KEYS[1][:-1]}])
def test_a_key_that_the_till_does_not_have_is_said_so(keys: dict[int, bytes]) -> None:
    assert reason(TOKEN, keys=keys) == "unknown_key"


def test_another_signer_is_a_forger() -> None:
    forger = Ed25519PrivateKey.generate()
    assert reason(seal_coupon(CLAIMS, 1, forger.sign)) == "forged"
    assert reason(TOKEN, keys={1: forger.public_key().public_bytes_raw()}) == "forged"
    assert reason(TOKEN, keys={1: bytes(32)}) == "forged", "a key that is no point of the curve"


@pytest.mark.parametrize(
    "claims", [b"", b"\xc1", msgspec.msgpack.encode(["alenka"]), msgspec.msgpack.encode([*range(9)])]
)
def test_what_is_signed_and_yet_no_claim_is_refused(claims: bytes) -> None:
    assert reason(signed(bytes((1, 1)) + claims)) in {"forged", "malformed"}


def test_another_version_is_not_read() -> None:
    assert reason(signed(bytes((2, 1)) + msgspec.msgpack.encode(CLAIMS))) == "malformed"


LONG: dict[str, Any] = {
    "its own letters": PREFIX + "A" * 10_000 + END,
    "itself many times": TOKEN * 60,
    "one too many": PREFIX + "0" * (TOKEN_CHARACTERS_MAX - len(PREFIX)) + END,
    "other letters": "Ж" * 10_000,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_a_long_text_is_refused_before_it_is_read(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(*_: Any) -> bytes:
        raise AssertionError("nobody decodes this")

    monkeypatch.setattr(base45, "b45decode", read)
    assert reason(text) == "malformed"


@given(st.text() | st.text(ALPHABET).map(lambda text: PREFIX + text + END))
def test_any_text_is_refused_with_a_reason(text: str) -> None:
    assert reason(text) in {"malformed", "unknown_key", "forged"}


def test_noise_of_the_right_length_is_refused() -> None:
    chance = random.Random(45)
    for _ in range(2_000):
        raw = bytes((1, 1)) + chance.randbytes(chance.randrange(60, 150))
        assert reason(PREFIX + base45.b45encode(raw).decode() + END) in {"malformed", "forged"}
