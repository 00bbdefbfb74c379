"""The codes of a receipt that somebody brings back."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.programmes import load_programme
from loyalty.operation import Key
from loyalty.ours import own_codes
from loyalty.programme import ClaimRules, Programme
from loyalty.receipt_codes import FiscalCode, Mark, claim_link, read_fiscal, read_mark
from loyalty.scans import what_is

QR = "t=20260302T150607&s=344.90&fn=9287440300090728&i=12345&fp=3522207165&n=1"


def test_the_mark_of_our_paper() -> None:
    found = read_mark(" po:till-1:2:1042:0123456789abcdef\n")
    assert found == Mark(chain="till-1", key=Key(2, 1042), digest="0123456789abcdef")


def test_the_mark_as_a_link_of_the_members_account() -> None:
    """It is ours also on a scanner that is shared with the POS, where the programme says the address."""
    mark = "po:till-1:2:1042:0123456789abcdef"
    link = claim_link("https://club.example.ru:8443/a", mark)
    assert read_mark(link) == read_mark(mark) and claim_link("", mark) == mark
    assert read_mark(f"https://evil.example/{mark}") is None and read_mark(f"{link}&x=1") is None
    claims = ClaimRules(account="https://club.example.ru:8443/a")
    (*_, ours) = own_codes(replace(load_programme("alenka"), claims=claims))
    assert link.startswith(ours.begins) and re.fullmatch(ours.whole, link)


@pytest.mark.parametrize(
    "text",
    [
        "po:till-1:0:1:0123456789abcdef",
        "po:till-1:1:9999999999999999999:0123456789abcdef",
        "po:till-1:1:1:0123456789ABCDEF",
        "po:till-1:1:1:0123",
        "po:T:1:1:" + "0" * 16,
        "xpo:till-1:1:1:0123456789abcdef",
        "po:till-1:1:1:0123456789abcdef:",
        "po:till-1:1:٣:0123456789abcdef",
    ],
)
def test_what_is_no_mark(text: str) -> None:
    assert read_mark(text) is None


def test_the_qr_of_a_fiscal_receipt() -> None:
    expected = FiscalCode(
        at=datetime.fromisoformat("2026-03-02T15:06:07"),
        kopecks=34_490,
        storage="9287440300090728",
        document="12345",
        sign="3522207165",
        kind="1",
    )
    assert read_fiscal(QR) == expected
    assert read_fiscal("n=1&" + QR.removesuffix("&n=1")) == expected, "in any order"
    assert read_fiscal(QR.removesuffix("&n=1")) == expected
    odd = QR.replace("344.90", "344,90").replace("n=1", "N=01").replace("fp=", "FP=")
    assert read_fiscal(odd) == expected, "as some devices write it"


def test_a_time_without_seconds_is_no_time_with_fewer_minutes() -> None:
    short = read_fiscal(QR.replace("150607", "1506"))
    assert short is not None and short.at == datetime.fromisoformat("2026-03-02T15:06")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("i=12345", "i=12a45"),
        ("fp=3522207165", "fp="),
        ("s=344.90", "s=344.905"),
        ("s=344.90", "s=-1"),
        ("20260302T150607", "20260231T150607"),
        ("20260302T150607", "20260302"),
        ("&fn=9287440300090728", ""),
        ("fn=9287440300090728", "fn=" + "9" * 200),
    ],
)
def test_what_is_no_fiscal_qr(old: str, new: str) -> None:
    assert read_fiscal(QR.replace(old, new)) is None


def test_a_scan_of_either_is_a_receipts_code(alenka: Programme) -> None:
    for text in (QR, "po:till-1:2:1042:0123456789abcdef"):
        assert what_is(text, alenka, False).kind == "receipt"
    assert what_is("https://example.org/?t=1&s=2", alenka, False).kind == "unknown"


@given(st.text(max_size=250))
def test_nothing_breaks_the_reading(text: str) -> None:
    read_mark(text), read_fiscal(text)
