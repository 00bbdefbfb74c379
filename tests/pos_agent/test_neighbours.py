"""Tills of one shop ask each other over HTTP while the hub is away (SEC10)."""

from __future__ import annotations

import socket
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
import requests

from config.neighbours import NeighbourSettings
from config.settings import HubSettings, Settings
from loyalty.operation import Key
from loyalty.utc import utc_text
from offline_cache.records import Page
from pos_agent.doctor.neighbours import neighbours
from pos_agent.holds import HoldAnswer
from pos_agent.neighbours.asking import Address
from pos_agent.neighbours.joined import InShop
from pos_agent.neighbours.signing import sign
from pos_agent.neighbours.standing_here import here
from pos_agent.neighbours.wire import BODY_BYTES_MAX, HOLDS, VOIDS, Asked, Claim, Spent, Told
from tests.pos_agent.neighbours_here import (
    NOW,
    SECRET,
    UNTIL,
    TillHere,
    listening,
    pull,
    request,
    sell,
    tills_of_a_shop,
)
from tests.there import there

ANOTHER = b"t" * 32


def granted(till: TillHere, points: int, hold: str = "h1", replaces: str | None = None) -> int:
    reply, silent = till.ask(points, hold, replaces)
    assert silent == ()
    return there(reply).points


def test_what_one_till_of_the_shop_has_reserved_the_other_does_not_spend_sec10(tmp_path: Path) -> None:
    """600 points, 500 at each of two tills: 600, and not 1,000."""
    with tills_of_a_shop(tmp_path, SECRET, SECRET) as (one, other):
        assert granted(one, 500) == 500
        reply, _ = other.ask(500, "h2")
        told = there(reply)
        assert (told.points, told.active, told.held) == (100, 600, 500)


def test_what_was_sold_without_the_hub_is_not_there_for_the_other_and_counts_once(tmp_path: Path) -> None:
    with tills_of_a_shop(tmp_path, SECRET, SECRET) as (one, other):
        assert granted(one, 500) == 500
        sell(one.cache, 500, hold="h1")
        assert granted(other, 300, "h2") == 100  # the claim is there still, and the sale too
        one.ends()
        assert granted(other, 300, "h3", replaces="h2") == 100


def test_what_was_cancelled_is_free_again(tmp_path: Path) -> None:
    with tills_of_a_shop(tmp_path, SECRET, SECRET) as (one, other):
        assert granted(one, 500) == 500
        one.ends()
        assert granted(other, 600, "h2") == 600


def test_a_till_that_was_started_anew_knows_what_its_receipts_have(tmp_path: Path) -> None:
    with tills_of_a_shop(tmp_path, SECRET, SECRET) as (one, other):
        one.claims(h0=450)  # as its receipts say when it starts
        assert granted(other, 600, "h2") == 150


def test_the_newest_word_counts_whoever_has_it(tmp_path: Path) -> None:
    with tills_of_a_shop(tmp_path, SECRET, SECRET) as (one, other):
        pull(other.cache, 250, at=NOW + timedelta(minutes=1))
        reply, _ = one.ask(500)
        assert (there(reply).points, there(reply).active, there(reply).held) == (250, 250, 0)


def test_a_till_that_does_not_answer_is_named_and_what_the_others_say_stands(tmp_path: Path) -> None:
    with tills_of_a_shop(tmp_path, SECRET, SECRET, SECRET) as (one, other, third):
        assert granted(third, 350, "h3") == 350
        assert granted(other, 50, "h2") == 50
        address = url(third).removeprefix("http://")
        third.neighbours.stop()
        reply, silent = one.ask(600)
        assert silent == (address,)  # it has never said its name
        assert there(reply).points == 200  # what it was heard to want before counts


def test_a_till_that_was_heard_once_is_silent_by_its_name(tmp_path: Path) -> None:
    with tills_of_a_shop(tmp_path, SECRET, SECRET) as (one, other):
        assert granted(one, 100) == 100
        other.neighbours.stop()
        assert one.ask(100, "h2")[1] == ("till-2",)


def test_the_status_tells_who_answers_who_is_silent_and_who_was_never_asked(tmp_path: Path) -> None:
    with tills_of_a_shop(tmp_path, SECRET, SECRET, SECRET) as (one, _, third):
        address = url(third).removeprefix("http://")
        assert {till.state for till in one.neighbours.state().tills} == {"not_asked"}
        third.neighbours.stop()
        one.ask(100)
        there_now, silent = sorted(one.neighbours.state().tills, key=lambda till: till.state, reverse=True)
        assert (there_now.state, there_now.till, there_now.asked_at) == ("there", "till-2", utc_text(NOW))
        assert (silent.state, silent.till, silent.at) == ("silent", None, address)


