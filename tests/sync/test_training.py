"""Nothing of a training file reaches a hub: not by its worker, not by another, not when the settings change."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from offline_cache.cache import Cache
from storage.sqlite_file import FileError
from tests.one_port import Server
from tests.sync.conftest import Shop


@pytest.fixture
def practising(tmp_path: Path, server: Server) -> Iterator[Shop]:
    """A till that people practise on, beside a real hub where the shop's own till of that name has sold before."""
    shop = Shop(tmp_path, server)
    shop.join("anna")
    shop.sell(1, earned=7)
    shop.drain(shop.worker())
    assert shop.hub_operations() == 1
    shop.cache.close()
    (tmp_path / "training").mkdir()
    shop.cache = Cache(tmp_path / "training" / "till.db", "t1", training=True)
    yield shop
    shop.close()


def test_members_come_down_and_nothing_goes_up(practising: Shop) -> None:
    """The balance is the member's own, and what is practised counts here, though the hub's watermark is of the till's
    real operations, which are numbered alike."""
    worker = practising.worker()
    practising.drain(worker)
    assert practising.till_points() == 107
    practising.sell(1, earned=5)
    practising.sell(2, earned=20)
    practising.drain(worker)
    assert worker.state.online
    assert (practising.till_points(), practising.hub_operations()) == (132, 1)
    assert practising.cache.outbox(10) == [] and practising.cache.outbox_length() == 0


def test_a_training_file_is_no_file_of_a_till_that_sells_and_the_other_way(practising: Shop, tmp_path: Path) -> None:
    practising.sell(1, earned=5)
    practising.cache.close()
    with pytest.raises(FileError, match="is a training file"):
        Cache(tmp_path / "training" / "till.db", "t1")
    with pytest.raises(FileError, match=r"is the shop's own file, and these settings say training = true"):
        Cache(tmp_path / "till.db", "t1", training=True)
    practising.cache = Cache(tmp_path / "till.db", "t1")
    practising.drain(practising.worker())
    assert practising.hub_operations() == 1
    again = Cache(tmp_path / "training" / "till.db", "t1", training=True)
    assert again.training
    again.close()
