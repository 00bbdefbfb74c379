"""The supervised life of a device: absent → connecting → ready → faulted → connecting …

A table and a back-off; no clock, no thread. Whoever owns the device tells it what happened and asks when
to try again.
"""

from __future__ import annotations

from enum import Enum

BACKOFF_FIRST_S = 0.2  # a replugged USB device needs about this long to get its node
BACKOFF_CEILING_S = 5.0  # a cashier who plugs the cable back in should not wait longer than this
STARTING_FAILURES = 4  # by the back-off a second and a half: a device that starts together with us is there by then
DOUBLINGS_MAX = 5  # past the ceiling already; a device absent for hours must not overflow a float


class DeviceState(Enum):
    ABSENT = "absent"  # nothing at the URL: unplugged, powered off, no such node
    CONNECTING = "connecting"
    READY = "ready"
    FAULTED = "faulted"  # was there, then failed


class DeviceEvent(Enum):
    TRIED = "tried"  # an attempt to open began
    OPENED = "opened"
    MISSING = "missing"  # the attempt found nothing
    FAILED = "failed"  # an open device stopped answering


TRANSITIONS: dict[DeviceState, dict[DeviceEvent, DeviceState]] = {
    DeviceState.ABSENT: {DeviceEvent.TRIED: DeviceState.CONNECTING},
    DeviceState.CONNECTING: {
        DeviceEvent.OPENED: DeviceState.READY,
        DeviceEvent.MISSING: DeviceState.ABSENT,
        DeviceEvent.FAILED: DeviceState.FAULTED,
    },
    DeviceState.READY: {DeviceEvent.FAILED: DeviceState.FAULTED},
    DeviceState.FAULTED: {DeviceEvent.TRIED: DeviceState.CONNECTING},
}


class DeviceLife:
    """State of one device, and when it may be tried again. Times are monotonic seconds."""

    losses: int  # how often a device that was ready was lost: a loose cable shows here

    def __init__(self) -> None:
        self.state = DeviceState.ABSENT
        self.cause = ""
        self.failures = 0
        self.losses = 0
        self.try_at_s = 0.0

    def happened(self, event: DeviceEvent, now_s: float, cause: str = "") -> None:
        """Follow the table. An event the state does not know is our own mistake."""
        if self.state is DeviceState.READY and event is DeviceEvent.FAILED:
            self.losses += 1
        self.state = TRANSITIONS[self.state][event]
        self.cause = cause
        if event is DeviceEvent.OPENED:
            self.failures = 0
        elif event in (DeviceEvent.MISSING, DeviceEvent.FAILED):
            self.failures += 1
            self.try_at_s = now_s + backoff_s(self.failures)

    @property
    def starting(self) -> bool:
        """It has not been there yet, and may just be coming: nothing is known of it."""
        return self.state is not DeviceState.READY and self.failures < STARTING_FAILURES and not self.losses

    def wants_try(self, now_s: float) -> bool:
        return self.state in (DeviceState.ABSENT, DeviceState.FAULTED) and now_s >= self.try_at_s


def backoff_s(failures: int) -> float:
    """Pause after so many failures in a row: doubles from the first to the ceiling."""
    return float(min(BACKOFF_CEILING_S, BACKOFF_FIRST_S * 2 ** min(failures - 1, DOUBLINGS_MAX)))
