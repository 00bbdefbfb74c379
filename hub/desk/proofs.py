"""That a phone is his who says so: a code came to it, and was told back."""

from __future__ import annotations

from typing import Literal

from hub.codes.checking import use
from hub.desk.act import ActRefused
from hub.hub import Hub
from hub.store.seam import Writer


def phone_proven(
    hub: Hub, writer: Writer, proof: str, purpose: Literal["register", "phone"], phone: str, member: str
) -> None:
    """Each proof is good for one order, in whose transaction this is. From now on the phone is `member`'s, confirmed.
    Raises ActRefused."""
    if not proof:
        raise ActRefused("phone_not_proven", "no code was told back")
    try:
        use(hub, writer, proof, purpose, phone, member)
    except ActRefused as refused:
        raise ActRefused("phone_not_proven", str(refused)) from refused
