"""Goods come back at another till, or without the receipt; a purchase without a card is added (R26).

Two tills on their real files, and a real hub that they ask over HTTP."""

from __future__ import annotations

import itertools
import queue
import socket
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from config.programmes import load_programme
from hub.build import build_hub, build_programmes
from hub.desk.acts import ACTS
from hub.errands.walk import Walk
from hub.face.tills import hub_app
from hub.hub import Hub
from hub.importing import import_members
from hub.jobs.running import Running
from hub.jobs.table import JOBS
from hub.members import NewMember
from hub.outside.services import NO_SERVICES
from hub.staff.book import add
from loyalty.bodies import Return
from loyalty.operation import Key, Store
from offline_cache.cache import Cache
from offline_cache.records import Answer, Page
from pos_agent.answers import Reply
from pos_agent.checkout import Checkout
from pos_agent.errands import (
    ERRAND_S,
    LOOKS,
    QUEUE_S,
    SILENT,
    Desk,
    Errand,
    HubErrands,
    HubSaid,
    desk_client,
    refused_by,
)
from pos_agent.protocol import (
    Balance,
    BasketLine,
    Code,
    FiscalDocument,
    Pay,
    Redeem,
    ReturnedGoods,
    ReturnGoods,
    SetBasket,
)
from pos_agent.protocol_receipts import ClaimSale, LookAtClaim, MemberPurchases, SoldReceipt
from pos_agent.protocol_staff import Second, SignIn
from pos_agent.staff.caller import AT_THE_TILL
from pos_agent.staff.proving import PinSaid, ProvePin
from tests.listed import listed
from tests.one_port import Server
from tests.pos_agent.conftest import ANNA, DAY, NOW, PHONE_KEY, SWEETS, member
from tests.speaking import speaking_as
from tests.staffed import MARK, OLGA, staff_in
from tests.there import there

ALENKA = load_programme("alenka")
TEA = BasketLine(id="1", name="Чай", price="333.33", quantity="3", category="tea")
QR = "t=20260302T1500&s=100.00&fn=9281000100000001&i=42&fp=123456&n=1"
FISCAL = FiscalDocument(
    device="9281000100000001", document="42", sign="123456", at="2026-03-02T15:00:00+03:00", sum="100.00"
)
(RETURNS,) = [job for job in JOBS if job.name == "returns"]


