"""A certificate's text says its number to whoever knows the hub's key, and nothing else is one."""

from __future__ import annotations

import base45
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from loyalty.certificate_text import CertificateRefused, open_certificate, seal_certificate
from loyalty.tags import tag

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEYS = {7: KEY.public_key().public_bytes_raw()}
NUMBER = "0123456789012345"
TEXT = seal_certificate(NUMBER, "alenka", 7, KEY.sign)


def reason(text: str, keys: dict[int, bytes] = KEYS, programme: str = "alenka") -> str:
    with pytest.raises(CertificateRefused) as caught:
        open_certificate(text, keys, programme)
    return caught.value.reason


@given(st.integers(0, 10**16 - 1).map("{:016}".format), st.integers(0, 255))
def test_every_number_comes_through_in_a_qr_of_version_5_m(number: str, key_id: int) -> None:
    text = seal_certificate(number, "alenka", key_id, KEY.sign)
    assert len(text) == 122 and text.startswith("PAC:") and text.strip() == text
    assert open_certificate(text, {key_id: KEYS[7]}, "alenka") == number


@pytest.mark.parametrize("number", ["", "1", "0" * 15, "0" * 17, "1" * 15 + "x", "١" * 16, "²" * 16])
def test_what_is_no_number_is_not_sealed(number: str) -> None:
    with pytest.raises(ValueError, match="16 digits"):
        seal_certificate(number, "alenka", 7, KEY.sign)


def test_what_is_not_ours_is_refused_with_its_reason() -> None:
    raw = base45.b45decode(TEXT.removeprefix("PAC:").removesuffix("."))
    for at in range(len(raw) * 8):
        flipped = bytearray(raw)
        flipped[at // 8] ^= 1 << at % 8
        text = "PAC:" + base45.b45encode(bytes(flipped)).decode() + "."
        assert reason(text) in {"malformed", "forged", "unknown_key"}
    assert reason(TEXT, programme="perekrestok") == "other_programme"
    assert reason(TEXT, keys={}) == "unknown_key"
    assert reason(TEXT[:-1]) == reason(TEXT.replace("PAC:", "PA2:")) == reason("") == "malformed"


def test_a_number_of_more_digits_is_none_whoever_signed_it() -> None:
    signed = bytes((0x22, 7)) + tag("programme", "alenka") + (10**16).to_bytes(8, "big")
    assert reason("PAC:" + base45.b45encode(signed + KEY.sign(signed)).decode() + ".") == "malformed"
