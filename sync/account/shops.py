"""The chain's shops, as people are told of them (P12, P27): act `shops`, which needs nobody signed in."""

from __future__ import annotations

import msgspec

from loyalty.opening import Hours


class AskShops(msgspec.Struct, frozen=True, kw_only=True):
    """Body of act `shops`: says nothing."""


class ShopHere(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`phones`: E.164; `timezone`: by which its hours are; `latitude`, `longitude`: degrees, both or neither;
    `closed`: for good, so that it is but a name on old receipts."""

    id: str
    timezone: str
    name: str = ""
    city: str = ""
    address: str = ""
    phones: tuple[str, ...] = ()
    hours: Hours = Hours()
    latitude: float | None = None
    longitude: float | None = None
    closed: bool = False


class ShopsTold(msgspec.Struct, frozen=True, kw_only=True):
    """By city and name."""

    shops: tuple[ShopHere, ...] = ()
