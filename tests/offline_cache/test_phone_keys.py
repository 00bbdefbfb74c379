"""SEC4: the key of phones is in no byte of the till's file, and found again by whoever has the folder of keys."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from loyalty.operation import Key
from offline_cache.cache import Cache
from offline_cache.phone_keys import after_page
from offline_cache.records import Page
from pos_agent.sealing import Sealing, sealing_in
from storage import engine

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
OLD, NEW = b"o" * 32, b"n" * 32


def opened(folder: Path, keys: Path | None) -> Cache:
    return Cache(folder / "till.db", "t1", seal=sealing_in(keys, "phones") if keys else None)


def page(cache: Cache, key: bytes, *, last: bool = True, change: bool = False) -> None:
    cache.changes.apply(
        Page(
            members=[],
            used_coupons=[],
            coupon_keys={},
            phone_hash_key=key,
            watermark=Key(1, 0),
            cursor="1",
            pulled_at=NOW if last else None,
            phones_change=change,
            at=NOW,
        )
    )


def bytes_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file())


def assert_none_in(folder: Path, *keys: bytes) -> None:
    lying = bytes_in(folder)
    for key in keys:
        assert key not in lying and key.hex().encode() not in lying


def test_sec4_the_key_is_known_after_a_restart_and_is_in_no_byte_of_the_file(tmp_path: Path) -> None:
    data, keys = tmp_path / "data", tmp_path / "keys"
    data.mkdir()
    with closing(opened(data, keys)) as cache:
        page(cache, OLD)
        assert list(cache.phones.keys) == [OLD]
        assert_none_in(data, OLD)
    with closing(opened(data, keys)) as cache:
        assert list(cache.phones.keys) == [OLD]
    assert_none_in(data, OLD)
    assert (keys / "sealing.key").stat().st_mode & 0o777 == 0o600 and keys.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("keys", [None, "other"])
def test_sec4_without_its_seal_the_till_knows_no_key_until_the_hub_tells_it(tmp_path: Path, keys: str | None) -> None:
    data = tmp_path / "data"
    data.mkdir()
    with closing(opened(data, tmp_path / "keys")) as cache:
        page(cache, OLD)
    with closing(opened(data, tmp_path / keys if keys else None)) as cache:
        assert not cache.phones.keys
        page(cache, OLD)
        assert list(cache.phones.keys) == [OLD]


def test_sec4_a_file_of_before_loses_its_plain_key_from_every_page_and_from_the_log(tmp_path: Path) -> None:
    data, keys = tmp_path / "data", tmp_path / "keys"
    data.mkdir()
    with closing(Cache(data / "till.db", "t1")):
        pass
    with closing(engine.connect(data / "till.db")) as plain:
        plain.execute("PRAGMA secure_delete = OFF")
        for key in (NEW, OLD):  # the first stands between the rows by now
            plain.execute("DELETE FROM settings WHERE name = 'phone_hash_key'")
            plain.execute("INSERT INTO settings (name, value) VALUES ('phone_hash_key', ?)", (key.hex(),))
            plain.executemany("INSERT INTO settings VALUES (?, '')", [(f"{key!r}{n}",) for n in range(300)])
            plain.execute("DELETE FROM settings WHERE value = '' AND name LIKE 'b%'")
        assert OLD.hex().encode() in bytes_in(data), "it was there"
        with closing(opened(data, keys)) as cache:
            assert list(cache.phones.keys) == [OLD]
            assert_none_in(data, OLD, NEW)
    with closing(opened(data, keys)) as cache:
        assert list(cache.phones.keys) == [OLD]
    assert_none_in(data, OLD, NEW)


def test_while_the_key_changes_both_are_known_and_the_old_one_goes_when_all_are_told(tmp_path: Path) -> None:
    with closing(opened(tmp_path, tmp_path / "keys")) as cache:
        page(cache, OLD)
        page(cache, NEW, change=True)
        assert list(cache.phones.keys) == [NEW, OLD]
        page(cache, NEW, last=False)
        assert list(cache.phones.keys) == [NEW, OLD], "there is more to read"
    with closing(opened(tmp_path, tmp_path / "keys")) as cache:
        assert list(cache.phones.keys) == [NEW, OLD]
        page(cache, NEW)
        assert list(cache.phones.keys) == [NEW]


def test_keys_are_as_few_as_can_be() -> None:
    assert after_page((), NEW, all_told=False) == (NEW,)
    assert after_page((OLD,), OLD, all_told=False) == (OLD,)
    assert len(after_page((OLD, b"a" * 32, b"b" * 32), NEW, all_told=False)) == 3


def test_what_was_sealed_is_opened_as_nothing_else() -> None:
    sealed = Sealing(bytes(32), "phones").seal(b"secret")
    assert b"secret" not in sealed and Sealing(bytes(32), "phones").unseal(sealed) == b"secret"
    for other in (Sealing(bytes(32), "another"), Sealing(b"1" * 32, "phones")):
        assert other.unseal(sealed) is None
    torn: Any = sealed[:-1]
    assert Sealing(bytes(32), "phones").unseal(torn) is None and Sealing(bytes(32), "phones").unseal(b"") is None
