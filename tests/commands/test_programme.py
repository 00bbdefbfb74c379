"""`pos-agent programme check` and `show`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from config.programmes import SHIPPED
from pos_agent.cli import cli


def run(*words: str) -> tuple[str, int]:
    result = CliRunner().invoke(cli, ["programme", *words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.output.replace("\N{NO-BREAK SPACE}", " "), result.exit_code


@pytest.mark.parametrize("id", ["alenka", "perekrestok"])
def test_the_shipped_files_are_good(id: str) -> None:
    output, code = run("check", str(SHIPPED / f"{id}.toml"))
    assert code == 0
    assert ": good. " in output
    assert "version 2026-12-01, hash " in output


def test_a_bad_file_is_one_line_and_exit_code_1(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    text = (SHIPPED / "alenka.toml").read_text(encoding="utf-8")
    file.write_text(text.replace("cap_bp = 5000", "cap = 50"), encoding="utf-8")
    output, code = run("check", str(file))
    assert (output, code) == (f"Error: {file}: redemption.cap_bp: is missing; add it\n", 1)
    output, code = run("check", str(tmp_path / "missing.toml"))
    assert code == 1
    assert "cannot be read" in output


def test_alenka_is_shown() -> None:
    output, code = run("show", "alenka")
    assert code == 0
    for words in (
        "1 bonus = 1.00 ₽",
        "up to 50% of eligible goods",
        "2% from 0.00 ₽, 3% from 1,500.00 ₽, 5% from 3,000.00 ₽ (receipt)",
        "welcome grant         150 bonuses, 90 days",
        "birthday grant        100 bonuses, to the end of the birthday window",
        "per receipt 300 bonuses, per day 500 bonuses",
        "ean13 2600…",
        "tobacco, nicotine, lottery, gift_certificate, card_fee, charity, deposit",
    ):
        assert words in output


def test_perekrestok_is_shown_in_russian() -> None:
    output, code = run("show", "perekrestok", "--language", "ru")
    assert code == 0
    for words in ("1 балл = 0,10 ₽", "10 баллов", "ещё 4 балла за каждые 10,00 ₽", "до конца календарного месяца 12"):
        assert words in output


def test_what_a_changed_file_says_is_shown(tmp_path: Path) -> None:
    text = (SHIPPED / "alenka.toml").read_text(encoding="utf-8")
    text = text.replace('mode = "capped"', 'mode = "deny"').replace('cap_base = "eligible"', 'cap_base = "receipt"')
    text = text.replace("needs_registration = true", "needs_registration = false\nreceipt_max_points = 70")
    text = text.replace('life = { kind = "months", count = 12 }', 'life = { kind = "date", day = 2027-01-01 }')
    file = tmp_path / "mine.toml"
    file.write_text(text, encoding="utf-8")
    output, _ = run("show", str(file))
    for words in ("denied", "50% of the receipt", "not needed", "70 bonuses, no limit", "to 2027-01-01"):
        assert words in output


def test_an_unknown_programme_is_told() -> None:
    output, code = run("show", "atlantis")
    assert (output, code) == (
        "Error: 'atlantis': no such programme; known: alenka, perekrestok; or give a .toml file\n",
        1,
    )


@pytest.mark.parametrize("id", ["alenka", "perekrestok"])
def test_a_programme_is_shown_in_one_language(id: str) -> None:
    """Ids are the file's own; all else is of the language that was asked for."""
    output, _ = run("show", id, "--language", "ru")
    for line in output.splitlines():
        assert re.match("[ а-яё,]+  ", line), line
    for word in ("more", "from", "each", "limit", "days", "receipt", "none", "per "):
        assert word not in output
    assert not re.search("[А-Яа-яё]", run("show", id, "--language", "en")[0])
    checked = run("check", str(SHIPPED / f"{id}.toml"), "--language", "ru")[0]
    assert ": всё верно. " in checked and "version" not in checked


def test_what_should_be_looked_at_again_is_a_line_each_and_no_error(tmp_path: Path) -> None:
    """R29, R16."""
    text = (SHIPPED / "perekrestok.toml").read_text(encoding="utf-8")
    text = text.replace(
        'lottery = { ru = "Лотерея", en = "Lottery", redeem = "no", earn = false', "lottery = { earn = true"
    )
    file = tmp_path / "mine.toml"
    file.write_text("\n".join(line for line in text.splitlines() if not line.startswith("goods =")), encoding="utf-8")
    output, code = run("check", str(file))
    lines = output.splitlines()
    assert code == 0
    assert len(lines) == 3
    assert [line.startswith(f"{file}: warning: ") for line in lines] == [True, True, False]
    assert "categories.lottery is open (earn)" in lines[0]
    assert "cards.schemes: 2700" in lines[1]
    assert ": good. " in lines[2]


@pytest.mark.parametrize("id", ["alenka", "perekrestok"])
def test_the_shipped_files_are_good_without_a_warning(id: str) -> None:
    assert "warning" not in run("check", str(SHIPPED / f"{id}.toml"))[0]
