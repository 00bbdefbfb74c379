"""A till's file of the third schema is brought up to date: `python -m tests.faults.life_of_old_till CHANNEL`."""

from __future__ import annotations

from pathlib import Path

from offline_cache.cache import Cache
from tests.faults.living import SHOP, run
from tests.faults.old_file import UPGRADE, Old, kinds


def start(path: Path) -> None:
    Cache(path, "t1").close()


if __name__ == "__main__":
    run(Old, kinds("till.db", "offline_cache", start), first=(SHOP, UPGRADE))
