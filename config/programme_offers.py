"""What a programme's file says of promotions, coupons, stickers and certificates."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import get_args

from config.strict_table import Table
from loyalty.programme import (
    Category,
    CertificateRules,
    CouponTerms,
    MemberMade,
    Offer,
    OfferKind,
    StickerOffer,
    Stickers,
)
from loyalty.tags import tag

ID = re.compile(r"[a-z][a-z0-9_-]{0,39}")
POINTS_MAX = 10**9
COUNT_MAX = 10**9  # uses of a campaign
DAYS_MAX = 36_500

OFFER_KINDS: tuple[OfferKind, ...] = get_args(OfferKind)


def read_id(table: Table, key: str) -> str:
    value = table.text(key)
    if not ID.fullmatch(value):
        raise table.bad(key, f"{value!r} cannot be an id", "use up to 40 of a-z, 0-9, - and _")
    return value


def read_step_sum(table: Table) -> int:
    kopecks = table.kopecks("step_sum")
    if not kopecks:
        raise table.bad("step_sum", "is nothing", 'write the sum of one step, like "10.00"')
    return kopecks


def read_offers(top: Table, key: str, categories: Mapping[str, Category]) -> tuple[Offer, ...]:
    offers = tuple(read_offer(table, categories) for table in top.tables(key, default=()))
    ids = [offer.id for offer in offers]
    if len(set(ids)) != len(ids):
        raise top.bad(key, "has two of one id", "give each its own id")
    by_tag: dict[bytes, str] = {}
    for id in ids if key == "coupons" else ():
        other = by_tag.setdefault(tag("campaign", id), id)
        if other != id:
            raise top.bad(key, f"has {other} and {id}, which a QR cannot tell apart", f"call {id} by another id")
    return offers


def read_offer(table: Table, categories: Mapping[str, Category]) -> Offer:
    """A promotion or a coupon's right, from a file or from JSON. Raises BadKey."""
    kind = table.choice("kind", OFFER_KINDS)
    id = read_id(table, "id")
    first_day = table.day("first_day") if table.has("first_day") else None
    last_day = table.day("last_day") if table.has("last_day") else None
    if first_day is not None and last_day is not None and last_day < first_day:
        raise table.bad("last_day", "lies before first_day", f"write {first_day} or later")
    offer = Offer(
        id=id,
        ru=table.text("ru", default=id),
        en=table.text("en", default=id),
        kind=kind,
        percent_bp=table.whole("percent_bp", 1, 10_000) if kind == "percent_off" else 0,
        amount_kopecks=table.kopecks("amount") if kind == "amount_off" else 0,
        gift_price_kopecks=table.kopecks("gift_price", default=1) if kind == "gift" else 1,
        points=table.whole("points", 1, POINTS_MAX) if kind == "extra_points" else 0,
        step_kopecks=read_step_sum(table) if kind == "extra_points" and table.has("step_sum") else None,
        times=table.whole("times", 2, 1_000) if kind == "multiplier" else 1,
        categories=known_categories(table, categories) if kind != "multiplier" else (),
        min_basket_kopecks=table.kopecks("min_basket", default=0),
        first_day=first_day,
        last_day=last_day,
        members_only=table.flag("members_only", default=False),
        most_kopecks=table.kopecks("most") if table.has("most") else None,
        terms=_terms(table.optional_table("terms")),
    )
    table.close()
    return offer


def _terms(table: Table | None) -> CouponTerms:
    if table is None:
        return CouponTerms()
    terms = CouponTerms(
        uses=table.whole("uses", 1, 1_000, default=1),
        per_member=table.whole("per_member", 1, COUNT_MAX) if table.has("per_member") else None,
        in_all=table.whole("in_all", 1, COUNT_MAX) if table.has("in_all") else None,
        budget_kopecks=table.kopecks("budget") if table.has("budget") else None,
        online_over_kopecks=table.kopecks("online_over") if table.has("online_over") else None,
        offline=table.choice("offline", ("accept", "deny"), default="accept"),
        clip_days=table.whole("clip_days", 1, DAYS_MAX) if table.has("clip_days") else None,
    )
    table.close()
    return terms


