"""Where coupons are printed and certificates made out: with the hub's keys, at any hour, whether or not it runs."""

from __future__ import annotations

from datetime import timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING

from loyalty.coupon_token import CouponClaims
from simulator.people import Certificate

if TYPE_CHECKING:
    from simulator.world import World

SERIAL_BYTES = 16


class Press:
    def __init__(self, world: World) -> None:
        self._world = world
        hub = world.hub.hub
        self._signer = hub.coupon_signer()
        self._pins = hub.certificate_pins

    def coupon(self, campaign: str, name: str, *, days: int = 30, member: str = "") -> str:
        """What is scanned of one of a sheet; the same for the same name."""
        world = self._world
        offer = world.rules.coupon(campaign)
        assert offer is not None, "it is one of the programme's"
        begun = world.moments.now.replace(second=0, microsecond=0) - timedelta(days=1)
        claims = CouponClaims(
            serial=blake2b(name.encode(), digest_size=SERIAL_BYTES).hexdigest(),
            programme=world.programme,
            campaign=campaign,
            valid_from=begun,
            valid_to=begun + timedelta(days=days),
            zone=world.rules.timezone.key,
            uses=offer.terms.uses,
            member=member,
        )
        text = self._signer.coupon(claims)
        world.oracle.made_coupon(text, claims.serial, campaign, claims.uses)
        return text

    def certificate(self, number: str, kopecks: int) -> Certificate:
        """As its paper has it."""
        text = self._signer.certificate(number, self._world.programme)
        return Certificate(number, text, self._pins.of(number), kopecks)
