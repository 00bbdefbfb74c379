"""E2, B6: the hub says how far its copies go, the till trims what they have; the hub is put back from one of them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from hub.build import build_hub, build_programmes
from hub.cli import cli
from hub.face.tills import hub_app
from loyalty.operation import Key
from offline_cache.trimming import Trimming
from sync.worker import SyncWorker
from tests.one_port import Server
from tests.sync.conftest import NOW, Shop

OVER = timedelta(days=-1)  # the term of all that was ever sold


def copy(shop: Shop, folder: Path, name: str) -> Path:
    done = CliRunner().invoke(cli, ["backup", "--db", str(folder / "hub.db"), str(folder / name)])
    assert done.exit_code == 0, done.output
    return folder / name


def put_back(shop: Shop, folder: Path, copied: Path, server: Server) -> None:
    shop.hub.close()
    done = CliRunner().invoke(cli, ["restore", "--db", str(folder / "hub.db"), str(copied)])
    assert done.exit_code == 0, done.output
    shop.hub = build_hub(folder / "hub.db", build_programmes(), serving=True, now=lambda: NOW)
    server.app = hub_app(shop.hub)


def walk(shop: Shop, worker: SyncWorker) -> None:
    """What a quiet till does in an hour."""
    shop.cache.trimming = Trimming(shop.cache.file, shop.cache.till)  # it does not rest
    shop.drain(worker)


def texts(shop: Shop) -> list[int]:
    return [number for number in range(1, 9) if shop.cache.operation(Key(1, number)) is not None]


@pytest.fixture
def sold(shop: Shop) -> SyncWorker:
    """Anna has bought for four points, the hub knows, and it has no copy."""
    shop.join("anna", points=100)
    worker = shop.worker(term=OVER)
    shop.drain(worker)
    for number in range(1, 5):
        shop.sell(number, earned=1)
    shop.drain(worker)
    return worker


def test_e2_what_no_copy_has_stays(shop: Shop, sold: SyncWorker) -> None:
    walk(shop, sold)
    assert texts(shop) == [1, 2, 3, 4]


def test_e2_what_a_copy_has_is_trimmed_and_what_came_after_it_stays(
    shop: Shop, sold: SyncWorker, tmp_path: Path
) -> None:
    copy(shop, tmp_path, "first.db")
    for number in range(5, 8):
        shop.sell(number, earned=1)
    walk(shop, sold)
    assert texts(shop) == [5, 6, 7] and shop.till_points() == 107
    copy(shop, tmp_path, "second.db")
    walk(shop, sold)
    walk(shop, sold)
    assert texts(shop) == [7]


def test_e2_b6_a_hub_that_is_put_back_from_its_newest_copy_gets_all_again(
    shop: Shop, sold: SyncWorker, tmp_path: Path, server: Server
) -> None:
    newest = copy(shop, tmp_path, "newest.db")
    for number in range(5, 8):
        shop.sell(number, earned=1)
    walk(shop, sold)
    assert texts(shop) == [5, 6, 7]
    put_back(shop, tmp_path, newest, server)
    assert shop.hub_operations() == 4
    shop.drain(sold)
    assert (shop.hub_operations(), shop.till_points(), shop.cache.outbox_length()) == (7, 107, 0)


def test_e2_b6_an_older_copy_is_refused_in_words_and_the_newest_is_taken(
    shop: Shop, sold: SyncWorker, tmp_path: Path, server: Server
) -> None:
    older = copy(shop, tmp_path, "older.db")
    shop.sell(5, earned=1)
    shop.sell(6, earned=1)
    shop.drain(sold)
    newest = copy(shop, tmp_path, "newest.db")
    shop.drain(sold)
    walk(shop, sold)
    assert texts(shop) == [6]
    put_back(shop, tmp_path, older, server)
    shop.sell(7, earned=1)
    sold.step(0.0)
    assert (sold.state.online, sold.state.code) == (False, "copy_too_old")
    assert "A newer copy has those up to 1.5" in sold.state.cause
    shop.sell(8, earned=1)
    put_back(shop, tmp_path, newest, server)
    shop.drain(sold)
    assert (shop.hub_operations(), shop.till_points(), texts(shop)) == (8, 108, [6, 7, 8])


def test_e2_a_copy_that_was_not_made_covers_nothing(shop: Shop, sold: SyncWorker, tmp_path: Path) -> None:
    (tmp_path / "there.db").touch()
    done = CliRunner().invoke(cli, ["backup", "--db", str(tmp_path / "hub.db"), str(tmp_path / "there.db")])
    assert done.exit_code == 1
    walk(shop, sold)
    assert texts(shop) == [1, 2, 3, 4]
