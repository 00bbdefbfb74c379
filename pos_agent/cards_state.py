"""What of cards and gift certificates can be given out at a till, as the status shows it."""

from __future__ import annotations

from typing import Final

import msgspec

CERTIFICATES_FEW: Final = 5  # more are asked for long before: there was no connection


class CardsHere(msgspec.Struct, frozen=True, kw_only=True):
    """What can be given out. `blanks`: cards that the store has left, as the hub counted them at `counted_at`, less
    those that went out here since; null where nobody counts them. `virtual`: numbers that are this till's.
    `given_today`: cards that went out here. `certificates`: numbers of gift certificates that it may sell, also without
    the hub; null where none has come yet."""

    blanks: int | None
    counted_at: str | None
    virtual: int
    given_today: int
    certificates: int | None
