"""`pos-hub import --as …` as people give it: what is said of it, its reports, its exit codes."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hub.commands.import_file import import_command
from tests.hub.files.as_people_have_them import A1, A2, A3

Run = Callable[..., Result]
RIGHT = "in is out, row by row and to the last one, by the ledger's own entries"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command in a folder with a ledger of two members."""
    monkeypatch.chdir(tmp_path)

    def run(text: str, *options: str) -> Result:
        Path("a.csv").write_text(text, encoding="utf-8")
        return CliRunner().invoke(import_command, ["a.csv", "--db", "hub.db", *options])

    assert run(f"card\n{A1}\n{A2}\n", "--programme", "alenka").exit_code == 0
    return run


def test_lots_are_told_by_month_and_reported_by_member(run: Run) -> None:
    text = f"Карта;Баллы;По\n{A1};5;31.12.2199\n{A1};6;никогда\n{A2};7;31.12.2199\n{A3};8;никогда\n"
    refused = run(text, "--as", "lots")
    assert refused.exit_code == 1
    assert f"nothing was imported:\nline 5: card {A3} is nobody's in the ledger\n--skip-bad FILE" in refused.output
    done = run(text, "--as", "lots", "--skip-bad", "bad.csv", "--report", "r.csv", "--by", "olga")
    assert done.exit_code == 3 and RIGHT in done.output
    assert "alenka, points by their end: 2199-12 12, never 6" in done.output
    assert Path("bad.csv").read_text(encoding="utf-8").splitlines() == [
        "Карта;Баллы;По;reason",
        f"{A3};8;никогда;card {A3} is nobody's in the ledger",
    ]
    table = list(csv.reader(Path("r.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert table[1] == ["file", "", "4", "26", "0.00"]
    assert sorted(row[3] for row in table if row[0] == "member") == ["11", "7"]
    again = run(text, "--as", "lots", "--skip-bad", "bad.csv")
    assert again.exit_code == 3 and "This file was imported into hub.db before: 3 rows." in again.output


def test_points_that_may_stand_twice_are_told(run: Run) -> None:
    """The members' file had their balances, and this one has the same points with their ends."""
    assert run(f"card,points\n{A3},40\n", "--programme", "alenka").exit_code == 0
    done = run(f"card,points\n{A1},5\n{A3},40\n", "--as", "lots")
    assert done.exit_code == 0 and "\n1 of them got 40 points besides" in done.output
    assert "besides" not in run(f"card,points\n{A2},5\n", "--as", "lots").output


def test_purchases_say_where_tiers_do_not_count_them_and_what_update_would_do(run: Run) -> None:
    done = run(f"Карта;Оборот\n{A1};1 500,50\n", "--as", "turnover", "--report", "r.json")
    assert done.exit_code == 0 and "1500.50 rubles  taken, of 1 member" in done.output
    assert "Tiers of alenka do not count what was bought before" in done.output
    assert json.loads(Path("r.json").read_text(encoding="utf-8"))["taken"]["kopecks"] == 150_050
    refused = run(f"Карта;Оборот\n{A1};1 600\n", "--as", "turnover")
    assert refused.exit_code == 1 and "--update: the sums of members" in refused.output
    done = run(f"Карта;Оборот\n{A1};1 600\n", "--as", "turnover", "--update")
    assert done.exit_code == 0 and "99.50 rubles  moved in the ledger by all of it" in done.output


def test_headings_are_said_once_and_remembered_for_their_kind(run: Run) -> None:
    text = f"Пластик;Новый;Статус\n{A1};{A3};утеряна\n"
    refused = run(text, "--as", "cards")
    assert refused.exit_code == 1 and "missing column 'card'; the columns: «Пластик», «Новый»" in refused.output
    maps = ("--map", "Пластик=other", "--map", "Новый=card")
    assert run(text, "--as", "cards", *maps).exit_code == 0
    again = run(text.replace(A1, A2), "--as", "cards")
    assert again.exit_code == 1 and "is member" in again.output, "the headings are known"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--as", "lots", "--registered", "yes"), "--registered is of members"),
        (("--as", "lots", "--update"), "--update changes nothing of lots of points"),
        (("--as", "turnover", "--map", "x=points"), "columns: card, phone, member, rubles, from, until"),
        (("--as", "lots", "--report", "r.txt"), "--report writes .json or .csv"),
        (("--as", "cards", "--by", "x" * 101), "Say who orders it, in at most 100 letters"),
        (("--as", "everything"), "'everything' is not one of 'members', 'lots'"),
    ],
)
def test_what_is_not_understood_is_said(run: Run, options: tuple[str, ...], told: str) -> None:
    done = run(f"card,points\n{A1},5\n", *options)
    assert done.exit_code == 2 and told in done.output