def test_the_status_of_both_tells_of_another_secret(tmp_path: Path) -> None:
    with tills_of_a_shop(tmp_path, SECRET, ANOTHER) as (one, other):
        one.ask(100)
        (till,) = one.neighbours.state().tills
        assert (till.state, till.why) == ("refused", "wrong_signature")
        assert (other.neighbours.state().strangers, one.neighbours.state().strangers) == (1, 0)


def test_a_till_that_never_ends_its_answer_is_silent(tmp_path: Path) -> None:
    with tills_of_a_shop(tmp_path, SECRET) as (one,), listening() as mute:
        address = Address(*mute.getsockname())
        one.neighbours._names[address], one.neighbours._answer_s = None, 0.2
        reply, silent = one.ask(100)
        assert silent == (str(address),) and there(reply).points == 100


def test_a_till_with_another_secret_is_not_believed_and_hears_nothing(tmp_path: Path) -> None:
    with tills_of_a_shop(tmp_path, SECRET, ANOTHER) as (one, other):
        assert granted_in_spite(one, 500) == 500
        assert granted_in_spite(other, 500) == 500  # it knows of no claim


def granted_in_spite(till: TillHere, points: int) -> int:
    reply, silent = till.ask(points)
    assert len(silent) == 1
    return there(reply).points


def test_whoever_asks_too_much_at_once_or_of_a_till_that_has_ended_is_answered_at_once(tmp_path: Path) -> None:
    with tills_of_a_shop(tmp_path, SECRET, SECRET) as (one, _):
        one.neighbours.stop()
        assert one.ask(100) == (None, one.neighbours._silent(()))


# what comes in


def url(till: TillHere) -> str:
    return "http://{}:{}".format(*till.neighbours._listener.getsockname())


CLAIM = Claim(hold="h9", till="till-9", points=70, turn=1, until=UNTIL)
ASKED = msgspec.json.encode(Asked(programme="alenka", member="anna", claim=CLAIM))


def send(
    till: TillHere,
    path: str = HOLDS,
    body: bytes = ASKED,
    *,
    method: str = "POST",
    nonce: str = "0" * 32,
    at: datetime = NOW,
    secret: bytes = SECRET,
    signed: bytes | None = None,
) -> requests.Response:
    headers = sign(secret, method, path, body if signed is None else signed, at=at, nonce=nonce).headers
    return requests.request(method, url(till) + path, data=body, headers=headers, timeout=5)


def test_an_answer_has_no_name_no_phone_and_no_birthday_in_it(tmp_path: Path) -> None:
    with tills_of_a_shop(tmp_path, SECRET) as (one,):
        sell(one.cache, 40, hold="h7")
        told = msgspec.json.decode(send(one).content, type=Told)
        assert (told.till, there(told.word).active, told.spent) == ("till-1", 600, Spent(points=40, holds=("h7",)))
        assert [claim.hold for claim in told.claims] == ["h9"]
        assert b"lots" not in send(one, nonce="1" * 32).content


@pytest.mark.parametrize(
    ("other", "status", "code"),
    [
        ({"secret": ANOTHER}, 401, "wrong_signature"),
        ({"signed": ASKED + b" "}, 401, "wrong_signature"),
        ({"at": NOW - timedelta(minutes=2)}, 401, "old"),
        ({"path": "/n1/other"}, 404, "not_found"),
        ({"path": "/v1/status"}, 404, "not_found"),
        ({"method": "GET"}, 405, "wrong_method"),
        ({"body": b"{}"}, 400, "malformed"),
        ({"body": b"[" * 50_000}, 400, "malformed"),
        ({"body": ASKED.replace(b"alenka", b"perekrestok")}, 409, "other_programme"),
        ({"body": b" " * (BODY_BYTES_MAX + 1)}, 413, "too_large"),
        ({"body": ASKED.replace(b'"points":70', b'"points":-70')}, 400, "malformed"),
        ({"body": ASKED.replace(b'"turn":1', b'"turn":1e30')}, 400, "malformed"),
    ],
)
def test_what_cannot_be_taken_is_refused_and_claims_nothing(
    tmp_path: Path, other: dict[str, object], status: int, code: str
) -> None:
    with tills_of_a_shop(tmp_path, SECRET) as (one,):
        response = send(one, **other)  # type: ignore[arg-type]
        assert (response.status_code, response.json()) == (status, {"code": code})
        assert granted(one, 600) == 600


def test_a_replayed_request_is_refused(tmp_path: Path) -> None:
    with tills_of_a_shop(tmp_path, SECRET) as (one,):
        assert send(one).status_code == 200
        again = send(one)
        assert (again.status_code, again.json()) == (401, {"code": "replayed"})