class Till:
    def __init__(self, folder: Path, hub: Hub, url: str, name: str) -> None:
        self.hub, self.name, self.online, self.now = hub, name, True, NOW
        (folder / name).mkdir()
        self.cache = Cache(folder / name / "till.db", name, Store(id="shop"))
        self.cache.changes.apply(
            Page(
                members=[member("anna", 500, (ANNA, "active"))],
                used_coupons=[],
                coupon_keys={},
                phone_hash_key=PHONE_KEY,
                watermark=Key(1, 0),
                cursor="1",
                pulled_at=NOW,
            )
        )
        speaker = speaking_as(hub, self.cache)
        self.errands = HubErrands(lambda: desk_client(url, speaker), name, "alenka")
        self.keys = itertools.count(1)
        self.refusal = SILENT  # what comes of an errand while it is not online
        self.checkout = Checkout(
            self.cache,
            ALENKA,
            language="en",
            receipt_language="ru",
            is_online=lambda: self.online,
            staff=staff_in(folder / name),
        )
        self.sign_in()

    def sign_in(self) -> None:
        assert self.do(SignIn(person=OLGA.id, pin=OLGA.pin)).ok

    def do(self, command: Any) -> Reply:
        """As the agent does it: asked for what it waits for, it comes again."""
        said: tuple[HubSaid, ...] = ()
        pins: tuple[PinSaid, ...] = ()
        key = f"key-{next(self.keys)}"
        while True:
            answer = self.checkout.ask(command, self.now, 0, AT_THE_TILL, Desk(key, said, pins))
            if isinstance(answer, ProvePin):
                pins = (*pins, answer.said())
            elif isinstance(answer, Errand) and not self.online:
                said = (*said, HubSaid(answer.act, of=answer.of, code=self.refusal))
            elif isinstance(answer, Errand):
                heard: queue.Queue[HubSaid] = queue.Queue()
                self.errands.run(answer, heard.put)
                said = (*said, heard.get(timeout=20)._replace(of=answer.of))
            else:
                assert isinstance(answer, Reply)
                return listed(command, answer)

    def sell(self, number: str, *, card: bool = True, points: int = 0) -> Reply:
        if card:
            self.do(Code(text=ANNA))
        self.do(SetBasket(lines=(TEA, SWEETS)))
        if card:
            self.do(Redeem(points=points))
        return self.do(Pay(sale=number, day=DAY, fiscal=(FISCAL,)))

    def back(self, of: SoldReceipt, *lines: tuple[str, str], **more: Any) -> Reply:
        goods = tuple(ReturnedGoods(id=id, quantity=quantity) for id, quantity in lines)
        return self.do(ReturnGoods(of=of, lines=goods, whole=not goods, **more))

    def given(self, told: Reply, number: str) -> Reply:
        day = self.now.date().isoformat()
        return self.do(ReturnGoods(quote=there(told.returned).quote, paid=True, sale=number, day=day))

    def send(self) -> list[str]:
        """What waits goes to the hub."""
        waiting = self.cache.outbox(100)
        taken = self.hub.take(self.name, [text for _, text in waiting])
        assert taken.stopped is None
        self.cache.answered(
            [
                Answer(key=key, hash=one.hash, result=one.result, reason=one.reason)
                for (key, _), one in zip(waiting, taken.answers, strict=True)
            ]
        )
        return [one.reason or one.result for one in taken.answers]

    def returned(self) -> list[Return]:
        with self.cache.file.reading() as connection:
            rows = connection.execute("SELECT generation, sequence FROM operations WHERE kind = 'return'").fetchall()
        bodies = (there(self.cache.operation(Key(*row))).body for row in rows)
        return [body for body in bodies if isinstance(body, Return)]


class Shop:
    def __init__(self, folder: Path, server: Server) -> None:
        self.now = NOW
        self.hub = build_hub(folder / "hub.db", build_programmes(), serving=False, now=lambda: self.now)
        fields: dict[str, Any] = {"line": 2, "phone": None, "registered": True, "birthday": None, "favourites": ()}
        anna = NewMember(member="anna", card=ANNA, points=500, programme="alenka", **fields)
        assert list(import_members(self.hub, [anna])) == [1]
        for one in (OLGA, MARK):
            self.hub.within(partial(add, id=one.id, name=one.name, role=one.role, stores=(), by="test", now=NOW))
        server.app = hub_app(self.hub)
        self.sells, self.other, self.third = (Till(folder, self.hub, server.url, f"till-{n}") for n in (1, 2, 3))

    @property
    def points(self) -> int:
        return dict(self.hub.balances("alenka"))["anna"]

    def square(self) -> None:
        self.now += timedelta(minutes=10)
        list(Running(self.hub).run(RETURNS, self.now))

    def cases(self) -> list[str]:
        with self.hub.store.reading() as reader:
            return [case.kind for case in reader.all_cases()]

    def close(self) -> None:
        for till in (self.sells, self.other, self.third):
            till.cache.close()
        self.hub.close()


@pytest.fixture
def shop(tmp_path: Path, server: Server) -> Iterator[Shop]:
    shop = Shop(tmp_path, server)
    yield shop
    shop.close()


def mark(till: Till, number: int) -> SoldReceipt:
    digest = there(till.cache.own_chain.hash_at(Key(1, number)))
    return SoldReceipt(code=f"po:{till.name}:1:{number}:{digest[:16]}")


# at another till


