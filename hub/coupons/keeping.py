"""What people do to campaigns and their coupons: looked at, stopped, let go on; a coupon called by its serial, its text
or its code, and revoked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from hub.bearing import Said
from hub.coupons.campaigns import Stopped, budget_is_gone, read_stopped, write_stopped
from hub.coupons.made import Made, read_made, uses_allowed
from hub.hub import Hub
from hub.people.orders import NotDone, Order, bear, check_order, check_reason
from hub.store.coupon_records import CampaignKey, CampaignRow, MadeCoupon
from hub.store.records import CouponRow
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from loyalty.bodies import CouponRevoked
from loyalty.programme import CouponTerms, Offer
from loyalty.typed_codes import read_code
from loyalty.utc import utc_text

SERIAL_LETTERS: Final = 32
LISTED_MAX: Final = 1_000


class Campaign(NamedTuple):
    """`offer` None: it is none of the programme's in force any more. `held`: uses that tills keep just now."""

    programme: str
    row: CampaignRow
    offer: Offer | None
    held: int

    @property
    def terms(self) -> CouponTerms:
        return self.offer.terms if self.offer is not None else CouponTerms()

    @property
    def stopped(self) -> Stopped | None:
        return read_stopped(self.row)

    @property
    def is_spent(self) -> bool:
        """Its budget is gone."""
        return budget_is_gone(self.terms, self.row)


class Coupon(NamedTuple):
    """`row` None: only receipts know it."""

    serial: str
    row: MadeCoupon | None
    made: Made
    uses: Sequence[CouponRow]
    again: Sequence[CouponRow]
    allowed: int


def campaigns_of(hub: Hub, programme: str) -> list[Campaign]:
    """Those in force, and those of before that anything is counted of. Raises NotDone."""
    hub.look_at_programmes()
    rules, now = hub.programmes.get(programme), hub.now()
    if rules is None:
        known = ", ".join(sorted(hub.programmes)) or "none"
        raise NotDone(f"This hub has no programme {programme!r}; it has: {known}.", code="unknown_programme")
    with hub.store.reading() as reader:
        rows = {row.campaign: row for row in reader.campaigns_of(programme)}
        ids = dict.fromkeys((*(offer.id for offer in rules.coupons), *sorted(rows)))
        return [
            Campaign(
                programme,
                rows.get(id) or CampaignRow(programme, id),
                rules.coupon(id),
                _held(reader, CampaignKey(programme, id), now),
            )
            for id in ids
        ]


def _held(reader: Reader, key: CampaignKey, now: datetime) -> int:
    return sum(row.until > now for row in reader.coupon_holds(key))


def stop(hub: Hub, programme: str, campaign: str, order: Order, reason: str) -> bool:
    """No till takes its coupons any more; whether it went on until now. Raises NotDone."""
    check_order(order)
    check_reason(reason)
    return _set(hub, programme, campaign, Stopped(order.by, utc_text(hub.now()), reason))


def go_on(hub: Hub, programme: str, campaign: str, order: Order) -> bool:
    """Where a person had stopped it. Raises NotDone."""
    check_order(order)
    return _set(hub, programme, campaign, None)


def _set(hub: Hub, programme: str, campaign: str, stopped: Stopped | None) -> bool:
    if all(one.row.campaign != campaign for one in campaigns_of(hub, programme)):
        raise NotDone(f"{programme} has no campaign {campaign!r}.", code="unknown_campaign")
    key = CampaignKey(programme, campaign)

    def work(writer: Writer) -> bool:
        row = writer.locked_campaigns([key]).get(key) or CampaignRow(*key)
        if bool(row.stopped) == (stopped is not None):
            return False
        writer.write(Rows(campaigns=[row._replace(stopped=write_stopped(stopped))]))
        return True

    return hub.within(work)


# coupons


def coupon_called(hub: Hub, called: str) -> Coupon:
    """By its serial, or by what is typed. Raises NotDone."""
    with hub.store.reading() as reader:
        serial = _serial(hub, reader, called)
        row = reader.made_coupons([serial]).get(serial)
        uses, again = reader.coupon_uses([serial]), reader.coupon_conflicts([serial])
    if row is None and not uses:
        raise NotDone(f"No coupon is known as {called!r}: say its serial or its code.", code="no_coupon")
    made = read_made(row) if row is not None else Made()
    return Coupon(serial, row, made, uses, again, uses_allowed(row, uses))


def _serial(hub: Hub, reader: Reader, called: str) -> str:
    code = read_code(called)
    found = reader.coupons_with_codes([hub.codes.coupon_digest(code)]) if code is not None else []
    return found[0].serial if found else called.strip().lower()


def revoke(hub: Hub, called: str, order: Order, reason: str, programme: str = "") -> bool:
    """Nobody uses it any more, also one that only its serial is known of; whether it could be used until now. Raises
    NotDone."""
    check_order(order)
    if reason:
        check_reason(reason)
    with hub.store.reading() as reader:
        serial = _serial(hub, reader, called)
        row = reader.made_coupons([serial]).get(serial)
        uses = reader.coupon_uses([serial])
    if not (len(serial) == SERIAL_LETTERS and set(serial) <= set("0123456789abcdef")):
        raise NotDone(f"{called!r} is no coupon's serial, and no code that anybody has.", code="no_coupon")
    programme = row.programme if row is not None else next((use.programme for use in uses), programme)
    if programme not in hub.programmes:
        raise NotDone(f"Nobody here made coupon {serial}: say whose it is, --programme ID.", code="unknown_programme")
    done = False

    def decide(writer: Writer) -> Said:
        nonlocal done
        known = writer.made_coupons([serial]).get(serial)
        done = known is None or read_made(known).revoked_at is None
        return Said([CouponRevoked(serial=serial, reason=reason)] if done else (), whole=True)

    bear(hub, programme, decide, order.key or f"revoke/{serial}", order.by)
    return done


def coupons_of_member(hub: Hub, member: str) -> list[MadeCoupon]:
    """Made for him, the newest first."""
    with hub.store.reading() as reader:
        rows = reader.coupons_of([member])
    return sorted(rows, key=lambda row: read_made(row).at, reverse=True)
