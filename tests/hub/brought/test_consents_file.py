"""Files of consents as people have them: what is taken, what is refused and why, and what comes of it again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from hub.cli import cli
from hub.people.profile import erase
from tests.hub.conftest import Office
from tests.hub.people.conftest import OLGA, P1

ANNA, BORIS = "2600000000017", "2600000000024"


@pytest.fixture
def people(office: Office) -> Office:
    office.join("anna", card=ANNA, phone=P1)
    office.join("boris", card=BORIS)
    return office


def brought(office: Office, path: Path, text: str, *words: str, encoding: str = "utf-8", code: int = 0) -> str:
    path.write_bytes(text.encode(encoding))
    command = ["import", str(path), "--as", "consents", "--by", "Olga", "--db", str(office.path), *words]
    done = CliRunner().invoke(cli, command)
    assert done.exit_code == code, done.output
    return done.output


def kept(office: Office) -> list[tuple[str, ...]]:
    query = "SELECT member, what, substr(given_at, 1, 10), document, source, substr(withdrawn_at, 1, 10) FROM consents"
    return office.rows(query)


PLAIN = f"card,consent,given,document,source,withdrawn\n{ANNA},personal_data,2025-09-02,v1,site,\n"
WITHDRAWN = f"card,consent,given,document,source,withdrawn\n{ANNA},personal_data,2025-09-02,v1,site,2025-12-31\n"
RUSSIAN = f"""Согласия покупателей;;;;;
Номер карты;Моб. телефон;Согласие на;Дата согласия;Версия документа;Канал;Отозвано
{ANNA};;обработка персональных данных;02.09.2025;ПДн-1;Анкета;
{ANNA};;СМС;02.09.2025 0:00:00;;сайт;31.12.2025
;8 916 123-45-67;Рассылка по e-mail;02.09.2025 г.;;;—
{BORIS};;Пуш;2025-10-01;;приложение;
Итого;4;;;;;
"""


def test_a_russian_report_in_an_old_encoding_is_read(people: Office, tmp_path: Path) -> None:
    told = brought(people, tmp_path / "c.csv", RUSSIAN, encoding="cp1251")
    assert "4 rows  taken, of 2 members" in told and "in is out" in told
    assert kept(people) == [
        ("anna", "mailing_email", "2025-09-01", "", "file", None),  # the day begins three hours before UTC's
        ("anna", "mailing_sms", "2025-09-01", "", "site", "2025-12-30"),
        ("anna", "personal_data", "2025-09-01", "ПДн-1", "paper", None),
        ("boris", "mailing_push", "2025-09-30", "", "app", None),
    ]
    assert people.verdict().faults == ()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_the_same_file_again_takes_nothing_twice(people: Office, tmp_path: Path, encoding: str) -> None:
    brought(people, tmp_path / "c.csv", PLAIN, encoding=encoding)
    assert "was imported into" in brought(people, tmp_path / "c.csv", PLAIN, encoding=encoding)
    assert "1 row   change nothing" in brought(people, tmp_path / "other.csv", PLAIN + "\n")
    assert len(kept(people)) == 1


def test_a_later_file_ends_what_an_earlier_one_brought(people: Office, tmp_path: Path) -> None:
    """A withdrawal is taken from any file: it binds the shop from its day on, whoever tells of it."""
    brought(people, tmp_path / "c.csv", PLAIN)
    assert "1 row   were there, and are told anew" in brought(people, tmp_path / "later.csv", WITHDRAWN)
    assert "1 row   change nothing" in brought(people, tmp_path / "c2.csv", PLAIN + "\n"), "an older file"
    assert kept(people) == [("anna", "personal_data", "2025-09-01", "v1", "site", "2025-12-30")]
    other = WITHDRAWN.replace("2025-12-31", "2026-01-31")
    assert "was withdrawn at another time" in brought(people, tmp_path / "other.csv", other, code=1)
    other = PLAIN.replace("v1", "v2")
    assert "by another document" in brought(people, tmp_path / "document.csv", other, code=1)
    assert people.verdict().faults == ()


HEAD = "card,consent,given,withdrawn\n"
ENDED, OLDER = f"{ANNA},sms,2025-03-01,2025-05-01\n", f"{ANNA},sms,2025-04-01,\n"


def test_a_paper_older_than_a_withdrawal_is_left_out(people: Office, tmp_path: Path) -> None:
    brought(people, tmp_path / "c.csv", HEAD + ENDED)
    told = brought(people, tmp_path / "older.csv", HEAD + OLDER, code=1)
    assert "line 2: mailing_sms of 2025-04-01 was given before it was withdrawn on 2025-05-01" in told
    brought(people, tmp_path / "anew.csv", HEAD + OLDER.replace("04-01", "05-01"))
    assert [row[5] for row in kept(people)] == ["2025-04-30", None]


def test_a_withdrawal_by_file_ends_the_older_papers_too(people: Office, tmp_path: Path) -> None:
    """In the ledger, and on lines before its own; a file that says the ends of both says nothing new."""
    brought(people, tmp_path / "c.csv", HEAD + OLDER)
    both = HEAD + ENDED + OLDER.replace("04-01,", "04-01,2025-05-01")
    told = brought(people, tmp_path / "both.csv", both)
    assert "in is out" in told and "1 row   change nothing" in told
    assert [row[5] for row in kept(people)] == ["2025-04-30"] * 2
    brought(people, tmp_path / "mixed.csv", HEAD + (OLDER + ENDED).replace(ANNA, BORIS))
    assert [row[5] for row in kept(people)] == ["2025-04-30"] * 4
    assert people.verdict().faults == ()


BAD = {
    "a day that is not yet": (f"{ANNA};profiling;03.03.2126;;;", "2126-03-03 is not yet"),
    "an end that is not yet": (f"{ANNA};profiling;02.03.2026;;;05.03.2126", "2126-03-05 is not yet"),
    "an end before": (f"{ANNA};profiling;02.02.2026;;;01.02.2026", "withdrawn 2026-02-01 lies before given 2026-02-02"),
    "no day": (f"{ANNA};profiling;;;;", "given '' is not a day"),
    "a month first, perhaps": (f"{ANNA};profiling;05/06/2025;;;", "given '05/06/2025' is not a day"),
    "what nobody knows": (
        f"{ANNA};факс;02.02.2026;;;",
        "consent 'факс' is none that is known; there are",
    ),
    "where nobody knows": (f"{ANNA};profiling;02.02.2026;;pigeon;", "source 'pigeon' is none that is known"),
    "a text as a version": (f"{ANNA};profiling;02.02.2026;{'т' * 101};;", "its version, not its text"),
    "a card that Excel damaged": ("2,6E+12;profiling;02.02.2026;;;", "the digits are gone"),
    "a card of nobody": ("2600000000031;profiling;02.02.2026;;;", "card 2600000000031 is nobody's in the ledger"),
    "nobody": (";profiling;02.02.2026;;;", "neither card nor phone nor member is said"),
    "twice": (f"{ANNA};sms;02.02.2026;;;", "mailing_sms of 2026-02-02 stands on line 2 too"),
}


@pytest.mark.parametrize(("row", "why"), BAD.values(), ids=BAD)
def test_a_bad_row_is_told_with_why_and_the_others_may_be_taken(
    people: Office, tmp_path: Path, row: str, why: str
) -> None:
    text = f"card;consent;given;document;source;withdrawn\n{ANNA};смс;02.02.2026;;;\n{row}\n"
    told = brought(people, tmp_path / "c.csv", text, code=1)
    assert "line 3: " in told and why in told and kept(people) == []
    brought(people, tmp_path / "c.csv", text, "--skip-bad", str(tmp_path / "bad.csv"), code=3)
    assert len(kept(people)) == 1
    assert why in (tmp_path / "bad.csv").read_text(encoding="utf-8").replace('""', '"')


def test_who_was_erased_is_told_of_no_more(people: Office, tmp_path: Path) -> None:
    erase(people.hub, "anna", OLGA, "asked")
    assert "of a member who was erased" in brought(people, tmp_path / "c.csv", PLAIN, code=1)


def test_headings_that_nobody_knows_are_said_once(people: Office, tmp_path: Path) -> None:
    text = f"карта;тема;когда\n{ANNA};смс;02.09.2025\n"
    assert "missing column 'consent'" in brought(people, tmp_path / "c.csv", text, code=1)
    brought(people, tmp_path / "c.csv", text, "--map", "тема=consent", "--map", "когда=given")
    brought(people, tmp_path / "next.csv", text.replace("смс", "пуш"))
    assert [row[1] for row in kept(people)] == ["mailing_push", "mailing_sms"]


def test_the_sheet_is_written_too(people: Office, tmp_path: Path) -> None:
    brought(people, tmp_path / "c.csv", PLAIN, "--report", str(tmp_path / "sheet.json"))
    sheet = json.loads((tmp_path / "sheet.json").read_text(encoding="utf-8"))
    assert (sheet["file"]["rows"], sheet["taken"]["rows"], sheet["members"], sheet["faults"]) == (1, 1, 1, [])


def test_a_row_that_the_ledger_does_not_hold_is_told(people: Office, tmp_path: Path) -> None:
    """Somebody changed an operation: the file says the one thing, the ledger another."""
    brought(people, tmp_path / "c.csv", WITHDRAWN)
    other = "replace(text, 'personal_data', 'profiling')"
    people.tamper(f"UPDATE operations SET text = {other} WHERE text LIKE '%consent%'")
    told = brought(people, tmp_path / "c.csv", WITHDRAWN, code=1)
    assert "WRONG: line 2: personal_data, withdrawn in the file, profiling, withdrawn in the ledger" in told
