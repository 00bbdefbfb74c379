"""docs/month.md, played word for word: its commands, what its tills sell, and one clock for all of them.

`MONTH_WRITE=1` writes into the page what was said, to be read by whoever changed it.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pytest
import time_machine
from click.testing import CliRunner

from hub.cli import cli
from tests.console import Block, blocks, steps
from tests.hub.month import Month
from tests.hub.month_till import SHOP_ZONE
from tests.one_port import Server

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = ROOT / "docs" / "month.md"
BEGINS: Final = datetime(2026, 3, 30, 9, tzinfo=SHOP_ZONE)
IS_WRITTEN: Final = os.environ.get("MONTH_WRITE") == "1"
# ids, hashes of programmes, and the codes of tills
MADE: Final = re.compile(r"\b(?:[0-9a-f]{8}|[0-9a-f]{16}|[0-9a-f]{64}|[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4})\b")
EXPORTS: Final = (("month", "2026-03"), ("month", "2026-04"), ("day", "2026-05-01"), ("day", "2026-05-02"))


@pytest.fixture
def month(tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Month]:
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)  # the python3 of this run
    with time_machine.travel(BEGINS) as traveller:
        month = Month(traveller, server)
        yield month
        month.close()


def played(month: Month, block: Block) -> str:
    """What stands between the ticks, with what is said today."""
    if block.called == "console":
        return "".join(f"$ {step.words}\n{month.do(step)}" for step in steps(block))
    if block.called == "tills":
        return month.play(block.text)
    assert block.called == "tills each day", block.called
    month.sell_each_day(block.text)
    return block.text


@pytest.mark.timeout(240)  # a dozen seconds on an idle machine
def test_a_chain_that_ships_nowhere_lives_a_month_as_it_is_written(month: Month) -> None:
    page = PAGE.read_text(encoding="utf-8")
    for block in blocks(page):
        now = played(month, block)
        if IS_WRITTEN:
            page = page.replace(block.text, now, 1)
            PAGE.write_text(page, encoding="utf-8")
        else:
            assert MADE.sub("…", now) == MADE.sub("…", block.text)
    assert month.receipts > 100, "a month was sold"
    exports = [json_of_hub("export", *words)["control"]["rodnik"] for words in EXPORTS]
    balances = json_of_hub("verify")["balances"]["rodnik"]
    assert sum(control["member"] for control in exports) == sum(balances.values()) > 0, "control sums are what is held"
    assert not any(sum(control.values()) for control in exports)
    settled = json_of_hub("report", "settlement", "--month", "2026-04")["balances"]
    assert len(settled) == 3 and sum(one["kopecks"] for one in settled) == 0


def json_of_hub(*words: str) -> Any:
    return json.loads(CliRunner().invoke(cli, [*words, "--json"]).stdout)
