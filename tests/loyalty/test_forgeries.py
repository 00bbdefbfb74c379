"""Ten thousand forged coupons and certificates, none of them accepted; a million with `make tokens`."""

from __future__ import annotations

import random
from collections import Counter
from itertools import islice

import base45

from loyalty.certificate_text import open_certificate
from loyalty.coupon_token import open_coupon
from tests.loyalty.forgeries import ALENKA, KEYS, NOW, ORDER, forgeries, genuine, is_accepted, read, written

FORGED = 10_000


def test_no_forged_text_is_accepted() -> None:
    made: Counter[str] = Counter()
    for name, text in islice(forgeries(22), FORGED):
        assert not is_accepted(text), f"{name}: {text!r}"
        made[name] += 1
    assert sum(made.values()) == FORGED and len(made) == 18 and min(made.values()) > 100, made


def test_what_they_are_made_of_is_accepted() -> None:
    """Else nothing was shown."""
    texts = genuine(random.Random(1))
    assert all(map(is_accepted, texts)) and {text[:4] for text in texts} == {"PA1:", "PA2:", "PAC:"}
    coupons = [open_coupon(text, KEYS, ALENKA, NOW).serial for text in texts if not text.startswith("PAC:")]
    numbers = [open_certificate(text, KEYS, "alenka") for text in texts if text.startswith("PAC:")]
    assert len(set(coupons)) == 2 * len(numbers) == 2 * len(set(numbers))


def test_one_right_has_one_text() -> None:
    """Another spelling of the same bytes, or of the same signature, would be another text for one serial: whoever
    remembered texts would honour it twice."""
    for text in genuine(random.Random(2)):
        prefix, raw = read(text)
        assert written(prefix, bytes(raw)) == text
        raw[-32:] = (int.from_bytes(raw[-32:], "little") + ORDER).to_bytes(32, "little")
        assert not is_accepted(written(prefix, bytes(raw)))
        assert base45.b45decode(text[4:-1].encode()) != raw
