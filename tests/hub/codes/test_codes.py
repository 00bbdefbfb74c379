"""A27, R14: codes over real HTTP, from the till that asks to the one that tells, with a real ledger and outbox."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.build import build_hub
from hub.codes import limits
from hub.codes.checking import Told, check, use
from hub.codes.sending import Wanted, give, send
from hub.desk.act import ActRefused
from hub.people.orders import Order
from hub.people.profile import erase
from hub.sender.file_sender import FileSender, lines_in
from hub.sender.message import Message
from hub.sender.posting import Posting, sending
from hub.sender.seen import seen
from hub.sender.sender import NotSent
from hub.store.rows import Rows
from loyalty.utc import utc_text
from tests.hub.conftest import PROGRAMMES, Office
from tests.speaking import asking

PHONE, OTHER = "+79161234567", "+79161112233"


class Desk:
    """A till's word to the hub's desk."""

    def __init__(self, office: Office, url: str, outbox: Path) -> None:
        self.office, self.url, self.outbox = office, url, outbox
        self.posting = Posting(office.hub, FileSender(outbox))
        self.keys = iter(range(1_000))

    def act(self, act: str, till: str = "t1", key: str | None = None, **body: Any) -> dict[str, Any]:
        told = {
            "till": till,
            "programme": "alenka",
            "act": act,
            "key": key or f"k{next(self.keys)}",
            "body": body,
        }
        answer = asking.post(f"{self.url}/v3/desk", data=json.dumps(told).encode()).json()
        return dict(answer.get("body") or answer)

    def code(self) -> str:
        """The newest that went out."""
        self.posting.step()
        return lines_in(self.outbox)[-1].code

    def later(self, seconds: float) -> None:
        self.office.now += timedelta(seconds=seconds)


@pytest.fixture
def desk(office: Office, url: str, tmp_path: Path) -> Iterator[Desk]:
    office.join(phone=PHONE)
    desk = Desk(office, url, tmp_path / "outbox.jsonl")
    office.hub.within(lambda writer: writer.write(Rows(settings={"sender": "file"})))
    yield desk


def wrong(code: str) -> str:
    return "0000" if code != "0000" else "1111"


def test_a27_a_code_is_sent_told_back_and_is_one_proof(desk: Desk) -> None:
    sent = desk.act("send_code", purpose="redeem", member="anna")
    assert (sent["to"], sent["again_s"], sent["expires_s"], sent["digits"]) == ("+7 ··· ··-67", 60, 300, 4)
    code = desk.code()
    proof = desk.act("check_code", id=sent["id"], code=code, key="same")
    assert proof["member"] == "anna" and proof["purpose"] == "redeem"
    assert desk.act("check_code", id=sent["id"], code=code, key="same") == proof, "told again by who did not hear"
    assert desk.act("check_code", id=sent["id"], code=code)["code"] == "code_used", "at another receipt"


def test_the_same_order_is_one_message(desk: Desk) -> None:
    one, two = (desk.act("send_code", key="same", purpose="redeem", member="anna") for _ in range(2))
    desk.posting.step()
    assert one == two and len(lines_in(desk.outbox)) == 1


def test_a_wrong_code_is_another_until_the_tries_are_over(desk: Desk) -> None:
    sent = desk.act("send_code", purpose="redeem", member="anna")
    code = desk.code()
    tries = sent["tries"]
    first = desk.act("check_code", id=sent["id"], code=wrong(code), key="once")
    assert (first["code"], first["tries_left"]) == ("code_wrong", tries - 1)
    assert desk.act("check_code", id=sent["id"], code=wrong(code), key="once")["tries_left"] == tries - 1
    for _ in range(tries - 2):
        assert desk.act("check_code", id=sent["id"], code=wrong(code))["code"] == "code_wrong"
    assert desk.act("check_code", id=sent["id"], code=wrong(code))["code"] == "code_no_tries"
    assert desk.act("check_code", id=sent["id"], code=code)["code"] == "code_no_tries", "also the right one"


def test_a_code_lives_as_long_as_the_programme_says(desk: Desk) -> None:
    sent = desk.act("send_code", purpose="redeem", member="anna")
    code = desk.code()
    desk.later(300)
    assert desk.act("check_code", id=sent["id"], code=code)["code"] == "code_over"


def test_another_is_sent_after_a_minute_and_so_many_in_an_hour(desk: Desk) -> None:
    send = {"purpose": "redeem", "member": "anna"}
    assert "id" in desk.act("send_code", **send)
    desk.later(59)
    assert desk.act("send_code", **send)["code"] == "code_too_early"
    assert desk.act("send_code", till="t2", **send)["code"] == "code_too_early"
    desk.later(1)
    for _ in range(limits.OF_PHONE_MAX - 1):
        assert "id" in desk.act("send_code", **send)
        desk.later(60)
    assert desk.act("send_code", **send)["code"] == "code_limit"
    assert "id" in desk.act("send_code", purpose="register", phone=OTHER)
    desk.later(3_600)
    assert "id" in desk.act("send_code", **send)


def test_each_limit_is_of_its_own() -> None:
    now = Office.NOW
    asked = limits.Sent("p", "t", "s", now)

    def so_many(count: int, **same: Any) -> list[limits.Sent]:
        others = [limits.Sent(f"p{n}", f"t{n}", f"s{n}", now - timedelta(minutes=2)) for n in range(count)]
        return [one._replace(**same) for one in others]

    for count, same in (
        (limits.OF_PHONE_MAX, {"phone": "p"}),
        (limits.OF_TILL_MAX, {"till": "t"}),
        (limits.OF_STORE_MAX, {"store": "s"}),
        (limits.IN_ALL_MAX, {}),
    ):
        assert limits.refused(so_many(count, **same), asked) == "code_limit", same
        assert limits.refused(so_many(count - 1, **same), asked) is None, same


def test_a_code_is_of_the_till_that_asked_for_it(desk: Desk) -> None:
    sent = desk.act("send_code", purpose="redeem", member="anna")
    code = desk.code()
    assert desk.act("check_code", till="t2", id=sent["id"], code=code)["code"] == "code_unknown"
    assert desk.act("check_code", id=sent["id"], code=code)["member"] == "anna"


def test_who_is_a_member_is_not_told(desk: Desk) -> None:
    known = desk.act("send_code", purpose="redeem", phone=PHONE)
    unknown = desk.act("send_code", purpose="redeem", phone=OTHER)
    assert {**known, "id": "", "to": ""} == {**unknown, "id": "", "to": ""} and unknown["to"] == "+7 ··· ··-33"
    desk.posting.step()
    assert [line.to for line in lines_in(desk.outbox)] == [PHONE], "and nobody else is woken up"
    assert desk.act("check_code", id=unknown["id"], code="1234")["code"] == "code_wrong"


def test_a_code_of_the_account_is_told_at_any_till_once(desk: Desk) -> None:
    code = give(desk.office.hub, "alenka", "anna", "account/1")
    assert desk.act("check_code", till="t2", member="boris", code=code)["code"] == "code_unknown"
    assert desk.act("check_code", till="t2", member="anna", code=wrong(code))["code"] == "code_wrong"
    assert desk.act("check_code", till="t2", member="anna", code=code)["purpose"] == "account"
    assert desk.act("check_code", till="t3", member="anna", code=code)["code"] == "code_used"
    desk.posting.step()
    assert lines_in(desk.outbox) == []


def test_a_proof_goes_into_one_order_with_its_phone_and_purpose(desk: Desk) -> None:
    hub = desk.office.hub
    sent = desk.act("send_code", purpose="register", phone=OTHER)

    def used(id: str, purpose: Any, phone: str) -> Any:
        return hub.within(lambda writer: use(hub, writer, id, purpose, phone, "anna"))

    with pytest.raises(ActRefused):
        used(sent["id"], "register", OTHER)
    desk.act("check_code", id=sent["id"], code=desk.code())
    for purpose, phone in (("phone", OTHER), ("register", PHONE)):
        with pytest.raises(ActRefused, match="another phone"):
            used(sent["id"], purpose, phone)
    assert used(sent["id"], "register", OTHER).member == "anna"
    with pytest.raises(ActRefused):
        used(sent["id"], "register", OTHER)
    with hub.store.reading() as reader:
        assert reader.phones_confirmed(["anna"])["anna"].phone == hub.codes.phone(OTHER)


def test_a_proof_waits_half_an_hour_for_its_order(desk: Desk) -> None:
    hub = desk.office.hub
    sent = desk.act("send_code", purpose="register", phone=OTHER)
    desk.act("check_code", id=sent["id"], code=desk.code())
    desk.later(1_800)
    with pytest.raises(ActRefused):
        hub.within(lambda writer: use(hub, writer, sent["id"], "register", OTHER))


def test_without_a_sender_nothing_is_promised(desk: Desk) -> None:
    with sending(desk.office.hub, None):
        assert desk.act("send_code", purpose="redeem", member="anna")["code"] == "second_factor_unavailable"


def test_a_member_without_a_phone_gets_none(desk: Desk) -> None:
    desk.office.join("boris")
    assert desk.act("send_code", purpose="redeem", member="boris")["code"] == "code_no_phone"
    assert desk.act("send_code", purpose="register", phone="12")["code"] == "bad_phone"
    assert desk.act("send_code", purpose="account", member="anna")["code"] == "bad_request"
    assert desk.act("send_code", purpose="redeem")["code"] == "bad_request"


def test_the_hub_dies_between_sending_and_checking(desk: Desk) -> None:
    sent = desk.act("send_code", purpose="redeem", member="anna")
    code = desk.code()
    desk.office.restart()
    assert check(desk.office.hub, Told(code, "alenka", "k", id=sent["id"], till="t1")).member == "anna"


def test_neither_code_nor_phone_stands_in_the_ledger(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    sent = desk.act("send_code", purpose="redeem", member="anna")
    canaries = ["код для списания", f'"{PHONE}"']
    kept = str(desk.office.rows("SELECT * FROM codes, messages"))
    assert not any(canary in kept for canary in canaries), "while it waits"
    code = desk.code()
    desk.act("check_code", id=sent["id"], code=code)
    rows = desk.office.rows("SELECT body FROM messages")
    assert '"sealed"' not in str(rows), "it is over, and nothing of it is left"
    assert not any(code in record.getMessage().split() for record in caplog.records)
    with desk.office.hub.store.reading() as reader:
        (told,) = seen(reader, 5, {line.id: line.code for line in lines_in(desk.outbox)})
    assert (told.state, told.to, told.code) == ("sent", "+7 ··· ··-67", code)


def test_r32_who_is_erased_leaves_no_code_no_message_and_no_proof_of_his_phone(desk: Desk) -> None:
    hub = desk.office.hub
    sent = desk.act("send_code", purpose="phone", phone=PHONE)
    proof = desk.act("check_code", id=sent["id"], code=desk.code())
    hub.within(lambda writer: use(hub, writer, proof["id"], "phone", PHONE, "anna"))
    desk.later(60)
    desk.act("send_code", purpose="redeem", member="anna")  # waits to be sent
    erase(hub, "anna", Order(by="Olga"), "a letter")
    assert desk.posting.step() == 0
    with hub.store.reading() as reader:
        assert reader.phones_confirmed(["anna"]) == {}
        assert list(reader.all_codes()) == [] and list(reader.all_messages()) == []
    assert desk.office.verdict().faults == ()


def test_r32_who_is_erased_while_a_message_goes_out_comes_back_by_no_row(desk: Desk) -> None:
    hub = desk.office.hub
    desk.act("send_code", purpose="redeem", member="anna")

    class Meanwhile(FileSender):
        def send(self, id: str, message: Message, now: datetime) -> None:
            erase(hub, "anna", Order(by="Olga"), "a letter")
            raise NotSent("nobody answers", again=True)

    assert Posting(hub, Meanwhile(desk.outbox)).step() == 1
    with hub.store.reading() as reader:
        assert list(reader.all_messages()) == []


def test_the_command_says_what_was_sent(
    office: Office, tmp_path: Path, serve: Callable[..., Any], pos_hub: Callable[..., Any]
) -> None:
    office.join(phone=PHONE)
    outbox = tmp_path / "outbox.jsonl"
    hub = serve(office.path, "--sender", f"file:{outbox}")
    sent = asking.post(
        f"{hub.url}/v3/desk",
        data=json.dumps(
            {
                "till": "t1",
                "programme": "alenka",
                "act": "send_code",
                "key": "k1",
                "body": {"purpose": "redeem", "member": "anna"},
            }
        ).encode(),
    )
    assert sent.status_code == 200
    hub.stop()
    told = json.loads(pos_hub("sent", "--db", str(office.path), "--json", "--outbox", str(outbox)).stdout)
    (line,) = lines_in(outbox)
    assert (told["state"], told["to"], told["code"]) == ("sent", "+7 ··· ··-67", line.code)
    assert line.code not in hub.log() and line.code not in pos_hub("sent", "--db", str(office.path)).stdout
    given = pos_hub("member", "code", "--db", str(office.path), "cardanna").stdout.strip()
    assert len(given) == 4 and given.isdecimal()


def test_tills_hear_when_a_phone_was_confirmed_where_the_programme_asks(tmp_path: Path) -> None:
    """R14: numbers change hands."""
    office = Office(tmp_path / "hub.db")
    office.join(phone=PHONE)
    office.hub.close()
    alenka = PROGRAMMES["alenka"]
    asking_rules = replace(alenka, redemption=replace(alenka.redemption, phone_recheck_months=12))
    for rules, seen_at in ((alenka, None), (asking_rules, utc_text(Office.NOW))):
        programmes = {**PROGRAMMES, "alenka": rules}
        hub = build_hub(office.path, programmes, serving=False, now=lambda: Office.NOW)
        hub.within(lambda writer: writer.write(Rows(settings={"sender": "file"})))
        with hub.store.reading() as reader:
            before = reader.newest_change("alenka")
        key = str(seen_at)
        sent = send(hub, Wanted("register", "alenka", key, phone=PHONE, till=key))
        Posting(hub, FileSender(tmp_path / key)).step()
        (line,) = lines_in(tmp_path / key)
        assert check(hub, Told(line.code, "alenka", key, id=sent.id, till=key)).member == "anna"
        assert (told := hub.snapshot("anna")) is not None and told.phone_seen_at == seen_at
        with hub.store.reading() as reader:
            assert (reader.newest_change("alenka") != before) == (seen_at is not None)
        with hub.store.writing() as writer:  # else it is too early for another
            writer.write(Rows(gone_codes=[sent.id]))
        hub.close()
