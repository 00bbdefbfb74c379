"""A coupon's text: genuine ones are opened, everything else is refused with its reason and nothing worse."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args
from zoneinfo import ZoneInfo

import base45
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from config.programmes import load_programme
from loyalty.coupon_token import (
    CHANNELS,
    EPOCH,
    MINUTE,
    MINUTES,
    TOKEN_CHARACTERS,
    CouponClaims,
    CouponRefused,
    OpenedCoupon,
    open_coupon,
    seal_coupon,
    whole_minute,
)
from loyalty.operation import Channel
from loyalty.programme import Programme
from loyalty.sealed_text import END
from loyalty.tags import tag

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEYS = {1: KEY.public_key().public_bytes_raw()}
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
ALENKA = load_programme("alenka")
CLAIMS = CouponClaims(
    serial=bytes(range(16)).hex(),
    programme="alenka",
    campaign="ten-percent",
    valid_from=NOW - MINUTE,
    valid_to=NOW + timedelta(days=1),
    zone="Europe/Moscow",
)
TOKEN = seal_coupon(CLAIMS, 1, KEY.sign)
BROKEN = {"malformed", "forged", "unknown_key"}
# As the hub made it before there was PA2; papers with such texts are in the hands of guests.
PRINTED_BEFORE = (
    "PA1:W500.I112X507H0QS00+0J61%H1CT11:1AEC1$C*PDHUL1$CMX55$CKPCG/DB4QI-KNZG1GDT.P8BS6FQ:NVK81W5DG J6VU"
    "I-7B62P3I6YFFDUUAL1G1GS3BSNF%2+24LPLHXF*HS-WFZ*N7ED0ETEK45DKUU7C$JR KCRBP3I."
)


def refused(
    text: str, *, keys: dict[int, bytes] = KEYS, programme: Programme = ALENKA, now: datetime = NOW
) -> CouponRefused:
    with pytest.raises(CouponRefused) as caught:
        open_coupon(text, keys, programme, now)
    return caught.value


def reason(text: str, **more: Any) -> str:
    return refused(text, **more).reason


def signed(raw: bytes, prefix: str = "PA2:", key: Ed25519PrivateKey = KEY) -> str:
    letters: bytes = base45.b45encode(raw + key.sign(raw))
    return prefix + letters.decode() + END


def says(opened: OpenedCoupon) -> tuple[object, ...]:
    return opened.serial, opened.campaign, opened.value, opened.uses, opened.valid_from, opened.valid_to, opened.channel


def test_a_genuine_coupon_is_opened() -> None:
    opened = open_coupon(TOKEN, KEYS, ALENKA, NOW)
    assert says(opened) == (CLAIMS.serial, "ten-percent", 0, 1, CLAIMS.valid_from, CLAIMS.valid_to, "")
    assert opened.zone == ZoneInfo("Europe/Moscow") and opened.first_day == opened.last_day - timedelta(days=1)
    assert opened.fits_store("any") and opened.fits_member("any") and opened.fits_channel("self")


minutes = st.sampled_from([0, 1, MINUTES - 2, MINUTES - 1]) | st.integers(0, MINUTES - 1)
times = st.tuples(minutes, minutes).filter(lambda pair: pair[0] != pair[1]).map(sorted)
campaigns = st.sampled_from([offer.id for offer in ALENKA.coupons])
words = st.just("") | st.text(min_size=1, max_size=60)


@given(
    serial=st.binary(min_size=16, max_size=16),
    campaign=campaigns,
    times=times,
    zone=st.sampled_from(["Europe/Moscow", "UTC", "Asia/Kamchatka", "America/St_Johns", "Asia/Kathmandu"]),
    numbers=st.tuples(st.sampled_from([0, 1, 1_000, 10**9, 2**32 - 1]), st.sampled_from([1, 2, 1_000, 2**16 - 1])),
    store=words,
    member=words,
    channel=st.sampled_from(CHANNELS),
    key_id=st.integers(0, 255),
    blanks=st.text(" \t\r\n", max_size=3),
)
def test_every_coupon_fits_qr_7_m_and_survives_its_way_through_a_scanner(
    serial: bytes,
    campaign: str,
    times: list[int],
    zone: str,
    numbers: tuple[int, int],
    store: str,
    member: str,
    channel: str,
    key_id: int,
    blanks: str,
) -> None:
    """Scanners and people trim blanks. 178 letters are as many as QR 7-M holds (tests/hub/coupons reads one)."""
    claims = CouponClaims(
        serial=serial.hex(),
        programme="alenka",
        campaign=campaign,
        valid_from=EPOCH + times[0] * MINUTE,
        valid_to=EPOCH + times[1] * MINUTE,
        zone=zone,
        value=numbers[0],
        uses=numbers[1],
        store=store,
        member=member,
        channel=channel,
    )
    text = seal_coupon(claims, key_id, KEY.sign)
    assert len(text) == TOKEN_CHARACTERS == 178 and set(text) <= set(ALPHABET), "QR alphanumeric mode"
    assert text.strip() == text
    opened = open_coupon((blanks + text + blanks).strip(), {key_id: KEYS[1]}, ALENKA, claims.valid_from)
    assert says(opened) == (claims.serial, campaign, *numbers, claims.valid_from, claims.valid_to, channel)
    assert opened.last_day == (claims.valid_to - MINUTE).astimezone(ZoneInfo(zone)).date()
    assert opened.fits_store(store) and opened.fits_member(member) and opened.fits_channel(channel or "online")
    assert opened.fits_store("x" + store) == (store == "") and opened.fits_member("x" + member) == (member == "")
    assert opened.fits_channel("nowhere") == (channel == "")


def test_a_store_whose_hash_begins_with_zeros_is_not_any_store() -> None:
    """Found among sixteen million."""
    unlucky = "s21216163"
    assert tag("store", unlucky) == b"\0\0\1" and tag("store", "") == b"\0\0\0"
    text = seal_coupon(replace(CLAIMS, store=unlucky), 1, KEY.sign)
    opened = open_coupon(text, KEYS, ALENKA, NOW)
    assert opened.fits_store(unlucky) and not opened.fits_store("msk-7")


def test_the_channels_are_those_of_operations() -> None:
    assert ("", *get_args(Channel)) == CHANNELS


@pytest.mark.parametrize(
    "wrong",
    [
        {"serial": "00" * 15},
        {"serial": "zz" * 16},
        {"value": -1},
        {"value": 2**32},
        {"uses": 0},
        {"uses": 2**16},
        {"valid_to": CLAIMS.valid_from},
        {"valid_from": NOW - timedelta(seconds=1)},
        {"valid_from": EPOCH - MINUTE},
        {"valid_to": EPOCH + MINUTES * MINUTE},
        {"channel": "by air"},
        {"zone": "Europe/Atlantis"},
    ],
)
def test_what_no_coupon_can_say_is_not_sealed(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"coupon has|ends after|no channel|no time zone|no whole minute|hexadecimal"):
        seal_coupon(replace(CLAIMS, **wrong), 1, KEY.sign)


def test_a_moment_counts_as_its_minute() -> None:
    late = NOW + timedelta(seconds=59, microseconds=999_999)
    assert whole_minute(late) == whole_minute(NOW) == NOW and whole_minute(EPOCH - MINUTE / 60) == EPOCH - MINUTE


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (NOW - MINUTE - timedelta(milliseconds=1), "not_yet"),
        (NOW + timedelta(days=1), "expired"),
        (NOW + timedelta(days=1_000), "expired"),
    ],
)
def test_a_coupon_outside_its_time_is_refused_and_says_when_it_was_good(now: datetime, expected: str) -> None:
    error = refused(TOKEN, now=now)
    assert error.reason == expected and error.coupon is not None
    assert (error.coupon.first_day, error.coupon.last_day) == (date(2026, 3, 2), date(2026, 3, 3))


@pytest.mark.parametrize("now", [NOW - MINUTE, NOW + timedelta(days=1) - timedelta(milliseconds=1)])
def test_a_coupon_is_good_from_its_first_to_just_before_its_last_moment(now: datetime) -> None:
    assert open_coupon(TOKEN, KEYS, ALENKA, now).serial == CLAIMS.serial


def test_the_last_day_is_that_of_the_coupons_zone() -> None:
    """Until midnight in Kamchatka, nine hours before that in Moscow: the till is in Moscow."""
    midnight = datetime(2026, 4, 1, tzinfo=ZoneInfo("Asia/Kamchatka"))
    far = replace(CLAIMS, valid_to=midnight.astimezone(UTC), zone="Asia/Kamchatka")
    opened = open_coupon(seal_coupon(far, 1, KEY.sign), KEYS, ALENKA, NOW)
    assert opened.last_day == date(2026, 3, 31) and opened.zone.utcoffset(NOW) == timedelta(hours=12)


def test_the_last_day_is_that_of_the_last_minute_where_the_clock_changes_at_midnight() -> None:
    """In Beirut, 2026-03-29 begins at one o'clock."""
    end = datetime(2026, 3, 28, 22, tzinfo=UTC)
    claims = replace(CLAIMS, valid_to=end, zone="Asia/Beirut")
    opened = open_coupon(seal_coupon(claims, 1, KEY.sign), KEYS, ALENKA, NOW)
    assert opened.last_day == date(2026, 3, 28)


