"""What tills ask while somebody waits, over HTTP: points held, one member as he is now, and what is refused how."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
import requests

from hub.face.tills import hub_app
from hub.store.records import ProfileRow
from hub.store.rows import Rows
from loyalty.bodies import MemberMerged
from loyalty.phones import phone_key
from loyalty.utc import utc_text
from storage import engine, sqlite_file
from sync.client import HubClient
from sync.hub_port import HubRefused
from sync.protocol import UNSENT_MAX, HoldRequest, MemberNow, MemberRequest, Unsent
from tests.hub.conftest import NOW, Office
from tests.one_port import Server
from tests.speaking import asking

PHONE = "+79161234567"
UNTIL = utc_text(NOW + timedelta(minutes=20))
HOLD: dict[str, Any] = {
    "till": "t1",
    "programme": "alenka",
    "member": "anna",
    "hold": "t1/1",
    "points": 5,
    "until": UNTIL,
}
WHO: dict[str, Any] = {"till": "t1", "generation": 1, "programme": "alenka", "card": "cardanna"}


def post(url: str, what: str, body: Any) -> requests.Response:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return asking.post(f"{url}/v3/{what}", data=data)


def now(office: Office, **asked: Any) -> MemberNow:
    envelope = {name: value for name, value in WHO.items() if name != "card"}
    return office.hub.member_now(MemberRequest(**envelope | asked))


def whom(office: Office, **asked: Any) -> str | None:
    member = now(office, **asked).member
    return member.member if member else None


# points held


def test_points_are_held_and_a_till_reads_the_answer(office: Office, url: str) -> None:
    office.join(points=500)
    client = HubClient(url, asking.speaker(url))
    reply = client.hold(HoldRequest(**HOLD | {"points": 300, "unsent": (Unsent(generation=1, sequence=1, points=9),)}))
    assert (reply.hold, reply.points, reply.active, reply.held) == ("t1/1", 300, 500, 0)
    assert reply.at == utc_text(NOW)
    client.close()
    second = HubClient(url, asking.speaker(url, "t2"))
    other = second.hold(HoldRequest(**HOLD | {"till": "t2", "hold": "t2/1", "points": 300}))
    assert (other.points, other.active, other.held) == (200, 500, 300)
    second.close()


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("hold_over", {"until": utc_text(NOW)}),
        ("hold_ended", {"hold": "t1/gone"}),
        ("hold_of_another", {"hold": "t2/1"}),
        ("unknown_member", {"member": "nobody"}),
        ("unknown_member", {"programme": "perekrestok"}),
    ],
)
def test_what_is_not_to_be_had_is_a_problem_that_the_till_understands(
    office: Office, url: str, code: str, changes: dict[str, str]
) -> None:
    """Never 404: a till takes that for a hub that is older than it."""
    office.join(points=500)
    for body in (HOLD | {"hold": "t1/gone"}, HOLD | {"replaces": "t1/gone"}, HOLD | {"till": "t2", "hold": "t2/1"}):
        assert post(url, "holds", body).status_code == 200
    before = office.rows("SELECT * FROM holds")
    response = post(url, "holds", HOLD | changes)
    assert (response.status_code, response.json()["code"]) == (409, code) and response.json()["message"]
    client = HubClient(url, asking.speaker(url))
    with pytest.raises(HubRefused) as refused:
        client.hold(HoldRequest(**HOLD | changes))
    client.close()
    assert refused.value.code == code and office.rows("SELECT * FROM holds") == before


NO_HOLDS: list[Any] = [
    b"",
    b"[]",
    b"{",
    b"[" * 100_000,
    *({name: value for name, value in HOLD.items() if name != missing} for missing in HOLD),
    *(HOLD | {"points": points} for points in (-1, 1.5, "5", 10**18, None)),
    *(HOLD | {"until": until} for until in ("", "soon", "2026-03-02", "2026-03-02T15:20:00+03:00", 5)),
    *(HOLD | {"until": until} for until in (UNTIL.removesuffix("+00:00"), "99999-01-01T00:00:00+00:00")),
    *(HOLD | {"hold": hold} for hold in ("", "t1 1", "ж", "a\0", "x" * 81, 7)),
    *(HOLD | {"replaces": hold} for hold in ("", "t1 1", "x" * 81)),
    *(HOLD | {name: bad} for name in ("programme", "member") for bad in ("", "a\0", "a" * 400, 5)),
    HOLD | {"unsent": [{"generation": 1, "sequence": one, "points": 1} for one in range(UNSENT_MAX + 1)]},
    HOLD | {"unsent": [{"generation": -1, "sequence": 1, "points": 1}]},
    HOLD | {"unsent": [{"generation": 1, "sequence": 1, "points": -1}]},
    HOLD | {"unsent": [{"generation": 1, "sequence": 1}]},
    HOLD | {"unsent": {}},
]


def test_what_is_no_request_for_points_is_a_bad_request(office: Office, url: str) -> None:
    office.join(points=500)
    for body in NO_HOLDS:
        response = post(url, "holds", body)
        assert (response.status_code, response.json()["code"]) == (400, "bad_request"), ascii(body)[:300]
    assert office.rows("SELECT * FROM holds") == []


@pytest.mark.parametrize("till", ["hub", "office", "account", "t2", "", "a\0"])
def test_a_till_asks_in_no_name_but_its_own(office: Office, url: str, till: str) -> None:
    office.join(points=500)
    for what, body in (("holds", HOLD), ("members", WHO)):
        data = json.dumps(body | {"till": till})
        response = asking.post(f"{url}/v3/{what}", data=data, till="t1")
        assert (response.status_code, response.json()["code"]) == (400, "wrong_till")


def test_a_hold_that_cannot_be_written_is_a_problem_of_the_hub(
    office: Office, url: str, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And health hears of it, until one is written."""
    monkeypatch.setattr(sqlite_file, "BUSY_TIMEOUT_MS", 20)
    office.join(points=500)
    office.restart()
    server.app = hub_app(office.hub)
    asking.speaker(url)
    holder = engine.connect(office.path)
    holder.execute("BEGIN IMMEDIATE")
    for response in (post(url, "holds", HOLD), requests.get(url + "/v1/health", timeout=20)):
        assert (response.status_code, response.json()["code"]) == (503, "ledger_off")
    holder.execute("ROLLBACK")
    holder.close()
    assert post(url, "holds", HOLD).json()["points"] == 5
    assert requests.get(url + "/v1/health", timeout=20).status_code == 200


