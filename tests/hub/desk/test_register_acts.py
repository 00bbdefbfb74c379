"""R32, A8, A21, A26, P17 to P19: members are registered, changed and joined at a desk, exactly once."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest

from hub.desk.acts import ActRefused
from hub.jobs.running import Running
from hub.jobs.table import JOBS
from loyalty.operation import utc_text
from tests.hub.conftest import NOW
from tests.hub.desk.conftest import FORMS, P1, P2, P3, Desk, proof

DAY = timedelta(days=1)


def consents(desk: Desk, member: str = "gleb") -> list[tuple[Any, ...]]:
    return desk.office.rows(f"SELECT what, document, source FROM consents WHERE member = '{member}' ORDER BY what")


def run(desk: Desk, job: str, moment: datetime) -> int:
    (one,) = (job_ for job_ in JOBS if job_.name == job)
    return sum(Running(desk.office.hub).run(one, moment))


def test_p17_a_form_with_a_proven_phone_makes_the_card_good_and_welcomes_once(desk: Desk) -> None:
    done = desk.ask("register", **desk.form("blank", P3, "personal_data", "mailing_sms", birthday="17.05.1991"))
    assert (done.status, done.granted, done.active_from, done.linked) == ("active", 150, None, False)
    office = desk.office
    assert office.cards("gleb") == {"blank": "active"} and office.balance("gleb") == 150
    assert consents(desk) == [
        ("mailing_sms", FORMS["mailing_sms"], "paper"),
        ("personal_data", FORMS["personal_data"], "paper"),
    ]
    texts = "".join(row[0] for row in office.rows("SELECT text FROM operations"))
    assert '"by":"Olga"' in texts and not any(secret in texts for secret in ("Сомов", "9160000003", "1991"))
    assert office.verdict().faults == ()


def test_the_same_form_told_twice_is_one(desk: Desk) -> None:
    form = desk.form()
    first = desk.ask("register", key="t1/k", **form)
    assert desk.ask("register", key="t1/k", **form) == first, "nobody heard the answer"
    elsewhere = desk.ask("register", till="t2", **desk.form())
    assert (elsewhere.status, elsewhere.granted) == ("active", None)
    assert desk.office.balance("gleb") == 150 and len(consents(desk)) == 1
    assert desk.refusal("register", **desk.form("blank", "+79160000009")) == "registered_already"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"card": "nobodys"}, "card_not_at_hub"),
        ({"proof": ""}, "phone_not_proven"),
        ({"phone": "8 916 000-00-08"}, "phone_not_proven"),
        ({"phone": "12"}, "bad_phone_told"),
        ({"phone": ""}, "bad_phone_told"),
        ({"name": ""}, "bad_name"),
        ({"name": "Глеб\x07Сомов"}, "bad_name"),
        ({"birthday": "1990-02-31"}, "bad_birthday"),
        ({"consents": []}, "consent_needed"),
        ({"consents": [{"what": "mailing_sms", "document": FORMS["mailing_sms"]}]}, "consent_needed"),
        ({"consents": [{"what": "personal_data", "document": "of another year"}]}, "consent_unknown"),
        ({"phone": "8 (916) 123-45-67"}, "phone_taken"),
    ],
)
def test_what_is_wrong_in_a_form_is_said_by_a_code_and_writes_nothing(
    desk: Desk, wrong: dict[str, Any], code: str
) -> None:
    form = desk.form() | wrong
    assert desk.refusal("register", key="t1/k", **form) == code
    assert desk.office.cards("gleb") == {"blank": "issued"} and desk.office.balance("gleb") == 0
    assert desk.ask("register", key="t1/k", **desk.form()).granted == 150, "the same form, mended"


def test_a_proof_is_good_once(desk: Desk) -> None:
    form = desk.form()
    desk.ask("register", **form)
    desk.office.take(desk.office.issued("other", "dina"))
    desk.ask("change_phone", card="blank", phone="8 916 000-00-07", proof=proof(desk.office, "+79160000007", "phone"))
    assert desk.refusal("register", **form | {"card": "other"}) == "phone_not_proven"


def test_r13_a_phone_that_is_taken_is_joined_where_somebody_answers_for_it(desk: Desk) -> None:
    form = desk.form("blank", P1)
    assert desk.refusal("register", **form) == "phone_taken"
    done = desk.ask("register_same", **form)
    assert (done.status, done.granted, done.linked) == ("active", None, True)
    assert desk.office.cards() == {"blank": "active", "cardanna": "active"} and desk.office.balance() == 150
    assert len(consents(desk, "anna")) == 1 and desk.office.verdict().faults == ()


def test_two_tills_register_the_same_phone_at_once_and_one_of_them_does(desk: Desk) -> None:
    office = desk.office
    office.take(office.issued("other", "dina"))
    forms = [desk.form("blank", P3), desk.form("other", P3)]
    came: list[str] = []
    begin = threading.Barrier(2)

    def at_a_till(number: int) -> None:
        begin.wait()
        try:
            came.append(str(desk.ask("register", till=f"t{number}", **forms[number]).granted))
        except ActRefused as refused:
            came.append(refused.code)

    tills = [threading.Thread(target=at_a_till, args=(number,)) for number in (0, 1)]
    for till in tills:
        till.start()
    for till in tills:
        till.join()
    assert sorted(came) == ["150", "phone_taken"]
    assert office.balance("gleb") + office.balance("dina") == 150 and office.verdict().faults == ()


def test_p18_an_operator_registers_whom_he_speaks_with(desk: Desk) -> None:
    done = desk.ask("register", till="", **desk.form(proven=False))
    assert (done.status, done.granted) == ("active", 150)
    assert consents(desk) == [("personal_data", FORMS["personal_data"], "phone")]


@pytest.fixture
def paper(desk: Desk) -> Desk:
    """A card of a programme in which forms on paper wait for 20 days."""
    desk.office.take(desk.office.issued("white", "zoya"), programme="perekrestok")
    form = desk.form("white", P3, proven=False)
    form["consents"] = [{"what": "personal_data", "document": "ПК-ПДн-2026-11"}]
    done = desk.ask("take_form", programme="perekrestok", **form)
    assert (done.status, done.active_from) == ("pending", utc_text(NOW + 20 * DAY))
    return desk


def test_p19_a_form_on_paper_is_good_after_twenty_days_by_the_job(paper: Desk) -> None:
    office = paper.office
    assert office.cards("zoya") == {"white": "pending"}
    assert run(paper, "pending", NOW + 20 * DAY - timedelta(microseconds=1)) == 0
    assert run(paper, "pending", NOW + 20 * DAY) == 1
    assert office.cards("zoya") == {"white": "active"} and office.verdict().faults == ()


def test_p19_or_when_somebody_has_looked_at_it(paper: Desk) -> None:
    office = paper.office
    office.now = NOW + timedelta(days=3, hours=1)
    asked = {"programme": "perekrestok", "till": ""}
    (form,) = paper.ask("waiting_forms", **asked).forms
    assert (form.card, form.taken_at, form.days) == ("white", utc_text(NOW), 17)
    assert paper.refusal("link_card", card="more", to="white") == "form_waits", "it would be good at once"
    assert paper.ask("confirm_form", card="white", **asked).changed
    assert office.cards("zoya") == {"white": "active"} and paper.ask("waiting_forms", **asked).forms == ()
    assert not paper.ask("confirm_form", card="white", **asked).changed
    assert run(paper, "pending", NOW + 20 * DAY) == 0 and office.verdict().faults == ()
    assert paper.refusal("confirm_form", card="blank", till="") == "no_form", "nobody took one"


def test_a_form_on_paper_taken_twice_waits_for_its_first_day(paper: Desk) -> None:
    paper.office.now = NOW + 5 * DAY
    form = paper.form("white", P3, proven=False)
    form["consents"] = [{"what": "personal_data", "document": "ПК-ПДн-2026-11"}]
    again = paper.ask("take_form", programme="perekrestok", **form)
    assert (again.status, again.granted, again.active_from) == ("pending", None, utc_text(NOW + 20 * DAY))


def test_where_forms_need_no_days_a_paper_is_good_at_once(desk: Desk) -> None:
    done = desk.ask("take_form", **desk.form(proven=False))
    assert (done.status, done.granted, done.active_from) == ("active", 150, None)


# changed


def test_a_phone_is_changed_by_a_code_that_came_to_the_new_one(desk: Desk) -> None:
    asked = {"card": "cardanna", "phone": "8 916 000-00-07"}
    assert desk.refusal("change_phone", **asked) == "phone_not_proven"
    for other in (proof(desk.office, "+79160000008", "phone"), proof(desk.office, "+79160000007")):
        assert desk.refusal("change_phone", proof=other, **asked) == "phone_not_proven", "another number, purpose"
    assert desk.ask("change_phone", proof=proof(desk.office, "+79160000007", "phone"), **asked).changed
    taken = proof(desk.office, P2, "phone")
    assert desk.refusal("change_phone", proof=taken, card="cardanna", phone=P2) == "phone_taken"
    assert not desk.ask("change_phone", **asked).changed, "it is that already"


def test_a18_a_birthday_that_is_moved_gives_no_second_gift(desk: Desk) -> None:
    office, moment = desk.office, datetime.fromisoformat("2026-05-17T12:00:00+00:00")
    office.now = moment
    assert run(desk, "birthday", moment) == 1
    had = office.rows("SELECT count(*) FROM lots WHERE member = 'anna'")
    assert desk.ask("change_profile", card="cardanna", field="birthday", value="1990-05-30").changed
    office.now = moment + 14 * DAY
    assert (
        run(desk, "birthday", office.now) == 0 and office.rows("SELECT count(*) FROM lots WHERE member = 'anna'") == had
    )
    assert desk.ask("change_profile", card="cardanna", field="name", value="Анна Орлова").changed
    assert desk.refusal("change_profile", card="cardanna", field="birthday", value="yesterday") == "bad_birthday"


# joined


def test_a_second_card_is_linked_and_anothers_is_not(desk: Desk) -> None:
    card = "2600000000499"
    assert desk.ask("link_card", card=card, to="cardanna").changed
    assert desk.office.cards() == {card: "active", "cardanna": "active"}
    assert not desk.ask("link_card", card=card, to="cardanna").changed
    assert desk.refusal("link_card", card="cardboris", to="cardanna") == "card_of_another"
    assert desk.refusal("link_card", card="no card", to="cardanna") == "card_not_ours"


def test_a_merge_is_looked_at_before_and_done_once_with_its_reason(desk: Desk) -> None:
    asked = {"gone": "cardboris", "into": "cardanna"}
    look = desk.ask("look_at_merge", **asked)
    assert (look.gone.points, look.into.points, look.lost) == (40, 150, ("phone", "name"))
    assert desk.ask("merge", key="t1/m", reason="one person, two cards", **asked).changed
    assert not desk.ask("merge", key="t1/m", reason="one person, two cards", **asked).changed
    assert desk.office.balance() == 190 and desk.refusal("look_at_merge", **asked) == "same_member"
    assert desk.refusal("look_at_merge", gone="nobodys", into="cardanna") == "card_not_at_hub"
    ((text,),) = desk.office.rows("SELECT text FROM operations WHERE text LIKE '%member_merged%'")
    assert '"reason":"one person, two cards"' in text and desk.office.verdict().faults == ()


def test_p19_no_way_around_a_form_that_waits_but_a_proven_phone(paper: Desk) -> None:
    """A card blocked and free again, a card more, a merge with whoever has no form: none makes it good earlier."""
    office, of = paper.office, {"programme": "perekrestok"}
    office.take(office.issued("other", "nemo"), programme="perekrestok")
    paper.ask("block_card", card="white", reason="lost", **of)
    assert paper.refusal("link_card", card="2700000000014", to="white", **of) == "form_waits"
    paper.ask("unblock_card", card="white", reason="found", **of)
    paper.ask("merge", gone="other", into="white", reason="one person", **of)
    assert office.cards("zoya") == {"white": "pending", "other": "pending"}
    form = paper.form("white", P3, proven=False)
    form["consents"] = [{"what": "personal_data", "document": "ПК-ПДн-2026-11"}]
    assert paper.refusal("register", **of, **form) == "phone_not_proven"
    done = paper.ask("register", **of, **form | {"proof": proof(office, P3, programme="perekrestok")})
    assert (done.status, done.granted, done.active_from) == ("active", None, None)
    assert set(office.cards("zoya").values()) == {"active"} and len(consents(paper, "zoya")) == 1
    assert office.verdict().faults == ()


def test_p19_a_waiting_form_waits_on_with_the_member_whom_it_goes_into(paper: Desk) -> None:
    office = paper.office
    office.take(office.issued("other", "nemo"), programme="perekrestok")
    paper.ask("merge", gone="white", into="other", reason="one person", programme="perekrestok")
    assert office.cards("nemo") == {"white": "pending", "other": "pending"}
