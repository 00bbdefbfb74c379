"""A scanner as the till's status shows it."""

from __future__ import annotations

from dataclasses import astuple

import msgspec
from msgspec import UNSET

from drivers.life import DeviceState
from drivers.scanner.scanner import Scanner
from drivers.scanner.shared import SharedScanner
from drivers.scanner.stream import ScanStream
from pos_agent.share_state import share_of_scanner
from pos_agent.status import ScannerCounts, ScannerState


def scanner_state(scanner: Scanner, stream: ScanStream) -> ScannerState:
    life = scanner.life
    return ScannerState(
        name=scanner.name,
        url=scanner.url,
        state=life.state.value,
        cause=life.cause,
        losses=life.losses,
        counts=msgspec.convert(stream.counts, ScannerCounts, from_attributes=True),
        refused=dict(scanner.refused),
        unread=scanner.unread,
        share=share_of_scanner(scanner.door, scanner.told) if isinstance(scanner, SharedScanner) else UNSET,
    )


def seen_of(scanner: Scanner, stream: ScanStream) -> tuple[object, ...]:
    """Another when the status shows another state."""
    return scanner.life.state, scanner.life.cause, scanner.unread, *astuple(stream.counts)


def said_state(scanner: Scanner) -> DeviceState:
    """What the cashier hears of; one that has only begun is no trouble yet."""
    return DeviceState.CONNECTING if scanner.life.starting else scanner.life.state
