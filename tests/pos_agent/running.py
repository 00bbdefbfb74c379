"""A whole agent as a process, for tests that speak to it over HTTP."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from config.settings import load_settings
from loyalty.operation import Key
from offline_cache.cache import Cache
from offline_cache.records import Page
from pos_agent.parts import PHONE_KEYS
from pos_agent.sealing import sealing_in
from tests.pos_agent.conftest import ANNA, BORIS, LOST, PHONE_KEY, member
from tests.speaking import as_after_joining

TIMEOUT_S = 20.0


def settings(tmp_path: Path, **changes: str) -> Path:
    path = tmp_path / "pos-agent.toml"
    values = {"port": "0", "hub": "http://127.0.0.1:9", "data": "data", "programme": "alenka"}
    values |= {"till": "till-1", "top": "", "more": ""} | changes
    path.write_text(
        f'till = "{values["till"]}"\nprogramme = "{values["programme"]}"\ndata = "{values["data"]}"\nlanguage = "en"\n'
        "reserve_mb = 1\n"  # a run of all tests starts a hundred tills
        f"{values['top']}"
        f'[hub]\nurl = "{values["hub"]}"\n[api]\nport = {values["port"]}\n{values["more"]}',
        encoding="utf-8",
    )
    return path


def started(path: Path) -> tuple[subprocess.Popen[str], str]:
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", "pos_agent", "run", "--config", str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    return child, json.loads(child.stdout.readline())["url"]


def with_members(folder: Path) -> None:
    """The data of a till in this folder, as after a contact with the hub."""
    (folder / "data").mkdir()
    cache = Cache(folder / "data" / "till.db", "till-1", seal=sealing_in(folder / "data.keys", PHONE_KEYS))
    cache.changes.apply(
        Page(
            members=[
                member("anna", 150, (ANNA, "active")),
                member("boris", 5_000, (BORIS, "active"), (LOST, "replaced")),
            ],
            used_coupons=[],
            coupon_keys={},
            phone_hash_key=PHONE_KEY,
            watermark=Key(1, 0),
            cursor="1",
            pulled_at=datetime.now(UTC),
        )
    )
    cache.close()


@contextmanager
def running(folder: Path, **changes: str) -> Iterator[tuple[str, str]]:
    """(url, token) of an agent that has joined, and whose hub is away."""
    path = settings(folder, **changes)
    as_after_joining(load_settings(path))
    child, url = started(path)
    try:
        yield url, (folder / "data" / "api-token").read_text(encoding="ascii")
    finally:
        child.terminate()
        child.communicate(timeout=TIMEOUT_S)