def read_member_made(table: Table | None, coupons: Collection[Offer]) -> MemberMade | None:
    """P32. Raises BadKey."""
    if table is None:
        return None
    made = MemberMade(
        campaigns=table.texts("campaigns"),
        a_month=table.whole("a_month", 1, 1_000),
        price_points=table.whole("price_points", 0, POINTS_MAX, default=0),
        life_days=table.whole("life_days", 1, DAYS_MAX),
    )
    known = {offer.id: offer for offer in coupons}
    for campaign in made.campaigns:
        if campaign not in known:
            remedy = f"the programme's coupons are {', '.join(known) or 'none'}"
            raise table.bad("campaigns", f"{repr(campaign)[:60]} is no coupon of the programme", remedy)
        if known[campaign].terms.clip_days is not None:
            remedy = "let members clip it for nothing, or make it for points"
            raise table.bad("campaigns", f"{campaign!r} has clip_days too", remedy)
    table.close()
    return made


def known_categories(table: Table, categories: Mapping[str, Category]) -> tuple[str, ...]:
    names = table.texts("categories", default=())
    for name in names:
        if name not in categories:
            known = ", ".join(sorted(categories))
            raise table.bad("categories", f"{repr(name)[:60]} is no category of the programme", f"it has {known}")
    return names


def read_stickers(table: Table | None, categories: Mapping[str, Category]) -> Stickers | None:
    if table is None:
        return None
    first_day, last_day = table.day("first_day"), table.day("last_day")
    if last_day < first_day:
        raise table.bad("last_day", "lies before first_day", f"write {first_day} or later")
    stickers = Stickers(
        step_kopecks=read_step_sum(table),
        per_step=table.whole("per_step", 1, 1_000),
        first_day=first_day,
        last_day=last_day,
        offers=tuple(_sticker_offer(inner, categories) for inner in table.tables("offers", default=())),
    )
    ids = [one.offer.id for one in stickers.offers]
    if len(set(ids)) != len(ids):
        raise table.bad("offers", "has two of one id", "give each its own id")
    table.close()
    return stickers


def _sticker_offer(table: Table, categories: Mapping[str, Category]) -> StickerOffer:
    return StickerOffer(
        stickers=table.whole("stickers", 1, 100_000),
        coupon_days=table.whole("coupon_days", 1, DAYS_MAX) if table.has("coupon_days") else None,
        offer=read_offer(table, categories),
    )


def with_bought(top: Table, coupons: tuple[Offer, ...], stickers: Stickers | None) -> tuple[Offer, ...]:
    """The coupons, and those that members buy for stickers in their account. Raises BadKey."""
    offers = stickers.offers if stickers is not None else ()
    bought = tuple(one.offer for one in offers if one.coupon_days is not None)
    by_tag = {tag("campaign", offer.id): offer.id for offer in coupons}
    for offer in bought:
        other = by_tag.setdefault(tag("campaign", offer.id), "")
        if other:
            raise top.bad("stickers", f"buys {offer.id}, and {other} is a coupon", f"call {offer.id} by another id")
    return (*coupons, *bought)


def read_certificates(table: Table) -> CertificateRules:
    rules = CertificateRules(
        face_min_kopecks=table.kopecks("face_min"),
        face_max_kopecks=table.kopecks("face_max"),
        earns=table.flag("earns"),
        offline_max_kopecks=table.kopecks("offline_max", default=0),
        pin_tries=table.whole("pin_tries", 1, 20, default=5),
        given_days=table.whole("given_days", 1, DAYS_MAX, default=365),
    )
    if not 0 < rules.face_min_kopecks <= rules.face_max_kopecks:
        raise table.bad("face_max", "is below face_min, or nothing", 'P16 has "200.00" and "3000.00"')
    table.close()
    return rules