@pytest.mark.parametrize("by", ["its fiscal receipt", "our paper", "its number"])
def test_r26_goods_come_back_at_another_till_by_what_the_customer_has_in_hand(shop: Shop, by: str) -> None:
    shop.sells.sell("41", points=200)
    shop.sells.send()
    of = {
        "its fiscal receipt": SoldReceipt(code=QR),
        "our paper": mark(shop.sells, 1),
        "its number": SoldReceipt(sale="41", day=DAY, till="till-1"),
    }[by]
    told = shop.other.back(of, ("1", "1"))
    assert (told.ok, told.code) == (True, "return_prepared")
    first = there(told.returned)
    assert first.sale == "41" and first.restored > 0
    assert shop.other.given(told, "R1").code == "return_recorded"
    (body,) = shop.other.returned()
    assert (body.of.chain, body.member, there(body.of_sale).number) == ("till-1", "anna", "41")
    again = shop.other.given(told, "R1")
    assert again.code == "return_recorded_before" and len(shop.other.returned()) == 1
    rest = shop.other.back(of)  # its own return is known before it is sent
    assert [(line.id, line.quantity) for line in there(rest.returned).lines] == [("1", "2"), ("2", "0.347")]
    shop.other.send()
    at_home = shop.sells.back(SoldReceipt(sale="41", day=DAY))
    assert there(at_home.returned).refund == there(rest.returned).refund, "the till that sold has heard"
    shop.sells.given(at_home, "R2")
    shop.sells.send()
    assert shop.points == 500
    assert shop.third.back(of).code == "all_came_back"


def test_r26_two_tills_at_once_give_money_twice_points_once_and_the_office_hears(shop: Shop) -> None:
    shop.sells.sell("41", points=200)
    shop.sells.send()
    told = [till.back(mark(shop.sells, 1)) for till in (shop.other, shop.third)]
    for till, one in zip((shop.other, shop.third), told, strict=True):
        assert till.given(one, "R1").code == "return_recorded"
    assert (shop.other.send(), shop.third.send()) == (["applied"], ["more_than_was_redeemed"])
    shop.square()
    assert shop.points == 500
    assert sorted(shop.cases()) == ["came_back_twice", "refused"]


def test_r26_without_a_connection_another_tills_receipt_is_refused_with_what_helps(shop: Shop) -> None:
    shop.sells.sell("41")
    shop.sells.send()
    shop.other.online = False
    for of in (mark(shop.sells, 1), SoldReceipt(code=QR), SoldReceipt(sale="41", day=DAY, till="till-1")):
        said = shop.other.back(of)
        assert not said.ok and "not found without a connection" in said.text, said
    assert shop.other.back(SoldReceipt(sale="41", day=DAY)).code == "no_such_sale"
    shop.sells.online = False
    assert shop.sells.back(SoldReceipt(sale="41", day=DAY)).code == "return_prepared", "its own"


def test_r26_a_receipt_that_its_till_has_not_sent_is_nowhere_yet(shop: Shop) -> None:
    shop.sells.sell("41")
    said = shop.other.back(mark(shop.sells, 1))
    assert (said.code, "may not have sent it" in said.text) == ("no_such_sale", True)
    assert shop.other.back(SoldReceipt(code=QR)).code == "no_such_fiscal"


def test_a_return_told_beforehand_is_recorded_without_a_connection(shop: Shop) -> None:
    """The money has been given: that is a fact."""
    shop.sells.sell("41", points=100)
    shop.sells.send()
    told = shop.other.back(mark(shop.sells, 1))
    shop.other.online = False
    of = mark(shop.sells, 1)
    reply = shop.other.do(ReturnGoods(of=of, quote=there(told.returned).quote, paid=True, sale="R1", day=DAY))
    assert reply.code == "return_recorded"
    shop.other.send()
    assert shop.points == 500


def test_a_trimmed_sale_comes_back_at_its_own_till_by_the_hubs_word(shop: Shop) -> None:
    till = shop.sells
    till.sell("41", points=100)
    till.sell("42")
    till.send()
    with till.cache.file.transaction() as connection:
        connection.execute("INSERT INTO settings VALUES ('covered:1', '2')")
        connection.execute("UPDATE print_jobs SET state = 'printed'")
    till.now = shop.now = NOW + timedelta(days=40)
    while till.cache.trimming.some(till.now, timedelta(days=30)):
        pass
    assert till.cache.operation(Key(1, 1)) is None
    till.sign_in()
    told = till.back(SoldReceipt(sale="41", day=DAY))
    assert (told.code, there(told.returned).restored) == ("return_prepared", 100)
    assert till.given(told, "R1").code == "return_recorded" and till.send() == ["applied"]
    till.online = False
    assert "too long ago" in till.back(mark(till, 1)).text