def test_a_zone_with_a_summer_says_both_days_right() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    claims = replace(
        CLAIMS,
        valid_from=datetime(2026, 3, 1, tzinfo=berlin).astimezone(UTC),
        valid_to=datetime(2026, 5, 1, tzinfo=berlin).astimezone(UTC),
        zone="Europe/Berlin",
    )
    opened = open_coupon(seal_coupon(claims, 1, KEY.sign), KEYS, replace(ALENKA, timezone=berlin), NOW)
    assert (opened.first_day, opened.last_day) == (date(2026, 3, 1), date(2026, 4, 30))


@pytest.mark.parametrize("quarters", [-128, 127])
def test_a_zone_beyond_a_day_is_said_by_utc(quarters: int) -> None:
    """Nobody seals such a one; another app might."""
    raw = bytearray(base45.b45decode(TOKEN.removeprefix("PA2:").removesuffix(END))[:-64])
    raw[2 + 16 + 4 + 4 + 4 + 2 + 3 + 3] = quarters % 256
    assert open_coupon(signed(bytes(raw)), KEYS, ALENKA, NOW).zone == UTC


def test_a_channel_of_a_later_version_is_none_of_ours() -> None:
    raw = bytearray(base45.b45decode(TOKEN.removeprefix("PA2:").removesuffix(END))[:-64])
    raw[-1] = len(CHANNELS)
    opened = open_coupon(signed(bytes(raw)), KEYS, ALENKA, NOW)
    assert not any(opened.fits_channel(channel) for channel in CHANNELS)


