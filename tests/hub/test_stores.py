"""Tills of a shop are told of those who are seen there, and of nobody else."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from hub.face.tills import hub_app
from hub.jobs.running import Running
from hub.jobs.table import JOBS
from hub.store.office_records import SeenRow, StoreRow
from hub.stores import keep_store, partition_of_store, see
from loyalty.bodies import CardIssued, CouponRevoked, MemberMerged, MemberRegistered, OperationRef, Return
from loyalty.operation import utc_text
from loyalty.snapshot import LOTS_MAX
from storage import engine, sqlite_file
from sync.protocol import CHAIN, ChangesPage, MemberRequest
from tests.hub.conftest import AA, BB, NOW, Office, Pen
from tests.one_port import Server
from tests.speaking import asking

KEPT = timedelta(days=60)


class Chain:
    """The office, two shops and a store that is told of all members, a till in each."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.hub = office.hub
        self.pens = {store: Pen(f"till-{store}", store=store) for store in ("s1", "s2", "big")}
        for store in ("s1", "s2"):
            self.keep(StoreRow(store, members="shop"))
        self.keep(StoreRow("big"))

    def keep(self, row: StoreRow) -> None:
        self.hub.within(lambda writer: keep_store(writer, row))

    def sell(self, store: str, member: str | None = "anna", **what: Any) -> str:
        (answer,) = self.office.take(self.office.sale(member, **what), pen=self.pens[store])
        return answer

    def page(self, store: str, after: str = "", scope: str | None = None) -> ChangesPage:
        """What the store's till is told, of the scope that it has."""
        scope = scope if scope is not None else CHAIN if store == "big" else f"shop:{store}"
        return self.hub.changes(
            till=f"till-{store}", programme="alenka", after=after, limit=100, store=store, scope=scope
        )

    def told(self, store: str, after: str = "") -> list[str]:
        return [one.member for one in self.page(store, after).members]

    def seen(self) -> dict[tuple[str, str], Any]:
        with self.hub.store.reading() as reader:
            return {(row.member, row.store): row.until for row in reader.all_seen()}

    def changes(self, store: str) -> int:
        with self.hub.store.reading() as reader:
            return len(reader.changes(partition_of_store(store, "alenka"), "", 1_000))

    def run_jobs(self) -> None:
        running = Running(self.hub, jobs=JOBS)
        while running.step(self.office.now) <= self.office.now:
            pass


@pytest.fixture
def chain(office: Office) -> Chain:
    office.join("anna", points=100)
    office.join("boris", points=50)
    return Chain(office)


# who is seen


def test_whoever_buys_in_a_shop_is_told_there_and_nowhere_else_but_in_the_chain(chain: Chain) -> None:
    ends = {store: chain.page(store).cursor for store in chain.pens}
    assert chain.told("s1") == [] == chain.told("s2") and sorted(chain.told("big")) == ["anna", "boris"]
    assert chain.sell("s1", earned=5) == "applied"
    page = chain.page("s1", ends["s1"])
    assert page.members == (chain.hub.snapshot("anna"),) and page.scope == "shop:s1"
    assert chain.told("big", ends["big"]) == ["anna"]
    quiet = chain.page("s2", ends["s2"])
    assert (quiet.members, quiet.gone, quiet.cursor) == ((), (), ends["s2"]), "not a byte of it"
    assert chain.seen() == {("anna", "s1"): NOW + KEPT}


def test_a_change_anywhere_is_told_wherever_he_is_seen(chain: Chain) -> None:
    chain.sell("s1")
    chain.sell("s2")
    chain.sell("s2", "boris")
    ends = {store: chain.page(store).cursor for store in chain.pens}
    chain.sell("big", earned=7)
    chain.office.grant(9)
    for store in chain.pens:
        assert chain.page(store, ends[store]).members == (chain.hub.snapshot("anna"),), store
    assert ("anna", "big") not in chain.seen(), "tills of a store of the chain know all"


