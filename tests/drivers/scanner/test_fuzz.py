"""Noise into every way of cutting: never an exception, never more than a code's worth held, every code found.

A million bytes for each way; HYPOTHESIS_PROFILE=long asks for ten.
"""

import os
import random
import struct
from collections.abc import Callable

import pytest

from drivers.scanner.framing import PREFIXES, SUFFIXES, Frame, Framer, Refusal
from drivers.scanner.keymap import Typist
from drivers.scanner.scan import BAD_CHECK_DIGIT, LOST_KEYS, MAX_CODE_BYTES, why_refused

LENGTH = 10_000_000 if os.environ.get("HYPOTHESIS_PROFILE") == "long" else 1_000_000
MEANINGFUL = b"\r\n\x02\x03]E0C1d2460\x1d\x1b\xd0\x90\xff"


@pytest.fixture
def dice(request: pytest.FixtureRequest) -> random.Random:
    seed = random.SystemRandom().randrange(2**32)
    print(f"{request.node.name}: seed {seed}")
    return random.Random(seed)


def noise(dice: random.Random, length: int) -> bytes:
    """Bytes that mean something, bytes of all kinds, and now and then a line gone mad."""
    kind = dice.random()
    if kind < 0.5:
        return bytes(dice.choices(MEANINGFUL, k=length))
    if kind < 0.98:
        return dice.randbytes(length)
    return b"7" * (MAX_CODE_BYTES + dice.randrange(-2, 200))


def sound(results: list[Frame | Refusal]) -> None:
    for result in results:
        assert len(result.raw) <= MAX_CODE_BYTES
        if isinstance(result, Frame):
            assert result.text
            assert why_refused(result.text) is None
            assert result.text in result.raw.decode()


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_code_in_the_noise_is_found_and_nothing_breaks(suffix: str, prefix: str, dice: random.Random) -> None:
    framer, ending = Framer(suffix, prefix), SUFFIXES[suffix][0]
    start = b"\x02" if prefix == "stx" else b""
    fed = number = 0
    while fed < LENGTH:
        number += 1
        code = f"code-{number}-Ж\x1d"
        data = noise(dice, dice.randrange(300)) + ending + start + code.encode() + ending
        found: list[Frame | Refusal] = []
        at = 0
        while at < len(data):
            step = dice.randrange(1, 60)
            found += framer.feed(data[at : at + step])
            at += step
            assert len(framer._held) <= MAX_CODE_BYTES + len(ending)
        sound(found)
        assert isinstance(found[-1], Frame)
        assert found[-1].text == code
        assert found[-1].flags <= {BAD_CHECK_DIGIT}
        fed += len(data)
        if dice.random() < 0.3:  # what else may happen to a line, between any two bytes
            sound(framer.feed(noise(dice, dice.randrange(50))))
            happens: list[Callable[[], object]] = [framer.quiet, framer.reset, lambda: framer.spoil(LOST_KEYS)]
            dice.choice(happens)()
            sound(framer.feed(noise(dice, dice.randrange(50))) + framer.feed(ending) + framer.feed(b"\x02" + ending))
            framer.reset()
            framer.quiet()


def test_keys_that_nobody_could_press(dice: random.Random) -> None:
    typist, fed = Typist(Framer()), 0
    while fed < LENGTH:
        if dice.random() < 0.5:
            data = dice.randbytes(dice.randrange(200))
        else:
            event = (dice.randrange(3), dice.randrange(130), dice.choice([0, 1, 1, 1, 2, -1]))
            data = struct.pack("@llHHi", 0, 0, *event) * dice.randrange(1, 6)
        sound(typist.feed(data))
        fed += len(data)
        if dice.random() < 0.02:
            sound(typist.quiet())
        assert len(typist._torn) < 24
    typist.reset()
    typist.quiet()
    whole = b"".join(struct.pack("@llHHi", 0, 0, 1, key, value) for key in (5, 7, 28) for value in (1, 0))
    (frame,) = typist.feed(whole)
    assert isinstance(frame, Frame)
    assert (frame.text, frame.flags) == ("46", frozenset())
