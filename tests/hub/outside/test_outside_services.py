"""Who is asked outside, over real HTTP: what an answer means, and what the emulated service does with its faults."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from hub.outside import services
from hub.outside.emulators.partner import EmulatedPartner
from hub.outside.emulators.service import EmulatedService
from hub.outside.partner import EXCHANGES, AskExchange, ExchangeTold
from hub.outside.services import NoAnswer, SaysNo, Service
from tests.one_port import Server

S7 = "123456789"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def partner(server: Server, monkeypatch: pytest.MonkeyPatch) -> EmulatedPartner:
    monkeypatch.setattr(services, "READ_S", 0.2)
    made = EmulatedPartner(secret="open sesame")
    server.app = made.app
    return made


@pytest.fixture
def s7(server: Server, partner: EmulatedPartner) -> Service:
    return Service(name="s7", url=server.url + "/", secret="open sesame")


def asked(service: Service, key: str = "k1", units: int = 100, number: str = S7) -> ExchangeTold:
    body = AskExchange(key=key, number=number, units=units, unit="miles")
    return service.ask(EXCHANGES, body, ExchangeTold, key)


def test_the_same_key_is_done_once_and_answered_alike(s7: Service, partner: EmulatedPartner) -> None:
    first = asked(s7)
    assert (first.units, asked(s7), partner.booked) == (100, first, {S7: 100})
    assert asked(s7, "k2").id != first.id
    assert partner.booked == {S7: 200}


def test_what_was_refused_stays_so(s7: Service, partner: EmulatedPartner) -> None:
    for _ in range(2):
        with pytest.raises(SaysNo, match="nobody here") as refused:
            asked(s7, number="10000")
        assert refused.value.code == "unknown_number"
    partner.be("refused", times=1)
    for _ in range(2):
        with pytest.raises(SaysNo):
            asked(s7, "k9")
    assert partner.booked == {}


def test_a_key_is_for_one_thing(s7: Service, partner: EmulatedPartner) -> None:
    asked(s7)
    with pytest.raises(SaysNo) as refused:
        asked(s7, units=200)
    assert (refused.value.code, partner.booked) == ("key_used", {S7: 100})


@pytest.mark.parametrize(("fault", "done"), [("never", 100), ("cut", 100), ("late", 100), ("deaf", 0), ("500", 0)])
def test_no_answer_is_asked_for_again(s7: Service, partner: EmulatedPartner, fault: Any, done: int) -> None:
    partner.be(fault, times=1, late_s=0.5)
    with pytest.raises(NoAnswer):
        asked(s7)
    assert partner.booked.get(S7, 0) == done
    assert asked(s7).units == 100
    assert (partner.booked, partner.times_asked) == ({S7: 100}, 2)


def test_another_sum_is_what_it_says(s7: Service, partner: EmulatedPartner) -> None:
    partner.be("wrong_sum", times=1)
    assert asked(s7).units == 101
    assert asked(s7).units == 101


def test_a_stranger_is_not_heard(server: Server, partner: EmulatedPartner) -> None:
    with pytest.raises(SaysNo) as refused:
        asked(Service(name="s7", url=server.url, secret="sesame"))
    assert (refused.value.code, partner.booked) == ("unauthorized", {})


def test_nobody_is_there() -> None:
    with pytest.raises(NoAnswer, match="did not answer"):
        asked(Service(name="s7", url="http://127.0.0.1:1"))


@pytest.mark.parametrize(
    ("status", "text", "error"),
    [
        (200, "<html>", NoAnswer),  # a proxy's page
        (200, '{"units": "many"}', NoAnswer),
        (200, '{"units": 1, "id": "' + "x" * 70_000 + '"}', NoAnswer),
        (302, "", NoAnswer),
        (429, '{"code": "slow"}', NoAnswer),
        (503, "", NoAnswer),
        (404, "<html>", NoAnswer),  # nobody of theirs says so
        (404, "{}", SaysNo),
    ],
)
def test_what_else_may_be_answered(server: Server, status: int, text: str, error: type[Exception]) -> None:
    from starlette.applications import Starlette
    from starlette.responses import Response
    from starlette.routing import Route

    headers = {"Location": server.url + "/other"} if status == 302 else {}
    server.app = Starlette(routes=[Route(EXCHANGES, lambda _: Response(text, status, headers), methods=["POST"])])
    with pytest.raises(error):
        asked(Service(name="s7", url=server.url))


def test_an_answer_that_trickles_is_not_waited_for(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "TOTAL_S", -1.0)
    server.app = EmulatedPartner().app
    with pytest.raises(NoAnswer, match="takes longer"):
        asked(Service(name="s7", url=server.url))


def test_faults_are_told_over_http_too(server: Server, s7: Service, partner: EmulatedPartner) -> None:
    told = requests.post(server.url + "/emulator/fault", json={"fault": "500", "times": 1}, timeout=5)
    assert told.json() == {"fault": "500"}
    with pytest.raises(NoAnswer):
        asked(s7)
    asked(s7)
    done = requests.get(server.url + "/emulator/done", timeout=5).json()
    assert [(one["key"], one["asked"]["units"]) for one in done["done"]] == [("k1", 100)]
    assert requests.post(server.url + "/emulator/fault", json={"fault": "rain"}, timeout=5).status_code == 400


def test_who_asks_without_a_key_or_in_riddles(server: Server) -> None:
    server.app = EmulatedService({"/x": lambda asked: {}}).app
    post = requests.post
    assert post(server.url + "/x", json={}, timeout=5).json()["code"] == "no_key"
    assert post(server.url + "/x", data="[", headers={"Idempotency-Key": "k"}, timeout=5).status_code == 400
