"""The hub's keys: apart from the ledger, its owner's alone, never made anew in silence."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hub.build import build_hub, build_programmes
from hub.keys import KeysMissing, folder_of, keys_in
from hub.store.records import Rows
from hub.store.seam import StoreOff
from hub.store.sqlite.store import SqliteStore


def zone_of(programme: str) -> ZoneInfo:
    return ZoneInfo("Europe/Moscow")


def opened(path: Path) -> tuple[str, str, bytes]:
    hub = build_hub(path, build_programmes(), serving=False)
    told = hub.keys.public, hub.ledger, hub.phone_hash_key("alenka")
    hub.close()
    return told


def test_keys_are_made_once_beside_the_ledger_and_are_nobody_else_s(tmp_path: Path) -> None:
    first = opened(tmp_path / "hub.db")
    assert opened(tmp_path / "hub.db") == first
    folder = tmp_path / "hub.db.keys"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {
        "signing.key": 0o600,
        "phones.key": 0o600,
        "coupons.key": 0o600,
    }
    assert opened(tmp_path / "other.db")[0] != first[0]


def test_no_key_is_in_the_ledger(tmp_path: Path) -> None:
    opened(tmp_path / "hub.db")
    ledger = (tmp_path / "hub.db").read_bytes() + b"".join(p.read_bytes() for p in tmp_path.glob("hub.db-*"))
    for path in (tmp_path / "hub.db.keys").iterdir():
        key = path.read_text().strip()
        assert key.encode() not in ledger and bytes.fromhex(key) not in ledger


def test_a_ledger_that_tills_know_gets_no_new_keys_in_silence(tmp_path: Path) -> None:
    opened(tmp_path / "hub.db")
    (tmp_path / "hub.db.keys").rename(tmp_path / "elsewhere")
    with pytest.raises(StoreOff, match="POS_HUB_KEYS"):
        opened(tmp_path / "hub.db")
    assert not (tmp_path / "hub.db.keys").exists()
    opened(tmp_path / "other.db")
    (tmp_path / "other.db.keys").rename(tmp_path / "hub.db.keys")
    with pytest.raises(StoreOff, match="another hub"):
        opened(tmp_path / "hub.db")


def test_where_they_are_may_be_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POS_HUB_KEYS", str(tmp_path / "safe" / "keys"))
    opened(tmp_path / "hub.db")
    assert (tmp_path / "safe" / "keys" / "signing.key").exists() and not (tmp_path / "hub.db.keys").exists()
    assert folder_of("postgresql://u@h/d", None) == Path("pos-hub.keys")


def test_secrets_that_a_ledger_of_before_held_go_to_its_keys(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "hub.db", serving=False, zone_of=zone_of)
    with store.writing() as writer:
        writer.write(Rows(settings={"phone_master_key": "11" * 32, "coupon_private_key": "22" * 32}))
    store.close()
    opened(tmp_path / "hub.db")
    folder = tmp_path / "hub.db.keys"
    assert (folder / "phones.key").read_text() == "11" * 32 + "\n"
    assert (folder / "coupons.key").read_text() == "22" * 32 + "\n"
    store = SqliteStore(tmp_path / "hub.db", serving=True, zone_of=zone_of)
    with store.reading() as reader:
        assert not reader.setting("phone_master_key") and not reader.setting("coupon_private_key")
    store.tidy()
    store.close()
    assert b"11" * 32 not in (tmp_path / "hub.db").read_bytes(), "and not in what was let go"


def test_a_file_that_is_no_key_is_said_so_and_stays_as_it_is(tmp_path: Path) -> None:
    keys_in(tmp_path, None, {})
    (tmp_path / "phones.key").write_text("11" * 31)
    with pytest.raises(KeysMissing, match=r"phones\.key"):
        keys_in(tmp_path, None, {})
    assert (tmp_path / "phones.key").read_text() == "11" * 31


def test_a_key_that_everybody_may_read_is_so_no_more(tmp_path: Path) -> None:
    keys_in(tmp_path, None, {})
    os.chmod(tmp_path / "signing.key", 0o644)
    keys_in(tmp_path, None, {})
    assert stat.S_IMODE((tmp_path / "signing.key").stat().st_mode) == 0o600
