"""SEC4: after a theft the key of phones is another, and every till goes on finding people while they are told anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub import rotating
from hub.rotating import rotate_phones
from hub.store.office_records import StoreRow
from hub.stores import keep_store, see
from loyalty.operation import Store
from loyalty.phones import phone_key
from offline_cache.cache import Cache
from sync.worker import SyncWorker
from tests.hub.conftest import NOW, Office
from tests.hub_here import HubHere

NUMBERS = [f"+7916123456{digit}" for digit in range(5)]


class Reading:
    """A till that reads the feed when it is told to."""

    def __init__(self, office: Office, path: Path, store: str | None = None) -> None:
        self.cache = Cache(path, path.stem, Store(id=store) if store else None)
        hub = HubHere(office.hub)
        self._worker = SyncWorker(self.cache, hub, programme="alenka", jitter=lambda: 0.0, clock=lambda: NOW)

    def read(self) -> None:
        while self._worker.step(0.0) == 0.0:
            pass
        assert self._worker.state.online, self._worker.state.cause

    def finds(self) -> list[str]:
        """Whom it knows by phone."""
        found = []
        for number in NUMBERS:
            by_key = (self.cache.members.by_phone(phone_key(key, number)) for key in self.cache.phones.keys)
            found += next(filter(None, by_key), [])
        return found


@pytest.fixture
def till(office: Office, tmp_path: Path) -> Iterator[Reading]:
    for digit, number in enumerate(NUMBERS):
        office.join(f"m{digit}", phone=number)
    office.join("nobody")
    reading = Reading(office, tmp_path / "t1.db")
    reading.read()
    yield reading
    reading.cache.close()


EVERYBODY = [f"m{digit}" for digit in range(5)]


def test_sec4_everybody_is_told_anew_under_another_key(office: Office, till: Reading) -> None:
    (before,) = till.cache.phones.keys
    assert sum(rotate_phones(office.hub)) == 5, "who has no phone is not told"
    till.read()
    (after,) = till.cache.phones.keys
    assert after != before and till.finds() == EVERYBODY
    assert all(not till.cache.members.by_phone(phone_key(before, number)) for number in NUMBERS)
    assert sum(rotate_phones(office.hub)) == 5 and office.hub.phone_hash_key("alenka") not in (before, after)
    assert office.verdict().faults == ()


def test_sec4_people_are_found_while_it_lasts_and_what_was_broken_off_goes_on(
    office: Office, till: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotating, "STEP_MEMBERS", 2)
    begun = rotate_phones(office.hub)
    assert next(begun) == 2
    del begun
    till.read()
    assert len(till.cache.phones.keys) == 2 and till.finds() == EVERYBODY
    office.join("late", phone="+79169999999")
    assert sum(rotate_phones(office.hub)) == 3, "the others"
    till.read()
    assert len(till.cache.phones.keys) == 1 and till.finds() == EVERYBODY


def test_a_shops_tills_are_told_of_their_own(office: Office, till: Reading, tmp_path: Path) -> None:
    office.hub.within(lambda writer: keep_store(writer, StoreRow("s1", members="shop", keep_days=30)))
    office.hub.within(lambda writer: see(writer, "s1", ["m2"], NOW))
    shop = Reading(office, tmp_path / "t2.db", "s1")
    shop.read()
    assert shop.finds() == ["m2"]
    list(rotate_phones(office.hub))
    shop.read()
    assert shop.finds() == ["m2"] and len(shop.cache.phones.keys) == 1
    shop.cache.close()
