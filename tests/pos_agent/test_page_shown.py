"""What a page shows: what is off and what is still possible, who is there, what was recorded and how its paper is."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from msgspec import UNSET

from config.programmes import load_programme
from loyalty.operation import Key
from loyalty.paper.words import PaperWords
from loyalty.programme import Language
from offline_cache.print_jobs import PaperEvent
from offline_cache.records import Page
from pos_agent.cards_state import CardsHere
from pos_agent.protocol import Code, IssueCard, Pay, ReturnedGoods, ReturnGoods, SoldReceipt
from pos_agent.shown import shown_done, shown_front
from pos_agent.status import (
    Bootstrap,
    DiskState,
    DiskStatus,
    HubStatus,
    PrinterState,
    RefusedOperation,
    RowSetAside,
    RowsSetAside,
    ScannerCounts,
    ScannerState,
)
from pos_agent.troubles import troubles
from tests.pos_agent.conftest import ANNA, NOW, PHONE_KEY, member

if TYPE_CHECKING:
    from tests.pos_agent.conftest import Desk

HUB = HubStatus(url="http://hub", online=True, cause="", code="", pulled_at=NOW.isoformat(), clock_off_s=0)
PRINTER = PrinterState(url="tcp://p", state="ready", link="ready", text="Ready.")
SCANNER = ScannerState(
    name="counter", url="serial:///x", state="ready", cause="", losses=0, counts=ScannerCounts(), refused={}
)
REFUSED = RefusedOperation(generation=1, sequence=7, reason="no such card")
ROWS = tuple(RowSetAside(kind="member", key=key, reason="impossible") for key in ("anna", "", "petr", "eve"))
ASIDE = RowsSetAside(count=5, rows=ROWS)


def hub(**changes: Any) -> HubStatus:
    return msgspec.structs.replace(HUB, online=False, **changes)


def slow(minutes: int) -> HubStatus:
    at = (NOW + timedelta(minutes=3 - minutes)).isoformat()
    return msgspec.structs.replace(HUB, unanswered=1, unanswered_at=at)


def printer(state: str) -> PrinterState:
    return msgspec.structs.replace(PRINTER, state=state, text=f"It is {state}.")


def disk(state: DiskState) -> DiskStatus:
    return DiskStatus(state=state, free_mb=7, reserve=False)


def cards(certificates: int | None) -> CardsHere:
    return CardsHere(blanks=None, counted_at=None, virtual=20, given_today=0, certificates=certificates)


def scanner(state: str) -> ScannerState:
    return msgspec.structs.replace(SCANNER, state=state)


COMING = msgspec.structs.replace(HUB, pulled_at=None, bootstrap=Bootstrap(done=340_000, of=1_000_000))

CASES: list[tuple[str, dict[str, Any], list[tuple[str, str, bool]]]] = [
    ("all is well", {}, []),
    ("no devices", {"printer": None, "scanners": ()}, []),
    ("not asked yet", {"printer": printer("unknown"), "hub": hub(code="not_asked")}, []),
    ("paper is low", {"printer": printer("paper_low")}, [("printer", "paper_low", False)]),
    ("paper is out", {"printer": printer("paper_out")}, [("printer", "paper_out", True)]),
    ("the scanner is away", {"scanners": (scanner("absent"),)}, [("counter", "scanner_away", True)]),
    ("the scanner comes", {"scanners": (scanner("connecting"),)}, []),
    ("the hub is away", {"hub": hub(code="refused")}, [("hub", "hub_away", False)]),
    ("the hub is slow", {"hub": slow(minutes=9)}, [("hub", "hub_slow", False)]),
    ("the hub was slow", {"hub": slow(minutes=10)}, []),
    ("members are coming", {"hub": COMING}, [("hub", "members_coming", False)]),
    ("never reached", {"hub": hub(code="refused", pulled_at=None)}, [("hub", "hub_never", False)]),
    ("an older hub", {"hub": hub(code="older")}, [("hub", "hub_older", False)]),
    ("SEC3: it has not joined", {"hub": hub(code="not_joined")}, [("hub", "hub_not_joined", False)]),
    ("SEC3: another hub answers", {"hub": hub(code="strange_hub")}, [("hub", "hub_strange", False)]),
    ("SEC3: it was sent away", {"hub": hub(code="revoked")}, [("hub", "hub_not_heard", False)]),
    ("the clock is slow", {"hub": msgspec.structs.replace(HUB, clock_off_s=601)}, [("clock", "clock_slow", False)]),
    ("the clock is fast", {"hub": msgspec.structs.replace(HUB, clock_off_s=-601)}, [("clock", "clock_fast", False)]),
    ("the clock is near", {"hub": msgspec.structs.replace(HUB, clock_off_s=300)}, []),
    ("one was refused", {"refused": (REFUSED,)}, [("hub", "hub_refused", False)]),
    ("five were refused", {"refused": (REFUSED,) * 5}, [("hub", "hub_refused", False)] * 3),
    ("rows set aside", {"set_aside": ASIDE}, [("hub", "hub_set_aside", False)]),
    ("another ledger", {"hub": hub(code="bad_cursor")}, [("hub", "hub_bad_cursor", False)]),
    ("not proven", {"hub": hub(code="forked", unproven="forked")}, [("hub", "unproven", False)]),
    (
        "proven by nobody yet",
        {"hub": msgspec.structs.replace(HUB, unproven="not_leased")},
        [("hub", "unproven", False)],
    ),
    ("F6: the disk is nearly full", {"disk": disk("low")}, [("disk", "disk_low", False)]),
    ("F6: the disk is full", {"disk": disk("full"), "hub": hub(code="disk")}, [("disk", "disk_full", True)]),
    ("F6: the disk fails, and not the hub", {"hub": hub(code="disk")}, [("disk", "disk_fails", True)]),
    ("a newer till", {"hub": hub(code="newer_operation")}, [("hub", "hub_older", False)]),
    ("no certificate was ever to be sold", {"cards": cards(None)}, []),
    ("certificates are enough", {"cards": cards(6)}, []),
    ("certificates are few", {"cards": cards(5)}, [("certificates", "certificates_few", False)]),
    ("no certificate can be sold", {"cards": cards(0)}, [("certificates", "certificates_none", False)]),
    (
        "the nearest to the customer first",
        {"printer": printer("cover_open"), "scanners": (scanner("faulted"),), "hub": hub(code="refused")},
        [("printer", "cover_open", True), ("counter", "scanner_away", True), ("hub", "hub_away", False)],
    ),
]


def told(language: Language = "en", **world: Any) -> Any:
    more = {name: world.pop(name, UNSET) for name in ("disk", "set_aside", "cases", "cards")}
    facts: dict[str, Any] = {"hub": HUB, "outbox": 4, "refused": (), "printer": PRINTER, "scanners": (SCANNER,)} | world
    words = PaperWords(load_programme("alenka"), language, None)
    now = NOW + timedelta(minutes=3)
    return troubles(words, *facts.values(), **more, now=now, clock_tolerance_s=300)


@pytest.mark.parametrize(("world", "found"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_is_off(world: dict[str, Any], found: list[tuple[str, str, bool]]) -> None:
    assert [(one.of, one.code, one.stops) for one in told(**world)] == found
    russian = told("ru", **world)
    assert [one.code for one in russian] == [code for _, code, _ in found]
    assert all(one.text for one in russian)


def test_what_the_hub_sent_and_cannot_be_is_counted_and_named() -> None:
    (one,) = told(set_aside=ASIDE)
    assert one.text.startswith("The hub sent what cannot be: 5 (anna, ?, petr). For these cards")


def test_without_the_hub_it_says_how_old_the_data_are_what_goes_on_and_how_many_wait() -> None:
    (one,) = told(hub=hub(code="refused"))
    assert one.text == (
        "No connection to the hub, data of 15:00. Sales and earning go on. "
        "Up to 300 bonuses may be redeemed on a receipt. Waiting to be sent: 4."
    )


@pytest.mark.parametrize(("born", "said"), [("1990-03-02", True), ("1990-03-05", True), ("1990-07-01", False)])
def test_a_birthday_is_said(desk: Desk, born: str, said: bool) -> None:
    desk.cache.changes.apply(
        Page(
            members=[member("anna", 150, (ANNA, "active"), birthday=born)],
            used_coupons=[],
            coupon_keys={},
            phone_hash_key=PHONE_KEY,
            watermark=Key(1, 0),
            cursor="6",
            pulled_at=NOW,
        )
    )
    assert desk.do(Code(text=ANNA)).ok
    shown = shown_front(desk.checkout, desk.checkout.receipts, desk.now).member
    assert shown is not None
    assert ("It is the birthday: congratulate." in shown.notes) is said
    assert (shown.card, shown.balance, shown.active) == ("****0017", 150, 150)


def test_a_card_that_is_only_being_issued_has_no_account(desk: Desk) -> None:
    desk.basket()
    assert desk.do(IssueCard(card=desk.BLANK)).ok
    shown = shown_front(desk.checkout, desk.checkout.receipts, desk.now)
    assert shown.member is not None and shown.member.balance is None
    assert shown.gives_card == f"****{desk.BLANK[-4:]}"


def test_what_was_recorded_last_and_how_its_paper_is(desk: Desk) -> None:
    assert shown_done(desk.cache, "en", desk.checkout.house.programme) is None
    desk.basket()
    desk.code(desk.BORIS)
    assert desk.do(Pay(sale="1042", day=desk.DAY)).ok
    done = shown_done(desk.cache, "en", desk.checkout.house.programme)
    assert done is not None and done.paper is not None
    assert (done.kind, done.number, done.to_pay, done.accrued, done.card) == ("sale", "1042", "494.90", 9, "****0024")
    assert (done.paper.state, done.paper.text) == ("queued", "waits for the printer, comes by itself")
    assert any("****0024" in line for line in done.paper.lines)
    job = desk.cache.print_jobs.oldest_open()
    assert job is not None
    desk.cache.print_jobs.happened(desk.cache.print_jobs.begin(job), PaperEvent.PROVED, proof="process_id")
    done = shown_done(desk.cache, "ru", desk.checkout.house.programme)
    assert done is not None and done.paper is not None
    assert (done.paper.state, done.paper.text) == ("printed", "напечатана")


def test_a_sale_without_a_card_has_a_paper_that_keeps_its_points(desk: Desk) -> None:
    desk.basket()
    desk.pay("1043")
    done = shown_done(desk.cache, "en", desk.checkout.house.programme)
    assert done is not None and done.paper is not None and done.card is None


def test_a_return_says_what_was_given_back_and_taken(desk: Desk) -> None:
    desk.basket()
    desk.code(desk.BORIS)
    desk.pay("1044")
    back = ReturnGoods(of=SoldReceipt(sale="1044", day=desk.DAY), lines=(ReturnedGoods(id="1", quantity="1"),))
    back = msgspec.structs.replace(back, sale="R-1", day=desk.DAY, paid=True)
    assert desk.do(back).ok
    done = shown_done(desk.cache, "en", desk.checkout.house.programme)
    assert done is not None
    assert (done.kind, done.number, done.to_pay) == ("return", "R-1", "89.90")


def test_how_many_members_have_come_is_said_in_both_languages() -> None:
    (english,), (russian,) = told(hub=COMING), told("ru", hub=COMING)
    assert english.text.startswith("Members are coming from the hub: 340,000 of 1,000,000.")
    assert russian.text.startswith("Участники приходят с хаба: 340\xa0000 из 1\xa0000\xa0000.")
