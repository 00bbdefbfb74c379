"""Coupons that are made: a member's own, for a price in points and so many in a month; and the office's, one or many.

All that is made at once is one transaction, with the key under which the same order given again makes none.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

import msgspec

from hub import feed
from hub.bearing import Said
from hub.books.intake import held_end
from hub.coupons.campaigns import stopped_campaigns
from hub.coupons.made import read_made
from hub.hub import Hub
from hub.people.orders import NotDone, Order, bear, check_not_erased, check_order, check_reason, key_of_its_own
from hub.people.who import Person, person_called
from hub.store.coupon_records import MadeCoupon
from hub.store.records import Place
from hub.store.seam import Reader, Writer
from loyalty.bodies import CouponMade
from loyalty.coupon_token import SERIAL_BYTES, whole_minute
from loyalty.lots import active_points
from loyalty.offers import refusal_by_date
from loyalty.operation import ACCOUNT_CHAIN, OFFICE_CHAIN, read_operation
from loyalty.points_life import end_of
from loyalty.programme import MemberMade, Offer, Programme
from loyalty.utc import utc_text

MINTED_MAX: Final = 10_000  # in one transaction
VALID_BEFORE: Final = timedelta(minutes=10)  # a till's clock may be so far behind the hub's
MADE_UNDER: Final = "coupons_made/"  # settings: what was made under a key

Body = Callable[[Writer, Person, str, datetime], CouponMade]  # of a serial


class OwnCoupon(NamedTuple):
    """A coupon that a member made. `left_this_month`: so many more he may."""

    row: MadeCoupon
    price_points: int
    left_this_month: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Coupons of the office's. `whom`: for a member, as he is called; None: for whoever has one. `uses`, `value` 0: as
    the campaign says. `last_day` None: `days` from now on."""

    programme: str
    campaign: str
    count: int = 1
    whom: str | None = None
    value: int = 0
    uses: int = 0
    days: int = 30
    last_day: date | None = None
    store: str = ""
    channel: str = ""
    reason: str = ""


class _Kept(msgspec.Struct, frozen=True):
    """Where the operations stand, one behind the other."""

    place: tuple[str, int, int]
    count: int


# a member's own


def make_own(hub: Hub, programme: str, campaign: str, whom: str, order: Order) -> OwnCoupon:
    """Raises NotDone, NotFound."""
    hub.look_at_programmes()
    rules, terms = _member_made(hub, programme, campaign)

    def body(writer: Writer, person: Person, serial: str, now: datetime) -> CouponMade:
        check_goes(writer, rules, campaign, rules.day(now))
        _check_may(writer, person, rules, terms, now)
        return own_body(rules, campaign, person, serial, terms.life_days, now, points=terms.price_points)

    row = own_coupon(hub, programme, whom, order, body)
    with hub.store.reading() as reader:
        made = made_in_month(reader, row.member, rules, hub.now())
    return OwnCoupon(row, read_made(row).points, max(0, terms.a_month - made))


def own_coupon(hub: Hub, programme: str, whom: str, order: Order, body: Body) -> MadeCoupon:
    """One that a member makes himself, under the key of the order. `body` sees the ledger as it is when it is written,
    and raises NotDone. Raises NotDone, NotFound."""
    check_order(order)
    serial = secrets.token_hex(SERIAL_BYTES)
    key, found = f"{MADE_UNDER}{order.key}", serial

    def decide(writer: Writer) -> Said:
        nonlocal found
        person = person_called(writer, [programme], whom)
        writer.locked_members([person.member])
        person = person_called(writer, [programme], whom)  # as he stays until this is written
        kept = writer.setting(key) if order.key is not None else None
        if kept is not None:
            found = _serials(writer, kept)[0]
            return Said(())
        found = serial
        check_not_erased(writer, person)
        made = body(writer, person, serial, hub.now())
        return Said([made], settings=_setting(writer, key, ACCOUNT_CHAIN, 1, order), whole=True)

    bear(hub, programme, decide, key_of_its_own(order), order.by, chain=ACCOUNT_CHAIN, code=_code)
    with hub.store.reading() as reader:
        return reader.made_coupons([found])[found]


def own_body(
    rules: Programme,
    campaign: str,
    person: Person,
    serial: str,
    days: int,
    now: datetime,
    *,
    points: int = 0,
    stickers: int = 0,
    collection: str | None = None,
) -> CouponMade:
    """Good for so many days, and never longer than its campaign."""
    last, offer = rules.day(now) + timedelta(days=days), rules.coupon(campaign)
    if offer is not None and offer.last_day is not None:
        last = min(last, offer.last_day)
    return CouponMade(
        serial=serial,
        campaign=campaign,
        valid_from=utc_text(whole_minute(now - VALID_BEFORE)),
        valid_to=utc_text(end_of(rules, last)),
        member=person.member,
        points=points,
        stickers=stickers,
        collection=collection,
    )


def check_goes(reader: Reader, rules: Programme, campaign: str, day: date) -> None:
    """Nobody gets a coupon that no till takes. Raises NotDone."""
    offer = rules.coupon(campaign)
    if campaign in stopped_campaigns(reader, rules, rules.id):
        raise NotDone(f"Campaign {campaign} is stopped.", code="coupon_stopped")
    if offer is None or refusal_by_date(offer, day) is not None:
        raise NotDone(f"Campaign {campaign} does not run on {day}.", code="coupon_not_now")


