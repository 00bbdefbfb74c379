"""`pos-agent preview`: a paper without a printer, on the terminal and as a picture; bad input in one line."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from config.printers import load_printer
from config.settings import SettingsError
from drivers.printer.document import QR, Cut, Document, Text, from_json, to_json
from drivers.scanner.decode import decode, read_picture
from loyalty.bodies import Sale, SaleNumber
from offline_cache.cache import Cache, Rules
from offline_cache.records import Paper
from pos_agent.commands.preview import command
from pos_agent.paper_picture import papers_of
from storage import engine

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
EXAMPLE = Path(__file__).parent.parent.parent / "docs" / "examples" / "receipt.json"


def run(*words: str, given: bytes = b"") -> Result:
    return CliRunner().invoke(command, list(words), input=given)


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """A till whose printer has 32 columns, with one receipt on its disk."""
    path = tmp_path / "pos-agent.toml"
    path.write_text(
        'till = "till-1"\nprogramme = "alenka"\ndata = "data"\n[hub]\nurl = "http://127.0.0.1:9"\n'
        '[printer]\nurl = "tcp://127.0.0.1:9"\nmodel = "own.toml"\n'
    )
    (tmp_path / "own.toml").write_text("columns = 32\nwidth_dots = 384\n")
    (tmp_path / "data").mkdir()
    cache = Cache(tmp_path / "data" / "till.db", "till-1")
    sale = Sale(
        sale=SaleNumber(day="2026-03-02", number="17"),
        member="anna",
        card=None,
        link="online",
        lines=(),
        total_kopecks=0,
        paid_kopecks=0,
    )
    document = to_json(Document((Text("Чек 17", align="right"), QR("po:17"), Cut())))
    cache.record(
        [sale],
        sale=sale.sale,
        rules=Rules(programme="alenka", programme_hash="a" * 64),
        papers=lambda made: [Paper(kind="receipt", label="17", document=document)],
        at=NOW,
    )
    job = cache.print_jobs.oldest_open()
    assert job is not None
    cache.print_jobs.begin(job)  # as if the agent were printing it now
    cache.close()
    return path


def test_the_example_on_the_terminal() -> None:
    done = run(str(EXAMPLE), "--model", "xprinter-58")
    assert done.exit_code == 0
    assert "  3 x 89.90               269.70" in done.output.splitlines()


def test_a_document_from_standard_input_as_a_picture_that_a_camera_reads(tmp_path: Path) -> None:
    done = run("-", "--png", str(tmp_path / "x.png"), given=EXAMPLE.read_bytes())
    assert done.exit_code == 0, done.output
    assert [code.text for code in decode(read_picture(tmp_path / "x.png"))] == ["po:till-1:1:1:83af6a0cf5ec8455"]


def test_a_stored_receipt_in_the_width_of_the_tills_own_printer(settings: Path) -> None:
    done = run("--sale", "17", "--day", "2026-03-02", "--config", str(settings))
    assert done.output.splitlines()[0] == " " * 26 + "Чек 17"


def test_looking_changes_nothing_of_a_job_on_its_way(settings: Path) -> None:
    run("--sale", "17", "--day", "2026-03-02", "--config", str(settings))

    with closing(engine.connect(settings.parent / "data" / "till.db")) as connection:
        assert connection.execute("SELECT state FROM print_jobs").fetchall() == [("sending",)]


@pytest.mark.parametrize("model", ["epson-tm-t20", "pos-5890", "rongta-rp326"])
def test_a_models_own_slots_do_not_spoil_its_preview(model: str, tmp_path: Path) -> None:
    png = tmp_path / "x.png"
    assert run(str(EXAMPLE), "--model", model, "--png", str(png)).exit_code == 0
    assert png.read_bytes().startswith(b"\x89PNG")
    (paper,) = papers_of(from_json(EXAMPLE.read_bytes()), load_printer(model))
    assert 'Шоколад "Алёнка" 90 г' in paper.lines()


@pytest.mark.parametrize(
    "words, told",
    [
        ((), "give a FILE"),
        (("x.json", "--sale", "1"), "give a FILE"),
        (("nowhere.json",), "nowhere.json cannot be read"),
        ((str(Path(__file__)),), "no document"),
        ((str(EXAMPLE), "--model", "tardis"), "tardis"),
        (("--sale", "99", "--day", "2026-03-02", "--config", "SETTINGS"), "no receipt of sale 99"),
        (("--sale", "17", "--config", "SETTINGS"), "no receipt of sale 17"),  # of today
        ((str(EXAMPLE), "--png", "/nowhere/x.png"), "was not drawn"),
    ],
)
def test_what_cannot_be_shown_is_told_in_one_line(words: tuple[str, ...], told: str, settings: Path) -> None:
    done = run(*(str(settings) if word == "SETTINGS" else word for word in words))
    text = done.output + str(done.exception or "")
    assert done.exit_code != 0
    assert told in text and "Traceback" not in text


def test_a_till_without_a_file_is_told_and_gets_none(settings: Path) -> None:
    (settings.parent / "data" / "till.db").unlink()
    done = run("--sale", "17", "--config", str(settings))
    assert "is not there" in str(done.exception)
    assert not (settings.parent / "data" / "till.db").exists()


@pytest.mark.parametrize("document", [{"blocks": []}, {"blocks": [{"block": "fax"}]}, [], {}])
def test_half_a_document_is_not_drawn(document: object, tmp_path: Path) -> None:
    done = run("-", "--png", str(tmp_path / "x.png"), given=json.dumps(document).encode())
    assert done.exit_code == 1
    assert not (tmp_path / "x.png").exists()


def test_settings_that_are_there_and_cannot_be_read_are_told(tmp_path: Path) -> None:
    """As in a folder that may not be looked into; the tests' own user may be one who may look everywhere."""
    path = tmp_path / ("x" * 300 + ".toml")
    done = run(str(EXAMPLE), "--config", str(path))
    assert isinstance(done.exception, SettingsError)
    assert str(path) in str(done.exception) and "too long" in str(done.exception)


def test_a_model_that_is_no_text_is_told_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_bytes(b"\x80\x81")
    done = run(str(EXAMPLE), "--model", str(path))
    assert done.exit_code == 1 and str(path) in done.output and "UTF-8" in done.output
