"""P9, 152-FZ: what a member changes of himself in his account, what he agrees to, what he takes along, and his end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hub.people.consents import give_consent
from hub.people.orders import Order
from hub.people.profile import change_name, erase
from hub.sender.file_sender import lines_in
from hub.store.rows import Rows
from loyalty.names import LETTERS_MAX
from tests.hub.account.conftest import CARD, NEW, OTHER, PHONE, Door
from tests.hub.conftest import Office
from tests.hub.test_holds_command import reserve

MAIL, OTHER_MAIL = "anna@example.ru", "Anna.P@Example.RU"
SHOWN = "+7 916 123-45-67"
OLGA = Order(by="Olga")
SMS, EMAIL, RULES, DATA = "АЛ-SMS-2026-11", "АЛ-EMAIL-2026-11", "АЛ-ПРАВИЛА-2026-11", "АЛ-ПДн-2026-11"


@pytest.fixture
def door(office: Office, tmp_path: Path) -> Iterator[Door]:
    office.join(phone=PHONE, card=CARD, points=1_250, name="Анна Петрова")
    office.join("boris", phone=OTHER, card="26001")
    office.hub.within(lambda writer: writer.write(Rows(settings={"sender": "file", "sender_mails": "yes"})))
    yield Door(office, tmp_path / "outbox.jsonl")


def proof(door: Door, member: str = "anna", **to: str) -> str:
    """Of a code that he has told back."""
    sent = door.act("send_code", member, purpose="contact" if to else "confirm", **to)
    told = door.act("check_code", member, id=sent["id"], digits=door.code())
    return str(told["proof"])


def profile(door: Door, member: str = "anna") -> dict[str, Any]:
    return door.act("profile", member)


def kinds(door: Door) -> list[tuple[str, str]]:
    texts = door.office.rows("SELECT text FROM operations WHERE chain = 'account' ORDER BY sequence")
    return [(one["body"]["type"], one["by"]) for one in (json.loads(text) for (text,) in texts)]


def test_p9_a_name_is_changed_as_an_order_of_the_account_and_no_operation_says_it(door: Door) -> None:
    assert door.act("profile_name", "anna", key="k", name="Анна Сергеевна") == {"changed": True}
    assert door.act("profile_name", "anna", key="k", name="Анна Сергеевна") == {}
    assert profile(door)["name"] == "Анна Сергеевна" and kinds(door) == [("profile_changed", "member")]
    assert "Сергеевна" not in str(door.office.rows("SELECT text FROM operations"))
    assert door.act("profile_name", "anna", name=" ")["code"] == "bad_name"
    assert door.act("profile_name", "anna", name="А" * (LETTERS_MAX + 1))["code"] == "bad_name"


def test_a_birthday_is_said_once_and_by_nobody_under_fourteen(door: Door) -> None:
    assert door.act("profile_birthday", "anna", birthday="3.3.2012")["code"] == "too_young"
    assert door.act("profile_birthday", "anna", birthday="31.02.1990")["code"] == "bad_birthday"
    assert door.act("profile_birthday", "anna", birthday="")["code"] == "bad_birthday"
    assert door.act("profile_birthday", "anna", birthday="2.3.2012") == {"changed": True}, "14 today"
    assert door.act("profile_birthday", "anna", birthday="2012-03-02") == {}, "the same is no other"
    assert door.act("profile_birthday", "anna", birthday="17.05.1990")["code"] == "birthday_known"
    assert profile(door)["birthday"] == "2012-03-02"


def test_p9_a_phone_is_changed_by_a_code_to_the_new_one_and_the_old_one_is_told(door: Door) -> None:
    named = {"phone": "8 916 555-66-77", "proof": proof(door, phone=NEW)}
    assert door.act("profile_phone", "anna", key="k", **named) == {"changed": True}
    assert door.act("profile_phone", "anna", key="k", **named) == {}, "sent twice by one form"
    assert profile(door)["phone"] == "+7 916 555-66-77"
    assert door.sent() == sorted([NEW, PHONE]), "a code to the new one, a notice to the old one"
    assert [one["kind"] for one in door.act("messages", "anna")["messages"]] == ["phone_changed"], (
        "it is in his history"
    )
    notice = next(line for line in lines_in(door.outbox) if line.to == PHONE)
    assert "другой контакт" in notice.text and NEW not in notice.text
    assert door.act("profile_phone", "anna", phone=PHONE, proof=named["proof"])["code"] == "code_not_proved"


def test_a_number_of_another_is_told_only_to_who_has_it_in_his_hand(door: Door) -> None:
    assert door.act("profile_phone", "anna", phone=OTHER, proof="-")["code"] == "code_not_proved"
    assert door.act("profile_phone", "anna", phone=NEW, proof="-")["code"] == "code_not_proved"
    assert door.act("profile_phone", "anna", phone=OTHER, proof=proof(door, phone=OTHER))["code"] == "phone_taken"
    assert profile(door)["phone"] == SHOWN and profile(door, "boris")["phone"] == "+7 916 111-22-33"


def test_p9_an_address_is_noted_by_a_code_that_came_to_it_changed_and_taken_away(door: Door) -> None:
    assert profile(door)["mails"] is True
    mine = proof(door, email=MAIL)
    assert door.act("profile_email", "anna", email=OTHER_MAIL, proof=mine)["code"] == "code_not_proved"
    assert door.act("profile_email", "anna", email=MAIL, proof=mine) == {"changed": True}
    assert profile(door)["email"] == MAIL
    other = proof(door, email=OTHER_MAIL)
    assert door.act("profile_email", "anna", email=OTHER_MAIL, proof=other) == {"changed": True}
    assert profile(door)["email"] == "Anna.P@example.ru"
    assert door.sent() == sorted([MAIL, "Anna.P@example.ru", MAIL]), "the old one is told"
    assert door.act("profile_email", "anna") == {"changed": True} and "email" not in profile(door)
    assert door.act("send_code", "anna", purpose="contact", email="anna@")["code"] == "bad_email"
    assert door.act("send_code", "anna", purpose="contact", email=f"{MAIL}\nBcc: x@y.ru")["code"] == "bad_email"
    assert not door.office.rows("SELECT * FROM phones_confirmed"), "an address is no phone"
    assert "example" not in str(door.office.snapshot()).lower(), "no till is told of it"


def test_where_no_letters_go_out_no_code_does(door: Door) -> None:
    door.office.hub.within(lambda writer: writer.write(Rows(settings={"sender_mails": ""})))
    assert profile(door).get("mails") is None
    assert door.act("send_code", "anna", purpose="contact", email=MAIL)["code"] == "second_factor_unavailable"
    assert "id" in door.act("send_code", "anna", purpose="contact", phone=NEW)


def consents(door: Door, member: str = "anna") -> dict[str, Any]:
    return {one["what"]: one for one in door.act("consents", member)["consents"]}


def test_p9_each_consent_is_a_document_with_its_version_moment_and_source(door: Door) -> None:
    assert set(consents(door)) == {"personal_data", "mailing_sms", "mailing_email", "programme_rules"}
    assert not any(one.get("given_at") for one in consents(door).values()), "nothing is given by itself"
    assert door.act("consent_give", "anna", what="mailing_sms", version=SMS) == {"changed": True}
    assert door.act("consent_give", "anna", what="mailing_sms", version=SMS) == {}, "it stands"
    assert door.act("consent_give", "anna", what="mailing_sms", version="АЛ-SMS-2025")["code"] == "consent_unknown"
    assert door.act("consent_give", "anna", what="mailing_email", version=EMAIL)["code"] == "email_missing"
    row = door.office.rows("SELECT what, document, source, withdrawn_at FROM consents")
    assert row == [("mailing_sms", SMS, "site", None)]
    assert kinds(door) == [("consent_given", "member")]
    door.later(60)
    assert door.act("consent_withdraw", "anna", what="mailing_sms") == {"changed": True}
    assert door.act("consent_withdraw", "anna", what="mailing_sms") == {}
    (was,) = door.act("consents", "anna")["history"]
    assert (was["source"], was["version"], was["withdrawn_at"]) == ("site", SMS, "2026-03-02T12:01:00.000000+00:00")
    assert "рекламу" in was["paper"]["ru"][0], "what was read then is there"
    assert "given_at" not in consents(door)["mailing_sms"]


def test_the_programmes_rules_are_accepted_apart_and_what_keeps_the_account_ends_with_it(door: Door) -> None:
    assert door.act("consent_give", "anna", what="programme_rules", version=RULES) == {"changed": True}
    assert [what for what, one in consents(door).items() if one.get("given_at")] == ["programme_rules"]
    assert {what for what, one in consents(door).items() if one.get("needed")} == {"personal_data", "programme_rules"}
    for what in ("personal_data", "programme_rules"):
        assert door.act("consent_withdraw", "anna", what=what)["code"] == "consent_closes"


def test_a_consent_to_an_older_version_is_told_with_what_was_read_then(door: Door) -> None:
    source = Path("config/programmes/alenka.toml").read_text(encoding="utf-8")
    older = source.replace('version = "2026-12-01"', 'version = "2025-01-01"').replace(SMS, "АЛ-SMS-2025")
    older = older.replace("рекламу и сообщения", "только открытки и сообщения")
    known = door.office.hub._read_programme(older)
    assert known is not None
    door.office.hub.keep_programmes({known.content_hash: older})
    give_consent(door.office.hub, "anna", "mailing_sms", OLGA, document="АЛ-SMS-2025")
    give_consent(door.office.hub, "anna", "profiling", OLGA, document="АЛ-X")
    told = door.act("consents", "anna")
    was = {one["what"]: one for one in told["history"]}
    assert "только открытки" in was["mailing_sms"]["paper"]["ru"][0]
    assert was["profiling"].get("paper") is None and was["profiling"]["name"][0] == "персональные предложения"
    assert consents(door)["mailing_sms"]["version"] == "АЛ-SMS-2025", "which is not the one that is asked for now"
    door.later(1)
    assert door.act("consent_give", "anna", what="mailing_sms", version=SMS) == {"changed": True}


def test_all_that_is_kept_of_him_is_told_and_nothing_of_whoever_in_the_shop_did_it(door: Door) -> None:
    office = door.office
    change_name(office.hub, "anna", "Анна", Order(by="Olga the manager"))
    office.take(office.sale(earned=5))
    proof(door)
    mine = door.act("mine", "anna")
    assert (mine["name"], mine["phone"], mine["points"]) == ("Анна", PHONE, 1_255)
    assert [card["number"] for card in mine["cards"]] == [CARD] and len(mine["lots"]) == 2
    assert [code["purpose"] for code in mine["codes"]] == ["confirm"] and door.code() not in str(mine)
    acts = door.act("mine_acts", "anna")["acts"]
    assert [act["kind"] for act in acts] == ["member_joined", "grant", "profile_changed", "sale"]
    assert acts[-1]["kept"]["body"]["accrued"]["points"] == 5
    assert "Olga" not in str(acts) and "boris" not in str(acts) + str(mine)
    assert door.act("mine_acts", "anna", after=3)["acts"] == acts[3:]


def test_who_leaves_is_told_what_goes_with_him_and_is_erased_by_a_code_of_his_own(door: Door) -> None:
    door.act("consent_give", "anna", what="personal_data", version=DATA)
    told = door.act("leaving", "anna")
    assert told == {"points": 1_250, "cards": 1, "consents": 1}, "imported points have no end"
    assert door.act("leave", "anna", proof="-")["code"] == "code_not_proved"
    assert door.act("leave", "anna", proof=proof(door, "boris"))["code"] == "code_not_proved", "of another member"
    assert profile(door)["phone"] == SHOWN
    door.later(61)
    assert door.act("leave", "anna", key="k", proof=proof(door)) == {"changed": True}
    for act in ("profile", "me", "mine", "leaving", "consents"):
        assert door.act(act, "anna")["code"] == "member_gone", act
    assert door.act("leave", "anna", key="k", proof="-")["code"] == "member_gone"
    assert door.act("gone", members=["anna", "boris", "nobody"]) == {"members": ("anna", "nobody")}
    assert door.office.rows("SELECT phone, email, name FROM members WHERE member = 'anna'") == [(None, None, None)]
    assert not any(PHONE in line for (line,) in door.office.rows("SELECT body FROM messages"))
    assert kinds(door)[1:] == [(kind, "member") for kind in ("card_blocked", "profile_changed", "consent_withdrawn")]
    assert door.office.verdict().faults == ()


def test_nobody_leaves_in_the_middle_of_a_receipt(door: Door) -> None:
    reserve(door.office.hub, "f1" * 16, 100)
    assert door.act("leaving", "anna")["held"] == 100
    assert door.act("leave", "anna", proof=proof(door))["code"] == "points_held"
    assert profile(door)["phone"] == SHOWN


def test_whoever_was_erased_in_the_office_is_nobody_in_the_account(door: Door) -> None:
    erase(door.office.hub, "anna", OLGA, "he wrote to us")
    assert {door.act(act, "anna")["code"] for act in ("profile", "consents", "me")} == {"member_gone"}
