"""Coupons that were made, as pictures: a slip each, or sheets of ten."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from hub.coupons.as_pdf import write_pdf
from hub.coupons.as_png import png
from hub.coupons.drawing import Drawing
from hub.coupons.faces import ShownCoupon, coupon_sheets, coupon_slip, shown_coupon
from hub.coupons.made import read_made
from hub.coupons.token import told_coupons
from hub.hub import Hub
from hub.people.orders import NotDone
from hub.store.coupon_records import MadeCoupon
from loyalty.programme import Language, Offer, Programme

MINUTE: Final = timedelta(minutes=1)


def slip(hub: Hub, row: MadeCoupon, language: Language) -> Drawing:
    """Raises NotDone where its campaign is none of the programme's any more."""
    rules, offer = _campaign(hub, row)
    (shown,) = _shown(hub, [row], rules, offer, language)
    return coupon_slip(shown, rules, language)


def write_sheets(hub: Hub, rows: list[MadeCoupon], path: Path, language: Language) -> int:
    """Of one campaign, as a PDF; how many pages. Raises NotDone, OSError."""
    rules, offer = _campaign(hub, rows[0])
    with path.open("wb") as file:
        return write_pdf(coupon_sheets(_shown(hub, rows, rules, offer, language), rules, language), file)


def write_pictures(hub: Hub, rows: list[MadeCoupon], folder: Path, language: Language) -> None:
    """Each by its serial. Raises NotDone, OSError."""
    rules, offer = _campaign(hub, rows[0])
    folder.mkdir(parents=True, exist_ok=True)
    for row, shown in zip(rows, _shown(hub, rows, rules, offer, language), strict=True):
        (folder / f"{row.serial}.png").write_bytes(png(coupon_slip(shown, rules, language)))


def _campaign(hub: Hub, row: MadeCoupon) -> tuple[Programme, Offer]:
    rules = hub.programmes.get(row.programme)
    offer = rules.coupon(row.campaign) if rules is not None else None
    if rules is None or offer is None:
        raise NotDone(f"{row.programme} has no coupon {row.campaign!r} any more.", code="unknown_campaign")
    return rules, offer


def _shown(
    hub: Hub, rows: Iterable[MadeCoupon], rules: Programme, offer: Offer, language: Language
) -> Iterator[ShownCoupon]:
    for row, told in told_coupons(hub, rows):
        made = read_made(row)
        yield shown_coupon(
            offer,
            told.token,
            language,
            code=told.code,
            last_day=rules.day(datetime.fromisoformat(made.valid_to) - MINUTE),
            uses=made.uses,
            personal=bool(row.member),
        )
