"""A basket, a member and a quote as JSON: the one schema of `pos-agent quote`, `reverse` and the HTTP API.

Amounts and quantities are decimal strings both ways. docs/rules.md tells the schema; unknown keys are errors,
for a misspelt one would silently give a wrong number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

import msgspec

from config.law import load_law
from config.programme_offers import read_offer
from config.programmes import ProgrammeError, load_programme
from config.strict_table import Table
from loyalty.basket import LINES_MAX, BadBasket, Basket, Line, LineFacts
from loyalty.cards import STATUSES, CardStatus
from loyalty.explain import explain_quote
from loyalty.goods import NO_GOODS, OUT_OF_MEASURE, STRENGTHS_BP, VOLUMES_ML, decided
from loyalty.member import POINTS_MAX, MemberView
from loyalty.money import ceil_div, format_kopecks, format_quantity_m
from loyalty.programme import Link, Offer, Programme
from loyalty.quote import YEARS, Quote, QuotedLine, quote
from loyalty.returns import TENDER_CHOICES, LineReturn, ReturnStep, TenderChoice
from loyalty.sold import sold_line
from pos_agent.told_positions import told_positions

COUPONS_MAX = 50
TENDERS_MAX = 50
TAG_MAX = 99  # fiscal tag 1212 has two digits


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A receipt to be worked out. `labels` are the line ids as they were written, for the answer."""

    programme: Programme
    basket: Basket
    member: MemberView | None
    at: datetime
    link: Link
    requested_points: int | None
    labels: dict[str, str | int]

    def answer(self) -> Quote:
        return quote(
            self.programme,
            self.basket,
            self.member,
            at=self.at,
            link=self.link,
            requested_points=self.requested_points,
        )


def read_question(top: Table) -> Question:
    """The question in a document. Raises BadKey or BadBasket."""
    programme = _programme(top)
    at = _moment(top, "at", programme)
    link: Link = top.choice("link", ("online", "offline"), default="online")
    lines, labels = _lines(top, programme, programme.day(at))
    question = Question(
        programme=programme,
        at=at,
        link=link,
        member=_member(top.optional_table("member"), programme, at),
        basket=_basket(top, lines, programme),
        requested_points=top.whole("requested_points", high=POINTS_MAX) if top.has("requested_points") else None,
        labels=labels,
    )
    top.close()
    return question


def _basket(top: Table, lines: tuple[Line, ...], programme: Programme) -> Basket:
    forbidden = top.flag("redemption_forbidden", default=False)
    coupons, certificates = _coupons(top, programme), _certificates(top)
    try:
        return Basket(lines=lines, redemption_forbidden=forbidden, coupons=coupons, certificates=certificates)
    except BadBasket as error:
        raise BadBasket(top.path(error.field), error.message) from None


@cache
def _load(name: str) -> Programme:
    return load_programme(name)


def _programme(top: Table) -> Programme:
    try:
        return _load(top.text("programme"))
    except ProgrammeError as error:
        raise BadBasket(top.path("programme"), str(error)) from None


def _moment(table: Table, key: str, programme: Programme) -> datetime:
    """An ISO time; one without a zone is the shop's own."""
    text = table.text(key)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise table.bad(key, "is not an ISO time", "write it like 2026-03-01T12:00:00+03:00") from None
    if moment.year not in YEARS:
        raise table.bad(key, "is a year no shop knows", f"write {YEARS[0]} to {YEARS[-1]}")
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=programme.timezone)


def _member(table: Table | None, programme: Programme, at: datetime) -> MemberView | None:
    if table is None:
        return None
    member = MemberView(
        card_status=_card_status(table),
        identified_by=table.choice("identified_by", ("card", "phone"), default="card"),
        second_factor=table.flag("second_factor", default=False),
        points_active=table.whole("points_active", high=POINTS_MAX, default=0),
        birthday=table.day("birthday") if table.has("birthday") else None,
        favourites=_favourites(table, programme),
        accumulated_kopecks=table.kopecks("accumulated", default=0),
        redeemed_today=table.whole("redeemed_today", high=POINTS_MAX, default=0),
        redeemed_offline_today=table.whole("redeemed_offline_today", high=POINTS_MAX)
        if table.has("redeemed_offline_today")
        else None,
        snapshot_at=_moment(table, "snapshot_at", programme) if table.has("snapshot_at") else at,
        redeemed_unsynced=table.whole("redeemed_unsynced", high=POINTS_MAX, default=0),
    )
    table.close()
    return member


