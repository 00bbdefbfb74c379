"""Telling a serial scanner what to do, and what it says to that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from drivers.link.link import Link
from drivers.scanner.notation import read_bytes
from drivers.scanner.profile import ScannerProfile

ANSWER_WAIT_S = 1.5  # writing a setting to flash takes some scanners most of a second
LOOK_S = 0.1
HEARD_BYTES_MAX = 4096  # a scanner that is scanning meanwhile; its answer is short


class Outcome(Enum):
    TAKEN = "taken"
    REFUSED = "refused"
    UNKNOWN = "unknown"  # silence, or something else than an answer


@dataclass(frozen=True, slots=True)
class Answer:
    outcome: Outcome
    heard: bytes


def send_order(link: Link, profile: ScannerProfile, name: str, clock: Callable[[], float]) -> Answer:
    """Send an order of the profile and wait for its answer. A line that is lost meanwhile raises DeviceError."""
    link.send(read_bytes(profile.orders[name]))
    heard = b""
    if name in profile.silent:
        return Answer(Outcome.UNKNOWN, heard)
    deadline_s = clock() + ANSWER_WAIT_S
    while clock() < deadline_s and len(heard) < HEARD_BYTES_MAX:
        heard += link.receive(LOOK_S)
        outcome = read_answer(heard, profile)
        if outcome is not Outcome.UNKNOWN:
            return Answer(outcome, heard)
    return Answer(Outcome.UNKNOWN, heard)


def read_answer(heard: bytes, profile: ScannerProfile) -> Outcome:
    """Whichever comes first counts."""
    endings = [(profile.taken, Outcome.TAKEN), *((refused, Outcome.REFUSED) for refused in profile.refused)]
    found = [(heard.find(read_bytes(sign)), outcome) for sign, outcome in endings]
    there = [(place, outcome) for place, outcome in found if place >= 0]
    return min(there, key=lambda pair: pair[0])[1] if there else Outcome.UNKNOWN
