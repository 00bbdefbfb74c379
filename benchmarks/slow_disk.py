"""C7: how long a cashier waits at a till whose disk takes a second for each sync, against the same till on this disk as
it is, in the same run.

    python -m benchmarks.slow_disk [--short]

A whole agent under strace, with its hub and a printer; sales one after the other, a page that looks. A scan and what
only looks should wait for no write: SCAN_MOST_MS; a payment for its own: PAY_MOST_MS. The last line is a JSON object of
the figures.
"""

from __future__ import annotations

import json
import os
import sys
from statistics import median
from typing import Final

from tests.faults.slow_disk import RECEIPTS, Took, measured, why_not

DELAY_S: Final = 1.0
SHORT_RECEIPTS: Final = 4
SCAN_MOST_MS: Final = 50.0
PAY_MOST_MS: Final = 1_200.0
MOST_MS: Final = {
    "basket": SCAN_MOST_MS,
    "scan": SCAN_MOST_MS,
    "prepare": SCAN_MOST_MS,
    "pay": PAY_MOST_MS,
    "balance": SCAN_MOST_MS,
    "page": SCAN_MOST_MS,
}


def line(what: str, slow: list[float], plain: list[float]) -> str:
    ratio = median(slow) / median(plain)
    verdict = "" if max(slow) <= MOST_MS[what] else "  more than it should"
    return (
        f"{what:8} {median(slow):8.1f} ms, at most {max(slow):8.1f}; on this disk {median(plain):6.1f} ms:"
        f" ×{ratio:.1f}; should be at most {MOST_MS[what]:.0f} ms{verdict}"
    )


def main() -> None:
    if (why := why_not()) is not None:
        print(f"not measured: {why}")
        return
    os.umask(0o077)
    receipts = SHORT_RECEIPTS if "--short" in sys.argv else RECEIPTS
    plain, slow = measured(None, receipts), measured(DELAY_S, receipts)
    if "--short" not in sys.argv:
        for what in MOST_MS:
            print(line(what, slow[what], plain[what]))
    print(json.dumps(_figures(slow, plain)))


def _figures(slow: Took, plain: Took) -> dict[str, dict[str, float]]:
    return {
        what: {
            "slow_ms": round(median(slow[what]), 1),
            "slow_most_ms": round(max(slow[what]), 1),
            "plain_ms": round(median(plain[what]), 1),
        }
        for what in MOST_MS
    }


if __name__ == "__main__":
    main()
