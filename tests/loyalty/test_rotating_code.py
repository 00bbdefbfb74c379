"""The rotating code of a phone: fresh it proves, old it identifies, forged it is nothing."""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import base45
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from config.programmes import load_programme
from loyalty.rotating_code import (
    CARD_MAX,
    CERTIFICATE_DOMAIN,
    CHARACTERS_MAX,
    CLOCK_GOOD_FOR,
    CODE_DOMAIN,
    END,
    PREFIX,
    SIGNATURE_BYTES,
    RotatingCode,
    RotatingRefused,
    can_be_certified,
    certify,
    code_text,
    phone_id,
    slot_of,
    verify,
)
from loyalty.scans import what_is

DOCUMENT = Path(__file__).parents[2] / "docs" / "rotating_code.md"
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
UNTIL = datetime(2026, 9, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HUB = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PHONE = Ed25519PrivateKey.from_private_bytes(bytes(range(32, 64)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(64, 96)))
KEYS = {1: HUB.public_key().public_bytes_raw()}
CARD = "2600000000017"
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


CERTIFICATE = certify(CARD, public(PHONE), UNTIL, 1, HUB.sign)
CODE = code_text(CERTIFICATE, slot_of(NOW), PHONE.sign)


def looked_at(text: str = CODE, *, now: datetime = NOW, known_at: datetime | None = NOW) -> RotatingCode:
    return verify(text, KEYS, now, known_at)


def refusal(text: str) -> str:
    with pytest.raises(RotatingRefused) as caught:
        looked_at(text)
    return caught.value.reason


def raw_of(text: str) -> bytes:
    raw: bytes = base45.b45decode(text.removeprefix(PREFIX).removesuffix(END))
    return raw


def text_of(raw: bytes) -> str:
    return f"{PREFIX}{base45.b45encode(raw).decode()}{END}"


def test_a_fresh_code_proves_that_the_phone_is_here() -> None:
    proved = RotatingCode(card=CARD, phone=phone_id(public(PHONE)), slot=slot_of(NOW), why=None)
    assert looked_at() == proved
    assert set(CODE) <= set(ALPHABET), "QR alphanumeric mode"
    longest = code_text(certify("7" * CARD_MAX, public(PHONE), UNTIL, 1, HUB.sign), slot_of(NOW), PHONE.sign)
    assert len(longest) == CHARACTERS_MAX and looked_at(longest).why is None


def test_the_vector_of_the_document_is_what_we_make() -> None:
    told = dict(re.findall(r"^\| ([a-z' ]+) \| `(.+)` \|$", DOCUMENT.read_text(encoding="utf8"), re.MULTILINE))
    assert told["hub's private key"] == HUB.private_bytes_raw().hex() and told["hub's public key"] == KEYS[1].hex()
    assert told["phone's private key"] == PHONE.private_bytes_raw().hex()
    assert told["certificate"] == CERTIFICATE.hex() and int(told["slot"]) == slot_of(NOW)
    assert told["code"] == CODE and told["phone's id"] == phone_id(public(PHONE))


@pytest.mark.parametrize(
    ("ahead_s", "why"),
    [
        (-31, "early"),
        (-30, None),
        (0, None),
        (29, None),
        (59, None),
        (60, "old"),
        (90, "old"),
        (120, "old"),
        (86_399, "old"),
    ],
)
def test_one_slot_before_and_one_behind_is_fresh(ahead_s: int, why: str | None) -> None:
    now = NOW + ahead_s * SECOND
    assert looked_at(now=now, known_at=now).why == why


@given(
    at_s=st.integers(0, 10**7),
    phone_off_s=st.integers(-1, 1),
    till_off_s=st.integers(-1, 1),
    wall_off_s=st.integers(-180, 180),
    late_s=st.integers(0, 20),
)
def test_a_clock_three_minutes_off_refuses_no_phone_that_knows_the_hubs_time(
    at_s: int, phone_off_s: int, till_off_s: int, wall_off_s: int, late_s: int
) -> None:
    """Both have learned how far they are off, each to a second; it takes a customer some seconds to be scanned."""
    true = NOW + at_s * SECOND
    wall, correction = true + wall_off_s * SECOND, -wall_off_s * SECOND
    phone = wall + correction + phone_off_s * SECOND
    till = true + (late_s + till_off_s) * SECOND
    text = code_text(CERTIFICATE, slot_of(phone), PHONE.sign)
    assert looked_at(text, now=till, known_at=till - timedelta(hours=23)).why is None


@given(at_s=st.integers(0, 10**7), phone_off_s=st.integers(-180, 180))
def test_a_phone_that_never_heard_the_time_since_is_identified_all_the_same(at_s: int, phone_off_s: int) -> None:
    true = NOW + at_s * SECOND
    code = looked_at(code_text(CERTIFICATE, slot_of(true + phone_off_s * SECOND), PHONE.sign), now=true, known_at=true)
    assert code.card == CARD and code.why in (None, "old" if phone_off_s < 0 else "early")


@given(made_s=st.integers(0, 10**6), phone_off_s=st.integers(-30, 29), till_off_s=st.integers(-1, 1))
def test_a_screenshot_is_dead_within_a_minute_and_a_half(made_s: int, phone_off_s: int, till_off_s: int) -> None:
    made = NOW + made_s * SECOND
    text = code_text(CERTIFICATE, slot_of(made + phone_off_s * SECOND), PHONE.sign)
    till = made + (90 + till_off_s) * SECOND
    assert looked_at(text, now=till, known_at=till).why == "old"


@pytest.mark.parametrize(
    ("known_at", "why"),
    [
        (None, "clock_unknown"),
        (NOW - CLOCK_GOOD_FOR, None),
        (NOW - CLOCK_GOOD_FOR - SECOND, "clock_unknown"),
        (NOW + 30 * SECOND, None),
        (NOW + 31 * SECOND, "clock_unknown"),  # put back since
    ],
)
def test_a_till_that_does_not_know_the_time_only_identifies(known_at: datetime | None, why: str | None) -> None:
    assert looked_at(known_at=known_at).why == why


def test_a_certificate_ends_and_its_card_does_not() -> None:
    last = UNTIL - SECOND
    assert looked_at(code_text(CERTIFICATE, slot_of(last), PHONE.sign), now=last, known_at=last).why is None
    over = looked_at(code_text(CERTIFICATE, slot_of(UNTIL), PHONE.sign), now=UNTIL, known_at=UNTIL)
    assert (over.card, over.why) == (CARD, "certificate_over")


def test_a_key_that_the_till_was_not_told_is_no_more_than_a_number() -> None:
    other = certify(CARD, public(PHONE), UNTIL, 2, OTHER.sign)
    assert looked_at(code_text(other, slot_of(NOW), PHONE.sign)).why == "unknown_key"


def test_a_certificate_that_the_hub_did_not_make_is_forged() -> None:
    forged = certify(CARD, public(PHONE), UNTIL, 1, OTHER.sign)
    assert refusal(code_text(forged, slot_of(NOW), PHONE.sign)) == "forged"


def test_another_phone_cannot_show_the_card() -> None:
    assert refusal(code_text(CERTIFICATE, slot_of(NOW), OTHER.sign)) == "forged"


def test_a_phone_cannot_show_another_card_or_for_longer() -> None:
    """What stands in the certificate is the hub's."""
    for place in range(2, len(CERTIFICATE) - SIGNATURE_BYTES):
        changed = bytearray(CERTIFICATE)
        changed[place] ^= 1
        with pytest.raises(RotatingRefused):
            looked_at(code_text(bytes(changed), slot_of(NOW), PHONE.sign))


def test_no_coupons_signature_is_a_certificates_nor_a_codes_a_certificates() -> None:
    body = CERTIFICATE[:-SIGNATURE_BYTES]
    for domain in (b"", CODE_DOMAIN):
        sealed = body + HUB.sign(domain + body)
        assert refusal(code_text(sealed, slot_of(NOW), PHONE.sign)) == "forged"
    for domain in (b"", CERTIFICATE_DOMAIN):
        told = slot_of(NOW).to_bytes(4)
        assert refusal(text_of(CERTIFICATE + told + PHONE.sign(domain + body + told))) == "forged"


def test_every_change_of_one_bit_is_refused() -> None:
    raw = raw_of(CODE)
    for place in range(len(raw) * 8):
        changed = bytearray(raw)
        changed[place // 8] ^= 1 << place % 8
        if place // 8 == 1:  # another key's id: nobody is sure who says it
            assert refusal(text_of(bytes(changed))) == "forged", "the phone's signature is over it"
        else:
            assert refusal(text_of(bytes(changed))) in ("forged", "malformed")


def test_what_is_no_code_is_refused_and_nothing_worse() -> None:
    chance = random.Random(4)
    for text in ("", PREFIX, PREFIX + END, CODE[:-1], CODE.lower(), CODE + " ", f"{PREFIX}{'A' * 400}{END}"):
        assert refusal(text) == "malformed"
    for _ in range(2_000):
        letters = list(CODE)
        for _ in range(chance.randint(1, 4)):
            letters[chance.randrange(len(letters))] = chance.choice(ALPHABET + "я\n\0")
        if "".join(letters) != CODE:
            refusal("".join(letters))


@pytest.mark.parametrize("card", ["", "7" * 33, "карта", "26 00", "26\n"])
def test_a_number_without_room_is_not_certified(card: str) -> None:
    assert not can_be_certified(card)
    with pytest.raises(ValueError, match=r"^no certificate for "):
        certify(card, public(PHONE), UNTIL, 1, HUB.sign)


def test_a_till_takes_it_for_what_it_is() -> None:
    for programme in ("alenka", "perekrestok"):
        assert what_is(CODE, load_programme(programme), False).kind == "rotating"