# without a receipt


def test_r26_without_a_receipt_a_manager_finds_it_in_the_history_and_a_second_answers(shop: Shop) -> None:
    shop.sells.sell("41", points=100)
    shop.sells.send()
    told = shop.other.do(MemberPurchases(who=ANNA))
    (purchase,) = there(told.purchases).sales
    assert (purchase.number, [line.name for line in purchase.lines]) == ("41", ["Чай", "Конфеты"])
    assert shop.other.do(MemberPurchases(who=ANNA, total="1.00")).code == "no_purchases"
    assert shop.other.do(MemberPurchases(who="2600000000999")).code == "nobody_called_so"
    of = SoldReceipt(id=purchase.id)
    assert shop.other.back(of, ("1", "1")).code == "no_receipt_needs_reason"
    ready = shop.other.back(of, ("1", "1"), reason="lost")
    assert ready.code == "return_prepared", "the sum is seen before anybody answers for it"
    assert shop.other.given(ready, "R1").code == "second_needed" and shop.other.returned() == []
    quote = there(ready.returned).quote
    assert shop.other.do(ReturnGoods(quote=quote)).code == "second_needed"
    own = Second(person=OLGA.id, pin=OLGA.pin)
    assert shop.other.do(ReturnGoods(quote=quote, second=own)).code == "second_same"
    mark_said = shop.other.do(ReturnGoods(quote=quote, second=Second(person=MARK.id, pin=MARK.pin)))
    assert (mark_said.code, mark_said.returned) == (ready.code, ready.returned)
    assert shop.other.given(ready, "R1").code == "return_recorded"
    (body,) = shop.other.returned()
    assert (body.without_receipt, body.second, body.reason) == (True, MARK.name, "lost")
    assert shop.other.send() == ["applied"]


# claimed


def test_a_purchase_without_a_card_is_added_once_and_taken_along_by_its_goods(shop: Shop) -> None:
    shop.sells.sell("41", card=False)
    shop.sells.send()
    of = SoldReceipt(code=QR)
    look = shop.other.do(LookAtClaim(who=ANNA, of=of))
    assert (look.code, there(look.claimed).why) == ("claim_to_give", "no_card")
    points = there(look.claimed).points
    assert shop.other.do(ClaimSale(who=ANNA, of=of, reason=" ")).code == "claim_needs_reason"
    assert shop.other.do(ClaimSale(who=ANNA, of=of, reason="forgot")).code == "claim_given"
    assert shop.points == 500 + points
    assert shop.third.do(ClaimSale(who=ANNA, of=of, reason="again")).code == "claim_given_before"
    told = shop.other.back(of)
    assert there(told.returned).clawed_back == points
    shop.sells.online = False  # the till that sold has not heard: the job puts it right
    at_home = shop.sells.back(SoldReceipt(sale="41", day=DAY))
    assert there(at_home.returned).clawed_back == 0
    shop.sells.given(at_home, "R1")
    shop.sells.send()
    shop.square()
    assert shop.points == 500


def test_an_old_receipt_is_given_to_the_card_in_front(shop: Shop) -> None:
    """Item 7. By our paper's code and by the fiscal one, at another till; never to nobody, and never twice."""
    shop.sells.sell("41", card=False)
    shop.sells.send()
    code = Code(text=there(mark(shop.sells, 1).code))
    nobody = shop.other.do(code)
    assert (nobody.code, "the card comes first" in nobody.text) == ("receipt", True)
    shop.other.do(Code(text=ANNA))
    given = shop.other.do(code)
    assert (given.ok, given.code) == (True, "claim_given") and "bonus" in given.text, given
    points = shop.points
    assert points > 500 and shop.other.checkout.visit.who is not None, "who stands in front stays"
    shop.third.do(Code(text=ANNA))
    for again in (code, Code(text=QR), Code(text=f"https://club.example/claim?code={code.text}")):
        told = shop.third.do(again)
        assert (told.ok, told.code) == (False, "claim_given_before"), told
    assert shop.third.do(Balance(text=code.text)).code == "receipt", "it is no card"
    assert shop.points == points