def test_a_stranger_s_card_and_a_new_one_are_seen_too(chain: Chain) -> None:
    chain.office.take(chain.office.sale(None, card="cardanna", earned=3), pen=chain.pens["s1"])
    issued = CardIssued(sale=chain.office.number(), member="new", card="555")
    chain.office.take(issued, pen=chain.pens["s1"])
    assert sorted(chain.told("s1")) == ["anna", "new"]


def test_what_is_refused_makes_nobody_seen(chain: Chain) -> None:
    assert chain.sell("s1", "nobody", earned=5) == "unknown_member"
    assert chain.sell("s1", None) == "applied"
    assert chain.seen() == {} and chain.told("s1") == []


def test_whoever_buys_often_is_written_anew_once_a_day(chain: Chain) -> None:
    chain.sell("s1")
    chain.office.now = NOW + timedelta(hours=23)
    chain.sell("s1")
    assert chain.seen() == {("anna", "s1"): NOW + KEPT}
    chain.office.now = NOW + timedelta(hours=24)
    chain.sell("s1")
    assert chain.seen() == {("anna", "s1"): NOW + timedelta(days=1) + KEPT}


def test_whom_a_till_asks_for_stays(chain: Chain, url: str) -> None:
    asked = MemberRequest(till="till-s1", generation=1, programme="alenka", card="cardboris", store="s1")
    for _ in range(2):
        answer = asking.post(f"{url}/v3/members", data=msgspec.json.encode(asked))
        assert answer.status_code == 200 and answer.json()["member"]["member"] == "boris"
    assert chain.told("s1") == ["boris"] and chain.changes("s1") == 1
    for other in ("big", "nowhere", ""):
        asking.post(f"{url}/v3/members", data=msgspec.json.encode(msgspec.structs.replace(asked, store=other)))
    assert chain.seen() == {("boris", "s1"): NOW + KEPT}


