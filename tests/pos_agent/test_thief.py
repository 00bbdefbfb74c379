"""SEC4: a till's whole folder is stolen, open as it was, with its log of the disk and of the program.

`make thief` sweeps all numbers of an operator; `python -m benchmarks.thief` takes the folder of any till.
"""

from __future__ import annotations

import logging
import os
import shutil
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from benchmarks.thief import numbers, steal
from hub.build import build_hub, build_programmes
from hub.importing import import_members
from hub.members import NewMember
from offline_cache.cache import Cache
from offline_cache.phone_keys import PLAIN
from offline_cache.told_quotes import ToldQuotes
from pos_agent.parts import PHONE_KEYS
from pos_agent.sealing import sealing_in
from sync.worker import SyncWorker
from tests.hub_here import HubHere

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PHONES = int(os.environ.get("THIEF_PHONES", "10000"))  # of an operator's ten million numbers
MEMBERS = 200
MINE = "+79160000050"


class Stolen(NamedTuple):
    data: Path
    keys: Path
    key: bytes


def members() -> list[NewMember]:
    """Every fiftieth number of an operator is a member's."""
    return [
        NewMember(
            line=number + 2,
            programme="alenka",
            card=f"26{number:011}",
            phone=f"+7916{number * 50:07}",
            points=5,
            registered=True,
            birthday=None,
            favourites=(),
            member=f"m{number}",
        )
        for number in range(MEMBERS)
    ]


@pytest.fixture
def stolen(tmp_path: Path) -> Stolen:
    """A till reads members, tells something, is stopped, started again and stolen while it runs."""
    data, keys = tmp_path / "data", tmp_path / "keys"
    data.mkdir()
    hub = build_hub(tmp_path / "hub.db", build_programmes(), serving=False, now=lambda: NOW)
    list(import_members(hub, members()))
    told = logging.FileHandler(data / "agent.log")
    logging.getLogger().addHandler(told)
    logging.getLogger().setLevel(logging.DEBUG)
    with closing(ToldQuotes(data / "told.db")) as quotes:
        quotes.keep("1", "pos", b"{}", NOW)
        for _ in range(2):
            cache = Cache(data / "till.db", "t1", seal=sealing_in(keys, PHONE_KEYS))
            worker = SyncWorker(cache, HubHere(hub), programme="alenka", jitter=lambda: 0.0, clock=lambda: NOW)
            while worker.step(0.0) == 0.0:
                pass
            shutil.copytree(data, tmp_path / "stolen", dirs_exist_ok=True)
            cache.close()
    logging.getLogger().removeHandler(told)
    key = hub.phone_hash_key("alenka")
    hub.close()
    return Stolen(tmp_path / "stolen", keys, key)


def test_sec4_no_string_of_the_folder_is_the_key_of_the_phones(stolen: Stolen) -> None:
    loot = steal(stolen.data, MINE, numbers(PHONES))
    assert (loot.key, loot.found) == (None, 0) and loot.tried > 10_000


@pytest.mark.parametrize("written", ["hex", "bytes"])
def test_the_thief_would_have_found_it(stolen: Stolen, written: str) -> None:
    """As the files of before were."""
    lying = stolen.key if written == "bytes" else f"{PLAIN}{stolen.key.hex()}".encode()
    (stolen.data / "left-over").write_bytes(b"..." + lying + b"...")
    loot = steal(stolen.data, MINE, numbers(PHONES))
    assert (loot.key, loot.phones, loot.found) == (stolen.key, PHONES, MEMBERS)


def test_whoever_has_both_folders_has_the_phones(stolen: Stolen) -> None:
    """What docs/security.md says of it."""
    loot = steal(stolen.data, MINE, numbers(PHONES), stolen.keys)
    print(f"both folders: {round(loot.phones / loot.took_s)} phones a second")
    assert (loot.key, loot.tried, loot.found) == (stolen.key, 1, MEMBERS)
