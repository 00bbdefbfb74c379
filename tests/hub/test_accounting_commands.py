"""`pos-hub export` and `pos-hub report`, as the office calls them."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from config.programmes import load_source
from hub.cli import cli
from hub.moving import move
from hub.store.office_records import StoreRow
from hub.store.rows import Rows
from hub.store.sqlite.store import SqliteStore
from loyalty.bodies import Accrued, Adjustment, CouponUse, OperationRef, Redeemed, Restored, Return, ReturnedLine, Sale
from loyalty.bodies import SoldLine as Line
from tests.hub.conftest import Office, Pen

DAY, NEXT = "2026-03-02", "2026-03-03"
HEAD = "Дата;За дату;Программа;Организация;Магазин;Показатель;Операция;Ставка НДС;Операций;Баллы;Сумма"


def line(id: str, net: int, *, points: int = 0, offers: int = 0, tax: str | None = "20") -> Line:
    before = net + points
    return Line(
        id=id,
        name=id,
        unit="pc",
        price_kopecks=before + offers,
        quantity_m=1000,
        net_before_kopecks=before,
        discount_kopecks=points,
        net_kopecks=net,
        tax=tax,
    )


def run(office: Office, *words: str) -> Result:
    return CliRunner().invoke(cli, [*words, "--db", str(office.path)])


@pytest.fixture
def chain(office: Office) -> Office:
    """Two entities: anna earns 70 in the east and spends 50 in the west, a part of which comes back."""
    rows = [StoreRow("omsk", "ООО Восток", timezone="Asia/Omsk"), StoreRow("msk", '=ЗАО "Запад"; и Ко')]
    with office.hub.store.writing() as writer:
        writer.write(Rows(stores=rows))
    office.join("anna", points=0)
    east, west = Pen("t-east", store="omsk", timezone="Asia/Omsk"), Pen("t-west", store="msk")
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    milk = (line("milk", 100_000, tax="10"),)
    earned = office.sale(lines=milk, total_kopecks=100_000, paid_kopecks=100_000, earned=70)
    assert office.take(earned, pen=east, at=at) == ["applied"]
    spent = Sale(
        sale=office.number(),
        member="anna",
        lines=(line("cake", 20_000, points=5_000, offers=1_000), line("bag", 500, tax=None)),
        extras=(line("card-reissue", 5_000),),
        total_kopecks=25_500,
        paid_kopecks=25_500,
        redeemed=Redeemed(points=50, kopecks=5_000),
        accrued=Accrued(points=10),
        coupons=(CouponUse(serial="aa" * 16, campaign="c", discount_kopecks=1_000),),
    )
    assert office.take(spent, pen=west, at=at + timedelta(hours=1)) == ["applied"]
    back = Return(
        of=OperationRef(chain="t-west", generation=1, sequence=1),
        sold_at="2026-03-02T10:00:00.000000+00:00",
        member="anna",
        lines=(ReturnedLine(id="cake", quantity_m=1000, refund_kopecks=20_000),),
        refund_kopecks=20_000,
        restored=Restored(points=20),
    )
    assert office.take(back, pen=west, at=at + timedelta(hours=2)) == ["applied"]
    office.now = datetime(2026, 3, 2, 13, tzinfo=UTC)
    assert office.born(Adjustment(member="anna", reason="r", points=-4)) == "applied"
    office.pen = east
    return office


def test_a_day_is_written_as_1c_reads_it(chain: Office, tmp_path: Path) -> None:
    out = tmp_path / "day.csv"
    done = run(chain, "export", "day", DAY, "--out", str(out))
    assert done.exit_code == 0, done.output
    raw = out.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf") and b"\r\n" in raw and not raw.decode().replace("\r\n", "").count("\n")
    head, *rows = raw.decode("utf-8-sig").splitlines()
    west = """02.03.2026;;alenka;"'=ЗАО ""Запад""; и Ко";msk;"""
    east = "02.03.2026;;alenka;ООО Восток;omsk;"
    assert head == HEAD
    assert sorted(rows) == sorted(
        [
            "02.03.2026;;alenka;;;Исправлено баллов;Исправление;;1;-4;-4,00",
            east + "Начислено баллов;Продажа;;1;70;70,00",
            east + "Продано;Продажа;10;1;0;1000,00",
            west + "Начислено баллов;Продажа;;1;10;10,00",
            west + "Списано баллов;Продажа;;1;50;50,00",
            west + "Списано баллов;Возврат;;1;-20;-20,00",
            west + "Продано;Продажа;20;1;0;200,00",
            west + "Продано;Продажа;;1;0;5,00",
            west + "Плата за карты;Продажа;20;1;0;50,00",
            west + "Скидка баллами;Продажа;20;1;0;50,00",
            west + "Скидка по акциям и купонам;Продажа;20;1;0;10,00",
            west + "В том числе по купонам;Продажа;20;1;0;10,00",
            west + "Скидка баллами;Возврат;20;1;0;-50,00",
            west + "Скидка по акциям и купонам;Возврат;20;1;0;-10,00",
            west + "В том числе по купонам;Возврат;20;1;0;-10,00",
            west + "Возвращено;Возврат;20;1;0;200,00",
        ]
    )
    assert "alenka: points issued 80, redeemed 30, expired 0, adjusted -4, debt 0." in done.stderr


def test_what_comes_late_stands_in_the_next_export_and_the_day_stays(chain: Office) -> None:
    first = run(chain, "export", "day", DAY, "--json").stdout
    late = chain.sale(earned=5)
    at = datetime(2026, 3, 2, 17, 59, 59, tzinfo=UTC)  # one second to midnight in Omsk
    assert chain.take(late, chain.sale(earned=6), at=at) == ["applied", "applied"]
    assert chain.take(chain.sale(earned=7), at=at + timedelta(seconds=1)) == ["applied"]
    looked = run(chain, "export", "day", NEXT, "--json", "--preview").stdout
    assert run(chain, "export", "day", DAY, "--json").stdout == first, "a preview closes nothing"
    told = run(chain, "export", "day", NEXT, "--json").stdout
    assert looked == told and run(chain, "export", "day", NEXT, "--json").stdout == told
    issued = {row["late_of"]: (row["operations"], row["points"]) for row in json.loads(told)["rows"] if row["points"]}
    assert issued == {DAY: (2, 11), None: (1, 7)}
    assert {row["day"] for row in json.loads(told)["rows"]} == {NEXT}
    month = json.loads(run(chain, "export", "month", "2026-03", "--json").stdout)
    parts = [*json.loads(first)["rows"], *json.loads(told)["rows"]]
    assert [row for row in month["rows"] if row["day"] in (DAY, NEXT)] == parts == month["rows"]
    assert month["control"] == {"alenka": {"adjusted": 4, "issued": -98, "member": 64, "redeemed": 30}}


def test_days_that_are_in_no_export_are_told(chain: Office) -> None:
    done = run(chain, "export", "day", NEXT)
    assert "In no export yet: 5 operations of days before, the first on 2026-03-02." in done.stderr


def test_a_filter_leaves_rows_out_and_closes_the_whole_day(chain: Office) -> None:
    east = json.loads(run(chain, "export", "day", DAY, "--json", "--entity", "ООО Восток").stdout)
    assert {row["store"] for row in east["rows"]} == {"omsk"}
    assert len(json.loads(run(chain, "export", "day", DAY, "--json").stdout)["rows"]) == 16


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("day", "2.3.2026"), "'2.3.2026' is no day; write it like 2026-03-02"),
        (("month", "2026-3"), "'2026-3' is no month; write it like 2026-03"),
        (("month", "2026-13"), "'2026-13' is no month; write it like 2026-03"),
        (("day", "9000-01-01"), "9000-01-01 is not over in all stores"),
        (("day", DAY, "--out", "no/such/folder.csv"), "Cannot write no/such/folder.csv: No such file or directory"),
    ],
)
def test_what_cannot_be_exported_is_said_in_words(chain: Office, words: tuple[str, ...], told: str) -> None:
    done = run(chain, "export", *words)
    assert done.exit_code and told in done.stderr


def test_half_a_file_is_never_there(chain: Office, tmp_path: Path) -> None:
    out = tmp_path / "day.csv"
    out.write_text("what was there")
    (tmp_path / "day.csv.part").mkdir()  # so that it cannot be written
    done = run(chain, "export", "day", DAY, "--out", str(out))
    assert done.exit_code == 1 and out.read_text() == "what was there"


def test_entities_settle_to_zero(chain: Office) -> None:
    """The east gave 70, of which 50 were money in the west until 20 came back."""
    assert "No day of 2026-03 is exported yet" in run(chain, "report", "settlement", "--month", "2026-03").stderr
    run(chain, "export", "day", DAY)
    done = run(chain, "report", "settlement", "--month", "2026-03")
    west = '=ЗАО "Запад"; и Ко'
    assert f"alenka: ООО Восток owes {west} 30,00 rubles for 30 points\n" in done.stdout
    assert f"alenka: {west} gets 30,00 rubles" in done.stdout and "ООО Восток pays 30,00 rubles" in done.stdout
    assert "Not exported yet, and not in this: 30 days from 2026-03-01 on." in done.stderr
    told = json.loads(run(chain, "report", "settlement", "--month", "2026-03", "--json").stdout)
    assert sum(one["kopecks"] for one in told["balances"]) == 0 and len(told["claims"]) == 1


def test_what_is_owed_is_told_by_month_of_end(chain: Office) -> None:
    chain.grant(30, days=60)
    chain.grant(8, start=20_000)
    done = run(chain, "report", "liability", "--at", "2026-03-02")
    assert done.exit_code == 0, done.output
    assert "alenka: 84 points outstanding, 84,00 rubles" in done.stdout
    assert "2026-05" in done.stdout and "history says nothing of 30" in done.stdout
    assert "coming (cannot be spent yet): 8" in done.stdout
    assert "history is too short: 0 lots ended in the last 365 days, 100 are needed" in done.stdout
    told = json.loads(run(chain, "report", "liability", "--json", "--at", "2026-03-02").stdout)["programmes"]["alenka"]
    assert told["points"] == 84 and told["history"]["enough"] is False
    assert [(one["month"], one["points"]) for one in told["months"]] == [("2026-05", 30), (None, 54)]
    assert "9000-01-01 is not over" in run(chain, "report", "liability", "--at", "9000-01-01").stderr


def test_a_day_ends_by_the_clock_of_whoever_has_members(office: Office, tmp_path: Path) -> None:
    """A chain of its own in the east, beside programmes that only ship."""
    source = load_source("alenka").replace('id = "alenka"', 'id = "omul"').replace("Europe/Moscow", "Asia/Vladivostok")
    (tmp_path / "omul.toml").write_text(source, encoding="utf-8")
    assert run(office, "programme", "publish", str(tmp_path / "omul.toml")).exit_code == 0
    office.restart()
    office.join("zoya", programme="omul")
    assert "At 2026-03-02 00:00 (Asia/Vladivostok)" in run(office, "report", "liability", "--at", "2026-03-01").stdout
    office.join("anna")
    both = run(office, "report", "liability", "--at", "2026-03-01")
    assert both.exit_code == 1 and "Name one of them: --programme ID." in both.stderr
    words = ("report", "liability", "--at", "2026-03-01", "--programme", "alenka")
    assert "At 2026-03-02 00:00 (Europe/Moscow)" in run(office, *words).stdout


def test_a_ledger_that_has_moved_tells_the_same(chain: Office, tmp_path: Path) -> None:
    before = run(chain, "export", "day", DAY, "--json").stdout
    target = SqliteStore(tmp_path / "moved.db")
    target_as_any: Any = target  # as moves use it: it is empty
    move(chain.hub.store, target_as_any, lambda doing, rows, of: None)
    target.close()
    shutil.copytree(f"{chain.path}.keys", tmp_path / "moved.db.keys")
    moved = CliRunner().invoke(cli, ["export", "day", DAY, "--json", "--db", str(tmp_path / "moved.db")])
    assert moved.stdout == before


TAMPER = {
    "a closing less": ("DELETE FROM settings WHERE name = 'accounting/000001'", "closing 1: is not there"),
    "a closing that is none": (
        "UPDATE settings SET value = '{}' WHERE name = 'accounting/000001'",
        "closing 1: cannot be read",
    ),
    "the list of them": ("UPDATE settings SET value = '7' WHERE name = 'accounting'", "list of closings cannot"),
    "a day twice": (
        "UPDATE settings SET value = '[[\"2026-03-02\"],[\"2026-03-02\"]]' WHERE name = 'accounting'",
        "2026-03-02 was taken 2 times",
    ),
    "how far a closing saw": (
        'UPDATE settings SET value = replace(value, \'"t-east":{"1":1}\', \'"t-east":{"1":9}\')'
        " WHERE name = 'accounting/000001'",
        "saw t-east 1 up to 1, closing 1 saw 9",
    ),
    "how far the last one saw": (
        'UPDATE settings SET value = replace(value, \'"t-east":{"1":1}\', \'"t-east":{"1":9}\')'
        " WHERE name = 'accounting/000002'",
        "t-east 1 ends with 1, a closing saw more",
    ),
    "a till that never was": (
        "UPDATE settings SET value = replace(value, '\"t-east\":', '\"t-eas\":') WHERE name = 'accounting/000002'",
        "t-eas 1 is not there, a closing saw it",
    ),
}


@pytest.mark.parametrize(("statement", "told"), TAMPER.values(), ids=TAMPER)
def test_verify_looks_at_what_was_closed(chain: Office, statement: str, told: str) -> None:
    run(chain, "export", "day", DAY)
    run(chain, "export", "day", NEXT)
    assert chain.verdict().faults == ()
    chain.tamper(statement)
    assert any(told in fault for fault in chain.verdict().faults)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--programme", "огонёк"), "There is no programme 'огонёк'; there are: alenka, perekrestok."),
        (("--store", "nosuch"), "There is no store 'nosuch'; there are: msk, omsk."),
        (("--entity", "ООО восток"), 'there are: =ЗАО "Запад"; и Ко, ООО Восток.'),
    ],
)
def test_a_name_that_nothing_has_is_refused_and_closes_no_day(
    chain: Office, tmp_path: Path, words: tuple[str, ...], says: str
) -> None:
    done = run(chain, "export", "day", DAY, "--out", str(tmp_path / "day.csv"), *words)
    assert done.exit_code == 1 and says in done.output
    assert not list(tmp_path.glob("day*")) and chain.rows("SELECT 1 FROM settings WHERE name LIKE 'accounting%'") == []
    if words[0] == "--programme":
        assert says in run(chain, "report", "liability", *words).output


def test_a_part_says_what_of_it_is_in_the_file(chain: Office) -> None:
    told = run(chain, "export", "day", DAY, "--store", "omsk", "--preview").stderr
    assert told.startswith("In the file: 1 of 5 operations, 2 rows. The sums below are of all stores.\n")


def test_a_store_that_sold_and_that_nobody_has_told_of_may_be_asked_for(chain: Office) -> None:
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert chain.take(chain.sale(earned=7), pen=Pen("t-new", store="kiosk"), at=at) == ["applied"]
    assert "kiosk;Начислено" in run(chain, "export", "day", DAY, "--store", "kiosk").stdout


def test_a_month_in_which_nobody_owes_says_so(office: Office) -> None:
    office.join("anna", points=5)
    office.now = datetime(2026, 4, 2, tzinfo=UTC)
    assert run(office, "export", "month", "2026-03").exit_code == 0
    told = run(office, "report", "settlement", "--month", "2026-03").stdout
    assert told == "Nobody owes anybody anything: in 2026-03 no points of one entity were redeemed at another.\n"
