"""The one error of the device layer: what was tried, on what, why it failed, what helps.

Foreign exceptions (pyserial's, termios', the operating system's) are translated to it once, at the link.
"""

from __future__ import annotations


class DeviceError(Exception):
    """A device did not do what was asked. `device` is its URL. `held`: another program has it; `missing`: there is
    nothing at the URL, be it not plugged in, not powered, or no such name."""

    def __init__(
        self, *, tried: str, device: str, cause: str, hint: str, held: bool = False, missing: bool = False
    ) -> None:
        super().__init__(f"{tried} on {device} failed: {cause}. {hint}")
        self.tried = tried
        self.device = device
        self.cause = cause
        self.hint = hint
        self.held = held
        self.missing = missing