def test_a_coupon_of_another_programme_or_of_no_campaign_is_refused() -> None:
    assert reason(TOKEN, programme=load_programme("perekrestok")) == "other_programme"
    assert reason(seal_coupon(replace(CLAIMS, campaign="gone"), 1, KEY.sign)) == "unknown_campaign"


@pytest.mark.parametrize("keys", [{}, {2: KEYS[1]}, {1: b""}, {1: KEYS[1][:-1]}])
def test_a_key_that_the_till_does_not_have_is_said_so(keys: dict[int, bytes]) -> None:
    assert reason(TOKEN, keys=keys) == "unknown_key"


def test_another_signer_is_a_forger() -> None:
    forger = Ed25519PrivateKey.generate()
    assert reason(seal_coupon(CLAIMS, 1, forger.sign)) == "forged"
    assert reason(TOKEN, keys={1: forger.public_key().public_bytes_raw()}) == "forged"
    assert reason(TOKEN, keys={1: bytes(32)}) == "forged", "a key that is no point of the curve"


def mutations(text: str = TOKEN) -> dict[str, list[str]]:
    """Every text one character away: another in its place, one more, one less, two swapped; and every beginning."""
    letters = ALPHABET + "aéЖ\x00\n\r\t\ud800😀"
    places = range(len(text))
    return {
        "other": [text[:at] + char + text[at + 1 :] for at in places for char in letters if char != text[at]],
        "more": [text[:at] + char + text[at:] for at in range(len(text) + 1) for char in letters],
        "less": [text[:at] + text[at + 1 :] for at in places],
        "swapped": [text[:at] + text[at + 1] + text[at] + text[at + 2 :] for at in places[:-1]],
        "begun": [text[:at] for at in places],
        "begun, with its end": [text[:at] + END for at in places[:-1]],
    }


