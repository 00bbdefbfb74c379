"""A partner's interface without the partner: it books miles or rubles on a number, and its own numbers are those that
do not end in 0000."""

from __future__ import annotations

from typing import Final

from hub.outside.emulators.service import Asked, EmulatedService, Refused, Said
from hub.outside.partner import EXCHANGES

UNKNOWN: Final = "0000"  # what numbers of nobody end in


class EmulatedPartner(EmulatedService):
    def __init__(self, secret: str = "") -> None:
        super().__init__({EXCHANGES: _exchanged}, secret)

    @property
    def booked(self) -> dict[str, int]:
        """Units by number."""
        sums: dict[str, int] = {}
        for did in self.done:
            number = str(did.body["number"])
            sums[number] = sums.get(number, 0) + int(did.answer["units"])
        return sums


def _exchanged(asked: Asked) -> Said:
    number, units = asked.body.get("number"), asked.body.get("units")
    if not isinstance(number, str) or not isinstance(units, int) or units < 1:
        raise Refused("bad_request", "number and units")
    if number.endswith(UNKNOWN):
        raise Refused("unknown_number", f"nobody here has the number {number}")
    return {"id": f"E-{asked.key[:8]}", "units": units + (1 if asked.fault == "wrong_sum" else 0)}
