"""Whoever makes fiscal documents, without a fiscal storage: they are numbered as they come, and lie here."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Final

from hub.outside.emulators.service import Asked, EmulatedService, Refused, Said
from hub.outside.fiscal import DOCUMENTS
from loyalty.utc import utc_text

FN: Final = "9999078900000001"  # of a storage that is none


class EmulatedFiscal(EmulatedService):
    def __init__(self, secret: str = "") -> None:
        self._last = 0
        super().__init__({DOCUMENTS: self._made}, secret)

    @property
    def sums(self) -> dict[str, int]:
        """Kopecks of all documents, by kind."""
        sums = {"sale": 0, "refund": 0}
        for did in self.done:
            sums[str(did.body["kind"])] += int(did.body["amount"])
        return sums

    def _made(self, asked: Asked) -> Said:
        items, amount, kind = (asked.body.get(name) for name in ("items", "amount", "kind"))
        if kind not in ("sale", "refund") or not isinstance(items, list):
            raise Refused("bad_request", "kind and items")
        if sum(int(item["amount"]) for item in items) != amount:
            raise Refused("bad_sum", "the items do not come to the amount")
        self._last += 1
        sign = int(hashlib.sha256(asked.key.encode()).hexdigest()[:8], 16) % 10**10
        return {"fn": FN, "fd": str(self._last), "fpd": f"{sign:010}", "at": utc_text(datetime.now(UTC))}
