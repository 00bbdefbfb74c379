"""Idempotency-Key: the same command under the same key is done once, and answered as often as it is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests
from starlette.responses import Response

from pos_agent import once as once_module
from pos_agent.client import AgentClient
from pos_agent.once import KEY_CHARS_MAX, BadKey, KeyReused, Once, fingerprint, key_in
from pos_agent.tokens import make_token, pos_token_in
from tests.pos_agent.running import TIMEOUT_S, running

BASKET = b'{"sale": "1", "lines": [{"id": "1", "name": "Tea", "price": "100.00"}]}'
REPORT = b'{"day": "2026-03-02"}'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("once")


@pytest.fixture(scope="module")
def agent(folder: Path) -> Iterator[tuple[str, str]]:
    with running(folder) as (url, token):
        yield url, token


def asked(agent: tuple[str, str], path: str, body: bytes, key: str | None) -> tuple[int, Any]:
    url, token = agent
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    headers |= {"Idempotency-Key": key} if key else {}
    answer = requests.post(url + path, data=body, headers=headers, timeout=TIMEOUT_S)
    return answer.status_code, answer.json()


def done(agent: tuple[str, str]) -> int:
    """How many commands the agent has handled."""
    return AgentClient(*agent).visit().handled


def test_a_command_without_a_number_of_its_own_is_done_once_under_a_key(agent: tuple[str, str]) -> None:
    before = done(agent)
    first = asked(agent, "/v1/points_report", REPORT, "report-1")
    assert asked(agent, "/v1/points_report", REPORT, "report-1") == first
    assert (first[0], first[1]["code"], done(agent)) == (409, "paper_without_printer", before + 1)
    asked(agent, "/v1/points_report", REPORT, "report-2")
    asked(agent, "/v1/points_report", REPORT, None)
    assert done(agent) == before + 3


def test_a_refusal_is_an_answer_too(agent: tuple[str, str]) -> None:
    asked(agent, "/v1/cancel", b"{}", None)
    first = asked(agent, "/v1/redeem", b'{"points": 1}', "refused")
    assert first[1]["code"].startswith("not_now_")
    asked(agent, "/v1/basket", BASKET, None)
    assert asked(agent, "/v1/redeem", b'{"points": 1}', "refused") == first


@pytest.mark.parametrize(("path", "body"), [("/v1/basket", BASKET.replace(b"100", b"200")), ("/v1/commands", BASKET)])
def test_another_command_under_a_key_is_refused(agent: tuple[str, str], path: str, body: bytes) -> None:
    asked(agent, "/v1/basket", BASKET, "of-the-basket")
    before = done(agent)
    body = body if path == "/v1/basket" else BASKET.replace(b"{", b'{"do": "basket", ', 1)
    status, problem = asked(agent, path, body, "of-the-basket")
    assert (status, problem["code"]) == (422, "idempotency_key_reused")
    assert done(agent) == before


def test_what_was_not_understood_takes_no_key(agent: tuple[str, str]) -> None:
    assert asked(agent, "/v1/basket", b"{", "mended")[0] == 400
    assert asked(agent, "/v1/basket", BASKET, "mended")[0] == 200


def test_each_pos_has_keys_of_its_own(agent: tuple[str, str], folder: Path) -> None:
    left = (agent[0], make_token(pos_token_in(folder / "data", "left")))
    before = done(agent)
    asked(agent, "/v1/points_report", REPORT, "shared")
    asked(left, "/v1/points_report", REPORT, "shared")
    assert done(agent) == before + 2


def test_many_at_the_same_time_get_the_same_answer(agent: tuple[str, str]) -> None:
    before = done(agent)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: asked(agent, "/v1/points_report", REPORT, "together"), range(8)))
    assert answers == [answers[0]] * 8
    assert done(agent) == before + 1


def test_it_stands_beside_the_commands_own_numbers(agent: tuple[str, str]) -> None:
    """A sale's number holds under another key as well."""
    sale = BASKET.replace(b'"sale": "1"', b'"sale": "own"')
    asked(agent, "/v1/basket", sale, "b")
    first = asked(agent, "/v1/pay", b'{"sale": "own"}', "p")
    assert asked(agent, "/v1/pay", b'{"sale": "own"}', "p") == first
    assert asked(agent, "/v1/pay", b'{"sale": "own"}', "q")[1]["code"] == "recorded_before"


# without a process


@pytest.mark.parametrize("headers", [["a", "b"], [""], ["k" * (KEY_CHARS_MAX + 1)], ["ключ"], ["a\tb"]])
def test_what_is_no_key_is_refused(headers: list[str]) -> None:
    with pytest.raises(BadKey):
        key_in(headers)


def test_a_path_and_a_body_are_told_apart() -> None:
    assert key_in([]) is None and key_in(["7f"]) == "7f"
    assert len({fingerprint("/a", b"b"), fingerprint("/b", b"b"), fingerprint("/a", b"c")}) == 3


class Counting:
    """Answers that say how often they were asked."""

    def __init__(self, status: int = 200, body: bytes = b"") -> None:
        self.asked, self.status, self.body = 0, status, body
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def ask(self) -> Response:
        self.asked += 1
        await self.may_answer.wait()
        return Response(self.body or str(self.asked), status_code=self.status)


def test_who_asks_while_it_is_being_done_waits_for_the_same_answer() -> None:
    async def both() -> tuple[bytes, bytes, int]:
        once, counting = Once(lambda: 0.0), Counting()
        counting.may_answer.clear()
        first = once.answer("", "key", b"x", counting.ask)
        await asyncio.sleep(0)
        second = once.answer("", "key", b"x", counting.ask)
        with pytest.raises(KeyReused):
            once.answer("", "key", b"y", counting.ask)
        counting.may_answer.set()
        return bytes((await first).body), bytes((await second).body), counting.asked

    assert asyncio.run(both()) == (b"1", b"1", 1)


@pytest.mark.parametrize(
    ("status", "later_s", "times"), [(200, 3_599, 1), (409, 3_599, 1), (200, 3_600, 2), (503, 0, 2), (500, 0, 2)]
)
def test_an_answer_is_kept_for_an_hour_unless_it_was_later(status: int, later_s: float, times: int) -> None:
    async def twice() -> int:
        now_s = [0.0]
        once, counting = Once(lambda: now_s[0]), Counting(status)
        await once.answer("", "key", b"x", counting.ask)
        await asyncio.sleep(0)
        now_s[0] = later_s
        await once.answer("", "key", b"x", counting.ask)
        return counting.asked

    assert asyncio.run(twice()) == times


@pytest.mark.parametrize(("limit", "most"), [("KEYS_MAX", 3), ("KEPT_BYTES_MAX", 3_500)])
def test_memory_is_bounded_the_oldest_goes(monkeypatch: pytest.MonkeyPatch, limit: str, most: int) -> None:
    monkeypatch.setattr(once_module, limit, most)

    async def many() -> tuple[int, int]:
        once, counting = Once(lambda: 0.0), Counting(body=b"a" * 1_000)
        for number in range(10):
            await once.answer("", str(number), b"x", counting.ask)
            await asyncio.sleep(0)
        asked = counting.asked
        for number in (9, 8, 7):
            await once.answer("", str(number), b"x", counting.ask)
        kept = asked - counting.asked
        await once.answer("", "6", b"x", counting.ask)
        return kept, counting.asked - asked

    assert asyncio.run(many()) == (0, 1)
