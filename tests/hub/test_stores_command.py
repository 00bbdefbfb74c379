"""`pos-hub store`: adds, lists, shows, sends."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from hub.cli import cli
from hub.store.office_records import StoreRow
from hub.stores import STORE_LETTERS_MAX, keep_store
from loyalty.bodies import MemberMerged
from sync.protocol import SHOP, ChangesPage
from tests.hub.conftest import Office, Pen


def run(office: Office, *words: str) -> Any:
    return CliRunner().invoke(cli, ["store", *words, "--db", str(office.path)])


def told(office: Office, store: str) -> ChangesPage:
    return office.hub.changes(till="t1", programme="alenka", after="", limit=100, store=store, scope=SHOP + store)


def test_a_store_is_added_changed_listed_and_shown(office: Office) -> None:
    assert "all members" in run(office, "list").output
    assert run(office, "add", "s1", "--entity", "ООО Ромашка").exit_code == 0
    added = run(office, "add", "s1", "--members", "shop", "--keep-days", "30", "--timezone", "Asia/Omsk", "--json")
    row = StoreRow("s1", entity="ООО Ромашка", timezone="Asia/Omsk", members="shop", keep_days=30)
    told_row = row._asdict() | {"place": {}}
    assert json.loads(added.output) == told_row, "what is not said stays"
    assert [json.loads(line) for line in run(office, "list", "--json").output.splitlines()] == [told_row]
    assert "for 30 days" in run(office, "show", "s1").output
    assert json.loads(run(office, "add", "s1", "--timezone", "", "--json").output)["timezone"] is None
    assert told(office, "s1").scope == "shop:s1"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["add", "s1", "--timezone", "Mars/Olympus"], "is no time zone"),
        (["add", "s" * (STORE_LETTERS_MAX + 1)], "letters"),
        (["add", "s1", "--keep-days", "0"], "0 is not in the range"),
        (["add", "s1", "--entity", "a\nb"], "control characters"),
        (["add", "s1", "--members", "none"], "'none' is not one of"),
        (["show", "s9"], "There is no store 's9'"),
        (["send", "s9", "--card", "1"], "There is no store 's9'"),
        (["send", "big", "--card", "1"], "there is nobody to send"),
        (["send", "shop"], "Whom?"),
    ],
)
def test_a_mistake_is_told_and_changes_nothing(office: Office, words: list[str], said: str) -> None:
    office.hub.within(lambda writer: keep_store(writer, StoreRow("big")))
    office.hub.within(lambda writer: keep_store(writer, StoreRow("shop", members="shop")))
    before = run(office, "list", "--json").output
    done = run(office, *words)
    assert done.exit_code != 0 and said in done.output, done.output
    assert run(office, "list", "--json").output == before


def test_members_are_sent_by_their_cards(office: Office, tmp_path: Path) -> None:
    for member in ("anna", "boris", "clara"):
        office.join(member)
    run(office, "add", "s1", "--members", "shop")
    file = tmp_path / "cards.txt"
    file.write_text("\ufeffcardboris\n\n cardanna \n", encoding="utf-8")
    done = run(office, "send", "s1", "--file", str(file), "--card", "cardanna", "--json")
    assert done.exit_code == 0 and json.loads(done.output) == {"sent": 2, "new": 2, "unknown": []}
    again = run(office, "send", "s1", "--file", str(file), "--card", "card nobody")
    assert again.exit_code == 1 and "nobody has card card nobody" in again.output
    assert "Members sent: 2; 0 of them" in again.output, "the others are sent all the same"
    assert {one.member for one in told(office, "s1").members} == {"anna", "boris"}
    assert "alenka: 2 members are seen there" in run(office, "show", "s1").output
    run(office, "add", "s2", "--members", "shop")
    run(office, "send", "s2", "--card", "cardclara")
    assert "alenka: 1 member is seen there" in run(office, "show", "s2").output


def test_whoever_bought_there_is_sent(office: Office) -> None:
    """Of a store that was the chain's: its regulars are known from its operations, as they are called now."""
    for member in ("anna", "boris", "clara", "dora", "old"):
        office.join(member)
    here, there = Pen("t1", store="s1"), Pen("t2", store="s10")
    office.take(office.sale("old"), pen=here, at=datetime.fromisoformat("2020-01-01T12:00:00+00:00"))
    now = office.hub.now()
    office.take(office.sale("anna"), office.sale(None, card="cardboris"), office.sale(None), pen=here, at=now)
    office.take(office.sale("nobody", earned=1), pen=here, at=now)
    office.take(office.sale("clara"), pen=there, at=now)
    office.born(MemberMerged(member="anna", into="dora"), "office")
    run(office, "add", "s1", "--members", "shop")
    days = str((datetime.now(now.tzinfo) - now).days + 60) if datetime.now(now.tzinfo) > now else "60"
    done = run(office, "send", "s1", "--bought-days", days, "--json")
    assert json.loads(done.output) == {"sent": 2, "new": 2, "unknown": []}
    assert {one.member for one in told(office, "s1").members} == {"boris", "dora"}


