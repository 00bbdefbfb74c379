"""R32, P17 to P19 at the till: members are registered and joined by the hub, over HTTP, and nothing that names one of
them stays here: on no disk, in no log."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from config.programmes import load_programme
from hub.audit.verify import verify
from hub.build import build_hub, build_programmes
from hub.face.tills import hub_app
from hub.hub import Hub
from hub.importing import import_members
from hub.members import NewMember
from hub.sender.file_sender import FileSender, lines_in
from hub.sender.posting import sending
from hub.staff.book import add
from hub.store.seam import Writer
from offline_cache.cache import Cache
from pos_agent.agent import Agent
from pos_agent.answers import Reply
from pos_agent.checkout import Checkout
from pos_agent.errands import HubErrands
from pos_agent.parts import PHONE_KEYS
from pos_agent.protocol_registration import (
    ChangeProfile,
    ConfirmPhone,
    MergeMembers,
    PhoneCode,
    PrintForm,
    ReadConsent,
    Register,
    RegistrationForm,
    TakeForm,
)
from pos_agent.protocol_staff import Second, SignIn
from pos_agent.sealing import sealing_in
from pos_agent.told_member import ToldCode, ToldForm, ToldMerge, ToldRegistration
from storage.discreet import Discreet
from sync.client import HubClient, Patience
from sync.identity import Identity, OwnFile
from sync.worker import SyncWorker
from tests.listed import listed
from tests.one_port import Server
from tests.speaking import joined, speaking
from tests.staffed import ALL, MARK, OLGA, Person, staff_in
from tests.staffed import ANNA as PETROVA

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ALENKA = load_programme("alenka")
BLANK, HIS, OTHERS = "2600000000024", "2600000000017", "2600000000031"
NAME, PHONE, BORN = "Зимородок Канарейкин", "8 903 111-22-33", "17.05.1987"
PATIENCE = Patience(60, 60, 60)
AGREED = (ReadConsent(what="personal_data", document="АЛ-ПДн-2026-11"),)


class Shop:
    def __init__(self, folder: Path, server: Server) -> None:
        self.folder = folder
        self.hub: Hub = build_hub(folder / "hub.db", build_programmes(), serving=True, now=lambda: NOW)
        server.app = hub_app(self.hub)
        self.url = server.url
        rows = [(HIS, True, 5_000), (OTHERS, True, 40), (BLANK, False, 0)]
        list(import_members(self.hub, [_member(*row) for row in rows]))
        self.hub.within(self._hire)
        self.outbox = folder / "outbox"
        self.online = True
        self.identity: Identity | None = None
        self.open()

    def _hire(self, writer: Writer) -> None:
        """The same people as the till's list has."""
        for one in ALL:
            add(writer, one.id, name=one.name, role=one.role, stores=(), by="test", now=NOW)

    def open(self) -> None:
        """The till, as it is after its process has died too."""
        data = self.folder / "data"
        data.mkdir(exist_ok=True)
        self.cache = Cache(data / "till.db", "t1", seal=sealing_in(self.folder / "keys", PHONE_KEYS))
        if self.identity is None:
            self.identity = joined(self.hub, "t1", self.cache.file_id, self.cache.generation)
        speaker = speaking(self.identity, lambda: OwnFile(self.cache.file_id, self.cache.generation))
        client = HubClient(self.url, speaker)
        worker = SyncWorker(self.cache, client, programme="alenka", jitter=lambda: 0.0, clock=lambda: NOW)
        while worker.step(0.0) == 0.0:
            pass
        checkout = Checkout(
            self.cache,
            ALENKA,
            language="en",
            receipt_language="ru",
            is_online=lambda: self.online,
            staff=staff_in(data),
        )
        errands = HubErrands(partial(HubClient, self.url, speaker, PATIENCE), "t1", "alenka", 60.0, 60.0)
        self.agent = Agent(checkout, ALENKA, "en", None, errands=errands.run)

    def do(self, command: Any, key: str | None = None) -> Reply:
        reply = self.agent.asked(command, key=key)
        while not reply.done():
            event = self.agent.take()
            if event is not None:
                self.agent.step(event, NOW)
        return listed(command, reply.result(timeout=0))

    def sign_in(self, person: Person) -> None:
        assert self.do(SignIn(person=person.id, pin=person.pin)).ok

    def confirmed(self, phone: str = PHONE) -> str:
        """A code has come to it and was typed."""
        with sending(self.hub, FileSender(self.outbox)):
            before = len(lines_in(self.outbox))
            told = self.do(PhoneCode(phone=phone)).member
            assert isinstance(told, ToldCode)
            while len(lines_in(self.outbox)) == before:
                pass
        assert self.do(ConfirmPhone(sent=told.sent, code=lines_in(self.outbox)[-1].code)).code == "phone_confirmed"
        return told.sent

    def papers(self) -> list[str]:
        return [job.document.decode() for job in self.cache.print_jobs.to_do()]

    def close(self) -> None:
        self.cache.close()
        assert verify(self.hub.store, self.hub.zone_of).faults == ()
        self.hub.close()


