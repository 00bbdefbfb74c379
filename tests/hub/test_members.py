"""Members come by CSV, and are registered once. How a file is taken is in test_importing.py."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest

from config.programmes import load_programme
from hub.files.members_file import read_members
from hub.importing import import_members
from hub.members import BAD_LINES_SHOWN_MAX, BadMembers, NewMember, UnknownCard
from hub.people.registering import register_member
from loyalty.phones import phone_key
from tests.hub.conftest import Office

HEAD = "programme,card,phone,points,registered,birthday,favourites,member\n"
GOOD = "alenka,2600000000017,8 916 123-45-67,150,yes,1990-05-17,чай;мёд,anna\n"
PROGRAMMES = {id: load_programme(id) for id in ("alenka", "perekrestok")}


def read(text: str) -> list[NewMember]:
    """Raises BadMembers when one row cannot be taken."""
    rows = read_members(io.BytesIO(text.encode()), PROGRAMMES).rows
    rows.all_there()
    return list(rows)


def problems(text: str) -> list[str]:
    with pytest.raises(BadMembers) as caught:
        read(text)
    assert all("\n" not in problem for problem in caught.value.problems)
    return caught.value.problems


def take(office: Office, text: str) -> None:
    for _ in import_members(office.hub, read(text)):
        pass


def key_of(office: Office, phone: str) -> str:
    """What tills are told instead of the phone."""
    return phone_key(office.hub.phone_hash_key("alenka"), phone).hex()


def state(office: Office) -> list[Any]:
    return [
        office.rows(f"SELECT * FROM {table}")
        for table in ("operations", "members", "cards", "lots", "changes", "chains")
    ]


def test_a_line_becomes_a_member_with_card_points_and_profile(office: Office) -> None:
    take(office, HEAD + GOOD)
    anna = office.snapshot()
    assert (anna.lots[0].points, anna.birthday, anna.favourites) == (150, "1990-05-17", ("чай", "мёд"))
    assert anna.phone_key == key_of(office, "+79161234567") and office.cards() == {"2600000000017": "active"}
    assert office.rows("SELECT chain, sequence FROM operations ORDER BY sequence") == [("hub", 1), ("hub", 2)]
    assert office.verdict().faults == ()


def test_the_shortest_file_has_a_programme_and_a_card(office: Office) -> None:
    take(office, "card,programme\n2600000000017,alenka\n")
    ((member,),) = office.rows("SELECT member FROM members")
    assert len(member) == 16 and office.cards(member) == {"2600000000017": "issued"} and office.balance(member) == 0


def test_a_spreadsheets_semicolons_and_blank_lines_are_taken(office: Office) -> None:
    (anna, boris) = read("programme;card;points\n\nalenka; 2600000000017 ;5\n\nalenka;c2;\n")
    assert (anna.card, anna.points, anna.line, boris.line) == ("2600000000017", 5, 3, 5)


BAD = {
    "gazprom,1,,,,,,": "line 2: programme 'gazprom' is not one of alenka, perekrestok",
    ",1,,,,,,": "line 2: programme ''",
    "alenka,,,,,,,": "line 2: card '' must be letters and digits",
    "alenka,2_6,,,,,,": "line 2: card '2_6' must be letters and digits",
    "alenka,٣٣,,,,,,": "line 2: card '٣٣'",
    "alenka": "line 2: card ''",
    "alenka,1,123,,,,,": "line 2: phone '123' is not a whole phone number",
    "alenka,1,phone,,,,,": "line 2: phone 'phone' is not a phone number",
    "alenka,1,,-5,,,,": "line 2: points '-5' must be a whole number from 0 to",
    "alenka,1,,1.5,,,,": "line 2: points '1.5'",
    "alenka,1,,²,,,,": "line 2: points '²'",
    "alenka,1,,100000001,,,,": "line 2: points '100000001'",
    "alenka,1,,,maybe,,,": "line 2: registered 'maybe' must be yes or no",
    "alenka,1,,,,17.13.1990,,": "line 2: birthday '17.13.1990' is not a day",
    "alenka,1,,,,1990-02-30,,": "line 2: birthday '1990-02-30' is not a day",
    "alenka,1,,,,,,x,y": "line 2: more fields than columns",
    f"alenka,{'1' * 301},,,,,,": "line 2: card must be at most 300 printable characters",
    "alenka,1,,,,,,a\x1b[2J": "line 2: member must be at most 300 printable characters",
    'alenka,1,,,,,"чай\nмёд",': "line 2: favourites must be at most 300 printable characters",
}


@pytest.mark.parametrize("line", BAD, ids=lambda line: line[:40])
def test_a_bad_line_is_told_with_its_number_and_why(line: str) -> None:
    (problem,) = problems(f"{HEAD}{line}\n")
    assert problem.startswith(BAD[line])


def test_every_bad_line_is_told(office: Office) -> None:
    text = HEAD + GOOD + "alenka,2,,x,,,,\n" + "alenka,3,,,,,,\n" + "gazprom,4,,,,,,\n"
    assert [problem.split(":")[0] for problem in problems(text)] == ["line 3", "line 5"]


def test_a_card_or_a_member_twice_in_the_file_is_told_with_both_lines() -> None:
    other = GOOD.replace("123-45-67", "123-45-68")
    text = HEAD + GOOD + other.replace("anna", "boris") + GOOD.replace("2600000000017", "2")
    assert problems(text) == [
        "line 3: card 2600000000017 stands on line 2 too",
        "line 4: member anna stands on line 2 too; phone +79161234567 stands on line 2 too",
    ]


@pytest.mark.parametrize(
    ("head", "problem"),
    [
        ("programme\n", "line 1: missing column 'card'"),
        (
            "code,name\n",
            "line 1: missing column 'programme', missing column 'card'. The file's columns: «code», «name».",
        ),
        ("", "the file is empty"),
        ("programme,card,card\n", "line 1: «card» and «card» are both card: say which with --map"),
    ],
)
def test_a_bad_heading_is_told(head: str, problem: str) -> None:
    (told,) = problems(head + "alenka,1\n" if head else "")
    assert told.startswith(problem)


def test_a_field_without_an_end_is_told() -> None:
    (told,) = problems(HEAD + 'alenka,"1' + "x" * 200_000)
    assert told.startswith("line 2: field larger than")
    (told,) = problems("programme,card," + "x" * 200_000 + "\nalenka,1,\n")
    assert told.startswith("line 1: field larger than")


def test_a_file_of_which_some_letters_are_broken_is_told() -> None:
    text = (HEAD + GOOD).encode()
    broken = text.replace("ё".encode(), "ё".encode()[:1])
    with pytest.raises(BadMembers, match="the file is UTF-8, but for 1 letters that are broken"):
        read_members(io.BytesIO(broken), PROGRAMMES)


def test_what_the_ledger_has_already_is_told_by_line_and_nothing_is_taken(office: Office) -> None:
    take(office, HEAD + GOOD)
    before = state(office)
    with pytest.raises(BadMembers) as caught:
        take(
            office,
            HEAD
            + "alenka,9,,10,,,,vera\n"
            + GOOD.replace("anna", "boris")
            + GOOD.replace("2600000000017", "8").replace("45-67", "45-68"),
        )
    assert caught.value.problems == [
        "line 3: card 2600000000017 is in the ledger already",
        "line 4: card 8 is for a member who is in the ledger already",
    ]
    assert state(office) == before and office.verdict().faults == ()


def test_a_thousand_bad_lines_are_not_all_shown() -> None:
    with pytest.raises(BadMembers) as caught:
        read(HEAD + "x,1,,,,,,\n" * 1_000)
    shown = str(caught.value).splitlines()
    assert len(caught.value.problems) == 1_000 and len(shown) == BAD_LINES_SHOWN_MAX + 1
    assert shown[-1] == "… and 980 more"


# registering


def test_registering_makes_the_card_active_and_gives_the_welcome_points_once(office: Office) -> None:
    alenka = load_programme("alenka")
    office.take(office.issued("c1", "anna"), office.sale(earned=5))
    assert register_member(office.hub, "c1", alenka, "+79161234567").granted == 150
    assert office.cards() == {"c1": "active"} and office.balance() == 155
    assert office.snapshot().phone_key == key_of(office, "+79161234567")
    for _ in range(3):
        assert register_member(office.hub, "c1", alenka, None).granted is None, "before"
    assert office.balance() == 155 and office.verdict().faults == ()
    assert office.rows("SELECT count(*) FROM lots WHERE granted = 150") == [(1,)]


def test_the_welcome_points_live_as_long_as_the_programme_says(office: Office) -> None:
    office.take(office.issued("c1", "anna"))
    register_member(office.hub, "c1", load_programme("alenka"), None)
    office.now += timedelta(days=90)
    assert office.balance() == 150
    office.now += timedelta(days=1)
    assert office.balance() == 0


def test_a_programme_without_a_welcome_gives_nothing(office: Office) -> None:
    office.join(programme="perekrestok", registered=False)
    assert register_member(office.hub, "cardanna", load_programme("perekrestok"), None).granted == 0
    assert office.cards() == {"cardanna": "active"}


@pytest.mark.parametrize("status", ["blocked", "replaced"])
def test_registering_does_not_bring_a_lost_card_back(office: Office, status: str) -> None:
    office.join(registered=False)
    office.tamper(f"UPDATE cards SET status = '{status}'")
    register_member(office.hub, "cardanna", load_programme("alenka"), None)
    assert office.cards() == {"cardanna": status}


@pytest.mark.parametrize(
    ("card", "why"), [("nobodys", "has card nobodys.*at a till.*pos-hub import"), ("cardpetr", "of the programme")]
)
def test_a_card_of_nobody_or_of_another_programme_is_not_registered(office: Office, card: str, why: str) -> None:
    office.join("petr", programme="perekrestok", registered=False, phone="+79161234567")
    before = state(office)
    with pytest.raises(UnknownCard, match=why):
        register_member(office.hub, card, load_programme("alenka"), "+79160000000")
    assert state(office) == before
