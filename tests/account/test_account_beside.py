"""`pos-hub serve --account`: the account as a child of the hub."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
import requests

from tests.hub.conftest import Served, serve

__all__ = ["serve"]


def _answers(url: str) -> bool:
    with suppress(requests.ConnectionError):
        return requests.get(url + "/sign-in", timeout=20).status_code == 200
    return False


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_it_is_there_with_the_hub_and_gone_with_it(serve: Callable[..., Served], tmp_path: Path, how: str) -> None:
    (tmp_path / "club.toml").write_text('[hotline]\nphones = ["8 800 200-95-55"]\n', encoding="utf-8")
    settings = ("--account-settings", f"alenka={tmp_path / 'club.toml'}")
    accounts = ("--account", "alenka=127.0.0.1:0", "--account", "perekrestok=127.0.0.1:0")
    served = serve(tmp_path / "hub.db", *accounts, *settings)
    urls = served.ready["account"]
    alenka, other = (requests.get(urls[one] + "/sign-in", timeout=20).text for one in ("alenka", "perekrestok"))
    assert "Алёнка" in alenka and "Перекрёсток" in other
    assert "tel:+78002009555" in alenka and "tel:" not in other, "each has the settings that were said for it"
    getattr(served, how)()
    for url in urls.values():
        while _answers(url):  # the answer that a child is giving it gives; the test's own time is the bound
            os.sched_yield()


def test_its_key_is_good_for_the_next_hub_on_the_same_ledger(serve: Callable[..., Served], tmp_path: Path) -> None:
    keys = set()
    for _ in range(2):
        served = serve(tmp_path / "hub.db", "--account", "alenka=127.0.0.1:0")
        assert _answers(served.ready["account"]["alenka"])
        keys.add((tmp_path / "hub.db.account" / "account.key").read_bytes())
        served.stop()
    assert len(keys) == 1
