"""Forged coupons and certificates: what a thief, a copier and a bad scanner make of genuine ones. None may be accepted.

python -m tests.loyalty.forgeries --count 1000000 [--seed N]       (make tokens)
"""

from __future__ import annotations

import argparse
import random
import secrets
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from time import monotonic
from typing import Final

import base45
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from config.programmes import load_programme
from loyalty.certificate_text import CertificateRefused, open_certificate, seal_certificate
from loyalty.coupon_token import MINUTE, CouponClaims, CouponRefused, open_coupon, seal_coupon
from loyalty.sealed_text import END, SIGNATURE_BYTES

NOW: Final = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ALENKA: Final = load_programme("alenka")
KEY: Final = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
THIEF: Final = Ed25519PrivateKey.from_private_bytes(b"thief" * 6 + b"..")
KEYS: Final = {1: KEY.public_key().public_bytes_raw()}
ORDER: Final = 2**252 + 27742317777372353535851937790883648493  # of Ed25519's group: S and S + ORDER are one point
ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
LETTERS: Final = ALPHABET + ALPHABET[10:36].lower() + "éЖ０Ａ\x00\n\r\t\u00a0\u200b"
PREFIXES: Final = ("PA2:", "PA1:", "PAC:", "PA3:", "PAR:", "pa2:", "PA2", "")
# points of small order as they are written: whatever they sign holds for a verifier that does not look
SMALL: Final = (bytes(32), b"\x01" + bytes(31), bytes.fromhex("ec" + "ff" * 30 + "7f"), b"\xff" * 32)
BROKEN: Final = {"malformed", "forged", "unknown_key"}
GENUINE: Final = 24  # of each kind


def genuine(chance: random.Random) -> list[str]:
    """As the hub makes them, and what it made before."""
    texts = []
    for number in range(GENUINE):
        claims = CouponClaims(
            serial=chance.randbytes(16).hex(),
            programme="alenka",
            campaign=chance.choice(ALENKA.coupons).id,
            valid_from=NOW - MINUTE,
            valid_to=NOW + timedelta(days=30),
            zone="Europe/Moscow",
            value=chance.choice((0, 10_000)),
            uses=chance.choice((1, 3)),
            store=chance.choice(("", "msk-7")),
            member=chance.choice(("", "anna")),
            channel=chance.choice(("", "shop")),
        )
        at = int(NOW.timestamp())
        old = [chance.randbytes(16), "alenka", claims.campaign, at - 60, at + 86_400]
        signed = bytes((1, 1)) + msgspec.msgpack.encode(old)
        texts += [
            seal_coupon(claims, 1, KEY.sign),
            written("PA1:", signed + KEY.sign(signed)),
            seal_certificate(f"{number:016}", "alenka", 1, KEY.sign),
        ]
    return texts


def written(prefix: str, raw: bytes) -> str:
    letters: bytes = base45.b45encode(raw)
    return prefix + letters.decode() + END


def read(text: str) -> tuple[str, bytearray]:
    return text[:4], bytearray(base45.b45decode(text[4:-1]))


def is_accepted(text: str) -> bool:
    """By any desk. And nothing of a text is believed whose signature does not hold: not even that it has expired."""
    try:
        open_coupon(text, KEYS, ALENKA, NOW)
        return True
    except CouponRefused as refused:
        assert refused.reason in BROKEN, f"{refused.reason}: {text!r}"
    try:
        open_certificate(text, KEYS, "alenka")
        return True
    except CertificateRefused as refused_certificate:
        assert refused_certificate.reason in BROKEN, f"{refused_certificate.reason}: {text!r}"
    return False


