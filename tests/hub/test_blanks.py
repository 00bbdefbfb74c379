"""SEC9: blank cards whose numbers nobody can count on, their sheets, and where they are."""

from __future__ import annotations

import random
import re
from itertools import pairwise
from pathlib import Path

import pytest
import zxingcpp
from click.testing import CliRunner
from PIL import Image, ImageDraw

from hub.blanks.batches import NoBatch, batches, draw_numbers, make, receive, room_of, spoil, standings
from hub.blanks.ean13 import MIDDLE, modules
from hub.blanks.sheet import ON_A_PAGE, sheet
from hub.cli import cli
from loyalty.card_numbers import wrong_with
from loyalty.programme import CardScheme
from tests.hub.conftest import NOW, PROGRAMMES, Office, Pen

ALENKA = PROGRAMMES["alenka"]
SCHEME = ALENKA.cards.schemes[0]
SMALL = CardScheme(kind="ean13", prefix="2600000000", length=13)  # a hundred numbers


def made(office: Office, count: int, id: str = "b-1", seed: int = 1) -> list[str]:
    draw = random.Random(seed).randrange
    return office.hub.within(lambda writer: make(writer, ALENKA, count, id=id, draw=draw, now=NOW, by="olga"))


def test_sec9_numbers_are_right_each_once_and_none_beside_another(office: Office) -> None:
    numbers = made(office, 500)
    assert len(set(numbers)) == 500 and all(wrong_with(number, SCHEME) is None for number in numbers)
    serials = sorted(int(number[:-1]) for number in numbers)
    assert min(later - earlier for earlier, later in pairwise(serials)) > 1
    assert numbers != sorted(numbers), "they are printed as they were drawn"


def test_sec9_no_number_is_given_twice_whosever_it_is() -> None:
    taken = {"2600000000017"}
    numbers = draw_numbers(SMALL, 20, random.Random(3).randrange, lambda asked: taken & set(asked))
    assert len(set(numbers)) == 20 and not taken & set(numbers) and room_of(SMALL) == 100


def test_sec9_a_batch_knows_the_ones_before_it(office: Office) -> None:
    first = made(office, 50)
    again = made(office, 50, "b-2")  # the same chance
    assert not set(first) & set(again)


def test_a_scheme_without_room_says_so(office: Office) -> None:
    from dataclasses import replace

    narrow = replace(ALENKA, cards=replace(ALENKA.cards, schemes=(SMALL,)))
    with pytest.raises(NoBatch, match="another prefix"):
        office.hub.within(
            lambda writer: make(writer, narrow, 2, id="b", draw=random.Random(1).randrange, now=NOW, by="")
        )


def test_made_received_issued_spoiled_left(office: Office) -> None:
    numbers = made(office, 5)
    office.hub.within(lambda writer: receive(writer, "b-1", "s1", NOW, "ivan"))
    assert office.take(office.issued(numbers[0], "guest")) == ["applied"]
    office.hub.within(lambda writer: spoil(writer, numbers[1:3]))
    with office.hub.store.reading() as reader:
        assert tuple(standings(reader)["b-1"]) == (1, 2, 2)
        (one,) = batches(reader)
    assert (one.store, one.received_by, one.count, one.by) == ("s1", "ivan", 5, "olga")
    assert office.verdict().faults == ()
    for wrong, why in (
        (lambda writer: receive(writer, "b-1", "s2", NOW, ""), "received by store s1"),
        (lambda writer: receive(writer, "b-9", "s2", NOW, ""), "no batch b-9"),
        (lambda writer: spoil(writer, [numbers[3], numbers[0]]), "is somebody's"),
        (lambda writer: spoil(writer, ["2600000000017"]), "of no batch"),
    ):
        with pytest.raises(NoBatch, match=why):
            office.hub.within(wrong)
    with office.hub.store.reading() as reader:
        assert standings(reader)["b-1"].spoiled == 2


