"""The log of acts at the hub, and how far the tills' own logs are: edited, cut off, written anew."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from hub.cli import cli
from hub.desk.act import ActRefused, Asked
from hub.desk.acted import faults_of, newest
from hub.desk.acts import ACTS
from hub.desk.anchors import anchor_of
from hub.store.office_records import ActedRow
from hub.store.rows import Rows
from loyalty.audit import FIRST, AnchorAudit, AuditAnchored, Fault, Head, next_row, write_row
from storage import engine
from tests.hub.conftest import Office, Pen

OLGA = Asked("p1", "Орлова О.", "", "", "alenka", "k1")
TILL = Asked("", "t1", "t1", "s1", "alenka", "t1/k")


def act(office: Office, name: str, who: Asked = OLGA, **said: Any) -> Any:
    row = ACTS[name]
    return row.do(office.hub, who, msgspec.convert(said, row.takes))


def acted(office: Office) -> list[tuple[str, str, str]]:
    with office.hub.store.reading() as reader:
        return [(row.who, row.act, row.code) for row in newest(reader, 50)]


def test_an_act_and_a_refusal_stand_in_the_log_without_what_was_typed(office: Office) -> None:
    office.join(phone="+79161234567", name="Анна Петрова")
    act(office, "mark_staff", card="cardanna")
    with pytest.raises(ActRefused):
        act(office, "mark_staff", card="nobody's")
    act(office, "day", day="2026-03-02")
    assert acted(office) == [("p1", "mark_staff", "unknown_member"), ("p1", "mark_staff", "done")]
    with office.hub.store.reading() as reader:
        fields = newest(reader, 1)[0].fields
        assert fields == {"till": "office", "card": "nobody's", "staff": "True"} and faults_of(reader) == []
    shown = CliRunner().invoke(cli, ["audit", "show", "--db", str(office.path)]).output
    assert "mark_staff done" in shown and "Орлова" not in shown


@pytest.mark.parametrize("typed", ["+79161234567", "8 916 123-45-67", "9161234567", "Зимородок", "ps:" + "A" * 26])
def test_a_phone_a_name_or_a_badge_in_the_cards_place_stands_in_no_row(office: Office, typed: str) -> None:
    asked: dict[str, dict[str, Any]] = {
        "block_card": {"card": typed, "reason": "x"},
        "confirm_form": {"card": typed},
        "mark_staff": {"card": typed},
        "merge": {"gone": typed, "into": typed, "reason": "x"},
        "send_code": {"purpose": "redeem", "member": typed},
    }
    for name, said in asked.items():
        with pytest.raises(ActRefused):
            act(office, name, **said)
    rows = office.rows("SELECT body FROM acted")
    assert len(rows) == 5 and typed not in str(rows)


@pytest.mark.parametrize("field", ["at", "who", "act", "code", "fields", "before", "hash", "number"])
def test_an_edited_row_is_found_at_that_row(office: Office, field: str) -> None:
    office.join()
    for number in range(4):
        act(office, "mark_staff", card="cardanna", staff=bool(number % 2))
    assert CliRunner().invoke(cli, ["audit", "verify", "--db", str(office.path)]).exit_code == 0
    with engine.connect(office.path) as connection:
        body = connection.execute("SELECT body FROM acted WHERE number = 2").get
        row = msgspec.json.decode(str(body))
        row[field] = {"fields": {"card": "x"}, "number": 7}.get(field, "f" * 64)
        connection.execute("UPDATE acted SET body = ? WHERE number = 2", (msgspec.json.encode(row).decode(),))
    said = CliRunner().invoke(cli, ["audit", "verify", "--db", str(office.path)])
    assert said.exit_code == 1 and said.output.startswith("row 2 ")
    assert "row 1" not in said.output and "row 3" not in said.output


def test_two_acts_at_once_follow_each_other(office: Office) -> None:
    row = next_row(Head(), office.now, "p1", "x", "done", {})
    office.hub.within(lambda writer: writer.write(Rows(acted=[ActedRow(1, write_row(row).decode())])))
    office.join()
    act(office, "mark_staff", card="cardanna")
    with office.hub.store.reading() as reader:
        assert faults_of(reader) == [] and faults_of(reader, Head(1, row.hash)) == []
        assert faults_of(reader, Head(1, "f" * 64)) == [Fault(1, "other")]


# how far the tills' logs are


def tell(office: Office, number: int, digest: str, known: int = 0, known_hash: str = FIRST) -> AuditAnchored:
    told = AnchorAudit(number=number, hash=digest, known=known, known_hash=known_hash)
    answer = ACTS["anchor_audit"].do(office.hub, TILL, told)
    assert isinstance(answer, AuditAnchored)
    return answer


A, B, C = "a" * 64, "b" * 64, "c" * 64


def test_a_log_that_goes_on_is_kept_and_a_till_that_forgot_is_asked_again(office: Office) -> None:
    assert tell(office, 3, A) == AuditAnchored(known=3, kept=True)
    assert tell(office, 5, B) == AuditAnchored(known=3, kept=False), "it says nothing of row 3"
    assert tell(office, 5, B, known=3, known_hash=A) == AuditAnchored(known=5, kept=True)
    assert acted(office) == [], "what machines ask is no act"


@pytest.mark.parametrize(
    ("told", "fault"), [((2, C, 3, ""), "shorter"), ((5, C, 3, B), "other"), ((3, C, 3, C), "other")]
)
def test_a_log_that_is_shorter_or_another_is_a_case_once_until_somebody_has_looked(
    office: Office, told: tuple[int, str, int, str], fault: str
) -> None:
    office.take(office.sale(None))
    tell(office, 3, A)
    assert tell(office, *told) == AuditAnchored(known=3, kept=False, fault=fault)
    office.take(office.sale(None))
    assert tell(office, *told).fault == fault
    with office.hub.store.reading() as reader:
        [case] = [case for case in reader.all_cases() if case.kind == "audit"]
        assert (case.note, case.state) == (f"{fault}:3", "open") and anchor_of(reader, "t1").hash == A
    assert [one.kind for one in office.hub.changes(till="t1", programme="alenka", after="", limit=9).cases] == ["audit"]
    verify = CliRunner().invoke(cli, ["audit", "verify", "--db", str(office.path)])
    assert verify.exit_code == 1 and "till t1" in verify.output
    settle = ["cases", "settle", case.id, "--remedy", "talk", "--by", "Olga", "--db", str(office.path)]
    assert CliRunner().invoke(cli, settle).exit_code == 0
    assert tell(office, *told).kept
    tills = CliRunner().invoke(cli, ["audit", "tills", "--db", str(office.path)]).output
    assert tills.startswith(f"t1  {told[0]}:{told[1]}") and "audit/" not in tills
    assert office.verdict().faults == ()


# the day


def test_a_till_sees_its_own_stores_day_and_somebody_of_the_office_those_of_his(office: Office) -> None:
    from hub.jobs.running import Running
    from hub.jobs.table import JOBS

    office.join()
    office.take(office.sale(earned=7), pen=Pen("t1", store="s1"))
    office.take(office.sale(earned=9), pen=Pen("t2", store="s2"))
    (watch,) = [job for job in JOBS if job.name == "watch"]
    sum(Running(office.hub).run(watch, office.now))
    assert [part.counts["earned"] for part in act(office, "day", TILL, day="2026-03-02", store="s2").parts] == [7]
    of_two = OLGA._replace(stores=frozenset({"s2"}))
    assert [part.till for part in act(office, "day", of_two, day="2026-03-02", store="s2").parts] == ["t2"]
    for who, said in ((of_two, {"day": "2026-03-02", "store": "s1"}), (OLGA, {"day": "today", "store": "s1"})):
        with pytest.raises(ActRefused):
            act(office, "day", who, **said)
