"""docs/tokens.md tells the truth: its vectors are made and read by a program written from it, and by ours."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from config.programmes import load_programme
from loyalty.certificate_text import open_certificate, seal_certificate
from loyalty.coupon_token import CouponClaims, open_coupon, seal_coupon
from loyalty.typed_codes import make_code, read_code, shown_code

DOCUMENT = Path(__file__).parents[2] / "docs" / "tokens.md"
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def vectors() -> list[dict[str, str]]:
    block = DOCUMENT.read_text("utf-8").split("## Vectors")[1].split("```")[1].strip("\n")
    return [dict(line.split(": ", 1) for line in part.splitlines()) for part in block.split("\n\n")]


KEYS, *MADE = vectors()
COUPONS = [made for made in MADE if "serial" in made]
CERTIFICATES = [made for made in MADE if "certificate" in made]
CODES = [made for made in MADE if "code" in made]
KEY = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(KEYS["private key"]))
PUBLIC = {1: KEY.public_key().public_bytes_raw()}


def test_there_are_vectors_of_each() -> None:
    assert (len(COUPONS), len(CERTIFICATES), len(CODES)) == (2, 1, 3)
    assert PUBLIC[1].hex() == KEYS["public key"]


# a second reading of the page, which shares no line with ours


def minutes(text: str) -> bytes:
    return int(
        (datetime.fromisoformat(text) - datetime.fromisoformat("2020-01-01T00:00:00Z")).total_seconds() / 60
    ).to_bytes(3)


def tag(what: str, id: str | None, size: int) -> bytes:
    if id is None:
        return b"\0" * size
    return hashlib.sha256(f"pos-agent/{what}/{id}".encode()).digest()[:size]


def by_the_page(made: dict[str, str]) -> bytes:
    if "certificate" in made:
        return b"\x22\x01" + tag("programme", made["programme"], 4) + int(made["certificate"]).to_bytes(8)
    last = datetime.fromisoformat(made["valid to"]).timestamp() - 60
    offset = datetime.fromtimestamp(last, ZoneInfo(made["zone"])).utcoffset()
    assert offset is not None
    return b"".join(
        (
            b"\x21\x01",
            bytes.fromhex(made["serial"]),
            tag("programme", made["programme"], 4),
            tag("campaign", made["campaign"], 4),
            int(made.get("value", "0")).to_bytes(4),
            int(made.get("uses", "1")).to_bytes(2),
            minutes(made["valid from"]),
            minutes(made["valid to"]),
            int(offset.total_seconds() / 900).to_bytes(1, signed=True),
            tag("store", made.get("store"), 3),
            tag("member", made.get("member"), 8),
            bytes([["", "shop", "self", "online"].index(made.get("channel", ""))]),
        )
    )


def base45(raw: bytes) -> str:
    text = ""
    for at in range(0, len(raw), 2):
        number = int.from_bytes(raw[at : at + 2])
        for _ in range(3 if len(raw) > at + 1 else 2):
            text += LETTERS[number % 45]
            number //= 45
    return text


@pytest.mark.parametrize("made", [*COUPONS, *CERTIFICATES], ids=lambda made: made["text"][:9])
def test_a_vector_is_what_the_page_says(made: dict[str, str]) -> None:
    signed = by_the_page(made)
    assert signed.hex() == made["signed"]
    prefix = "PAC:" if "certificate" in made else "PA2:"
    assert made["text"] == prefix + base45(signed + KEY.sign(signed)) + "."


# ours


@pytest.mark.parametrize("made", COUPONS, ids=lambda made: made["campaign"])
def test_a_coupon_of_the_page_is_made_and_read(made: dict[str, str]) -> None:
    claims = CouponClaims(
        serial=made["serial"],
        programme=made["programme"],
        campaign=made["campaign"],
        valid_from=datetime.fromisoformat(made["valid from"]),
        valid_to=datetime.fromisoformat(made["valid to"]),
        zone=made["zone"],
        value=int(made.get("value", "0")),
        uses=int(made.get("uses", "1")),
        store=made.get("store", ""),
        member=made.get("member", ""),
        channel=made.get("channel", ""),
    )
    assert seal_coupon(claims, 1, KEY.sign) == made["text"]
    opened = open_coupon(made["text"], PUBLIC, load_programme(made["programme"]), claims.valid_from)
    assert (opened.serial, opened.campaign) == (claims.serial, claims.campaign)
    assert (opened.value, opened.uses, opened.channel) == (claims.value, claims.uses, claims.channel)
    assert opened.fits_store(claims.store) and opened.fits_member(claims.member)
    assert str(opened.last_day) == "2026-03-31"


@pytest.mark.parametrize("made", CERTIFICATES, ids=lambda made: made["certificate"])
def test_a_certificate_of_the_page_is_made_and_read(made: dict[str, str]) -> None:
    assert seal_certificate(made["certificate"], made["programme"], 1, KEY.sign) == made["text"]
    assert open_certificate(made["text"], PUBLIC, made["programme"]) == made["certificate"]


@pytest.mark.parametrize("made", CODES, ids=lambda made: made["random bits"])
def test_a_code_of_the_page_is_made_and_read(made: dict[str, str]) -> None:
    bits = int(made["random bits"], 16)
    values = [bits >> 55 - 5 * at & 31 for at in range(12)]
    if all(value < 10 for value in values):
        values[0] += 16
    check = 0
    for value in values:
        check = (check ^ value) << 1
        check ^= 0b100101 if check > 31 else 0
    assert "".join(CROCKFORD[value] for value in (*values, check)) == made["code"].replace("-", "")
    assert shown_code(make_code(bits)) == made["code"] and read_code(made["code"]) == make_code(bits)