SHOPS = """Код магазина;Название;Город;Адрес;Телефоны;Режим работы;Координаты;Часовой пояс
omsk-7;На Ленина;Омск;"ул. Ленина, 7";8 3812 12-34-56;пн-пт 9-21, сб-вс 10-20;54.9885, 73.3242;Asia/Omsk
msk-1;Арбат;Москва;Арбат, 1;8 495 123-45-67;ежедневно 8-23;55,7522 37,6001;
"""


def place(office: Office, store: str) -> dict[str, str]:
    told: dict[str, str] = json.loads(run(office, "show", store, "--json").output)["place"]
    return told


def test_what_people_are_told_of_a_store_is_said_changed_and_taken_away(office: Office) -> None:
    said = ["--city", "Омск", "--hours", "daily 9-21", "--phones", "8 3812 12-34-56", "--programmes", "alenka"]
    assert run(office, "add", "s1", *said, "--latitude", "54.9885", "--longitude", "73.3242").exit_code == 0
    assert run(office, "add", "s1", "--name", "На Ленина", "--phones", "", "--closed", "yes").exit_code == 0
    assert place(office, "s1") == {
        "name": "На Ленина",
        "city": "Омск",
        "hours": "daily 09:00-21:00",
        "latitude": "54.988500",
        "longitude": "73.324200",
        "closed": "yes",
        "programmes": "alenka",
    }
    assert "closed for good" in run(office, "list").output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--latitude", "91", "--longitude", "1"], "from -90 to 90"),
        (["--latitude", "55.7"], "said together"),
        (["--hours", "mon 9-9"], "24/7"),
        (["--days", "mon 9-18"], "is no day"),
        (["--phones", "12"], "phones"),
        (["--programmes", "nobodys"], "there are alenka"),
        (["--name", "x" * 81], "at most 80"),
        (["--closed", "maybe"], "yes or no"),
    ],
)
def test_what_cannot_be_told_of_a_store_is_refused(office: Office, words: list[str], said: str) -> None:
    done = run(office, "add", "s1", *words)
    assert done.exit_code == 2 and said in done.output
    assert run(office, "list", "--json").output == ""


def test_stores_come_from_a_file_and_the_same_file_changes_nothing(office: Office, tmp_path: Path) -> None:
    run(office, "add", "msk-1", "--entity", "ООО Ромашка", "--members", "shop")
    file = tmp_path / "shops.csv"
    file.write_text(SHOPS, encoding="utf-8")
    assert "1 new, 1 changed" in run(office, "import", str(file)).output
    assert place(office, "omsk-7")["hours"] == "mon-fri 09:00-21:00; sat-sun 10:00-20:00"
    assert place(office, "msk-1")["longitude"] == "37.600100"
    with office.hub.store.reading() as reader:
        row = reader.stores()["msk-1"]
    assert (row.entity, row.members, row.timezone) == ("ООО Ромашка", "shop", None), "what is not said stays"
    assert json.loads(run(office, "import", str(file), "--json").stdout)["same"] == 2
    file.write_text("Точка;Адрес;Город;Широта;Долгота\nmsk-1;Арбат, 2;-;-33.9;151.2\n", encoding="utf-8")
    assert "missing column store" in run(office, "import", str(file)).output
    assert run(office, "import", str(file), "--map", "Точка=store").exit_code == 0
    now = place(office, "msk-1")
    assert (now["address"], now["city"], now["latitude"]) == ("Арбат, 2", "Москва", "-33.900000")


def test_a_file_with_a_bad_row_is_told_line_by_line_and_good_rows_may_be_taken(office: Office, tmp_path: Path) -> None:
    file, left = tmp_path / "shops.csv", tmp_path / "left.csv"
    bad = SHOPS.replace("54.9885", "154.9885").replace("8-23", "8-99").replace("Asia/Omsk", "Mars/Olympus")
    file.write_text(bad + "omsk-9;Ещё;;;;;;\nomsk-9;Опять;;;;;;\n;Без кода;;;;;;\n", encoding="utf-8")
    done = run(office, "import", str(file))
    assert done.exit_code == 1 and run(office, "list", "--json").output == ""
    for said in ("line 2: ", "154.9885", "Mars/Olympus", "no such time", "stands on line 4 too", "line 6: store must"):
        assert said in done.output, said
    assert run(office, "import", str(file), "--skip-bad", str(left)).exit_code == 0
    assert place(office, "omsk-9")["name"] == "Ещё"
    assert "omsk-7" in left.read_text(encoding="utf-8") and "Mars/Olympus" in left.read_text(encoding="utf-8")
