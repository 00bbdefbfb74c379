"""Whose data a lost till held, by what it was told (`pos-hub exposed`)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from hub.cli import cli
from hub.store.office_records import StoreRow
from hub.stores import keep_store, see
from hub.tills.joining import found
from hub.tills.telling import exposed
from hub.tills.till import Told
from tests.hub.conftest import NOW, Office
from tests.speaking import joined
from tests.there import there


def page(office: Office, after: str = "", limit: int = 100, **asked: Any) -> str:
    """The till reads one, as its face gives it; the cursor for the next."""
    told = office.hub.changes(till="t1", programme="alenka", after=after, limit=limit, **asked)
    office.hub.tills.note_told(there(office.hub.tills.find("t1")), "alenka", told)
    return told.cursor


def told(office: Office) -> Told:
    with office.hub.store.reading() as reader:
        till = found(reader, "t1")
    assert till is not None and till.told is not None
    return till.told


def whose(office: Office) -> dict[str, bool]:
    with office.hub.store.reading() as reader:
        return {one.member: one.certain for one in exposed(reader, told(office))}


def test_exposed_are_those_of_whom_the_till_was_told(office: Office) -> None:
    joined(office.hub, "t1")
    for member in ("anna", "boris", "vera"):
        office.join(member)
    cursor = page(office, limit=2)
    assert whose(office) == {"anna": True, "boris": True, "vera": False}
    page(office, cursor)
    assert whose(office) == {"anna": True, "boris": True, "vera": True} and told(office).whole, "the end is written"
    office.join("late")
    assert whose(office)["late"] is False


def test_its_place_is_written_now_and_then(office: Office) -> None:
    joined(office.hub, "t1")
    office.join("anna")
    first = page(office)
    office.join("boris")
    office.now = NOW + timedelta(minutes=9)
    second = page(office, first)
    assert told(office).cursor == first, "not each time that a till asks"
    office.join("vera")
    office.now = NOW + timedelta(minutes=10)
    page(office, second)
    assert told(office).cursor not in (first, second) and told(office).since < told(office).until
    assert whose(office) == {"anna": True, "boris": True, "vera": True}


def test_of_a_shop_only_those_who_are_seen_there(office: Office) -> None:
    joined(office.hub, "t1")
    for member in ("anna", "boris"):
        office.join(member)
    office.hub.within(lambda writer: keep_store(writer, StoreRow("s1", members="shop", keep_days=30)))
    office.hub.within(lambda writer: see(writer, "s1", ["boris"], NOW))
    page(office, store="s1")
    assert whose(office) == {"boris": True} and told(office).scope == "shop:s1"


def test_the_command_says_how_many_and_writes_who(office: Office, tmp_path: Path) -> None:
    joined(office.hub, "t1")
    office.join("anna", phone="+79161234567", name="Анна Павлова")
    page(office)
    office.join("boris", name="=1+1")
    out, db = tmp_path / "leak.csv", ["--db", str(office.path)]
    said = CliRunner().invoke(cli, ["exposed", *db, "t1", "--csv", str(out)])
    assert said.exit_code == 0, said.output
    assert "told of 1 members of alenka (the chain), from 2026-03-02T12:00 to 2026-03-02T12:00 UTC" in said.output
    assert "perhaps of 1 more" in said.output and "heard still" in said.output
    assert out.read_text(encoding="utf-8").splitlines() == [
        "member,phone,name,told",
        "anna,'+79161234567,Анна Павлова,yes",
        "boris,,'=1+1,perhaps",
    ]
    for other, why in (("nobody", "no till nobody"), ("t2", "was told of nobody")):
        joined(office.hub, "t2")
        refused = CliRunner().invoke(cli, ["exposed", *db, other])
        assert refused.exit_code == 1 and why in refused.output