@pytest.mark.parametrize("kind", mutations())
def test_no_text_one_step_away_is_accepted(kind: str) -> None:
    """Some of them; ten thousand others are in test_forgeries.py."""
    texts = [text for text in mutations()[kind] if text != TOKEN][::7]
    assert len(texts) >= 20
    assert {reason(text) for text in texts} <= BROKEN


def test_a_text_is_read_only_after_its_signature_held() -> None:
    """What is no claim at all is forged, and neither another programme's nor expired."""
    raw = bytes((0x21, 1)) + b"\xff" * 49
    assert reason("PA2:" + base45.b45encode(raw + bytes(64)).decode() + END) == "forged"


@pytest.mark.parametrize("size", [0, 1, 48, 50, 100])
def test_another_length_is_not_read_whoever_signed_it(size: int) -> None:
    assert reason(signed(bytes((0x21, 1)) + bytes(size))) == "malformed"


@pytest.mark.parametrize("what", [0x00, 0x01, 0x02, 0x11, 0x20, 0x22, 0x31])
def test_another_version_or_kind_is_not_read_whoever_signed_it(what: int) -> None:
    assert reason(signed(bytes((what, 1)) + bytes(49))) == "malformed"


LONG: dict[str, str] = {
    "its own letters": "PA2:" + "A" * 10_000 + END,
    "of before": "PA1:" + "A" * 10_000 + END,
    "itself many times": TOKEN * 60,
    "one too many": "PA2:" + "0" * (TOKEN_CHARACTERS - 4) + END,
    "other letters": "Ж" * 10_000,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_a_text_of_another_length_is_refused_before_it_is_read(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(*_: Any) -> bytes:
        raise AssertionError("nobody decodes this")

    monkeypatch.setattr(base45, "b45decode", read)
    assert reason(text) == "malformed"


@given(st.text() | st.builds("{}{}{}".format, st.sampled_from(["PA1:", "PA2:"]), st.text(ALPHABET), st.just(END)))
def test_any_text_is_refused_with_a_reason(text: str) -> None:
    assert reason(text) in BROKEN


# PA1


def before(*claims: object) -> str:
    return signed(bytes((1, 1)) + msgspec.msgpack.encode(list(claims)), "PA1:")


def test_what_was_printed_before_is_read_for_ever() -> None:
    opened = open_coupon(PRINTED_BEFORE, KEYS, ALENKA, NOW)
    begin, end = datetime(2026, 3, 2, 11, 59, tzinfo=UTC), datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
    assert says(opened) == (bytes(range(16)).hex(), "ten-percent", 0, 1, begin, end, "")
    assert opened.zone == ALENKA.timezone and opened.fits_store("s") and opened.fits_member("m")
    assert reason(PRINTED_BEFORE, now=end) == "expired" and reason(PRINTED_BEFORE, now=begin - MINUTE) == "not_yet"
    assert reason(PRINTED_BEFORE, programme=load_programme("perekrestok")) == "other_programme"


@pytest.mark.parametrize("kind", ["other", "less", "swapped", "begun"])
def test_no_text_one_step_from_one_of_before_is_accepted(kind: str) -> None:
    texts = [text for text in mutations(PRINTED_BEFORE)[kind][::7] if text != PRINTED_BEFORE]
    assert texts and {reason(text) for text in texts} <= BROKEN


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "expected"), [(10**18, 10**18, "not_yet"), (-(10**18), -(10**18), "expired")]
)
def test_a_coupon_with_times_beyond_all_calendars_is_refused_calmly(
    valid_from: int, valid_to: int, expected: str
) -> None:
    assert reason(before(bytes(16), "alenka", "ten-percent", valid_from, valid_to)) == expected


def test_one_of_before_of_no_campaign_is_refused() -> None:
    assert reason(before(bytes(16), "alenka", "gone", 0, 2**31)) == "unknown_campaign"


@pytest.mark.parametrize("claims", [b"\xc1", msgspec.msgpack.encode(["alenka"]), msgspec.msgpack.encode([*range(9)])])
def test_what_is_signed_and_yet_no_claim_is_refused(claims: bytes) -> None:
    assert reason(signed(bytes((1, 1)) + claims, "PA1:")) == "forged"