def each_step(text: str) -> Iterator[tuple[str, str]]:
    """Every bit, every beginning and end, every letter left out or changed with the next."""
    prefix, raw = read(text)
    for bit in range(len(raw) * 8):
        raw[bit // 8] ^= 1 << bit % 8
        yield "one bit", written(prefix, bytes(raw))
        raw[bit // 8] ^= 1 << bit % 8
    for at in range(len(text)):
        yield "begun", text[:at]
        yield "begun, with its end", text[:at] + END
        yield "its end", prefix + text[at:]
        yield "a letter less", text[:at] + text[at + 1 :]
        yield "two letters swapped", text[:at] + text[at + 1 : at + 2] + text[at] + text[at + 2 :]
    for at in range(len(raw)):
        yield "bytes left out", written(prefix, bytes(raw[:at]))
        yield "a byte left out", written(prefix, bytes(raw[:at] + raw[at + 1 :]))


def at_random(texts: list[str], chance: random.Random) -> Iterator[tuple[str, str]]:
    ways: list[tuple[str, Callable[[str, random.Random], str]]] = [
        ("some bits", _bits),
        ("a byte", _byte),
        ("a letter", _letter),
        ("letters more", _more),
        ("spelled otherwise", _spelled),
        ("another key's", _another_key),
        ("claims of another", lambda text, chance: _grafted(text, chance.choice(texts), chance)),
        ("another prefix", _prefix),
        ("the signature's other form", _signature),
        ("noise", _noise),
    ]
    while True:
        name, way = chance.choice(ways)
        yield name, way(chance.choice(texts), chance)


def forgeries(seed: int) -> Iterator[tuple[str, str]]:
    """How it was made, and the text; without end. None of them is genuine."""
    chance = random.Random(seed)
    texts = genuine(chance)
    known = set(texts)
    for text in texts[:3]:
        yield from ((name, forged) for name, forged in each_step(text) if forged not in known)
    yield from ((name, forged) for name, forged in at_random(texts, chance) if forged not in known)


def _bits(text: str, chance: random.Random) -> str:
    prefix, raw = read(text)
    for _ in range(chance.randint(1, 8)):
        raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    return written(prefix, bytes(raw))


def _byte(text: str, chance: random.Random) -> str:
    prefix, raw = read(text)
    at = chance.randrange(len(raw))
    if chance.random() < 0.5:
        raw[at] = chance.randrange(256)
    else:
        raw[at:at] = chance.randbytes(chance.randint(1, 3))
    return written(prefix, bytes(raw))


def _letter(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text))
    return text[:at] + chance.choice(LETTERS) + text[at + chance.randint(0, 1) :]


def _more(text: str, chance: random.Random) -> str:
    more = "".join(chance.choices(LETTERS, k=chance.randint(1, 6)))
    return chance.choice((text + more, text[:-1] + more + END, more + text, text + text, text[:4] + more + text[4:]))


def _spelled(text: str, chance: random.Random) -> str:
    """Three letters say up to 91,124 where two bytes say up to 65,535, and two up to 2,024 where one says 255."""
    letters = text[4:-1]
    groups = [letters[at : at + 3] for at in range(0, len(letters), 3)]
    room = [(at, 2**16 if len(group) == 3 else 2**8) for at, group in enumerate(groups)]
    fitting = [(at, more) for at, more in room if _number(groups[at]) + more < 45 ** len(groups[at])]
    for at, more in chance.sample(fitting, chance.randint(1, len(fitting))):
        groups[at] = _letters(_number(groups[at]) + more * (1 if len(groups[at]) == 3 else chance.randint(1, 6)))
    return text[:4] + "".join(groups) + END


def _number(group: str) -> int:
    return sum(ALPHABET.index(letter) * 45**place for place, letter in enumerate(group))


def _letters(number: int) -> str:
    digits: list[str] = []
    while number or not digits:
        number, digit = divmod(number, 45)
        digits.append(ALPHABET[digit])
    return "".join(digits)


def _another_key(text: str, chance: random.Random) -> str:
    prefix, raw = read(text)
    signed = bytearray(raw[:-SIGNATURE_BYTES])
    if chance.random() < 0.5:
        signed[1] = chance.randrange(256)
    if chance.random() < 0.5:
        signed[2 + chance.randrange(len(signed) - 2)] = chance.randrange(256)
    return written(prefix, bytes(signed) + THIEF.sign(bytes(signed)))


def _grafted(text: str, other: str, chance: random.Random) -> str:
    """Claims and signature of two, or a part of the claims of another."""
    prefix, raw = read(text)
    _, raw_other = read(other)
    if chance.random() < 0.5:
        return written(prefix, bytes(raw[:-SIGNATURE_BYTES] + raw_other[-SIGNATURE_BYTES:]))
    begin = chance.randrange(len(raw))
    end = chance.randint(begin, len(raw))
    return written(prefix, bytes(raw[:begin] + raw_other[begin:end] + raw[end:]))


def _prefix(text: str, chance: random.Random) -> str:
    return chance.choice(PREFIXES) + text[4:]


def _signature(text: str, chance: random.Random) -> str:
    """S and S + n·L are the same point; a point of small order signs anything for a verifier that does not look."""
    prefix, raw = read(text)
    point, s = bytes(raw[-64:-32]), int.from_bytes(raw[-32:], "little")
    way = chance.randrange(3)
    if way == 0:
        s += ORDER * chance.randint(1, 14)
    elif way == 1:
        point, s = chance.choice(SMALL), chance.choice((0, 1, ORDER, s))
    else:
        s = ORDER - s
    raw[-64:] = point + (s % 2**256).to_bytes(32, "little")
    return written(prefix, bytes(raw))


def _noise(text: str, chance: random.Random) -> str:
    prefix, raw = read(text)
    if chance.random() < 0.5:
        return written(prefix, bytes(raw[:2]) + chance.randbytes(len(raw) - 2))
    return prefix + "".join(chance.choices(ALPHABET, k=len(text) - 5)) + END


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**32))
    asked = parser.parse_args(arguments)
    print(f"seed {asked.seed}")
    made: Counter[str] = Counter()
    accepted, begun = [], monotonic()
    for count, (name, text) in enumerate(islice(forgeries(asked.seed), asked.count), start=1):
        made[name] += 1
        if is_accepted(text):
            accepted.append((name, text))
        if count % 10_000 == 0 or count == asked.count:
            line = f"\r{count} of {asked.count} forged, {len(accepted)} accepted, {monotonic() - begun:.0f} s"
            print(line, end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    for name, times in made.most_common():
        print(f"{times:>9} {name}")
    print(f"{sum(made.values())} forged, {len(accepted)} accepted")
    if accepted:
        sys.exit(f"accepted: {accepted[:5]}")


if __name__ == "__main__":
    main()
