"""What a programme's file says of partners and funds: what points become there, and what they offer."""

from __future__ import annotations

import re

from config.programme_offers import POINTS_MAX, read_id
from config.strict_table import Table
from loyalty.programme import Partner, PartnerNumber, PartnerOffer

TERMS_LETTERS_MAX = 1_000


def read_partners(top: Table) -> tuple[Partner, ...]:
    partners = tuple(_partner(table) for table in top.tables("partners", default=()))
    ids = [one.id for one in partners]
    if len(set(ids)) != len(ids):
        raise top.bad("partners", "has two of one id", "give each its own id")
    return partners


def _partner(table: Table) -> Partner:
    charity = table.flag("charity", default=False)
    number = table.optional_table("number")
    partner = Partner(
        id=read_id(table, "id"),
        ru=table.text("ru"),
        en=table.text("en"),
        points_step=table.whole("points_step", 1, POINTS_MAX),
        points_min=table.whole("points_min", 1, POINTS_MAX),
        units_per_step=table.whole("units_per_step", 1, POINTS_MAX),
        unit=table.choice("unit", ("kopecks", "miles")),
        match_bp=table.whole("match_bp", 0, 100_000, default=0),
        charity=charity,
        number=_number(number) if number is not None else None,
        day_max=_most(table, "day_max"),
        month_max=_most(table, "month_max"),
        code_from=_most(table, "code_from"),
        offers=tuple(_offer(one) for one in table.tables("offers", default=())),
    )
    _check(table, partner)
    table.close()
    return partner


def _most(table: Table, key: str) -> int | None:
    return table.whole(key, 1, POINTS_MAX) if table.has(key) else None


def _check(table: Table, partner: Partner) -> None:
    if partner.charity and partner.unit != "kopecks":
        raise table.bad("unit", "of a fund is money", 'write "kopecks"')
    if partner.charity and partner.number is not None:
        raise table.bad("number", "is of a partner that is asked; a fund is not", "leave it out")
    if partner.match_bp and not partner.charity:
        raise table.bad("match_bp", "is what the chain adds for a fund", "write charity = true, or leave it out")
    for key, most in (("day_max", partner.day_max), ("month_max", partner.month_max)):
        if most is not None and most < partner.points_min:
            raise table.bad(key, "is less than points_min, so nothing fits", f"write {partner.points_min} or more")


def _number(table: Table) -> PartnerNumber:
    number = PartnerNumber(
        pattern=table.text("pattern"), example=table.text("example"), ru=table.text("ru"), en=table.text("en")
    )
    try:
        fits = re.fullmatch(number.pattern, number.example)
    except re.error as error:
        raise table.bad("pattern", f"is no regular expression: {error}", 'write one like "[0-9]{9,10}"') from error
    if fits is None:
        raise table.bad("example", "does not look as pattern says", "write one that does")
    table.close()
    return number


def _offer(table: Table) -> PartnerOffer:
    offer = PartnerOffer(
        ru=table.text("ru"),
        en=table.text("en"),
        terms_ru=table.text("terms_ru", default="", longest=TERMS_LETTERS_MAX),
        terms_en=table.text("terms_en", default="", longest=TERMS_LETTERS_MAX),
        first_day=table.day("first_day") if table.has("first_day") else None,
        last_day=table.day("last_day") if table.has("last_day") else None,
    )
    if offer.first_day is not None and offer.last_day is not None and offer.last_day < offer.first_day:
        raise table.bad("last_day", "lies before first_day", f"write {offer.first_day} or later")
    table.close()
    return offer
