"""P13, P14: points exchanged at a partner, whatever he does meanwhile: none is lost and none is given twice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from hub.account.act import AccountAsked
from hub.account.acts import ACCOUNT_ACTS
from hub.build import build_hub
from hub.cli import cli
from hub.desk.act import ActRefused, Asked
from hub.desk.acts import ACTS
from hub.errands.due import TAKEN_FOR
from hub.errands.walk import Walk
from hub.exchanges import asking
from hub.exchanges.exchange import TRANSITIONS, hold_of, kept_of
from hub.jobs.running import Running
from hub.jobs.table import JOBS
from hub.outside import services as outside
from hub.outside.emulators.partner import EmulatedPartner
from hub.outside.partner import ExchangeTold
from hub.outside.services import NO_SERVICES, Service, Services
from hub.people.cards import merge
from hub.people.orders import Order
from hub.people.profile import erase
from hub.people.reserved import points_words
from hub.store.errand_records import ErrandRow
from hub.store.records import HoldRow
from tests.hub.conftest import NOW, PROGRAMMES, Office
from tests.one_port import Server

S7 = "123456789"
ASKED: dict[str, Any] = {"partner": "s7", "number": S7, "points": 1000}
OLEG = Asked("p1", "Олег", "", "", "perekrestok", "")
IN_SHOP = OLEG._replace(by="Ира", person="p2", stores=frozenset({"omsk-7"}))


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


class Partnership:
    """The hub with Anna, who has 10000 points, and a partner who speaks over HTTP."""

    def __init__(self, office: Office, server: Server) -> None:
        self.office, self.partner = office, EmulatedPartner("sesame")
        server.app = self.partner.app
        service = Service(name="partner", url=server.url, secret="sesame")
        self.services = Services(partners={"litres": service, "s7": service})
        office.hub.services = self.services
        self.keys = iter(range(10_000))
        office.join("anna", programme="perekrestok", points=10_000)

    def act(self, act: str, member: str = "anna", key: str = "", **body: Any) -> Any:
        asked = AccountAsked(member, "perekrestok", key or f"k{next(self.keys)}")
        return ACCOUNT_ACTS[act].do(self.office.hub, asked, msgspec.convert(body, ACCOUNT_ACTS[act].takes))

    def refused(self, act: str, member: str = "anna", **body: Any) -> str:
        with pytest.raises(ActRefused) as refused:
            self.act(act, member, **body)
        return refused.value.code

    def exchange(self, points: int = 5000, partner: str = "litres", **more: Any) -> str:
        id: str = self.act("exchange", partner=partner, number=S7, points=points, **more).id
        return id

    def step(self, act: str, asked: Asked | None = None, **body: Any) -> Any:
        asked = (asked or OLEG)._replace(key=f"o{next(self.keys)}")
        return ACTS[act].do(self.office.hub, asked, msgspec.convert(body, ACTS[act].takes))

    def walk(self) -> int:
        return Walk(self.office.hub, self.services).step()

    def later(self, **how: float) -> None:
        self.office.now += timedelta(**how)

    def row(self, id: str) -> ErrandRow:
        with self.office.hub.store.reading() as reader:
            return reader.errands([id])[id]

    def hold(self, id: str, member: str = "anna") -> HoldRow:
        with self.office.hub.store.reading() as reader:
            hold = hold_of(reader, member, id)
        assert hold is not None
        return hold

    def free(self, member: str = "anna") -> int:
        free: int = self.act("exchanges", member).free
        return free

    def balance(self, member: str = "anna") -> int:
        return dict(self.office.hub.balances("perekrestok"))[member]

    def stands(self, id: str, state: str, *, balance: int, free: int) -> None:
        """And the books are right."""
        assert (self.row(id).state, self.balance(), self.free()) == (state, balance, free)
        assert self.office.verdict().faults == ()


@pytest.fixture
def club(office: Office, server: Server, monkeypatch: pytest.MonkeyPatch) -> Partnership:
    monkeypatch.setattr(outside, "READ_S", 0.2)
    return Partnership(office, server)


def test_p13_points_are_held_then_gone(club: Partnership) -> None:
    id = club.exchange()
    club.stands(id, "new", balance=10_000, free=5000)
    assert "5000 reserved for an exchange" in points_words(club.office.hub, "anna", 10_000)
    assert club.walk() == 1
    club.stands(id, "done", balance=5000, free=5000)
    assert (club.partner.booked, club.hold(id).state) == ({S7: 50_000}, "confirmed")
    assert club.walk() == 0
    (row,) = club.office.rows("SELECT text FROM operations WHERE chain = 'account'")
    body = json.loads(row[0])["body"]
    assert (body["type"], body["partner"], body["units"], body["exchange"]) == (
        "points_to_partner",
        "litres",
        50_000,
        id,
    )
    assert S7 not in row[0], "what is written for ever does not say who he is there"


def test_the_same_key_is_one_exchange(club: Partnership) -> None:
    first = club.exchange(key="k")
    assert club.exchange(key="k") == first
    club.walk()
    assert club.exchange(key="k") == first
    assert (club.walk(), club.balance(), club.partner.booked) == (0, 5000, {S7: 50_000})


@pytest.mark.parametrize("fault", ["never", "late", "cut", "500", "deaf"])
def test_p14_a_partner_who_does_not_answer_is_asked_again(club: Partnership, fault: Any) -> None:
    club.partner.be(fault, times=2, late_s=0.5)
    id = club.exchange(1000, "s7")
    for _ in range(2):
        assert club.walk() == 1
        club.stands(id, "asked", balance=10_000, free=9000)
        assert club.row(id).at == NOW
        assert club.walk() == 0, "not at once"
        club.later(seconds=5)
    club.walk()
    club.stands(id, "done", balance=9000, free=9000)
    assert club.partner.booked == {S7: 100}


def test_p14_a_partner_who_says_no_gives_the_points_back(club: Partnership) -> None:
    id = club.act("exchange", partner="s7", number="123450000", points=1000).id
    club.walk()
    club.stands(id, "refused", balance=10_000, free=10_000)
    told = club.act("exchange_one", id=id)
    assert (told.state, told.why, told.number) == ("refused", "unknown_number", "0000")
    assert club.exchange(10_000, "s7")


def test_p14_another_sum_is_for_the_office(club: Partnership) -> None:
    club.partner.be("wrong_sum", times=1)
    id = club.exchange(1000, "s7")
    club.walk()
    club.stands(id, "odd", balance=10_000, free=9000)
    club.later(days=1)
    assert club.walk() == 0, "nobody asks again: people look at it"
    (told,) = club.step("exchanges").exchanges
    assert (told.id, told.units, told.told_units, told.theirs) == (id, 100, 101, f"E-{id[:8]}")
    with pytest.raises(ActRefused) as refused:
        club.step("exchange_ask", id=id)
    assert refused.value.code == "exchange_step"
    assert club.step("exchange_settle", id=id, outcome="paid", reason="ошиблись, дали 100").state == "done"
    club.stands(id, "done", balance=9000, free=9000)
    (by,) = club.office.rows("SELECT text FROM operations WHERE chain = 'office'")
    assert json.loads(by[0])["by"] == "Олег"
    assert club.step("exchanges").exchanges == ()


def test_the_office_asks_again_and_lets_go(club: Partnership) -> None:
    club.partner.be("deaf")
    first, second = club.exchange(1000, "s7"), club.exchange(1000, "s7")
    club.walk()
    club.later(hours=3)
    club.walk()
    assert [(one.id, one.state) for one in club.step("exchanges").exchanges] == [
        (id, "asked") for id in sorted((first, second))
    ]
    with pytest.raises(ActRefused) as refused:
        club.step("exchange_settle", id=first, outcome="freed", reason="")
    assert refused.value.code == "reason"
    club.step("exchange_settle", id=first, outcome="freed", reason="отказались письмом")
    club.stands(first, "voided", balance=10_000, free=9000)
    club.partner.be("")
    assert club.walk() == 0, "not due for an hour and more"
    club.step("exchange_ask", id=second)
    assert club.walk() == 1
    club.stands(second, "done", balance=9000, free=9000)
    for outcome in ("paid", "freed"):
        with pytest.raises(ActRefused) as refused:
            club.step("exchange_settle", id=second, outcome=outcome, reason="ещё раз")
        assert refused.value.code == "exchange_step"
    for asked, id in ((OLEG, "nobody"), (IN_SHOP, second)):
        with pytest.raises(ActRefused) as refused:
            club.step("exchange_settle", asked, id=id, outcome="paid", reason="?")
        assert refused.value.code == "no_exchange"
    assert club.step("exchanges", IN_SHOP).exchanges == ()


def test_what_the_office_let_go_and_was_given_after_all_comes_back_to_it(club: Partnership) -> None:
    club.partner.be("never", times=1)
    id = club.exchange()
    club.walk()
    club.step("exchange_settle", id=id, outcome="freed", reason="не видят его у себя")
    club.exchange(10_000, "s7")  # and he has other plans for them
    asking.given(club.office.hub, id, ExchangeTold(id="E", units=50_000))
    assert club.row(id).state == "odd"
    club.walk()
    club.step("exchange_settle", id=id, outcome="paid", reason="всё же дали")
    assert (club.row(id).state, club.balance()) == ("done", -5000)
    cases = club.office.rows("SELECT count(*) FROM cases")
    assert club.step("cases").cases[0].kind == "debt"
    assert cases == [(1,)], "the debt is for people to look at"
    assert club.office.verdict().faults == ()


# who dies on the way


def test_killed_between_hold_and_question(club: Partnership) -> None:
    id = club.exchange()
    club.office.restart()
    assert club.walk() == 1
    club.stands(id, "done", balance=5000, free=5000)


def test_killed_between_answer_and_booking(club: Partnership, monkeypatch: pytest.MonkeyPatch) -> None:
    id = club.exchange()

    def dies(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(asking, "given", dies)
        with pytest.raises(KeyboardInterrupt):
            club.walk()
    club.office.restart()
    club.office.hub.services = club.services
    assert club.partner.booked == {S7: 50_000}
    club.stands(id, "new", balance=10_000, free=5000)
    assert club.walk() == 0, "whoever took it may live"
    club.later(seconds=TAKEN_FOR.total_seconds())
    assert club.walk() == 1
    club.stands(id, "done", balance=5000, free=5000)
    assert (club.partner.booked, club.partner.times_asked) == ({S7: 50_000}, 2)


def test_two_who_book_it_at_once_book_it_once(club: Partnership) -> None:
    other = build_hub(club.office.path, PROGRAMMES, serving=False, now=lambda: club.office.now)
    id = club.exchange()
    answer = ExchangeTold(id="E", units=50_000)
    asking.given(other, id, answer)
    asking.given(club.office.hub, id, answer)
    asking.declined(club.office.hub, id, "late")
    other.close()
    club.stands(id, "done", balance=5000, free=5000)


# what happens to its member meanwhile


def test_points_that_die_meanwhile_were_alive_when_he_asked(club: Partnership) -> None:
    club.partner.be("deaf", times=1)
    id = club.exchange(10_000, "s7")
    club.walk()
    club.later(days=800)
    for job in (job for job in JOBS if job.name in ("expiry", "holds")):
        Running(club.office.hub).run(job, club.office.now)
    assert club.hold(id).state == "open", "it ends with its exchange alone"
    club.walk()
    club.stands(id, "done", balance=0, free=0)
    assert club.office.rows("SELECT count(*) FROM cases") == [(0,)]


def test_a_member_who_goes_into_another(club: Partnership) -> None:
    club.office.join("olga", programme="perekrestok", card="cardolga")
    club.partner.be("deaf", times=1)
    first, second = club.exchange(), club.exchange(1000, "s7")
    club.walk()
    merge(club.office.hub, "anna", "olga", Order(by="Олег", key="m"), "одно лицо")
    assert (club.free("olga"), len(club.act("exchanges", "olga").exchanges)) == (4000, 2)
    club.later(seconds=5)
    club.walk()
    assert {club.row(first).state, club.row(second).state} == {"done"}
    assert (club.balance("olga"), club.free("olga")) == (4000, 4000)
    assert club.office.verdict().faults == ()


def test_a_member_who_is_erased(club: Partnership) -> None:
    """He cannot go himself; where the office has to, people settle it, and his number is forgotten."""
    done = club.exchange(1000, "s7")
    club.walk()
    club.partner.be("never", times=1)
    id = club.exchange()
    club.walk()
    assert club.refused("leave", proof="x") == "points_held"
    erase(club.office.hub, "anna", Order(by="Олег", key="e"), "по заявлению")
    assert (club.row(id).state, kept_of(club.row(id)).number, kept_of(club.row(done)).number) == ("odd", "", "")
    club.later(days=1)
    assert club.walk() == 0
    club.step("exchange_settle", id=id, outcome="paid", reason="выдали до того")
    assert club.row(id).state == "done"
    assert S7 not in str(club.office.rows("SELECT body FROM errands"))
    assert club.office.verdict().faults == ()


# who may


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"partner": "aeroflot"}, "unknown_partner"),
        ({"partner": "charity"}, "unknown_partner"),
        ({"number": "12345"}, "partner_number"),
        ({"number": "12345678a"}, "partner_number"),
        ({"points": 1005}, "partner_points"),
        ({"points": 990}, "partner_points"),
        ({"points": 10_010}, "partner_no_points"),
        ({"points": 30_010}, "partner_no_points"),
    ],
)
def test_p14_what_is_refused(club: Partnership, body: dict[str, Any], code: str) -> None:
    assert club.refused("exchange", **(ASKED | body)) == code
    assert (club.free(), club.walk()) == (10_000, 0)


def test_p14_only_members_who_filled_a_form_in_and_while_there_is_somebody_to_ask(club: Partnership) -> None:
    club.office.join("guest", programme="perekrestok", card="cardguest", registered=False, points=5000)
    assert club.refused("exchange", "guest", partner="s7", number=S7, points=1000) == "partner_not_registered"
    club.office.hub.services = NO_SERVICES
    assert club.refused("exchange", partner="s7", number=S7, points=1000) == "unknown_partner"
    assert all(one.number is None for one in club.act("partners", "").partners)


def test_p14_another_members_exchange_is_as_none(club: Partnership) -> None:
    club.office.join("boris", programme="perekrestok", card="cardboris")
    assert club.refused("exchange_one", "boris", id=club.exchange()) == "no_exchange"
    assert club.refused("exchange_one", "boris", id="nobody") == "no_exchange"


def test_p14_so_many_a_day_and_a_month_and_with_a_code(club: Partnership) -> None:
    club.office.join("rich", programme="perekrestok", card="cardrich", points=300_000)

    def give(points: int) -> str:
        try:
            return str(club.act("exchange", "rich", **(ASKED | {"points": points})).state)
        except ActRefused as refused:
            return refused.code

    assert give(20_000) == "partner_code"
    assert give(19_990) == "new"
    assert give(1_000) == "partner_code", "two small ones are a large one"
    assert give(10_020) == "partner_day"
    days = 1
    while days < 6:
        club.later(days=1)
        days += 1
        assert give(19_990) in ("new", "partner_month")
    assert give(19_990) == "partner_month"


def test_a_hold_of_an_exchange_is_not_let_go_by_hand(club: Partnership) -> None:
    id = club.exchange()
    told = CliRunner().invoke(cli, ["holds", "free", id, "--db", str(club.office.path), "--by", "Oleg"])
    assert told.exit_code == 1 and "exchange" in told.output


def test_every_state_of_the_table_is_shown() -> None:
    from account.pages.partners import WORDS
    from hub.office.pages.exchanges import WORDS as OFFICE

    assert all(f"partners_is_{state}" in WORDS for state in TRANSITIONS)
    assert all(f"exchanges_{state}" in OFFICE for state in ("new", "asked", "odd"))