def _favourites(table: Table, programme: Programme) -> tuple[str, ...]:
    names = table.texts("favourites", default=())
    for name in names:
        if name not in programme.categories:
            known = ", ".join(sorted(programme.categories))
            raise table.bad("favourites", f"{repr(name)[:60]} is no category of the programme", f"it has {known}")
    return names


def _card_status(table: Table) -> CardStatus:
    """`registered` is short for active or issued; both may be said if they agree."""
    if not table.has("registered"):
        return table.choice("card_status", STATUSES, default="active")
    registered = table.flag("registered")
    short: CardStatus = "active" if registered else "issued"
    status = table.choice("card_status", STATUSES, default=short)
    if registered != (status == "active") and status in ("active", "issued", "pending"):
        raise table.bad("registered", f"contradicts card_status {status}", "leave one of them out")
    return status


def _lines(top: Table, programme: Programme, day: date) -> tuple[tuple[Line, ...], dict[str, str | int]]:
    tables = top.tables("lines")
    if not 0 < len(tables) <= LINES_MAX:
        raise BadBasket(top.path("lines"), f"must be 1 to {LINES_MAX} lines, not {len(tables)}")
    labels: dict[str, str | int] = {}
    lines = []
    for index, table in enumerate(tables):
        label = table.label("id")
        if str(label) in labels:
            raise BadBasket(table.path("id"), f"is the same as of lines[{list(labels).index(str(label))}]")
        labels[str(label)] = label
        line = _line(table, str(label), f"{top.path('lines')}[{index}]")
        lines.append(_known(line, programme, day))
    return tuple(lines), labels


def _line(table: Table, id: str, path: str) -> Line:
    try:
        line = Line(
            id=id,
            name=table.text("name", default=id),
            price_kopecks=table.kopecks("price"),
            quantity_m=table.quantity_m("quantity", default=1000),
            unit=table.choice("unit", ("pc", "kg"), default="pc"),
            discount_kopecks=table.kopecks("discount", default=0),
            category=table.text("category") if table.has("category") else None,
            min_unit_price_kopecks=table.kopecks("min_unit_price") if table.has("min_unit_price") else None,
            facts=_facts(table),
        )
    except BadBasket as error:
        raise error.within(path) from None
    table.close()
    return line


def _facts(table: Table) -> LineFacts:
    return LineFacts(
        pieces=table.texts("pieces", default=()),
        kind=table.text("kind") if table.has("kind") else None,
        strength_bp=_measure(table, "strength", lambda key: ceil_div(table.quantity_m(key), 10), STRENGTHS_BP),
        volume_ml=_measure(table, "volume", table.quantity_m, VOLUMES_ML),
        subject=table.whole("subject", 1, TAG_MAX) if table.has("subject") else None,
    )


def _measure(table: Table, key: str, read: Callable[[str], int], right: range) -> int | None:
    if not table.has(key):
        return None
    number = read(key)
    if number not in right:
        problem, _, remedy = OUT_OF_MEASURE.partition("; ")
        raise table.bad(key, problem, remedy)
    return number


def _known(line: Line, programme: Programme, day: date) -> Line:
    """With the category and the least price that count. A category that is none of the programme's stays a mistake
    here, and is not goods that nobody knows: whoever asks can mend it."""
    if line.category is not None and line.category not in programme.categories:
        return line
    return decided(line, programme, NO_GOODS, load_law(), day)


def _coupons(top: Table, programme: Programme) -> tuple[Offer, ...]:
    tables = top.tables("coupons", default=())
    if len(tables) > COUPONS_MAX:
        raise BadBasket(top.path("coupons"), f"must be at most {COUPONS_MAX}, not {len(tables)}")
    return tuple(_coupon(table, programme) for table in tables)


def _coupon(table: Table, programme: Programme) -> Offer:
    """A campaign of the programme by its id, or the whole right written out."""
    if not table.has("campaign"):
        return read_offer(table, programme.categories)
    offer = programme.coupon(table.text("campaign"))
    if offer is None:
        known = ", ".join(coupon.id for coupon in programme.coupons)
        raise table.bad("campaign", "is none of the programme's", f"it has {known}")
    table.close()
    return offer


