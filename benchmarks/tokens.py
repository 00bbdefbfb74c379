"""What it takes to open a coupon and a certificate, against the bare signature's check by `cryptography`, in turns in
the same run: the key made ready beforehand, the bytes in hand. The difference is ours: base45, tags, times, words.

    python -m benchmarks.tokens [--short]

Each call is timed by itself, for one guest waits for one coupon: by the wall clock, which on a machine that others use
counts their turns too, and by the processor, which is judged. The last line is a JSON object of the figures.
"""

from __future__ import annotations

import json
import secrets
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import perf_counter_ns, thread_time_ns
from typing import Final

import base45
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from config.programmes import load_programme
from loyalty.certificate_text import open_certificate, seal_certificate
from loyalty.coupon_token import MINUTE, CouponClaims, open_coupon, seal_coupon
from loyalty.sealed_text import SIGNATURE_BYTES

LONG, SHORT = 20_000, 2_000  # texts of each kind
P99_MOST_MS: Final = 1.0
RATIO_MOST: Final = 3.0  # × the bare check, medians of processor time
WARM: Final = 100
NOW: Final = datetime(2026, 11, 30, 12, tzinfo=UTC)
KEY: Final = Ed25519PrivateKey.from_private_bytes(b"k" * 32)


def main(*, short: bool = False) -> None:
    programme = load_programme("alenka")
    keys = {1: KEY.public_key().public_bytes_raw()}
    public = KEY.public_key()
    count = SHORT if short else LONG
    coupons = [_coupon(programme.coupons[number % len(programme.coupons)].id) for number in range(count)]
    certificates = [seal_certificate(f"{secrets.randbelow(10**16):016}", programme.id, 1, KEY.sign) for _ in coupons]
    bare = [base45.b45decode(text[4:-1]) for text in coupons]
    calls: dict[str, Callable[[int], object]] = {
        "bare": lambda at: public.verify(bare[at][-SIGNATURE_BYTES:], bare[at][:-SIGNATURE_BYTES]),
        "coupon": lambda at: open_coupon(coupons[at], keys, programme, NOW),
        "certificate": lambda at: open_certificate(certificates[at], keys, programme.id),
    }
    took: dict[str, list[tuple[int, int]]] = {name: [] for name in calls}
    for at in range(count):
        for name, call in calls.items():
            wall, processor = perf_counter_ns(), thread_time_ns()
            call(at)
            took[name].append((perf_counter_ns() - wall, thread_time_ns() - processor))
    figures: dict[str, float] = {}
    print(f"{count} of each; µs          median      p99   processor: median      p99")
    for name, times in took.items():
        walls, processors = (sorted(kind[WARM:]) for kind in zip(*times, strict=True))
        cells = [walls[len(walls) // 2], walls[len(walls) * 99 // 100]]
        cells += [processors[len(processors) // 2], processors[len(processors) * 99 // 100]]
        print(f"{name:20}{cells[0] / 1e3:>14.0f}{cells[1] / 1e3:>9.0f}{cells[2] / 1e3:>20.0f}{cells[3] / 1e3:>9.0f}")
        kinds = ("median_us", "p99_us", "processor_median_us", "processor_p99_us")
        figures |= {f"{name}_{kind}": round(cell / 1e3, 1) for kind, cell in zip(kinds, cells, strict=True)}
    ratio = figures["coupon_processor_median_us"] / figures["bare_processor_median_us"]
    figures["ratio"] = round(ratio, 2)
    _say("p99 of a coupon", figures["coupon_processor_p99_us"] / 1e3, P99_MOST_MS, "ms of the processor")
    _say("a coupon", ratio, RATIO_MOST, "× the bare check")
    sys.stdout.write(json.dumps(figures) + "\n")


def _coupon(campaign: str) -> str:
    claims = CouponClaims(
        serial=secrets.token_hex(16),
        programme="alenka",
        campaign=campaign,
        valid_from=NOW - MINUTE,
        valid_to=NOW + timedelta(days=30),
        zone="Europe/Moscow",
        store="msk-7",
        member="anna",
    )
    return seal_coupon(claims, 1, KEY.sign)


def _say(what: str, found: float, most: float, unit: str) -> None:
    print(f"- {'good' if found <= most else 'MISSED'}: {what} {found:.2f} {unit} (at most {most})")


if __name__ == "__main__":
    main(short="--short" in sys.argv[1:])
