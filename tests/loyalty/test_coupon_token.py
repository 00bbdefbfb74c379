"""A signed coupon: honoured when genuine and in time, refused with the reason otherwise."""

from __future__ import annotations

from datetime import UTC, datetime

import base45
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from loyalty.coupon_token import PREFIX, TOKEN_CHARACTERS_MAX, CouponClaims, CouponRefused, open_coupon, seal_coupon

PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEYS = {7: PRIVATE.public_key().public_bytes_raw()}
FROM = int(datetime(2026, 6, 1, tzinfo=UTC).timestamp())
TO = int(datetime(2026, 7, 1, tzinfo=UTC).timestamp())
CLAIMS = CouponClaims(serial=bytes(16), programme="alenka", campaign="ten-percent", valid_from=FROM, valid_to=TO)
NOW = datetime(2026, 6, 15, tzinfo=UTC)
TOKEN = seal_coupon(CLAIMS, 7, PRIVATE.sign)


def refused(text: str = TOKEN, keys: dict[int, bytes] = KEYS, programme: str = "alenka", now: datetime = NOW) -> str:
    with pytest.raises(CouponRefused) as caught:
        open_coupon(text, keys, programme, now)
    assert str(caught.value) == caught.value.reason
    return caught.value.reason


def sealed(raw: bytes) -> str:
    """A text around bytes of any kind, rightly signed."""
    encoded: bytes = base45.b45encode(raw + PRIVATE.sign(raw))
    return PREFIX + encoded.decode() + "."


def test_a_genuine_coupon_is_opened() -> None:
    assert open_coupon(TOKEN, KEYS, "alenka", NOW) == CLAIMS
    assert TOKEN.startswith("PA1:")
    assert TOKEN.endswith(".")
    assert len(TOKEN) <= 200


def test_a_coupon_holds_from_its_first_second_until_before_its_last() -> None:
    assert open_coupon(TOKEN, KEYS, "alenka", datetime(2026, 6, 1, tzinfo=UTC)) == CLAIMS
    assert open_coupon(TOKEN, KEYS, "alenka", datetime(2026, 6, 30, 23, 59, 59, 999_999, tzinfo=UTC)) == CLAIMS
    assert refused(now=datetime(2026, 5, 31, 23, 59, 59, 999_999, tzinfo=UTC)) == "not_yet"
    assert refused(now=datetime(2026, 7, 1, tzinfo=UTC)) == "expired"


def test_a_coupon_of_another_programme_is_refused() -> None:
    assert refused(programme="perekrestok") == "other_programme"


def test_an_unknown_or_broken_key_is_refused() -> None:
    assert refused(keys={}) == "unknown_key"
    assert refused(keys={8: KEYS[7]}) == "unknown_key"
    assert refused(keys={7: b"short"}) == "unknown_key"


def test_a_coupon_of_another_hub_is_forged() -> None:
    stranger = Ed25519PrivateKey.from_private_bytes(bytes(32))
    assert refused(seal_coupon(CLAIMS, 7, stranger.sign)) == "forged"


def test_no_changed_character_goes_unseen() -> None:
    for place in range(len(PREFIX), len(TOKEN) - 1):
        other = "A" if TOKEN[place] != "A" else "B"
        assert refused(TOKEN[:place] + other + TOKEN[place + 1 :]) in ("forged", "malformed", "unknown_key")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PA1:",
        "PA1:.",
        TOKEN[:-1],
        TOKEN[4:],
        TOKEN.lower(),
        TOKEN + ".",
        "PA1:" + "A" * TOKEN_CHARACTERS_MAX + ".",
        "PA1:ёёё.",
        "PA1:::::.",
        TOKEN[: len(TOKEN) // 2] + ".",
        sealed(b"\x02\x07" + msgspec.msgpack.encode(CLAIMS)),  # another version
        sealed(b"\x01\x07"),  # nothing claimed
    ],
)
def test_what_is_no_coupon_is_malformed(text: str) -> None:
    assert refused(text) == "malformed"


@pytest.mark.parametrize(
    "claims", [b"\xc0", b"\xff", msgspec.msgpack.encode([1, 2, 3]), msgspec.msgpack.encode(CLAIMS) + b"x"]
)
def test_claims_that_cannot_be_read_are_forged_even_when_signed(claims: bytes) -> None:
    assert refused(sealed(b"\x01\x07" + claims)) == "forged"


def test_a_text_of_the_longest_length_is_still_read() -> None:
    for letters, length in ((92, 299), (93, 301)):
        claims = msgspec.structs.replace(CLAIMS, campaign="c" * letters)
        token = seal_coupon(claims, 7, PRIVATE.sign)
        assert len(token) == length
        if length <= TOKEN_CHARACTERS_MAX:
            assert open_coupon(token, KEYS, "alenka", NOW) == claims
        else:
            assert refused(token) == "malformed"