def _certificates(top: Table) -> tuple[int, ...]:
    tables = top.tables("tenders", default=())
    if len(tables) > TENDERS_MAX:
        raise BadBasket(top.path("tenders"), f"must be at most {TENDERS_MAX}, not {len(tables)}")
    amounts = []
    for table in tables:
        table.choice("kind", ("certificate",))
        amounts.append(table.kopecks("amount"))
        table.close()
    return tuple(amounts)


def read_tender(top: Table) -> TenderChoice | None:
    """Another split of the refund than the programme's."""
    return top.choice("tender", TENDER_CHOICES) if top.has("tender") else None


def read_returns(top: Table) -> list[list[LineReturn]]:
    """The returns of a sale, each a list of line ids and quantities, or of the keys of named pieces."""
    steps = []
    for tables in top.lists("returns"):
        step = []
        for table in tables:
            pieces = table.texts("pieces", default=())
            named_m = len(pieces) * 1000
            quantity_m = table.quantity_m("quantity", default=named_m) if named_m else table.quantity_m("quantity")
            step.append(LineReturn(id=str(table.label("id")), quantity_m=quantity_m, pieces=pieces))
            table.close()
        steps.append(step)
    return steps


def quote_json(question: Question, answer: Quote) -> dict[str, object]:
    """The answer as a document. `coupons`, `tenders` and `stickers` stand there only when there are any."""
    limit = answer.limit
    names = {line.id: line.name or line.id for line in question.basket.lines}
    document: dict[str, object] = {
        "limit": {
            "points": limit.points,
            "amount": format_kopecks(limit.amount_kopecks),
            "bound_by": list(limit.bound_by),
            "reason": limit.reason,
            "explanation": {
                "ru": explain_quote(answer, names, question.programme, "ru"),
                "en": explain_quote(answer, names, question.programme, "en"),
            },
        },
        "redemption": {
            "points": answer.redemption.points,
            "amount": format_kopecks(answer.redemption.amount_kopecks),
        },
        "lines": [
            _line_json(line, told, question.labels[line.id])
            for line, told in zip(answer.lines, question.basket.lines, strict=True)
        ],
        "total": format_kopecks(answer.total_kopecks),
        "to_pay": format_kopecks(answer.to_pay_kopecks),
        "accrual": {
            "points": answer.accrual.points,
            "parts": [{"kind": part.kind, "points": part.points} for part in answer.accrual.parts],
        },
    }
    if answer.coupons:
        document["coupons"] = [
            {"id": use.id, "discount": format_kopecks(use.discount_kopecks), "refusal": use.refusal}
            for use in answer.coupons
        ]
    if answer.certificates:
        document["tenders"] = [
            {"kind": "certificate", "amount": format_kopecks(taken), "left": format_kopecks(had - taken)}
            for had, taken in zip(question.basket.certificates, answer.certificates, strict=True)
        ]
    if answer.stickers:
        document["stickers"] = answer.stickers
    return document


def _line_json(line: QuotedLine, told: Line, label: str | int) -> dict[str, object]:
    sold = sold_line(told, line)
    return {
        "id": label,
        "net_before": format_kopecks(line.net_before_kopecks),
        "discount": format_kopecks(line.discount_kopecks),
        "net": format_kopecks(line.net_kopecks),
        "positions": msgspec.to_builtins(told_positions(sold, sold.positions, sold.pieces, sold.quantity_m)),
    }


def step_json(step: ReturnStep, labels: dict[str, str | int]) -> dict[str, object]:
    """One return as a document."""
    return {
        "refund": format_kopecks(step.refund_kopecks),
        "tenders": {
            "money": format_kopecks(step.money_kopecks),
            "certificate": format_kopecks(step.certificate_kopecks),
        },
        "withheld": format_kopecks(step.withheld_kopecks),
        "points_restored": step.points_restored,
        "points_clawed_back": step.points_clawed_back,
        "lines": [
            {
                "id": labels[line.id],
                "quantity": format_quantity_m(line.quantity_m),
                **({"pieces": list(line.pieces)} if line.pieces else {}),
                "refund": format_kopecks(line.refund_kopecks),
            }
            for line in step.lines
        ],
    }