def test_an_old_receipt_without_the_hub_and_one_that_has_not_come(shop: Shop) -> None:
    shop.sells.sell("40", card=False)
    shop.sells.send()
    shop.sells.sell("41", card=False)  # and it has not come
    code = Code(text=there(mark(shop.sells, 2).code))
    shop.other.do(Code(text=ANNA))
    waits = shop.other.do(code)
    assert (waits.ok, waits.code) == (True, "claim_waiting") and "05.03.2026" in waits.text, waits
    assert shop.other.do(code).code == "claim_waiting" and shop.points == 500
    shop.other.online = False
    silent = shop.other.do(code)
    assert (silent.ok, silent.code) == (False, "desk_hub_silent") and "It stays good" in silent.text
    shop.sells.send()
    shop.now += timedelta(minutes=1)
    assert Walk(shop.hub, NO_SERVICES).step() == 1 and shop.points > 500


def test_without_an_answer_it_is_said_what_may_have_been_done(shop: Shop) -> None:
    """Nothing was sent, it was only a look, or nobody knows."""
    said = {
        (act, sent): refused_by(HubSaid(act, sent=sent)) for act in ("find_member", "merge") for sent in (False, True)
    }
    assert {where: refused.words for where, refused in said.items()} == {
        ("find_member", False): "desk_not_sent",
        ("merge", False): "desk_not_sent",
        ("find_member", True): "desk_look_unanswered",
        ("merge", True): "desk_hub_silent",
    }
    assert {refused.code for refused in said.values()} == {"desk_hub_silent"}
    assert set(ACTS) >= LOOKS
    heard: queue.Queue[HubSaid] = queue.Queue()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        gone = f"http://127.0.0.1:{taken.getsockname()[1]}"
    speaker = speaking_as(shop.hub, shop.other.cache)
    HubErrands(lambda: desk_client(gone, speaker), "other", "alenka").run(Errand("merge", "k", "", b"{}"), heard.put)
    assert heard.get(timeout=20) == HubSaid("merge", sent=False)


def test_a_hub_that_never_answers_keeps_a_queue_less_long_than_a_desk(shop: Shop) -> None:
    """What was asked last is given up first; the desk's errand waits on."""
    heard: queue.Queue[HubSaid] = queue.Queue()
    in_a_queue = ["certificate_hold", "certificate_look", "coupon_hold"]
    with socket.create_server(("127.0.0.1", 0)) as dumb:
        url, speaker = f"http://127.0.0.1:{dumb.getsockname()[1]}", speaking_as(shop.hub, shop.other.cache)
        errands = HubErrands(lambda: desk_client(url, speaker), "other", "alenka", queue_s=0.02)
        for act in ("merge", *in_a_queue):
            errands.run(Errand(act, "k", "", b"{}"), heard.put)
        assert sorted(heard.get(timeout=20).act for _ in in_a_queue) == in_a_queue
        assert heard.empty()
    in_a_queue.append("bring_receipt")  # a fifth at once would not be asked at all
    shipped = HubErrands(lambda: desk_client(url, speaker), "other", "alenka")
    assert {act: shipped.wait_s(act) for act in ACTS if act in in_a_queue} == dict.fromkeys(in_a_queue, QUEUE_S)
    assert {shipped.wait_s(act) for act in ACTS if act not in in_a_queue} == {ERRAND_S}
    assert QUEUE_S < ERRAND_S


def test_what_the_hub_refuses_by_a_word_that_no_till_knows_is_shown_as_it_is(shop: Shop) -> None:
    """`runs_elsewhere`, say, of a till that was copied. It was answered as a fault of the program."""
    shop.sells.sell("1")
    shop.sells.send()
    shop.other.online, shop.other.refusal = False, "runs_elsewhere"
    told = shop.other.back(SoldReceipt(sale="1", day=DAY, till="till-1"))
    assert (told.ok, told.code) == (False, "desk_refused") and "runs_elsewhere" in told.text