# one member


def test_a_till_is_told_of_a_member_as_he_is_now(office: Office, url: str) -> None:
    """In one moment with how far its own operations are in it, and with what other tills' receipts hold."""
    office.join(points=500, phone=PHONE)
    office.take(office.sale(spent=100), office.sale(earned=7))
    for till, points in (("t1", 50), ("t2", 30), ("t3", 20)):
        post(url, "holds", HOLD | {"till": till, "hold": f"{till}/1", "points": points})
    client = HubClient(url, asking.speaker(url))
    told = client.member(MemberRequest(**WHO))
    client.close()
    assert told.member == office.snapshot() and told.held == 50 and told.at == utc_text(NOW)
    assert (told.watermark.generation, told.watermark.sequence) == (1, 2)
    assert told.member is not None and told.member.phone_key is not None
    assert told.member.phone_key == phone_key(office.hub.phone_hash_key("alenka"), PHONE).hex()
    assert now(office, card="cardanna", generation=2).watermark.sequence == 0
    office.now += timedelta(hours=1)
    assert now(office, card="cardanna").held == 0, "they are over"


def test_he_is_found_by_card_phone_or_id(office: Office) -> None:
    office.join(phone=PHONE)
    office.take(office.reissued("cardanna", "c2"))
    assert {whom(office, card=card) for card in ("cardanna", "c2")} == {"anna"}
    assert whom(office, phone=PHONE) == whom(office, member="anna") == "anna"
    for nobody in ({"card": "c3"}, {"phone": "+79160000000"}, {"member": "boris"}):
        answer = now(office, **nobody)
        assert answer.member is None and answer.held == 0 and answer.at == utc_text(NOW)


def test_a_phone_that_several_share_is_nobodys(office: Office) -> None:
    office.join(phone=PHONE)
    office.join("boris")
    office.hub.within(lambda writer: writer.write(Rows(profiles=[ProfileRow("boris", PHONE, None, ())])))  # of before
    office.join("vera", phone=PHONE, programme="perekrestok")
    assert whom(office, phone=PHONE) is None
    assert whom(office, phone=PHONE, programme="perekrestok") == "vera"
    office.born(MemberMerged(member="boris", into="anna"))
    assert whom(office, phone=PHONE) == "anna"


def test_who_has_gone_into_another_is_that_one(office: Office) -> None:
    for member in ("anna", "boris", "vera"):
        office.join(member, points=5)
    office.born(MemberMerged(member="boris", into="vera"))
    office.born(MemberMerged(member="vera", into="anna"))
    assert {whom(office, member="boris"), whom(office, card="cardvera"), whom(office, card="cardboris")} == {"anna"}


def test_members_of_another_programme_are_not_told(office: Office) -> None:
    office.join()
    for asked in ({"member": "anna"}, {"card": "cardanna"}):
        assert whom(office, **asked, programme="perekrestok") is None


def test_a_member_whom_no_till_could_keep_is_a_problem_and_no_stranger(office: Office, url: str) -> None:
    office.join(birthday="1990-05-17")
    office.tamper("UPDATE members SET birthday = 'spring' WHERE member = 'anna'")
    response = post(url, "members", WHO)
    assert (response.status_code, response.json()["code"]) == (409, "cannot_be_told")


NOBODY: list[Any] = [
    b"",
    b"null",
    b"[" * 100_000,
    *({name: value for name, value in WHO.items() if name != missing} for missing in WHO),
    WHO | {"phone": PHONE},
    WHO | {"member": "anna"},
    *(WHO | {"card": card} for card in ("", "a\0", "a" * 400, 5, None)),
    *(WHO | {"generation": generation} for generation in (-1, "1", 2**63)),
    *(WHO | {name: bad} for name in ("programme",) for bad in ("", "a\0", 5)),
    WHO | {"store": "a\0"},
]


def test_what_asks_for_nobody_is_a_bad_request(office: Office, url: str) -> None:
    office.join()
    for body in NOBODY:
        response = post(url, "members", body)
        assert (response.status_code, response.json()["code"]) == (400, "bad_request"), ascii(body)[:300]


def test_asking_is_by_post_and_reads_no_further_than_it_must(url: str) -> None:
    for what in ("holds", "members"):
        assert asking.get(f"{url}/v3/{what}").status_code == 405
        assert post(url, what, b" " * 4_000_001).json()["code"] == "too_long"
