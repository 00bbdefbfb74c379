"""That a phone is his who says so: a code came to it and was typed here (hub/codes)."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from hub.desk.act import ActRefused
from hub.store.rows import Rows
from hub.store.seam import Writer


def phone_proven(writer: Writer, proof: str, purpose: Literal["register", "phone"], phone: str, now: datetime) -> None:
    """Each proof is good once. Raises ActRefused."""
    kept = writer.setting(f"proven/{proof}") if proof else None
    if kept != f"{purpose} {phone}":
        raise ActRefused("phone_not_proven", "no code proves this phone")
    writer.write(Rows(settings={f"proven/{proof}": "used"}))
