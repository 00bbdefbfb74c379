"""What members agreed to: given, withdrawn, shown, carried over by a merge, ended when somebody is erased."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from typing import Any

import pytest
from click.testing import CliRunner

from hub.books.bounds import fault_of
from hub.cli import cli
from hub.people.cards import merge
from hub.people.consents import give_consent, withdraw_consent
from hub.people.orders import NotDone, Order
from hub.people.profile import erase
from hub.people.statement import statement_of, text_of
from hub.people.who import standing
from hub.store.records import ConsentRow
from loyalty.bodies import ConsentGiven, ConsentWithdrawn, MemberMerged
from loyalty.operation import read_operation, utc_text
from tests.hub.conftest import NOW, Office, Pen

OLGA = Order(by="Olga")
DAY = timedelta(days=1)


def consents(office: Office, member: str = "anna") -> list[ConsentRow]:
    with office.hub.store.reading() as reader:
        return reader.consents_of([member])


def given(office: Office, *, member: str = "anna", days: int = 0, what: Any = "personal_data", **more: Any) -> str:
    body = ConsentGiven(member=member, what=what, given_at=utc_text(NOW + days * DAY), **more)
    return office.born(body, "office")


def withdrawn(office: Office, *, member: str = "anna", given: int = 0, on: int = 1, what: Any = "personal_data") -> str:
    times = {"given_at": utc_text(NOW + given * DAY), "withdrawn_at": utc_text(NOW + on * DAY)}
    return office.born(ConsentWithdrawn(member=member, what=what, **times), "office")


def test_a_consent_is_given_with_its_document_and_withdrawn_once(people: Office) -> None:
    assert given(people, days=-3, document="v1", source="site") == "applied"
    assert withdrawn(people, given=-3, on=-1) == "applied"
    assert withdrawn(people, given=-3, on=0) == "consent_withdrawn"
    assert withdrawn(people, given=-2, on=0) == "unknown_consent"
    assert consents(people) == [ConsentRow("anna", "personal_data", NOW - 3 * DAY, "v1", "site", NOW - DAY)]
    assert people.verdict().faults == ()


def test_the_same_consent_is_known_and_another_of_another_moment_is_not(people: Office) -> None:
    told = [given(people), given(people, document="v2"), given(people, days=1), given(people, what="mailing_sms")]
    assert told == ["applied", "consent_known", "applied", "applied"]
    assert [row.document for row in consents(people)] == ["", "", ""]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (ConsentGiven(member="", what="profiling", given_at=utc_text(NOW)), "bad_identity"),
        (ConsentGiven(member="anna", what="profiling", given_at=utc_text(NOW), document="v" * 100), None),
        (
            ConsentWithdrawn(member="anna", what="profiling", given_at=utc_text(NOW), withdrawn_at=utc_text(NOW)),
            None,
        ),
        (ConsentGiven(member="anna", what="profiling", given_at="1960-01-01T00:00:00+00:00"), "bad_moment"),
        (ConsentGiven(member="anna", what="profiling", given_at=utc_text(NOW), document="v" * 101), "bad_text"),
        (
            ConsentWithdrawn(
                member="anna", what="profiling", given_at=utc_text(NOW), withdrawn_at=utc_text(NOW - DAY / 86_400)
            ),
            "bad_moment",
        ),
    ],
)
def test_what_cannot_be_is_not_booked(body: Any, reason: str | None) -> None:
    assert fault_of(read_operation(Pen("office").write(body))) == reason


def test_nobody_who_is_not_there_agrees_to_anything(people: Office) -> None:
    assert given(people, member="zoe") == withdrawn(people, member="zoe") == "unknown_member"


def test_no_till_says_what_members_agree_to(people: Office) -> None:
    assert people.take(ConsentGiven(member="anna", what="profiling", given_at=utc_text(NOW))) == ["not_from_a_till"]


def test_tills_are_told_nothing_of_it(people: Office) -> None:
    cursor = people.hub.changes(till="t", programme="alenka", after="", limit=100).cursor
    given(people)
    assert people.hub.changes(till="t", programme="alenka", after=cursor, limit=100).members == ()


def test_a_merge_takes_them_along_and_what_was_withdrawn_stays_withdrawn(people: Office) -> None:
    for member in ("anna", "boris"):
        given(people, member=member, document=f"of {member}")
    given(people, member="boris", what="profiling")
    withdrawn(people, member="boris")
    merge(people.hub, "boris", "anna", OLGA)
    told = [(row.what, row.document, row.withdrawn_at is None) for row in consents(people)]
    assert told == [("personal_data", "of boris", False), ("profiling", "", True)]
    assert [row.document for row in consents(people, "boris")] == ["of anna"], "nothing is lost"
    assert given(people, member="boris", days=1) == "applied" and len(consents(people)) == 3
    assert people.verdict().faults == ()


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_said_and_whoever_goes_into_whom_the_books_are_right(office: Office, seed: int) -> None:
    """Few moments, so that they meet. What one person withdrew stands nowhere where he is looked for."""
    draw, names = random.Random(seed), ("anna", "boris", "vera", "zoe")
    print("seed", seed)
    for name in names:
        office.join(name)
    ended: set[tuple[str, int]] = set()
    for _ in range(40):
        who, moment = draw.choice(names), draw.randrange(3)
        match draw.choice(("give", "give", "end", "end", "merge")):
            case "give":
                given(office, member=who, days=moment, document=who)
            case "end" if withdrawn(office, member=who, given=moment, on=moment + draw.randrange(2)) == "applied":
                ended.add((who, moment))
            case "merge" if draw.random() < 0.3:
                office.born(MemberMerged(member=who, into=draw.choice(names)), "office")
    assert office.verdict().faults == ()
    with office.hub.store.reading() as reader:
        for who, moment in ended:
            row = standing(reader, who)
            assert row is not None
            there = [one for one in reader.consents_of([row.member]) if one.given_at == NOW + moment * DAY]
            assert [one.withdrawn_at is not None for one in there] == [True]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM consents WHERE what = 'profiling'",
        "UPDATE consents SET member = 'boris'",
        "UPDATE consents SET document = 'v9' WHERE what = 'personal_data'",
        "UPDATE consents SET source = 'site'",
        "UPDATE consents SET withdrawn_at = NULL WHERE withdrawn_at IS NOT NULL",
        "UPDATE consents SET withdrawn_at = given_at WHERE withdrawn_at IS NULL",
        "UPDATE consents SET given_at = 'once' WHERE what = 'profiling'",
        "INSERT INTO consents VALUES ('anna', 'mailing_sms', '2026-03-02T12:00:00.000000+00:00', '', 'paper', NULL)",
    ],
)
def test_verify_finds_a_consent_that_nobody_gave(people: Office, statement: str) -> None:
    given(people, document="v1")
    given(people, what="profiling")
    withdrawn(people)
    assert people.verdict().faults == ()
    people.tamper(statement)
    assert people.verdict().faults


# orders


def test_a_day_is_the_shops_and_none_that_is_yet_to_come(people: Office) -> None:
    people.now = NOW.replace(hour=22)  # in Moscow the next day has begun
    tomorrow = date(2026, 3, 3)
    assert give_consent(people.hub, "anna", "profiling", OLGA, given=tomorrow).changed
    with pytest.raises(NotDone, match="2026-03-04 is not yet: today is 2026-03-03"):
        give_consent(people.hub, "anna", "profiling", OLGA, given=date(2026, 3, 4))
    with pytest.raises(NotDone, match="2026-03-04 is not yet"):
        withdraw_consent(people.hub, "anna", "profiling", OLGA, on=date(2026, 3, 4))
    with pytest.raises(NotDone, match="He agreed on 2026-03-03: it cannot have been withdrawn before"):
        withdraw_consent(people.hub, "anna", "profiling", OLGA, on=date(2026, 3, 2))
    assert withdraw_consent(people.hub, "anna", "profiling", OLGA, on=tomorrow).changed
    assert people.verdict().faults == ()


def test_given_again_or_withdrawn_without_one_writes_nothing(people: Office) -> None:
    day = date(2026, 2, 1)
    assert give_consent(people.hub, "anna", "mailing_sms", OLGA, given=day).changed
    assert not give_consent(people.hub, "anna", "mailing_sms", OLGA, given=day).changed
    assert not withdraw_consent(people.hub, "anna", "mailing_email", OLGA).changed
    assert withdraw_consent(people.hub, "anna", "mailing_sms", OLGA).changed
    assert not withdraw_consent(people.hub, "anna", "mailing_sms", OLGA).changed
    with pytest.raises(NotDone, match="He withdrew the consent of that day"):
        give_consent(people.hub, "anna", "mailing_sms", OLGA, given=day)
    people.now += timedelta(seconds=1)
    assert give_consent(people.hub, "anna", "mailing_sms", OLGA).changed, "anew, since now"


def test_r32_who_is_erased_agrees_to_nothing_and_that_he_did_stays(people: Office) -> None:
    give_consent(people.hub, "anna", "personal_data", OLGA, given=date(2026, 1, 1), document="ПДн-1")
    give_consent(people.hub, "anna", "mailing_sms", OLGA)
    withdraw_consent(people.hub, "anna", "mailing_sms", OLGA)
    done = erase(people.hub, "anna", OLGA, "asked by letter")
    assert "Consents that end with it: 1; that they were given stays" in done.words
    assert [(row.document, row.withdrawn_at) for row in consents(people)] == [("", NOW), ("ПДн-1", NOW)]
    with pytest.raises(NotDone, match="was erased"):
        give_consent(people.hub, "anna", "profiling", OLGA)
    assert given(people) == "member_erased" and people.verdict().faults == ()


def run(office: Office, *words: str, code: int = 0) -> str:
    done = CliRunner().invoke(cli, [*words, "--db", str(office.path)])
    assert done.exit_code == code, done.output
    return done.output


def test_the_office_writes_a_consent_down_and_sees_it(people: Office) -> None:
    who = ("member", "consent", "anna", "mailing_sms")
    signed = ("--given", "2025-09-01", "--document", "СМС-2", "--source", "site")
    assert run(people, *who, *signed) == "Member anna agreed to mailings by text message.\n"
    assert "consent   mailing_sms since 2025-09-01 00:00 (СМС-2, the site)\n" in run(people, "member", "show", "anna")
    assert "withdrew his consent to mailings" in run(people, *who, "--withdrawn", "--on", "2025-12-31", "--by", "Olga")
    shown = run(people, "member", "show", "anna")
    assert "(СМС-2, the site), withdrawn 2025-12-31 00:00" in shown and "no longer agrees to mailings" in shown
    (told,) = json.loads(run(people, "member", "show", "anna", "--json"))["member"]["consents"]
    assert (told["what"], told["document"], told["source"]) == ("mailing_sms", "СМС-2", "site")


def test_what_is_said_of_a_consent_fits_together(people: Office) -> None:
    who = ("member", "consent", "anna", "profiling")
    assert "without --given" in run(people, *who, "--withdrawn", "--given", "2025-09-01", code=2)
    assert "--on is said with --withdrawn" in run(people, *who, "--on", "2025-09-01", code=2)
    assert "'mailing_fax' is not one of" in run(people, "member", "consent", "anna", "mailing_fax", code=2)
    assert "one line of at most 100" in run(people, *who, "--source", "site", "--document", "v" * 101, code=1)


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("ru", "рассылка по e-mail: 2025-09-01 (v1, сайт), отозвано 2026-03-02"),
        ("en", "mailings by e-mail: 2025-09-01 (v1, the site), withdrawn 2026-03-02"),
    ],
)
def test_a_statement_tells_what_he_agreed_to(people: Office, language: Any, line: str) -> None:
    give_consent(people.hub, "anna", "mailing_email", OLGA, given=date(2025, 9, 1), document="v1", source="site")
    withdraw_consent(people.hub, "anna", "mailing_email", OLGA)
    assert line in text_of(statement_of(people.hub, "anna", language=language))


def test_an_older_paper_does_not_bring_back_what_was_withdrawn_after_it(people: Office) -> None:
    first, older, end = (NOW.date() - days * DAY for days in (20, 10, 5))
    give_consent(people.hub, "anna", "mailing_sms", OLGA, given=first)
    withdraw_consent(people.hub, "anna", "mailing_sms", OLGA, on=end)
    with pytest.raises(NotDone, match=f"withdrew it on {end}"):
        give_consent(people.hub, "anna", "mailing_sms", OLGA, given=older)
    assert [row.withdrawn_at is None for row in consents(people)] == [False]
    for since in (end, end + DAY, None):
        assert give_consent(people.hub, "anna", "mailing_sms", OLGA, given=since).changed, "he agreed anew"
    assert give_consent(people.hub, "anna", "profiling", OLGA, given=older).changed, "another thing"
