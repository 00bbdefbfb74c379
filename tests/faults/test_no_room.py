"""F22: a till's program to which its machine gives no more files or memory. What it said was recorded is at
the hub, once; it goes on by itself when there is room again, or begins anew."""

from __future__ import annotations

import contextlib
import resource
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from tests.faults.whole_shop import Agent, WholeShop

SALES_WITHOUT = 12
OVER_BYTES = 2_000_000  # so much more memory than it has, and then no more
FEW_FILES = 8  # fewer than a process has open


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[WholeShop]:
    shop = WholeShop(tmp_path, tmp_path / "data")
    yield shop
    shop.close()


def size_of(pid: int) -> int:
    """Its address space, in bytes."""
    return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()


def no_files(pid: int) -> tuple[int, int]:
    return resource.RLIMIT_NOFILE, FEW_FILES


def no_memory(pid: int) -> tuple[int, int]:
    return resource.RLIMIT_AS, size_of(pid) + OVER_BYTES


@pytest.mark.parametrize("without", [no_files, no_memory])
def test_f22_a_program_to_which_the_machine_gives_nothing_more_loses_and_doubles_nothing(
    shop: WholeShop, without: Callable[[int], tuple[int, int]]
) -> None:
    acked: list[str] = []
    with shop.running() as agent:
        sell(agent, "before", acked)
        agent.until_sent()
        limited, limit = without(agent.pid)
        usual = resource.prlimit(agent.pid, limited)
        resource.prlimit(agent.pid, limited, (limit, usual[1]))
        for number in range(SALES_WITHOUT):
            sell(agent, f"without-{number}", acked)
        with contextlib.suppress(ProcessLookupError):
            resource.prlimit(agent.pid, limited, usual)
        agent.until("it goes on, or is gone", lambda: not agent.lives() or sell(agent, "with-room-again", acked))
        agent.kill()
    with shop.running() as agent:
        sell(agent, "anew", acked)
        assert acked[-1] == "anew"
        agent.until_sent()
    at_hub = shop.sales()
    assert len(at_hub) == len(set(at_hub)) and set(acked) <= set(at_hub)
    print(f"{len(acked)} of {SALES_WITHOUT + 3} recorded: {acked}")


def sell(agent: Agent, number: str, acked: list[str]) -> bool:
    """As a POS does, which takes no answer for none. Whether it is recorded."""
    with contextlib.suppress(requests.RequestException, ValueError):
        if agent.sell(number).get("ok"):
            acked.append(number)
    return number in acked