def test_a_till_ends_its_own_claims_and_nobody_elses(tmp_path: Path) -> None:
    with tills_of_a_shop(tmp_path, SECRET) as (one,):
        send(one)
        for number, (till, left) in enumerate((("till-8", 530), ("till-9", 600)), start=1):
            ended = msgspec.json.encode({"till": till, "member": "anna", "holds": ["h9"]})
            assert send(one, VOIDS, ended, nonce=f"{number:032x}").json() == {"till": "till-1"}
            assert granted(one, 600, f"mine{number}") == left
            one.ends()


def test_a_half_open_connection_keeps_nobody_out(tmp_path: Path) -> None:
    with tills_of_a_shop(tmp_path, SECRET, SECRET) as (one, other):
        idle = [socket.create_connection(other.neighbours._listener.getsockname()) for _ in range(40)]
        assert granted(one, 500) == 500
        for each in idle:
            each.close()


# what a till knows


def test_what_is_earned_here_is_there_and_does_not_pay_for_what_was_spent_before(tmp_path: Path) -> None:
    with tills_of_a_shop(tmp_path, SECRET) as (one,):
        sell(one.cache, 100, accrued=30)
        sell(one.cache, 20, accrued=0)
        word, spent, earned = here(one.cache, "anna", NOW)
        assert (there(word).active, spent.points, earned) == (600, 100, 10)
        assert granted(one, 600) == 510


def test_a_word_is_as_new_as_what_was_told_of_the_member_and_as_the_feed_it_is_in(tmp_path: Path) -> None:
    with tills_of_a_shop(tmp_path, SECRET) as (one,):
        later = NOW + timedelta(minutes=1)
        pull(one.cache, 500, at=later, complete=False)  # a page of several, the last of which never came
        word, *_ = here(one.cache, "anna", NOW)
        assert (there(word).at, there(word).active) == (later.astimezone(UTC), 500)
        assert here(one.cache, "nobody", NOW).word is None


def test_a_receipt_that_is_cancelled_before_anybody_is_asked_claims_nothing(tmp_path: Path) -> None:
    with tills_of_a_shop(tmp_path, SECRET, SECRET) as (one, other):
        one.ends()
        assert one.shop.wants(request("till-1", 500)) is None
        assert granted(other, 600, "h2") == 600


def test_a_file_that_keeps_its_own_till_waiting_keeps_no_cashier_waiting(tmp_path: Path) -> None:
    with tills_of_a_shop(tmp_path, SECRET, SECRET) as (one, other):
        assert granted(one, 10) == 10  # so it knows the other's name
        answer: Future[HoldAnswer] = Future()
        wanted = request("till-1", 500, "h2")
        one.neighbours.own({}, {"h2"})
        with one.cache.file.lock:  # it is opened anew, after a commit that failed
            one.cache.file._let_go()
            InShop(one.neighbours).reserve(wanted, answer.set_result)
            assert answer.result(10) == HoldAnswer("h2", None, silent=("till-2",))
        one.ends()
        assert granted(other, 600, "h3") == 600  # what comes too late is claimed by nobody


def test_the_doctor_says_which_till_answers_which_is_off_and_which_has_another_secret(tmp_path: Path) -> None:
    with tills_of_a_shop(tmp_path, SECRET, ANOTHER) as (one, other), listening() as gone:
        addresses = [url(one), url(other), "http://{}:{}".format(*gone.getsockname())]
        gone.close()
        one.now = other.now = datetime.now(UTC)
        named = NeighbourSettings(listen="127.0.0.1:8078", tills=tuple(addresses), secret=SECRET.decode())
        settings = Settings(
            till="till-3", programme="alenka", data="data", hub=HubSettings(url="http://127.0.0.1:9"), neighbours=named
        )
        found, refused, away = neighbours(settings)
    assert (found.code, found.facts["till"]) == ("neighbour_there", "till-1")
    assert (refused.code, refused.facts["why"]) == ("neighbour_refused", "wrong_signature")
    assert (away.code, away.stops) == ("neighbour_away", False)


def test_of_a_member_whom_the_feed_tells_of_no_more_the_word_grows_old(tmp_path: Path) -> None:
    with tills_of_a_shop(tmp_path, SECRET) as (one,):
        later = NOW + timedelta(minutes=1)
        one.cache.changes.apply(
            Page(
                members=[],
                used_coupons=[],
                coupon_keys={},
                phone_hash_key=b"k" * 32,
                watermark=Key(1, 0),
                cursor="later",
                pulled_at=later,
                gone=["anna"],
            )
        )
        assert there(here(one.cache, "anna", later).word).at == NOW
        pull(one.cache, 500, at=later)
        assert there(here(one.cache, "anna", later).word).at == later
