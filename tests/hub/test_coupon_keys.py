"""Coupon keys: the newest signs, those of before hold until they are revoked, and tills are told the whole set."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from hub.cli import cli
from hub.coupon_keys import (
    SETTING,
    BadCouponKeys,
    CouponKeys,
    add_coupon_key,
    coupon_signer,
    publish_coupon_keys,
    revoke_coupons,
)
from hub.keys import KeysMissing, keys_in
from hub.store.rows import Rows
from loyalty.certificate_text import open_certificate
from loyalty.coupon_token import CouponClaims, CouponRefused, open_coupon
from tests.hub.conftest import NOW, PROGRAMMES, Office

ALENKA = PROGRAMMES["alenka"]
CLAIMS = CouponClaims(
    serial="ab" * 16,
    programme="alenka",
    campaign="ten-percent",
    valid_from=NOW,
    valid_to=NOW + timedelta(days=1),
    zone="Europe/Moscow",
)
NUMBER = "1234567890123456"


def run(office: Office, *words: str) -> Any:
    return CliRunner().invoke(cli, ["key", *words, "--db", str(office.path)])


def file_of(office: Office) -> Path:
    return office.path.with_name("hub.db.keys") / "coupons.key"


def told(office: Office) -> dict[int, bytes]:
    """As a till hears it."""
    page = office.hub.changes(till="t1", generation=1, programme="alenka", after="", limit=1)
    return {int(id): bytes.fromhex(key) for id, key in page.coupon_keys.items()}


def holds(office: Office, text: str) -> bool:
    try:
        return open_coupon(text, told(office), ALENKA, NOW).serial == CLAIMS.serial
    except CouponRefused as refused:
        assert refused.reason == "unknown_key"
        return False


def test_the_new_key_signs_and_those_of_before_hold_until_they_are_revoked(office: Office) -> None:
    """The hub that serves goes over by itself: the command is another process."""
    first = office.hub.mint(CLAIMS)
    assert run(office, "rotate-coupons", "--yes").exit_code == 0
    second = office.hub.mint(CLAIMS)
    assert first != second and sorted(told(office)) == [1, 2] == sorted(set(told(office)))
    assert holds(office, first) and holds(office, second)
    said = run(office, "list").output
    assert "coupon key 1: holds" in said and "coupon key 2: signs" in said

    done = run(office, "revoke-coupons", "1", "--yes")
    assert done.exit_code == 0 and sorted(told(office)) == [2]
    assert not holds(office, first) and holds(office, second)
    assert "coupon key 1: revoked" in run(office, "list").output
    assert office.hub.mint(CLAIMS) == second, "Ed25519 draws no lots"
    office.restart()
    assert sorted(told(office)) == [2] and office.hub.mint(CLAIMS) == second


def test_certificates_are_signed_with_the_same_keys(office: Office) -> None:
    text = office.hub.coupon_signer().certificate(NUMBER, "alenka")
    assert open_certificate(text, told(office), "alenka") == NUMBER


def test_the_file_is_its_owners_alone_and_has_no_revoked_key(office: Office) -> None:
    old = file_of(office).read_text()
    assert len(old.strip()) == 64, "as a hub of before can read it"
    assert run(office, "rotate-coupons", "--yes").exit_code == 0
    assert file_of(office).read_text().startswith(f"1 {old.strip()}\n2 ")
    assert run(office, "revoke-coupons", "1", "--yes").exit_code == 0
    kept = file_of(office)
    assert kept.read_text().startswith("1 revoked\n2 ") and old.strip() not in kept.read_text()
    assert kept.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in kept.parent.iterdir()) == ["coupons.key", "phones.key", "signing.key"]


def test_the_last_key_and_one_that_is_none_are_not_revoked(office: Office) -> None:
    before = file_of(office).read_text()
    only = run(office, "revoke-coupons", "1", "--yes")
    assert only.exit_code == 1 and "rotate-coupons` first" in str(only.exception)
    none = run(office, "revoke-coupons", "9", "--yes")
    assert none.exit_code == 1 and "Key 9 is none of those that hold: 1." in str(none.exception)
    run(office, "rotate-coupons", "--yes")
    run(office, "revoke-coupons", "1", "--yes")
    assert run(office, "revoke-coupons", "1", "--yes").exit_code == 1, "it is revoked already"
    assert file_of(office).read_text() != before and sorted(told(office)) == [2]


def test_a_rotation_that_died_between_file_and_ledger_has_no_signs_of_its_key(office: Office) -> None:
    with office.hub.store.reading() as reader:
        assert add_coupon_key(reader, office.hub.keys.coupons) == 2
    assert coupon_key_that_signs(office) == 1, "not every hub tells of the other"
    assert "Coupon key 3 signs" in run(office, "rotate-coupons", "--yes").output
    assert coupon_key_that_signs(office) == 3 and sorted(told(office)) == [1, 2, 3]


def coupon_key_that_signs(office: Office) -> int:
    return office.hub.coupon_signer().key_id


def test_a_ledger_put_back_from_before_does_not_revive_a_revoked_key(office: Office) -> None:
    run(office, "rotate-coupons", "--yes")
    with office.hub.store.reading() as reader:
        before = reader.setting(SETTING)
    run(office, "revoke-coupons", "1", "--yes")
    for kept in (before, ""):
        office.hub.within(lambda writer, kept=kept: writer.write(Rows(settings={SETTING: kept})))  # type: ignore[misc]
        office.restart()
        assert sorted(told(office)) == [2] and coupon_key_that_signs(office) == 2
    assert "Coupon key 3 signs" in run(office, "rotate-coupons", "--yes").output
    assert sorted(told(office)) == [2, 3]


def test_another_hub_of_the_ledger_signs_with_what_it_has_and_tells_all(office: Office) -> None:
    """Its file was not copied yet."""
    here = office.hub.keys.coupons
    there = CouponKeys(here.kept)
    with office.hub.store.reading() as reader:
        add_coupon_key(reader, here)
    office.hub.within(lambda writer: publish_coupon_keys(writer, here))
    with office.hub.store.reading() as reader:
        assert coupon_signer(reader, there).key_id == 1 and coupon_signer(reader, here).key_id == 2
    office.hub.within(lambda writer: revoke_coupons(writer, here, 1))
    with office.hub.store.reading() as reader, pytest.raises(BadCouponKeys, match=r"Copy the file coupons\.key"):
        coupon_signer(reader, there)


def test_ids_end(office: Office) -> None:
    office.hub.keys.coupons.keep(255, b"5" * 32)
    done = run(office, "rotate-coupons", "--yes")
    assert done.exit_code == 1 and isinstance(done.exception, BadCouponKeys) and "used up" in str(done.exception)


@pytest.mark.parametrize(
    "text", ["", "11" * 31, "1 " + "11" * 31, "1 revoked 2", "256 " + "11" * 32, "1 x", f"1 {'11' * 32}\n1 revoked"]
)
def test_a_file_that_is_none_is_said_so_and_stays_as_it_is(tmp_path: Path, text: str) -> None:
    keys_in(tmp_path, None, {})
    (tmp_path / "coupons.key").write_text(text)
    with pytest.raises(KeysMissing, match=r"coupons\.key is no file of keys"):
        keys_in(tmp_path, None, {})
    assert (tmp_path / "coupons.key").read_text() == text