def _member_made(hub: Hub, programme: str, campaign: str) -> tuple[Programme, MemberMade]:
    rules = hub.programmes.get(programme)
    terms = rules.member_made if rules is not None else None
    if rules is None or terms is None or campaign not in terms.campaigns:
        may = ", ".join(terms.campaigns) if terms is not None else ""
        raise NotDone(
            f"{programme or 'No programme'} lets members make no coupon {campaign!r}; it lets them make:"
            f" {may or 'none'}.",
            code="coupon_not_made",
        )
    return rules, terms


def _check_may(reader: Reader, person: Person, rules: Programme, terms: MemberMade, now: datetime) -> None:
    if made_in_month(reader, person.member, rules, now) >= terms.a_month:
        raise NotDone(
            f"Member {person.member} has made all {terms.a_month} of this month's coupons.", code="coupon_month"
        )
    if not terms.price_points:
        return
    account = feed.accounts(reader, [person.member], now)[person.member]
    has = active_points(account, now, sum(hold.holds_at(now) for hold in reader.holds_of([person.member])))
    if has < terms.price_points:
        raise NotDone(
            f"Member {person.member} has {has} points to spend; the coupon costs {terms.price_points}.",
            code="coupon_no_points",
        )


def made_in_month(reader: Reader, member: str, rules: Programme, now: datetime) -> int:
    """His own of those campaigns, by the calendar of the programme's clock."""
    month = rules.day(now).replace(day=1)
    may = rules.member_made.campaigns if rules.member_made is not None else ()
    rows = (row for row in reader.coupons_of([member]) if row.programme == rules.id and row.campaign in may)
    made = (one for one in map(read_made, rows) if one.own)
    return sum(rules.day(datetime.fromisoformat(one.at)).replace(day=1) == month for one in made)


# the office's


def mint(hub: Hub, wanted: Wanted, order: Order) -> list[MadeCoupon]:
    """All of them, or none. Raises NotDone, NotFound."""
    check_order(order)
    if wanted.reason:
        check_reason(wanted.reason)
    hub.look_at_programmes()
    rules, offer = _campaign(hub, wanted)
    if not 1 <= wanted.count <= MINTED_MAX:
        raise NotDone(f"Say how many, {MINTED_MAX} at most in one go: --count N.", code="how_many")
    serials = [secrets.token_hex(SERIAL_BYTES) for _ in range(wanted.count)]
    key, found = f"{MADE_UNDER}{order.key}", serials

    def decide(writer: Writer) -> Said:
        nonlocal found
        kept = writer.setting(key) if order.key is not None else None
        if kept is not None:
            found = _serials(writer, kept)
            return Said(())
        found = serials
        now = hub.now()
        member = None
        if wanted.whom is not None:
            person = person_called(writer, [wanted.programme], wanted.whom)
            check_not_erased(writer, person)
            member = person.member
        bodies = [_minted(rules, offer, wanted, serial, member, now) for serial in serials]
        return Said(bodies, settings=_setting(writer, key, OFFICE_CHAIN, len(bodies), order), whole=True)

    bear(hub, wanted.programme, decide, key_of_its_own(order), order.by, code=_code)
    with hub.store.reading() as reader:
        rows = reader.made_coupons(found)
    return [rows[serial] for serial in found]


def _campaign(hub: Hub, wanted: Wanted) -> tuple[Programme, Offer]:
    rules = hub.programmes.get(wanted.programme)
    if rules is None:
        known = ", ".join(sorted(hub.programmes)) or "none"
        raise NotDone(f"This hub has no programme {wanted.programme!r}; it has: {known}.", code="unknown_programme")
    offer = rules.coupon(wanted.campaign)
    if offer is None:
        known = ", ".join(one.id for one in rules.coupons) or "none"
        raise NotDone(
            f"{wanted.programme} has no coupon {wanted.campaign!r}; it has: {known}.", code="unknown_campaign"
        )
    return rules, offer


def _minted(
    rules: Programme, offer: Offer, wanted: Wanted, serial: str, member: str | None, now: datetime
) -> CouponMade:
    last = wanted.last_day or rules.day(now) + timedelta(days=wanted.days)
    end = end_of(rules, last)
    first = min(whole_minute(now - VALID_BEFORE), end - timedelta(days=1))  # of one that has ended: its last day
    return CouponMade(
        serial=serial,
        campaign=offer.id,
        valid_from=utc_text(first),
        valid_to=utc_text(end),
        member=member,
        value=wanted.value,
        uses=wanted.uses or offer.terms.uses,
        store=wanted.store,
        channel=wanted.channel,
        reason=wanted.reason,
    )


# the pieces


def _code(reason: str) -> str:
    codes = {"not_that_many_points": "coupon_no_points", "not_that_many_stickers": "coupon_no_stickers"}
    return codes.get(reason, "not_done")


def _setting(writer: Writer, key: str, chain: str, count: int, order: Order) -> dict[str, str]:
    """The operations come behind the end of the chain, which is held."""
    if order.key is None:
        return {}
    end = held_end(writer, chain)
    kept = _Kept((chain, end.generation, end.sequence + 1), count)
    return {key: msgspec.json.encode(kept).decode()}


def _serials(reader: Reader, kept: str) -> list[str]:
    """What was made under a key, in its order."""
    was = msgspec.json.decode(kept, type=_Kept)
    first = Place(*was.place)
    kept_ones = reader.operations_on(first, first.sequence + was.count - 1)
    bodies = (read_operation(one.text).body for one in kept_ones)
    return [body.serial for body in bodies if isinstance(body, CouponMade)]
