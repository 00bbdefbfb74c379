"""Tills are invited with a file that is carried to them (sync/sealed.py)."""

from __future__ import annotations

import secrets
from datetime import timedelta

from hub.hub import Hub
from hub.tills.joining import invite
from loyalty.operation import utc_text
from sync.sealed import CODE_BYTES, Sealed, seal, secret_of_file


def sealed(hub: Hub, till: str, store: str, *, url: str, by: str, lasts: timedelta) -> bytes:
    """The file for one till, which is invited with it."""
    code, now = secrets.token_hex(CODE_BYTES), hub.now()
    secret = secret_of_file(code, till)
    hub.within(lambda writer: invite(writer, till, secret, now, store=store, by=by, lasts=lasts))
    told = Sealed(
        url=url,
        till=till,
        store=store,
        ledger=hub.ledger,
        hub_key=hub.keys.public,
        code=code,
        ends_at=utc_text(now + lasts),
    )
    return seal(told, hub.keys.signer)
