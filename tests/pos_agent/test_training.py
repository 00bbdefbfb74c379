"""A till on which people practise: its own file, papers and tails that say so, and the shop's rights as they were."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from config.printers import load_printer
from config.programmes import load_programme
from config.settings import ApiSettings, HubSettings, Settings
from drivers.printer.emulator.server import PrinterServer
from drivers.printer.printer import Printer
from loyalty.operation import Key
from offline_cache.cache import Cache
from offline_cache.records import Page, PrintJob
from pos_agent.answers import Reply
from pos_agent.build import Till
from pos_agent.checkout import Checkout
from pos_agent.printing import Printing, mark
from pos_agent.protocol import Code, Pay, PointsReport, Prepare, ReturnGoods, SetBasket, SoldReceipt
from storage.sqlite_file import FileError
from tests.pos_agent.conftest import PHONE_KEY, Desk, member
from tests.stepping import settle
from tests.there import there


def settings(folder: Path, *, training: bool) -> Settings:
    return Settings(
        till="till-1",
        programme="alenka",
        data=str(folder / "data"),
        language="en",
        training=training,
        hub=HubSettings(url="http://127.0.0.1:9"),
        api=ApiSettings(port=0),
    )


def close(till: Till) -> None:
    till.listener.close()
    till.cache.close()
    there(till.told).close()
    till._lock.close()


def knows_anna(cache: Cache, key: Ed25519PrivateKey) -> None:
    cache.changes.apply(
        Page(
            members=[member("anna", 150, (Desk.ANNA, "active"))],
            used_coupons=(),
            coupon_keys={1: key.public_key().public_bytes_raw()},
            phone_hash_key=PHONE_KEY,
            watermark=Key(1, 500),
            cursor="5",
            pulled_at=Desk.now,
        )
    )


@pytest.fixture
def practice(desk: Desk, tmp_path: Path) -> Iterator[Desk]:
    """Beside the shop's own till."""
    (tmp_path / "training").mkdir()
    cache = Cache(tmp_path / "training" / "till.db", "till-1", training=True)
    knows_anna(cache, desk.key)
    checkout = Checkout(cache, load_programme("alenka"), language="en", receipt_language="ru", is_online=lambda: True)
    yield Desk(checkout=checkout, cache=cache, key=desk.key)
    cache.close()


def sell(desk: Desk, sale: str = "1") -> Reply:
    desk.do(SetBasket(lines=(desk.chocolate(30),), sale=sale, day=desk.DAY))
    assert desk.code(desk.ANNA).ok and desk.code(desk.coupon()).ok
    prepared = desk.do(Prepare(sale=sale, day=desk.DAY))
    assert there(there(prepared.told).tail)[0] == "УЧЕБНЫЙ РЕЖИМ"
    return desk.do(Pay(sale=sale, day=desk.DAY))


def test_what_is_practised_uses_up_no_right_of_the_shop(desk: Desk, practice: Desk) -> None:
    assert sell(practice).ok
    practice.basket()
    assert practice.code(practice.coupon()).code == "coupon_used", "as it would be"
    assert practice.points("anna") > 150, "own operations count, whatever the hub has of the till's real ones"
    desk.basket()
    assert desk.code(desk.coupon()).code == "coupon_taken"
    assert desk.points("anna") == 150 and desk.cache.outbox_length() == 0


def test_tails_and_reports_are_headed(practice: Desk) -> None:
    assert there(there(sell(practice).told).tail)[0] == "УЧЕБНЫЙ РЕЖИМ"
    back = practice.do(ReturnGoods(of=SoldReceipt(sale="1", day=practice.DAY), whole=True))
    assert there(back.returned).tail[0] == "УЧЕБНЫЙ РЕЖИМ"
    shown = practice.do(PointsReport(show=True)).text
    assert shown.splitlines()[1] == "TRAINING"
    practice.do(SetBasket(lines=(practice.SWEETS,), sale="2"))
    assert there(practice.do(Pay(sale="2")).told).tail == (), "nothing of points, nothing to head"


def test_what_is_sold_is_not_headed(desk: Desk) -> None:
    desk.basket()
    desk.code(desk.ANNA)
    assert "УЧЕБНЫЙ" not in " ".join(there(there(desk.pay("1").told).tail))
    assert "TRAINING" not in desk.do(PointsReport(show=True)).text


def test_every_paper_is_headed_and_a_kick_prints_nothing() -> None:
    job = PrintJob(
        job=1, kind="receipt", label="1", key=None, document=b"", state="queued", attempt=0, cause="", doubtful=False
    )
    assert mark(job, "ru", training=True) == "УЧЕБНЫЙ РЕЖИМ"
    assert mark(replace(job, kind="copy"), "en", training=True) == "TRAINING\nCOPY"
    assert mark(job, "ru") is None
    assert mark(replace(job, kind="drawer", doubtful=True), "ru", training=True) is None


def test_the_setting_chooses_the_file_and_changed_back_it_finds_the_shops_own(tmp_path: Path) -> None:
    key = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
    till = Till(settings(tmp_path, training=True))
    knows_anna(till.cache, key)
    assert till.checkout.handle(SetBasket(lines=(Desk.SWEETS,), sale="1"), Desk.now).ok
    assert till.checkout.handle(Code(text=Desk.ANNA), Desk.now).ok
    assert till.checkout.handle(Pay(sale="1"), Desk.now).ok
    assert till.status().training and till.status().outbox == 0
    close(till)
    till = Till(settings(tmp_path, training=False))
    assert not till.status().training
    assert (till.cache.outbox(9), till.cache.sales_of_day(Desk.DAY, "1")) == ([], [])
    close(till)
    for name in ("till.db", "told.db"):  # somebody thinks that he knows better
        shutil.copy(tmp_path / "data" / "training" / name, tmp_path / "data" / name)
    with pytest.raises(FileError, match="is a training file"):
        Till(settings(tmp_path, training=False))


def test_run_says_so_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[Reply] = []
    monkeypatch.setattr("pos_agent.build.FaceServer.run", lambda server, sockets: None)
    Till(settings(tmp_path, training=True), heard.append).run()
    assert heard[0].code == "training"


def test_the_paper_itself_says_so(practice: Desk, tmp_path: Path) -> None:
    assert sell(practice).ok
    with PrinterServer(tmp_path / "paper", port=0, boot_s=0) as server:
        printing = Printing(practice.cache, Printer(server.url, load_printer()), language="en", receipt_language="ru")
        deadline = time.monotonic() + 20
        while not (found := list((tmp_path / "paper").glob("receipt-*.txt"))):
            assert time.monotonic() < deadline, "no paper ever came"
            settle(printing)
    text = found[0].read_text(encoding="utf-8")
    assert text.replace(" ", "").index("УЧЕБНЫЙРЕЖИМ") < text.replace(" ", "").index("Информация")
