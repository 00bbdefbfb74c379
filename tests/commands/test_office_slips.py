"""Slips at the office's commands: each is told in words that help, and nothing of it is taken."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from hub.cli import cli
from hub.commands.imports import nothing_taken
from hub.people import pdf

CARD = "2600000000017"


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path, members = tmp_path / "hub.db", tmp_path / "members.csv"
    members.write_text(f"card;points;registered\n{CARD};150;yes\n2600000000024;40;yes\n", encoding="utf-8")
    done = run(path, "import", str(members), "--programme", "alenka")
    assert done.exit_code == 0, done.output
    return path


def run(ledger: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, [*words, "--db", str(ledger)])


def test_a_lot_that_stands_twice_is_told_and_may_be_left_out(ledger: Path) -> None:
    lots = ledger.with_name("lots.csv")
    lots.write_text(f"card;points\n{CARD};1\n{CARD};1\n{CARD};2\n2600000000024;1\n", encoding="utf-8")
    words = ("import", str(lots), "--as", "lots", "--programme", "alenka")
    done = run(ledger, *words)
    assert done.exit_code == 1 and "line 3: the same lot of 1 point stands on line 2 too" in done.output
    left = ledger.with_name("left.csv")
    assert run(ledger, *words, "--skip-bad", str(left)).exit_code == 3
    assert "153 points" in run(ledger, "member", "--card", CARD).output


def test_a_card_that_stands_twice_among_gifts_is_told_with_its_line(ledger: Path) -> None:
    gifts = ledger.with_name("gifts.csv")
    gifts.write_text(f"{CARD};1\n{CARD};1\n", encoding="utf-8")
    done = run(ledger, "grant", "--file", str(gifts), "--reason", "why")
    assert f"line 2: card {CARD} stands on line 1 too" in done.output


def test_days_the_wrong_way_round_are_no_statement(ledger: Path) -> None:
    done = run(ledger, "member", "statement", CARD, "--from", "2026-05-02", "--to", "2026-05-01")
    assert done.exit_code == 2 and "--from 2026-05-02 lies after --to 2026-05-01" in done.output


def test_where_he_agreed_is_asked_for(ledger: Path) -> None:
    done = run(ledger, "member", "consent", CARD, "mailing_sms")
    assert done.exit_code == 2 and "Say where he agreed: --source paper, site" in done.output


def test_a_programme_that_is_none_leaves_no_ledger_behind(tmp_path: Path) -> None:
    members = tmp_path / "members.csv"
    members.write_text(f"card\n{CARD}\n", encoding="utf-8")
    done = run(tmp_path / "new.db", "import", str(members), "--programme", "алёнка")
    assert done.exit_code == 1 and "There is no programme 'алёнка'" in done.output
    assert list(tmp_path.glob("new.db*")) == []


def test_who_stops_while_a_file_is_read_hears_that_nothing_was_taken() -> None:
    with pytest.raises(SystemExit, match="stopped while the file was read: nothing was taken"), nothing_taken():
        raise KeyboardInterrupt


@pytest.mark.parametrize("kind", ["members", "lots"])
def test_that_is_said_of_every_kind(ledger: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file's name is told when it is read: there somebody presses Ctrl-C."""

    def pressed(*words: object, **how: object) -> None:
        raise KeyboardInterrupt

    file = ledger.with_name("more.csv")
    file.write_text("card;points\n2600000000031;5\n", encoding="utf-8")
    monkeypatch.setattr(click, "echo", pressed)
    done = run(ledger, "import", str(file), "--as", kind, "--programme", "alenka")
    assert done.exit_code == 1 and "nothing was taken" in str(done.output)


def test_long_lines_break_between_words() -> None:
    words = ["слово"] * 60
    parts = pdf._parts(" ".join(words))
    assert len(parts) > 1 and " ".join(parts).split() == words and max(map(len, parts)) <= pdf.LETTERS