def _member(card: str, registered: bool, points: int) -> NewMember:
    return NewMember(
        line=2,
        programme="alenka",
        card=card,
        phone=None,
        points=points,
        registered=registered,
        birthday=None,
        favourites=(),
        member=f"m{card[-3:]}",
    )


@pytest.fixture
def shop(tmp_path: Path, server: Server) -> Iterator[Shop]:
    shop = Shop(tmp_path, server)
    yield shop
    shop.close()


def form(shop: Shop, **more: Any) -> Register:
    return Register(**{"card": BLANK, "phone": PHONE, "name": NAME, "birthday": BORN, "consents": AGREED} | more)


def test_a_till_that_dies_before_it_hears_gets_the_same_answer(shop: Shop) -> None:
    shop.sign_in(PETROVA)
    command = form(shop, sent=shop.confirmed())
    first = shop.do(command, key="k1")
    assert first.code == "registered" and "150 bonuses" in first.text and "signed" in first.text
    shop.cache.close()
    shop.open()
    shop.sign_in(PETROVA)
    again = shop.do(command, key="k1")
    assert (again.code, again.member) == (first.code, first.member), again.text
    told = again.member
    assert isinstance(told, ToldRegistration) and (told.card, told.status) == ("****0024", "active")
    assert shop.hub.balances("alenka")["m024"] == 150
    assert shop.do(form(shop, sent=shop.confirmed("8 903 111-22-44"))).code == "registered_before"


def test_what_is_wrong_names_its_field_and_the_confirmed_phone_is_not_lost(shop: Shop) -> None:
    shop.sign_in(PETROVA)
    sent = shop.confirmed()
    for more, code, field in (
        ({"consents": ()}, "consent_needed", "consents"),
        ({"birthday": "31.02.1990"}, "bad_birthday", "birthday"),
        ({"name": " "}, "bad_name", "name"),
        ({"phone": "12"}, "bad_phone_told", "phone"),
        ({"sent": ""}, "phone_code_needed", "code"),
        ({"card": "4600000000017"}, "card_not_ours", "card"),
        ({"card": "2600000000116"}, "card_not_at_hub", "card"),
    ):
        refused = shop.do(form(shop, **{"sent": sent} | more))
        assert (refused.code, refused.field) == (code, field)
    assert shop.do(form(shop, sent=sent)).ok


def test_whose_phone_it_is_somebody_answers_for_who_may(shop: Shop) -> None:
    shop.sign_in(PETROVA)
    assert shop.do(form(shop, sent=shop.confirmed())).ok
    list(import_members(shop.hub, [_member("2600000000048", False, 7)]))
    shop.hub.now = lambda: datetime(2026, 3, 2, 12, 5, tzinfo=UTC)
    sent = shop.confirmed()
    taken = shop.do(form(shop, card="2600000000048", sent=sent))
    assert (taken.code, taken.field) == ("phone_taken", "phone")
    assert shop.do(form(shop, card="2600000000048", sent=sent, same_person=True)).code == "second_needed"
    second = Second(person=OLGA.id, pin=OLGA.pin)
    done = shop.do(form(shop, card="2600000000048", sent=sent, same_person=True, second=second))
    assert done.code == "registered_linked" and shop.hub.balances("alenka")["m024"] == 157


