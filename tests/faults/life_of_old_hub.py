"""A ledger of the first schema is brought up to date: `python -m tests.faults.life_of_old_hub CHANNEL`."""

from __future__ import annotations

from pathlib import Path

from hub.build import build_hub, build_programmes
from tests.faults.living import SHOP, run
from tests.faults.old_file import UPGRADE, Old, kinds

PROGRAMMES = build_programmes()


def start(path: Path) -> None:
    build_hub(path, PROGRAMMES, serving=True).close()


if __name__ == "__main__":
    run(Old, kinds("hub.db", "hub/store/sqlite", start), first=(SHOP, UPGRADE))
