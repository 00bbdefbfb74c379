"""Whom the office finds, and what happened to him: who, where, when, by whom."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from hub.cli import cli
from hub.commands.ordering import key_of
from hub.people.cards import block, merge
from hub.people.grants import Terms, give
from hub.people.history import gone_into, history
from hub.people.orders import Order
from hub.people.pdf import LETTERS, LINES, pdf_of
from hub.people.statement import page_of, statement_of, text_of, write_statement
from hub.people.view import viewed
from hub.people.where import joined_words, parse_where
from hub.people.who import NotFound, found_by, person_called
from hub.people.whom import Found
from loyalty.bodies import MemberMerged
from tests.hub.conftest import Office
from tests.hub.people.conftest import P1

OLGA = Order(by="Olga")


def acts(office: Office, member: str = "anna", *cards: str) -> list[Any]:
    with office.hub.store.reading() as reader:
        return history(reader, member, cards)


def found(office: Office, text: str = "", **by: Any) -> list[str]:
    with office.hub.store.reading() as reader:
        return [one.member for one in found_by(reader, office.hub.programmes, text, **by)]


@pytest.mark.parametrize(
    "text", ["anna", "cardanna", "8 (916) 123-45-67", P1, "петрова", "АННА", "петр ан", "ан"], ids=lambda text: text
)
def test_somebody_is_found_by_whatever_is_known(people: Office, text: str) -> None:
    assert found(people, text) == ["anna"]


def test_one_kind_of_look_is_only_that(people: Office) -> None:
    people.join("анна", name="Пётр")
    assert found(people, name="анна") == ["anna"] and found(people, "анна") == ["анна"]
    assert found(people, name="петр") == ["anna", "анна"], "ё is е"
    assert found(people, card="cardboris") == ["boris"] and found(people, phone=P1) == ["anna"]
    assert found(people, card="boris") == found(people, phone="+79990000000") == found(people, name="%") == []
    with pytest.raises(NotFound, match="Phone"):
        found(people, phone="x")


def test_who_is_two_by_one_phone_is_told_with_both(people: Office) -> None:
    people.join("petr", programme="perekrestok", phone=P1)
    assert found(people, P1) == ["anna", "petr"]
    with people.hub.store.reading() as reader, pytest.raises(NotFound, match=r"anna \(alenka\), petr \(perekrestok\)"):
        person_called(reader, people.hub.programmes, P1)


def test_a_history_has_what_was_booked_by_his_card_for_a_member_of_another_ledger(people: Office) -> None:
    """A till knew him by an id that the ledger never had, or has no more (it was put back)."""
    people.take(people.sale("somebody", card="cardanna", earned=12))
    told = [(act.kind, act.points) for act in acts(people, "anna", "cardanna")]
    assert told[-1] == ("sale", 12) and people.balance() == sum(points for _, points in told)


def test_a_history_has_all_that_names_the_member_or_his_card(people: Office) -> None:
    people.take(people.sale(earned=12, spent=100))
    people.take(people.sale(None, card="cardanna"))  # by a till that does not know whose it is
    people.take(people.sale("boris", earned=5))
    people.now += timedelta(minutes=1)
    block(people.hub, "cardanna", OLGA, "lost")
    told = acts(people, "anna", "cardanna")
    assert [(act.kind, act.points, act.by) for act in told] == [
        ("member_joined", 0, ""),
        ("grant", 150, ""),
        ("sale", -88, ""),
        ("sale", 0, ""),
        ("card_blocked", 0, "Olga"),
    ]
    assert told[2].words == "receipt 1 of 10.00, 100 redeemed, 12 earned" and told[2].where == "t1"
    assert told[2].id == "t1/1/1" and told[4].words == "card cardanna was blocked: lost"


def test_points_of_a_history_are_the_balance(people: Office) -> None:
    people.take(people.sale(earned=12, spent=400))
    merge(people.hub, "boris", "anna", OLGA)
    assert sum(act.points for act in acts(people)) == people.balance() == 150 + 12 - 400 + 40


def test_who_went_into_him_is_he_be_it_one_after_the_other(people: Office) -> None:
    people.take(people.sale("boris", earned=5))
    people.now += timedelta(minutes=1)
    merge(people.hub, "boris", "vera", OLGA)
    merge(people.hub, "vera", "anna", OLGA)
    with people.hub.store.reading() as reader:
        assert gone_into(reader, "anna") == ["vera", "boris"]
    assert [act.kind for act in acts(people) if act.kind in ("sale", "member_merged")] == [
        "sale",
        "member_merged",
        "member_merged",
    ]


def test_whoever_was_not_taken_in_is_somebody_else(people: Office) -> None:
    """Erasing forgets all who went into a member, and nobody else."""
    people.join("petr", programme="perekrestok")
    assert people.born(MemberMerged(member="petr", into="anna")) == "unknown_member"
    assert people.born(MemberMerged(member="boris", into="vera")) == "applied"
    with people.hub.store.reading() as reader:
        assert gone_into(reader, "anna") == [] and gone_into(reader, "vera") == ["boris"]
    assert people.born(MemberMerged(member="boris", into="anna")) == "applied", "vera, who is boris too"
    with people.hub.store.reading() as reader:
        assert sorted(gone_into(reader, "anna")) == ["boris", "vera"]
    assert sum(act.points for act in acts(people)) == people.balance() == 190


def test_what_was_refused_is_told_as_refused(people: Office) -> None:
    assert people.born(MemberMerged(member="anna", into="anna")) == "same_member"
    assert acts(people)[-1].refused == "same_member"


def test_a_name_is_no_pattern_in_the_texts(office: Office) -> None:
    for member in ('a"b', "a_b", "a%b", "a\\b", "axb"):
        office.join(member, points=1)
    for member in ('a"b', "a_b", "a%b", "a\\b"):
        assert [act.kind for act in acts(office, member)] == ["member_joined", "grant"], member


def test_a_member_is_seen_with_lots_and_cases(people: Office) -> None:
    people.grant(30, days=5)
    people.grant(7, start=2)
    people.take(people.sale(spent=200), people.sale(spent=999))
    with people.hub.store.reading() as reader:
        view = viewed(people.hub, person_called(reader, people.hub.programmes, "anna"))
    assert (view.points, view.debt, view.bought_kopecks) == (people.balance(), 1019, 2_000)
    assert [(lot.points, lot.waits) for lot in view.lots] == [(7, True)]
    assert view.cases == ("debt/t1/1/1", "debt/t1/1/2")
    assert view.name == "Анна Петрова" and [card.number for card in view.cards] == ["cardanna"]


# the statement


def test_a_statement_adds_up_and_tells_no_secrets(people: Office, tmp_path: Path) -> None:
    people.take(people.sale(earned=12, spent=100))
    block(people.hub, "cardanna", OLGA, "stolen, they say")
    written = statement_of(people.hub, "anna")
    assert (written.before, written.after, written.now) == (0, 62, 62)
    text = text_of(written)
    assert "Анна Петрова" in text and "62 бонуса" in text and "stolen" not in text and "Olga" not in text
    english = statement_of(people.hub, "anna", language="en")
    for name in ("anna.html", "anna.txt", "anna.pdf"):
        write_statement(english, tmp_path / name)
    assert "<td>Purchase</td>" in (tmp_path / "anna.html").read_text(encoding="utf-8")
    assert (tmp_path / "anna.txt").read_text(encoding="utf-8") == text_of(english) + "\n"
    assert (tmp_path / "anna.pdf").read_bytes().startswith(b"%PDF-")
    assert not list(tmp_path.glob("*.part"))


def test_a_long_statement_has_pages(people: Office) -> None:
    assert [pdf_of("строка\n" * lines).count(b"/Type /Page\n") for lines in (0, 1, LINES, LINES + 1)] == [1, 1, 1, 2]
    assert pdf_of("s" * LETTERS * (LINES + 1)).count(b"/Type /Page\n") == 2


def test_a_statement_of_some_days_begins_with_what_was_before(people: Office) -> None:
    day = people.now.date()
    people.take(people.sale(earned=12))
    tomorrow = day.replace(day=day.day + 1)
    later = statement_of(people.hub, "anna", first=tomorrow)
    assert (later.before, later.after, later.rows) == (162, 162, ())
    assert statement_of(people.hub, "anna", last=day).after == 162


def test_sec3_a_name_is_text_in_a_page(people: Office) -> None:
    people.tamper("UPDATE members SET name = '<script>alert(1)</script>' WHERE member = 'anna'")
    written = statement_of(people.hub, "anna")
    assert "<script>" in text_of(written) and "<script>" not in page_of(written)


# the commands


def run(office: Office, *words: str, code: int = 0, **more: Any) -> str:
    done = CliRunner().invoke(cli, [*words, "--db", str(office.path)], **more)
    assert done.exit_code == code, done.output
    return done.output


def test_the_commands_speak_json(people: Office) -> None:
    (line,) = run(people, "member", "find", "петрова", "--json").splitlines()
    assert json.loads(line)["phone"] == P1
    shown = json.loads(run(people, "member", "show", "anna", "--json", "--history", "1"))
    assert (shown["member"]["points"], shown["acts"], len(shown["history"])) == (150, 2, 1)
    done = json.loads(run(people, "member", "block", "cardanna", "--reason", "lost", "--json", "--by", "Olga"))
    assert done == {"member": "anna", "words": "Card cardanna is blocked.", "changed": True}
    given = json.loads(run(people, "grant", "--card", "cardanna", "--points", "5", "--reason", "why", "--json"))
    assert json.loads(run(people, "grant", "list", "--json"))["id"] == given["id"]
    assert json.loads(run(people, "grant", "undo", given["id"], "--json"))["points"] == 5
    assert json.loads(run(people, "correct", "anna", "--points", "-5", "--reason", "why", "--json"))["changed"]


def test_what_is_not_whole_is_told_in_a_line(people: Office, tmp_path: Path) -> None:
    assert "one thing to look for" in run(people, "member", "find", code=2)
    assert "Nobody has" in run(people, "member", "show", "zoe", code=1)
    assert "say --yes" in run(people, "member", "erase", "anna", "--reason", "asked", code=1)
    assert "say --yes" in run(people, "member", "merge", "anna", "--into", "boris", code=1)
    assert "Say the phone, or --forget" in run(people, "member", "phone", "anna", code=2)
    assert "--card and --points, or --file" in run(people, "grant", "--reason", "why", code=2)
    assert ".txt, .html, .pdf" in run(people, "member", "statement", "anna", "--out", "a.doc", code=2)
    assert "write a day like" in run(people, "member", "statement", "anna", "--from", "1 March", code=2)
    file = tmp_path / "gifts.csv"
    file.write_text("карта;баллы\ncardanna;5\n\ncardboris;x\n", encoding="cp1251")
    assert "line 4: points 'x' must be a whole number" in run(
        people, "grant", "--file", str(file), "--reason", "why", code=1
    )
    file.write_text("cardanna,5\n", encoding="utf-8")
    assert "--points says 7" in run(people, "grant", "--file", str(file), "--points", "7", "--reason", "w", code=1)
    assert people.balance() == 150


def test_the_same_command_again_gives_nothing_twice(people: Office, tmp_path: Path) -> None:
    words: tuple[str, ...] = ("grant", "--card", "cardanna", "--points", "5", "--reason", "why", "--by", "Olga")
    assert "Given: 5 points to 1 member" in run(people, *words) and "Given before" in run(people, *words)
    assert "Given: 5" in run(people, *words, "--asked", "once more")
    file = tmp_path / "gifts.csv"
    file.write_bytes("\ufeffcard;points\r\ncardanna;5\r\ncardboris;6\r\n".encode())
    words = ("grant", "--file", str(file), "--reason", "why")
    assert "Given: 11 points to 2 members" in run(people, *words) and "Given before" in run(people, *words)
    words = ("correct", "anna", "--points", "1", "--reason", "why")
    assert "+1 point until" in run(people, *words) and "Done before" in run(people, *words)
    assert people.balance() == 150 + 5 + 5 + 5 + 1


@pytest.mark.parametrize("spelled", [("ольга", "Битые яйца"), (" Ольга ", "битые  яйца ")])
def test_the_same_order_in_another_spelling_is_the_same(people: Office, spelled: tuple[str, str]) -> None:
    def said(by: str, reason: str) -> tuple[str, str]:
        how = ("--points", "5", "--by", by, "--reason", reason)
        return run(people, "grant", "--card", "cardanna", *how), run(people, "correct", "boris", *how)

    said("Ольга", "битые яйца")
    given, corrected = said(*spelled)
    assert "Given before" in given and "Done before" in corrected
    assert (people.balance(), people.balance("boris")) == (155, 45)
    said("Ольга", "битая посуда")
    assert (people.balance(), people.balance("boris")) == (160, 50)


def test_an_order_kept_under_its_reason_as_it_was_typed_is_found(people: Office) -> None:
    """By a hub of before: the same next year gives nothing twice."""
    words = joined_words(["registered"])
    order = Order(by="Olga", key=key_of("where", "alenka", words, "5", "Ваш месяц"))
    give(people.hub, Found("alenka", words, [parse_where(words)], 5), Terms(reason="Ваш месяц"), order)
    how = ("--where", words, "--programme", "alenka", "--points", "5", "--reason", "Ваш месяц")
    assert "Given before" in run(people, "grant", *how)


def test_who_is_logged_in_orders_it_when_nobody_is_named(people: Office) -> None:
    run(people, "member", "block", "cardanna", "--reason", "lost", env={"LOGNAME": "olga"})
    assert acts(people)[-1].by == "olga"


def test_every_command_says_what_it_is(people: Office) -> None:
    told = CliRunner().invoke(cli, ["member", "--help"]).output
    assert re.findall(r"^  (\w+)  ", told, flags=re.MULTILINE) == sorted(
        [
            "balance",
            "birthday",
            "block",
            "code",
            "confirm",
            "consent",
            "email",
            "erase",
            "find",
            "forms",
            "link",
            "merge",
            "name",
            "phone",
            "show",
            "staff",
            "statement",
            "stickers",
            "unblock",
        ]
    )