def test_a_merge_is_shown_first_and_over_the_limit_two_answer_for_it(shop: Shop) -> None:
    asked: dict[str, Any] = {"gone": HIS, "into": OTHERS}
    shop.sign_in(PETROVA)
    assert shop.do(MergeMembers(**asked)).code == "not_allowed"
    shop.sign_in(OLGA)
    look = shop.do(MergeMembers(**asked))
    assert look.code == "merge_would_be" and isinstance(look.member, ToldMerge)
    assert (look.member.gone.points, look.member.into.points) == (5_000, 40)
    assert shop.do(MergeMembers(**asked, agreed=True)).code == "merge_needs_reason"
    agreed: dict[str, Any] = {**asked, "agreed": True, "reason": "two cards"}
    assert shop.do(MergeMembers(**agreed)).code == "second_needed"
    assert shop.do(MergeMembers(**agreed, second=Second(person=OLGA.id, pin=OLGA.pin))).code == "second_same"
    assert shop.do(MergeMembers(**agreed, second=Second(person=MARK.id, pin=MARK.pin))).code == "members_merged"
    assert shop.hub.balances("alenka")["m031"] == 5_040


def test_without_a_connection_there_is_paper_with_a_box_for_each_consent(shop: Shop) -> None:
    shop.sign_in(PETROVA)
    shop.online = False
    told = shop.do(RegistrationForm())
    assert isinstance(told.member, ToldForm) and not told.member.online and "print the form" in told.text
    assert shop.do(form(shop, sent="x")).code == "registration_offline"
    assert shop.do(TakeForm(card=BLANK, phone=PHONE, name=NAME, consents=AGREED)).code == "registration_offline"
    assert shop.do(ChangeProfile(card=BLANK, field="name", value=NAME)).code == "not_allowed"
    assert shop.do(PrintForm(card=BLANK)).code == "form_printed" and shop.do(PrintForm(card=BLANK)).ok
    (paper,) = shop.papers()
    assert paper.count("[   ] Согласен") == 2 and "АЛ-SMS-2026-11" in paper and BLANK in paper
    shop.online = True
    taken = shop.do(TakeForm(card=BLANK, phone=PHONE, name=NAME, consents=AGREED))
    assert taken.code == "registered", "in this programme a form waits for no days"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Callable[[], str]]:
    """All that is logged, as the edge writes it, down to the smallest."""
    path = tmp_path / "log.txt"
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.addFilter(Discreet())
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lambda: path.read_text(encoding="utf-8")
    root.setLevel(level)
    root.removeHandler(handler)
    handler.close()


def test_nothing_that_names_him_lies_at_the_till_or_in_a_log(shop: Shop, log: Callable[[], str]) -> None:
    shop.sign_in(OLGA)
    shop.do(PhoneCode(phone=PHONE + "9"))
    shop.do(form(shop, sent="nothing"))
    assert shop.do(form(shop, sent=shop.confirmed())).ok
    shop.do(ChangeProfile(card=BLANK, field="name", value=NAME + "ова"))
    shop.do(ChangeProfile(card=BLANK, field="birthday", value=BORN + "9"))
    shop.do(form(shop, card=HIS, sent=shop.confirmed("8 903 111-22-55")))
    lying = b"".join(path.read_bytes() for path in sorted((shop.folder / "data").rglob("*")) if path.is_file())
    said = log()
    assert BLANK.encode() in lying and said, "the till knows cards, and something was logged"
    for canary in (*NAME.split(), "9031112233", "903 111-22-33", BORN, "1987-05-17"):
        assert canary not in said and canary.encode() not in lying, canary
