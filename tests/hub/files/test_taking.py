"""`pos-hub import` of files as they are: bad rows put aside, members who are there, headings remembered, the sheet."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from hub.audit.verify import verify
from hub.build import build_hub, build_programmes
from hub.hub import Hub
from hub.people.orders import Order
from hub.people.profile import erase
from hub.store.records import ProfileRow
from hub.store.rows import Rows
from loyalty.bodies import MemberJoined, MemberMerged
from loyalty.points_life import bought_points_times, last_day_of
from storage import engine
from tests.hub.files.as_people_have_them import A1, A2, A3, P1, P2

PROGRAMMES = build_programmes()
SAID = ("--registered", "yes", "--expires", "never")
RIGHT = "  in is out, row by row and to the point, by the ledger's own entries"
FILE = (
    f"Пластик;Телефон;Бонусы;ДР;ФИО\r\n{A1};8 916 123-45-67;1 500,00;17.05.1990;Анна\r\n"
    f"2600000000025;;7;;Борис\r\n{A3};;1,5;31.02.1990;Вера\r\n;;;;\r\n{A2};89161234568;10;;Глеб\r\n"
)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    hub = build_hub(tmp_path / "hub.db", PROGRAMMES, serving=False)
    yield hub
    assert verify(hub.store, hub.zone_of).faults == ()
    hub.close()


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], None]:
    def write(text: str) -> None:
        (tmp_path / "a.csv").write_bytes(text.encode("cp1251"))

    return write


Run = Callable[..., subprocess.CompletedProcess[str]]


def taken(pos_hub: Run, *options: str, left: bool = False) -> list[str]:
    """What is printed of an import that went well; `left`: some rows are left out."""
    done = pos_hub("import", "a.csv", "--programme", "alenka", *SAID, *options)
    assert done.returncode == (3 if left else 0), done.stderr
    return done.stdout.splitlines()


def profile(hub: Hub, member: str) -> ProfileRow:
    with hub.store.reading() as reader:
        return reader.profiles([member])[member]


def points(hub: Hub) -> dict[str, int]:
    """By card."""
    with hub.store.reading() as reader:
        cards = {card.member: card.number for card in reader.all_cards()}
    return {cards[member]: balance for member, balance in hub.balances("alenka").items() if member in cards}


def test_bad_rows_are_put_aside_as_they_were_with_why_and_the_others_are_taken(
    hub: Hub, tmp_path: Path, pos_hub: Run, file: Callable[[str], None]
) -> None:
    file(FILE)
    mapped = ("--map", "Пластик=card")
    done = pos_hub("import", "a.csv", "--programme", "alenka", *mapped)
    assert done.returncode == 1 and "no member was imported:\nline 3: card 2600000000025 has a wrong" in done.stderr
    assert points(hub) == {}
    told = taken(pos_hub, *mapped, "--skip-bad", "bad.csv", "--report", "sheet.json", left=True)
    assert points(hub) == {A1: 1500, A2: 10}
    assert told[-4:] == [
        RIGHT,
        "Members imported into hub.db: 2.",
        "1,510 points of alenka never end, though what is bought there does.",
        "Rows left out, with why, in bad.csv: 2.",
    ]
    bad = list(csv.reader((tmp_path / "bad.csv").read_bytes().decode("cp1251").splitlines(), delimiter=";"))
    assert bad == [
        ["Пластик", "Телефон", "Бонусы", "ДР", "ФИО", "reason"],
        [
            *("2600000000025", "", "7", "", "Борис"),
            "card 2600000000025 has a wrong check digit: the last one would be 4",
        ],
        [
            *(A3, "", "1,5", "31.02.1990", "Вера"),
            "points '1,5' must be a whole number from 0 to 100000000; birthday '31.02.1990' is not a day; write it like"
            " 1990-05-17 or 17.05.1990",
        ],
    ]
    sheet = json.loads((tmp_path / "sheet.json").read_text(encoding="utf-8"))
    assert (sheet["rows"], sheet["points"]) == (4, 1_517)
    assert (sheet["joined"], sheet["joined_points"], sheet["faults"]) == (2, 1_510, [])
    assert [(left["kind"], left["rows"], left["points"], left["unread"]) for left in sheet["left_out"]] == [
        ("check_digit", 1, 7, 0),
        ("points", 1, 0, 1),
    ]


def test_where_nothing_can_be_put_aside_the_members_are_in_and_the_same_command_writes_it(
    hub: Hub, tmp_path: Path, pos_hub: Run, file: Callable[[str], None]
) -> None:
    file(FILE)
    (tmp_path / "bad.csv.part").mkdir()
    options = ("--programme", "alenka", "--map", "Пластик=card", "--skip-bad", "bad.csv")
    done = pos_hub("import", "a.csv", *options)
    assert done.returncode == 1 and "the members are in, but not all is written: " in done.stderr
    assert "bad.csv.part: Is a dir" in done.stderr
    (tmp_path / "bad.csv.part").rmdir()
    assert pos_hub("import", "a.csv", *options).stdout.endswith("Rows left out, with why, in bad.csv: 2.\n")
    assert points(hub) == {A1: 1500, A2: 10}


def test_rows_that_were_put_aside_and_mended_are_imported_from_there(
    hub: Hub, tmp_path: Path, pos_hub: Run, file: Callable[[str], None]
) -> None:
    file(FILE)
    taken(pos_hub, "--map", "Пластик=card", "--skip-bad", "bad.csv", left=True)
    mended = (tmp_path / "bad.csv").read_bytes().decode("cp1251")
    file(mended.replace("2600000000025;", "2600000000048;").replace(";1,5;31.02", ";15;28.02"))
    taken(pos_hub)  # its headings are those of the file that it comes of
    assert points(hub) == {A1: 1500, A2: 10, "2600000000048": 7, A3: 15}


def test_rows_that_are_put_aside_again_have_one_reason(
    hub: Hub, tmp_path: Path, pos_hub: Run, file: Callable[[str], None]
) -> None:
    file(FILE)
    taken(pos_hub, "--map", "Пластик=card", "--skip-bad", "bad.csv", left=True)
    first = (tmp_path / "bad.csv").read_bytes()
    file(first.decode("cp1251"))
    taken(pos_hub, "--skip-bad", "again.csv", left=True)
    assert (tmp_path / "again.csv").read_bytes() == first


def test_what_headings_mean_is_remembered_for_the_same_set_of_them(
    hub: Hub, pos_hub: Run, file: Callable[[str], None]
) -> None:
    file(f"Пластик;Сумма\r\n{A1};5\r\n")
    taken(pos_hub, "--map", "Пластик=card", "--map", "Сумма=points")
    file(f"СУММА;Пластик\r\n6;{A2}\r\n")
    done = pos_hub("import", "a.csv", "--programme", "alenka")
    assert done.returncode == 0 and "«Пластик» is card, «СУММА» is points" in done.stderr
    assert points(hub) == {A1: 5, A2: 6}
    file(f"СУММА;Пластик;Имя\r\n6;{A3};x\r\n")
    assert "missing column 'card'" in pos_hub("import", "a.csv", "--programme", "alenka").stderr


def test_n4_the_same_file_with_new_members_takes_the_new_ones_and_changes_no_points(
    hub: Hub, pos_hub: Run, file: Callable[[str], None]
) -> None:
    head = "Карта;Телефон;Бонусы;ДР;Избранное\r\n"
    file(head + f"{A1};;100;;\r\n{A2};{P2};200;01.02.1991;чай\r\n")
    taken(pos_hub)
    file(head + f"{A1};{P1};999;17.05.1990;чай\r\n{A2};{P2};200;;\r\n{A3};;300;;\r\n")
    refused = pos_hub("import", "a.csv", "--programme", "alenka")
    assert f"line 2: card {A1} is in the ledger already\nline 3: card {A2} is in" in refused.stderr
    cursor = hub.changes(till="t", programme="alenka", after="", limit=100).cursor
    told = taken(pos_hub, "--update")
    assert told[1:] == [
        "            1 row              300 points  joined",
        "            2 rows           1,199 points  were there already  (1 told anew, their points untouched)",
        RIGHT,
        "Members imported into hub.db: 1.",
        "300 points of alenka never end, though what is bought there does.",
    ]
    assert points(hub) == {A1: 100, A2: 200, A3: 300}
    anna, boris = hub.member_of_card(A1), hub.member_of_card(A2)
    assert anna is not None and boris is not None
    assert profile(hub, anna.member) == ProfileRow(anna.member, P1, "1990-05-17", ("чай",))
    kept = ProfileRow(boris.member, P2, "1991-02-01", ("чай",))
    assert profile(hub, boris.member) == kept, "an empty cell takes nothing away"
    page = hub.changes(till="t", programme="alenka", after=cursor, limit=100)
    assert anna in page.members and boris not in page.members, "tills are told of whoever changed"
    assert taken(pos_hub, "--update")[-2] == "This file was imported into hub.db before: 1 member, 1 told anew."


def test_what_an_update_cannot_mean_is_told_row_by_row(
    hub: Hub, tmp_path: Path, pos_hub: Run, file: Callable[[str], None]
) -> None:
    for member, card in (("anna", A1), ("boris", A2), ("vera", "c3"), ("old", "c4")):
        hub.bear("alenka", MemberJoined(member=member, card=card, registered=True))
    hub.bear("perekrestok", MemberJoined(member="petr", card="c5", registered=True))
    hub.bear("alenka", MemberMerged(member="old", into="vera"))
    hub.within(lambda writer: writer.write(Rows(profiles=[ProfileRow("boris", P2, None, ())])))
    file(
        f"Карта;member;Телефон;ДР\r\n{A1};boris;;\r\nc9;anna;;\r\nc5;;;\r\nc4;old;{P1};\r\nc3;vera;{P2};\r\n"
        f"c8;;8 916 123-45-68;\r\n{A2};boris2;;17.05.1990\r\n"
    )
    refused = pos_hub("import", "a.csv", "--programme", "alenka", "--update")
    assert refused.stderr.endswith(
        "pos-hub: no member was imported:\n"
        f"line 2: card {A1} is member anna's in the ledger, not boris's\n"
        "line 3: card c9 is new, and member anna is in the ledger with others: a file links no cards\n"
        "line 4: card c5 is of the programme perekrestok in the ledger\n"
        f"line 6: phone {P2} is member boris's in the ledger\n"
        f"line 7: phone {P2} stands on line 6 too\n"
        f"line 8: card {A2} is member boris's in the ledger, not boris2's\n"
        "--skip-bad FILE takes the other rows, and puts these into FILE with why.\n"
    )
    told = taken(pos_hub, "--update", "--skip-bad", "bad.csv", left=True)
    assert told[1:3] == [
        "            0 rows               0 points  joined",
        "            1 row                0 points  were there already  (1 told anew, their points untouched)",
    ]
    assert profile(hub, "vera").phone == P1, "who went into another is that one now"
    with (tmp_path / "bad.csv").open(encoding="cp1251", newline="") as bad:
        assert [row["Карта"] for row in csv.DictReader(bad, delimiter=";")] == [A1, "c9", "c5", "c3", "c8", A2]


def test_a_phone_that_another_member_has_is_told(hub: Hub, pos_hub: Run, file: Callable[[str], None]) -> None:
    """R13, N3: who is registered twice is welcomed twice, and his phone finds nobody ever after."""
    file(f"Карта;Телефон\r\n{A1};{P1}\r\n")
    taken(pos_hub)
    anna = hub.member_of_card(A1)
    assert anna is not None
    file(f"Карта;Телефон\r\n{A2};8 916 123 45 67\r\n{A3};\r\n")
    refused = pos_hub("import", "a.csv", "--programme", "alenka")
    assert f"line 2: phone {P1} is member {anna.member}'s in the ledger" in refused.stderr


def test_a_pipe_is_imported_too(hub: Hub, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hub", "import", "-", "--db", str(tmp_path / "hub.db")]
    done = subprocess.run(command, input=f"programme,card,points\nalenka,{A1},5\n".encode(), capture_output=True)
    assert done.returncode == 0, done.stderr
    assert points(hub) == {A1: 5}


def tamper(ledger: Path, statement: str) -> None:
    with closing(engine.connect(ledger)) as connection:
        connection.execute(statement)


def test_the_sheet_is_held_against_the_entries_and_not_against_a_count(
    hub: Hub, pos_hub: Run, file: Callable[[str], None], tmp_path: Path
) -> None:
    """Somebody with sqlite3 and a wish."""
    file(f"Карта;Баллы\r\n{A1};100\r\n{A2};200\r\n")
    taken(pos_hub)
    tamper(tmp_path / "hub.db", "UPDATE entries SET points = points * 2 WHERE abs(points) = 200")
    done = pos_hub("import", "a.csv", "--programme", "alenka", *SAID, "--report", "sheet.csv")
    assert done.returncode == 1
    assert "  WRONG: line 3: 200 points in the file, 400 in the ledger" in done.stdout.splitlines()
    assert "  WRONG: the file has 300 points, 500 are accounted for" in done.stdout.splitlines()
    tamper(tmp_path / "hub.db", "UPDATE entries SET points = points / 2 WHERE abs(points) = 400")
    assert "the file has 300 points, 500" in (tmp_path / "sheet.csv").read_text(encoding="utf-8-sig")


def test_words_that_cannot_be_meant_are_refused_before_anything_is_read(
    pos_hub: Run, file: Callable[[str], None]
) -> None:
    file("card\n1\n")

    def refused(*words: str) -> str:
        done = pos_hub("import", "a.csv", *words)
        assert done.returncode != 0
        return done.stderr

    assert "There is no programme 'magnit'; there are: alenka" in refused("--programme", "magnit")
    assert 'write "what the file calls it=column"' in refused("--map", "Карта")
    assert "columns: programme, card" in refused("--map", "Карта=number")
    assert "a.csv is the file that is imported" in refused("--skip-bad", "a.csv")
    assert "--report writes .json or .csv" in refused("--report", "sheet.xlsx")
    assert "cannot be written" in refused("--skip-bad", "nowhere/bad.csv")


def test_who_is_not_registered_is_told_and_registered_by_another_file_without_a_welcome(
    hub: Hub, pos_hub: Run, file: Callable[[str], None]
) -> None:
    """A26: they earn and cannot spend."""
    file(f"Карта;Баллы\r\n{A1};100\r\n{A2};200\r\n")
    first = pos_hub("import", "a.csv", "--programme", "alenka")
    assert first.returncode == 0 and "Not registered: 2 of 2 members (alenka). Who is not earns" in first.stdout
    file(f"Карта;Регистрация\r\n{A1};да\r\n{A2};\r\n")
    second = pos_hub("import", "a.csv", "--programme", "alenka", "--update")
    assert "(1 told anew, 1 of them registered, their points untouched)" in second.stdout
    for card, status in ((A1, "active"), (A2, "issued")):
        member = hub.member_of_card(card)
        assert member is not None and [one.status for one in member.cards] == [status]
    assert points(hub) == {A1: 100, A2: 200}, "imported members get no welcome grant"
    file(f"Карта;Регистрация;Телефон\r\n{A1};нет;\r\n{A2};;{P2}\r\n{A3};нет;\r\n")
    third = pos_hub("import", "a.csv", "--programme", "alenka", "--update", "--registered", "yes")
    assert "(1 told anew, 1 of them registered, their points untouched)" in third.stdout
    assert "Not registered: 1 of 1 member (alenka)" in third.stdout
    boris = hub.member_of_card(A2)
    assert boris is not None and [one.status for one in boris.cards] == ["active"]
    assert profile(hub, boris.member).phone == P2


def ends(hub: Hub) -> dict[str, str | None]:
    """The last day of points, by card."""
    alenka = PROGRAMMES["alenka"]
    with hub.store.reading() as reader:
        cards = {card.member: card.number for card in reader.all_cards()}
        lots = list(reader.all_lots())
    return {cards[one.member]: str(last_day_of(alenka, one.expires_at)) if one.expires_at else None for one in lots}


def test_imported_points_end_by_the_programme_or_as_is_said(
    hub: Hub, pos_hub: Run, file: Callable[[str], None]
) -> None:
    alenka = PROGRAMMES["alenka"]
    by_rules = bought_points_times(alenka, hub.now()).expires_at
    assert by_rules is not None
    year = last_day_of(alenka, by_rules)
    file(f"Карта;Баллы\r\n{A1};100\r\n")
    told = pos_hub("import", "a.csv", "--programme", "alenka").stdout
    assert f"100 points of alenka live until {year}, by the programme's rules (--expires says otherwise)." in told
    file(f"Карта;Баллы;Сгорают\r\n{A2};7;31.12.2098\r\n{A3};8;\r\nc4;9;бессрочно\r\nc5;1;по правилам\r\n")
    told = pos_hub("import", "a.csv", "--programme", "alenka", "--expires", "2099-01-31").stdout
    assert f"16 points of alenka end between {year} and 2099-01-31." in told
    assert "9 points of alenka never end, though what is bought there does." in told
    assert ends(hub) == {A1: str(year), A2: "2098-12-31", A3: "2099-01-31", "c4": None, "c5": str(year)}
    file("Карта;Баллы;Сгорают\r\nc6;7;31.12.2020\r\nc7;7;скоро\r\n")
    refused = pos_hub("import", "a.csv", "--programme", "alenka").stderr
    assert "line 2: expires '31.12.2020' is over" in refused
    assert "line 3: expires 'скоро' is not a day; write it like 2027-05-17 or 17.05.2027, or programme, or" in refused


def test_a_row_that_was_left_out_is_taken_up_again_by_the_same_command(
    hub: Hub, tmp_path: Path, pos_hub: Run, file: Callable[[str], None]
) -> None:
    hub.bear("alenka", MemberJoined(member="anna", card=A1, registered=True))
    hub.within(lambda writer: writer.write(Rows(profiles=[ProfileRow("anna", P1, None, ())])))
    file(f"Карта;Телефон;Баллы\r\n{A2};{P1};55\r\n{A3};{P2};5\r\n")
    first = taken(pos_hub, "--skip-bad", "bad.csv", left=True)
    assert first[-1] == "Rows left out, with why, in bad.csv: 1."
    hub.within(lambda writer: writer.write(Rows(profiles=[ProfileRow("anna", None, None, ())])))
    second = taken(pos_hub, "--skip-bad", "bad.csv")
    assert "Members imported into hub.db: 1, and 1 before." in second
    assert points(hub) == {A1: 0, A2: 55, A3: 5}


def test_an_update_takes_names_and_knows_nothing_of_the_erased(
    hub: Hub, pos_hub: Run, file: Callable[[str], None]
) -> None:
    head = "Карта;ФИО;ID клиента\r\n"
    file(head + f"{A1};Петрова Анна;anna\r\n{A2};;boris\r\n{A3};;vera\r\n")
    taken(pos_hub)
    assert profile(hub, "anna").name == "Анна Петрова"
    erase(hub, "vera", Order(by="Olga"), "asked")
    file(head + f"{A1};;anna\r\n{A2};Ильин Борис Петрович;boris\r\n{A3};Вера;vera\r\n")
    done = pos_hub("import", "a.csv", "--programme", "alenka", "--update")
    assert done.returncode == 1 and f"line 4: card {A3} is of a member who was erased" in done.stderr
    taken(pos_hub, "--update", "--skip-bad", "bad.csv", left=True)
    assert [profile(hub, one).name for one in ("anna", "boris", "vera")] == [
        "Анна Петрова",
        "Борис Петрович Ильин",
        None,
    ]
