"""What the face answers, as bytes: no key, value or order of them changes unnoticed.

`wire/` has the answers to visits with everything in them. Where one is meant to change: `WIRE_WRITE=1` writes them
anew, and the diff is the change.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import pytest

from config.programmes import load_programme
from config.settings import ApiSettings, HubSettings, PrinterSettings, ScannerSettings, Settings, StoreSettings
from loyalty.operation import hash_operation
from offline_cache.records import Answer
from pos_agent.agent import Agent
from pos_agent.answers import Ask, Choice
from pos_agent.build import Till
from pos_agent.protocol import BasketLine, Code, DropCard, PaperAnswer, Pay, Prepare, Redeem, ReissueCard, SetBasket
from tests.pos_agent.conftest import Desk
from tests.speaking import as_after_joining

GOLDEN = Path(__file__).with_name("wire")
CIGARETTES = BasketLine(id="3", name="Сигареты", price="189.00", category="tobacco")


def encoded(value: object) -> Any:
    """As it goes over the wire, keys in their order."""
    return json.loads(msgspec.json.encode(value))


def same(name: str, answers: dict[str, Any]) -> None:
    lines = "\n".join(json.dumps({what: answer}, ensure_ascii=False) for what, answer in answers.items()) + "\n"
    golden = GOLDEN / f"{name}.ndjson"
    if os.environ.get("WIRE_WRITE"):
        golden.write_text(lines, encoding="utf-8")
    assert lines.splitlines() == golden.read_text(encoding="utf-8").splitlines()


def test_replies_and_the_visit_are_on_the_wire_what_they_were(desk: Desk) -> None:
    number = count(1)
    desk.checkout.house.new_id = lambda: f"quote-{next(number)}"
    agent = Agent(desk.checkout, load_programme("alenka"), "en", None)
    answers: dict[str, Any] = {}

    def ask(name: str, command: Any) -> None:
        future = agent.asked(command, pos="left")
        while not future.done():  # a coupon is asked about at the hub first, and here is none
            event = agent.take()
            assert event is not None
            agent.step(event, desk.now)
        answers[name] = encoded(future.result())
        answers[f"visit after {name}"] = encoded(agent.view())

    agent.begin(desk.now)
    answers["visit of nobody"] = encoded(agent.view())
    ask("a basket", SetBasket(sale="7", lines=(desk.chocolate(3), desk.SWEETS, CIGARETTES)))
    ask("a coupon that gives", Code(text=desk.coupon()))
    ask("a coupon that waits", Code(text=desk.coupon("gift-chocolate", serial=b"g" * 16)))
    ask("a card", Code(text=desk.ANNA))
    ask("points", Redeem())
    ask("a replaced card", ReissueCard(new_card=desk.BLANK, manager=True, by="nina"))
    ask("no card", DropCard())
    ask("a card again", Code(text=desk.ANNA))
    ask("points again", Redeem(points=100))
    ask("the money soon", Prepare(sale="7"))
    ask("the money", Pay(sale="7"))
    ask("the money again", Pay(sale="7"))
    ask("what is refused", Redeem(points=-1))
    same("checkout", answers)


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    settings = Settings(
        till="till-1",
        programme="alenka",
        data=str(tmp_path / "data"),
        keys=str(tmp_path / "keys"),
        language="en",
        hub=HubSettings(url="http://127.0.0.1:9"),
        api=ApiSettings(port=0),
        store=StoreSettings(id="msk-7", timezone="Europe/Moscow"),
        printer=PrinterSettings(url="tcp://127.0.0.1:9"),
        scanners=(ScannerSettings(name="counter", url="tcp://127.0.0.1:9"),),
    )
    as_after_joining(settings)
    till = Till(settings)
    yield till
    till.listener.close()
    till.cache.close()


def test_the_status_is_on_the_wire_what_it_was(till: Till) -> None:
    port = till.settings.printer
    assert port is not None and till.told is not None
    at = datetime.fromisoformat("2026-03-02T12:00:00+00:00")
    till.agent.begin(at)
    for command in (
        SetBasket(lines=(CIGARETTES,)),
        Pay(sale="1", day="2026-03-02"),
        SetBasket(lines=(CIGARETTES,), sale="2"),
    ):
        till.agent.asked(command)
        event = till.agent.take()
        assert event is not None
        till.agent.step(event, at)
    (key, text), *_ = till.cache.outbox(1)
    till.cache.answered([Answer(key=key, hash=hash_operation(text), result="refused", reason="kind_reserved")])
    job = till.cache.print_jobs.oldest_open()
    assert job is None or job.kind == "receipt"
    assert till.printing is not None
    till.printing.question, till.printing.asked = "Did receipt 1 come out whole? Answer yes or no.", 1
    yes, no = (PaperAnswer(paper=1, came_out=came_out) for came_out in (True, False))
    answers = (Choice(text="Yes", command=yes), Choice(text="No", command=no))
    till.printing.ask = Ask(text="Points paper of 1 came out?", answers=answers)
    status = encoded(till.status())
    assert status["visit"]["quote"]
    status["visit"]["quote"] = status["visit"]["told"]["quote"] = "quote"
    same("status", {"status": status})
    till.told.close()


def test_the_face_is_known_without_loading_the_till() -> None:
    """`pos-agent status` and a POS's client start at once."""
    heavy = "cv2 numpy apsw sqlite3 starlette aiosql sqlite_utils PIL"
    look = (
        f"import sys, pos_agent.client, pos_agent.commands.status; print(*({{*'{heavy}'.split()}} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-P", "-c", look], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