def test_the_bars_of_a_sheet_are_read_by_a_reader_of_bars() -> None:
    """The rectangles of the page, drawn at 600 points an inch or so, and read."""
    numbers = draw_numbers(SCHEME, ON_A_PAGE + 1, random.Random(5).randrange, lambda asked: ())
    first, second = sheet(numbers).decode("latin-1").split("endstream")[:-1]
    assert [re.findall(r"\((\d{13})\) Tj", page) for page in (first, second)] == [numbers[:10], numbers[10:]]
    picture = Image.new("L", (4200, 5940), 255)
    pen = ImageDraw.Draw(picture)
    for found in re.finditer(r"^([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re f$", first, re.MULTILINE):
        x, y, width, height = (float(side) / 72 * 25.4 * 20 for side in found.groups())
        pen.rectangle((round(x), round(5940 - y - height), round(x + width) - 1, round(5940 - y)), fill=0)
    assert {code.text for code in zxingcpp.read_barcodes(picture)} == set(numbers[:10])
    assert modules(numbers[0])[45:50] == MIDDLE


def test_a_sheets_table_says_where_each_part_begins() -> None:
    file = sheet(["2600000000017"])
    begins = [int(at) for at in re.findall(rb"(\d{10}) 00000 n", file)]
    assert [file[at:].split(b" ", 1)[0] for at in begins] == [b"1", b"2", b"3", b"4", b"5"]
    assert file[int(file.split(b"startxref\n")[1].split(b"\n")[0]) :].startswith(b"xref")


def test_the_commands(office: Office, tmp_path: Path) -> None:
    db = ["--db", str(office.path)]

    def said(*words: str) -> str:
        result = CliRunner().invoke(cli, ["cards", words[0], *db, *words[1:]])
        assert result.exit_code == 0, result.output
        return result.output

    out = ["--csv", str(tmp_path / "works.csv"), "--pdf", str(tmp_path / "sheets.pdf")]
    assert "none" in said("list")
    id = said("batch", "--programme", "alenka", "--count", "3", *out).split()[1].rstrip(":")
    header, *numbers = (tmp_path / "works.csv").read_text(encoding="ascii").splitlines()
    assert header == "number" and len(numbers) == 3
    assert (tmp_path / "sheets.pdf").read_bytes().startswith(b"%PDF-1.4")
    assert "not received yet  3 made, 0 issued, 0 spoiled, 3 left" in said("list")
    said("receive", id, "--store", "s1")
    said("spoil", numbers[0])
    assert "store s1 since 2026" in said("list") and '"left": 2' in said("list", "--json")
    assert "2 numbers" in said("sheets", id, *out)
    refused = CliRunner().invoke(cli, ["cards", "receive", *db, "b-0", "--store", "s1"])
    assert refused.exit_code == 1 and "There is no batch b-0" in refused.output


def odd(office: Office) -> list[tuple[str, str]]:
    with office.hub.store.reading() as reader:
        return [(case.id, case.note) for case in reader.all_cases() if case.kind == "odd_blank"]


def test_sec9_a_card_that_is_no_blank_of_its_store_is_given_out_and_a_case(office: Office) -> None:
    """The customer has it: only people can look at it."""
    office.join("anna")
    assert office.take(office.issued("2600000000017", "first")) == ["applied"]
    assert odd(office) == [], "a chain without batches works as before"
    (right, spoiled), (elsewhere,) = made(office, 2), made(office, 1, "b-2", seed=2)
    office.hub.within(lambda writer: receive(writer, "b-1", "s1", NOW, ""))
    office.hub.within(lambda writer: spoil(writer, [spoiled]))
    here = Pen("t2", store="s1")
    given = (right, spoiled, elsewhere, "2600000000024")
    for number, guest in zip(given, ("one", "two", "three", "four"), strict=True):
        assert office.take(office.issued(number, guest), pen=here) == ["applied"]
    assert office.take(office.reissued("cardanna", "2600000000031"), pen=here) == ["applied"]
    assert odd(office) == [
        ("odd_blank/t2/1/2", "spoiled"),
        ("odd_blank/t2/1/3", "not_received"),
        ("odd_blank/t2/1/4", "of_no_batch"),
        ("odd_blank/t2/1/5", "of_no_batch"),
    ]
    assert office.verdict().faults == ()