def test_who_asks_is_answered_also_while_nothing_can_be_written(
    chain: Chain, url: str, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_file, "BUSY_TIMEOUT_MS", 20)
    chain.office.restart()
    server.app = hub_app(chain.office.hub)
    asked = MemberRequest(till="till-s1", generation=1, programme="alenka", card="cardboris", store="s1")

    def ask() -> str:
        answer = asking.post(f"{url}/v3/members", data=msgspec.json.encode(asked))
        assert answer.status_code == 200
        return str(answer.json()["member"]["member"])

    asking.speaker(url, "till-s1")  # it has joined before
    with closing(engine.connect(chain.office.path)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        assert ask() == "boris" and chain.office.rows("SELECT * FROM seen") == []
        holder.execute("ROLLBACK")
    assert ask() == "boris" and chain.office.rows("SELECT member, store FROM seen") == [("boris", "s1")]


def test_whoever_goes_into_another_is_known_as_that_one(chain: Chain) -> None:
    chain.sell("s1")
    chain.office.now = NOW + timedelta(days=3)
    chain.sell("s2")
    chain.sell("s2", "boris")
    assert chain.office.born(MemberMerged(member="anna", into="boris"), "office") == "applied"
    assert chain.seen()["boris", "s1"] == NOW + KEPT
    for store in ("s1", "s2"):
        told = {one.member: one for one in chain.page(store).members}
        assert told == {one: chain.hub.snapshot(one) for one in ("anna", "boris")}
        assert {card.number for card in told["boris"].cards} == {"cardanna", "cardboris"}


def test_of_two_who_go_into_one_the_longer_time_stays(chain: Chain) -> None:
    chain.office.join("clara")
    chain.sell("s1", "boris")
    chain.office.now = NOW + timedelta(days=9)
    chain.sell("s1", "anna")
    merges = (MemberMerged(member="anna", into="clara"), MemberMerged(member="boris", into="clara"))
    assert [answer.result for answer in chain.hub.bear("alenka", *merges, chain="office")] == ["applied"] * 2
    assert chain.seen()["clara", "s1"] == NOW + timedelta(days=9) + KEPT


# who is not any more


def test_whoever_stays_away_is_gone_and_comes_again(chain: Chain) -> None:
    chain.sell("s1")
    chain.sell("s2")
    end = chain.page("s1").cursor
    chain.office.now = NOW + timedelta(days=40)
    chain.sell("s2")
    chain.office.now = NOW + KEPT
    chain.run_jobs()
    page = chain.page("s1", end)
    assert (page.members, page.gone) == ((), ("anna",)) and "anna" not in chain.told("s1")
    assert ("anna", "s1") not in chain.seen() and chain.told("s2") == ["anna"]
    chain.sell("s1")
    assert chain.told("s1", page.cursor) == ["anna"] and chain.page("s1", page.cursor).gone == ()


def test_one_whose_time_is_over_and_comes_before_the_job_is_told_anew(chain: Chain) -> None:
    """A till may have heard of a change after his time, and let him go."""
    chain.sell("s1")
    chain.office.now = NOW + KEPT
    chain.office.grant(1)
    page = chain.page("s1")
    assert page.gone == ("anna",) and page.members == ()
    chain.sell("s1")
    assert chain.told("s1", page.cursor) == ["anna"]


def test_one_whose_time_is_over_is_told_anew_when_he_is_asked_for(chain: Chain) -> None:
    chain.sell("s1")
    chain.office.now = NOW + KEPT
    end = chain.page("s1").cursor
    assert chain.hub.within(lambda writer: see(writer, "s1", ["anna"], chain.office.now)) == 1
    assert chain.told("s1", end) == ["anna"]


# coupons


def test_a_coupon_is_told_where_it_was_used_and_where_its_member_is_known(chain: Chain) -> None:
    chain.sell("s2", "anna")
    chain.sell("s1", "anna", coupons=(AA,))
    chain.sell("s1", None, coupons=(BB,))
    assert chain.page("s1").used_coupons == (AA, BB) and chain.page("s2").used_coupons == (AA,)
    assert chain.page("big").used_coupons == (AA, BB)


def test_a_coupon_that_comes_back_elsewhere_is_free_where_it_was_used(chain: Chain) -> None:
    chain.sell("s1", None, coupons=(AA,))
    end = chain.page("s1").cursor
    of = OperationRef(chain="till-s1", generation=1, sequence=1)
    back = Return(sale=chain.office.number(), of=of, member=None, card=None, lines=(), coupons=(AA,), **zero())
    assert chain.office.take(back, pen=chain.pens["s2"]) == ["applied"]
    assert chain.page("s1", end).returned_coupons == (AA,) and chain.page("s2").returned_coupons == (AA,)


def test_a_coupon_that_is_revoked_is_told_everywhere(chain: Chain) -> None:
    ends = {store: chain.page(store).cursor for store in ("s1", "s2", "big")}
    assert chain.office.born(CouponRevoked(serial=AA), "office") == "applied"
    assert [chain.page(store, end).used_coupons for store, end in ends.items()] == [(AA,)] * 3


def zero() -> dict[str, Any]:
    return {"sold_at": "2026-03-02T12:00:00.000000+00:00", "refund_kopecks": 0}


# the feed's scope


def test_a_till_whose_scope_is_another_begins_anew(chain: Chain) -> None:
    chain.sell("s1")
    end = chain.page("big").cursor
    page = chain.page("s1", end, CHAIN)
    assert page.scope == "shop:s1" and [one.member for one in page.members] == ["anna"]
    assert chain.page("s1", page.cursor).members == ()
    chain.keep(StoreRow("s1"))
    all_of_them = chain.page("s1", page.cursor)
    assert all_of_them.scope == CHAIN and {one.member for one in all_of_them.members} == {"anna", "boris"}
    assert chain.page("s1", all_of_them.cursor, CHAIN).members == ()


@pytest.mark.parametrize("store", ["", "nowhere", "big"])
def test_a_store_that_is_no_shop_is_the_chain_s(chain: Chain, store: str) -> None:
    asked: dict[str, Any] = {"till": "t9", "programme": "alenka", "after": "", "limit": 100}
    page = chain.hub.changes(store=store, **asked)
    assert page == chain.hub.changes(**asked) and page.scope == CHAIN and len(page.members) == 2


def test_a_till_that_missed_the_store_s_time_in_the_chain_misses_nobody(chain: Chain) -> None:
    """What happened meanwhile was not numbered for the shop."""
    chain.sell("s1")
    end = chain.page("s1").cursor
    chain.keep(StoreRow("s1"))
    chain.keep(StoreRow("s2"))
    chain.office.grant(9)
    assert chain.told("s1", end) != []
    chain.keep(StoreRow("s1", members="shop"))
    assert chain.page("s1", end).members == (chain.hub.snapshot("anna"),)


def test_over_http_a_till_says_where_it_stands(chain: Chain, url: str) -> None:
    chain.sell("s1")
    asked = {"till": "till-s1", "programme": "alenka", "after": "", "store": "s1", "scope": "shop:s1"}
    answer = asking.get(f"{url}/v3/changes", params=asked).json()
    assert answer["scope"] == "shop:s1" and [one["member"] for one in answer["members"]] == ["anna"]
    silent = asking.get(f"{url}/v3/changes", params={"till": "till-s1", "programme": "alenka"}).json()
    assert "scope" not in silent and len(silent["members"]) == 2, "as before there were stores"
    bad = asking.get(f"{url}/v3/changes", params=asked | {"store": "s\x00"})
    assert (bad.status_code, bad.json()["code"]) == (400, "bad_request")


def test_a_ledger_without_shops_writes_nothing_of_them(office: Office) -> None:
    office.join()
    office.take(office.sale(), pen=Pen("t1", store="s1"))
    assert office.rows("SELECT count(*) FROM seen") == [(0,)]
    assert office.rows("SELECT count(*) FROM changes WHERE partition LIKE 'store:%'") == [(0,)]


def test_jobs_tell_shops_too(chain: Chain) -> None:
    """A card that a paper form made pending becomes active by itself."""
    chain.office.take(CardIssued(sale=chain.office.number(), member="new", card="555"), pen=chain.pens["s1"])
    later = utc_text(NOW + timedelta(days=20))
    assert chain.office.born(MemberRegistered(member="new", active_from=later)) == "applied"
    end = chain.page("s1").cursor
    chain.office.now = NOW + timedelta(days=21)
    chain.run_jobs()
    (told,) = chain.page("s1", end).members
    assert [(card.number, card.status) for card in told.cards] == [("555", "active")]


def test_members_with_many_lots_are_told_again_in_shops_too(chain: Chain) -> None:
    for _ in range(LOTS_MAX + 1):
        chain.office.grant(1)
    chain.office.grant(5, days=3)
    chain.sell("s1")
    chain.run_jobs()
    end = chain.page("s1").cursor
    chain.office.now = NOW + timedelta(days=3)
    for _ in Running(chain.hub).run(next(job for job in JOBS if job.name == "retell"), chain.office.now):
        pass
    assert chain.told("s1", end) == ["anna"]


def test_the_office_sends_each_member_once(chain: Chain) -> None:
    assert chain.hub.within(lambda writer: see(writer, "s1", ["anna", "nobody"], NOW)) == 1
    assert chain.hub.within(lambda writer: see(writer, "s1", ["anna", "boris"], NOW)) == 1
    assert chain.hub.within(lambda writer: see(writer, "big", ["anna"], NOW)) == 0
    assert chain.told("s1") == ["anna", "boris"] and chain.changes("s1") == 2
    assert chain.office.verdict().faults == ()
    with chain.hub.store.reading() as reader:
        assert list(reader.all_seen()) == [SeenRow("anna", "s1", NOW + KEPT), SeenRow("boris", "s1", NOW + KEPT)]
