"""No personal data where it need not be: a life with phones, cards and names that stand nowhere else, and then every
file, log and line that was said is read."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from config.programmes import load_programme
from hub.build import build_hub, build_programmes
from hub.importing import import_members
from hub.members import NewMember
from hub.rotating import rotate_phones
from offline_cache.cache import Cache
from offline_cache.told_quotes import ToldQuotes
from pos_agent.agent import Agent
from pos_agent.checkout import Checkout
from pos_agent.guesses import Guesses
from pos_agent.inquiry import Inquiry
from pos_agent.parts import PHONE_KEYS
from pos_agent.protocol import Balance, BasketLine, Code, Pay, Phone, Redeem, SetBasket
from pos_agent.sealing import sealing_in
from storage.discreet import Discreet
from sync.worker import SyncWorker
from tests.hub_here import HubHere

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
CARD, NOBODYS_CARD = "2600000000017", "2600000000024"
PHONE, NOBODYS_PHONE = "+79161234567", "+79031112233"
NAME = "Зимородок Канарейкин"
TEA = BasketLine(id="1", name="Чай", price="400.00", category="tea")


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """All that is logged, as the edge writes it, down to the smallest."""
    path = tmp_path / "log" / "agent.log"
    path.parent.mkdir()
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.addFilter(Discreet())
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield path
    root.setLevel(level)
    root.removeHandler(handler)
    handler.close()


def broken(inquiry: Inquiry) -> None:
    """A mistake of ours whose own text has somebody's number."""
    raise RuntimeError(f"cannot ask for {inquiry.phone or inquiry.card}")


def live(folder: Path) -> None:
    hub = build_hub(folder / "hub.db", build_programmes(), serving=True, now=lambda: NOW)
    anna = NewMember(
        line=2,
        programme="alenka",
        card=CARD,
        phone=PHONE,
        points=500,
        registered=True,
        birthday="1990-05-17",
        favourites=(),
        member="m1",
        name=NAME,
    )
    list(import_members(hub, [anna]))
    data = folder / "data"
    data.mkdir()
    cache = Cache(data / "till.db", "t1", seal=sealing_in(folder / "keys", PHONE_KEYS))
    worker = SyncWorker(cache, HubHere(hub), programme="alenka", jitter=lambda: 0.0, clock=lambda: NOW)
    told = ToldQuotes(data / "told.db")
    choices: dict[str, Any] = {"language": "ru", "receipt_language": "ru", "is_online": lambda: True, "told": told}
    checkout = Checkout(cache, load_programme("alenka"), inquire=broken, guesses=Guesses(), **choices)
    agent = Agent(checkout, load_programme("alenka"), "ru", None)
    agent.begin(NOW)

    def sync() -> None:
        while worker.step(0.0) == 0.0:
            pass

    for early in (Phone(number=NOBODYS_PHONE), Code(text=NOBODYS_CARD)):  # before anybody is known: the hub is asked
        _do(agent, early)
    sync()
    checkout.house.inquire = None
    for command in (
        Balance(phone=PHONE),
        SetBasket(lines=(TEA,)),
        Phone(number=PHONE),
        Code(text=CARD, scanner="counter"),
        Redeem(points=10),
        Pay(sale="1"),
        *(Phone(number=NOBODYS_PHONE[:-1] + digit) for digit in "3456789"),
    ):
        _do(agent, command)
    sync()
    list(rotate_phones(hub))
    sync()
    for part in (told, cache, hub):
        part.close()


def _do(agent: Agent, command: Any) -> None:
    agent.asked(command)
    event = agent.take(0.0)
    assert event is not None
    agent.step(event, NOW)


def texts(path: Path) -> str:
    return path.read_bytes().decode("utf-8", errors="replace")


def test_nobodys_phone_card_or_name_stands_where_it_need_not(
    tmp_path: Path, log: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    live(tmp_path)
    said = texts(log) + "".join(capfd.readouterr())
    assert "Traceback" in said and "cannot ask for ***2233" in said, "something was logged"
    digits = [PHONE[2:], NOBODYS_PHONE[2:], "03111223"]
    for canary in (*digits, CARD, NOBODYS_CARD, *NAME.split(), "1990-05-17"):
        assert canary not in said, canary
    lying = "".join(map(texts, (tmp_path / "data").iterdir()))
    for canary in (*digits, NAME.split()[1]):
        assert canary not in lying, canary
    assert CARD in lying, "the till knows cards"
