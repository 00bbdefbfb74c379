"""Points: what came and what went, each receipt with its paper, each lot with its life (P2, P4, P5, P10, A7, A28), and
what he buys most (P3)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple, get_args
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.responses import Response

from account.pages.points_files import Statement, csv_of, pdf_of
from account.pages.points_words import MONTHS, POINTS_WORDS
from account.paper_picture import Printed, lines_of, picture_of, text_of
from account.visit import Page, Refused, View, Visit
from loyalty.money import format_quantity_m
from sync.account.points import (
    MOST_MAX,
    AskLot,
    AskLots,
    AskMoves,
    AskReceipt,
    AskTop,
    LotsTold,
    LotTold,
    Move,
    MovesTold,
    Paper,
    PaperPart,
    ReceiptTold,
    TopTold,
    Way,
)

WORDS_MAX: Final = 60
ROWS_MAX: Final = 10_000  # of a file
YEAR: Final = timedelta(days=365)
FIRST_YEAR, LAST_YEAR = 2000, 2999


class Month(NamedTuple):
    """By the programme's clock."""

    year: int
    month: int

    @property
    def text(self) -> str:
        return f"{self.year:04}-{self.month:02}"

    @property
    def next(self) -> Month:
        return Month(self.year + self.month // 12, self.month % 12 + 1)

    @property
    def before(self) -> Month:
        return Month(self.year - (self.month == 1), self.month - 1 or 12)

    def begins(self, zone: ZoneInfo) -> str:
        return datetime(self.year, self.month, 1, tzinfo=zone).isoformat()


def _zone(visit: Visit) -> ZoneInfo:
    return ZoneInfo(visit.house.programme().timezone)


def _month(visit: Visit) -> Month | None:
    """Which one is looked at; None: all."""
    text = visit.typed.one("month")
    if not text:
        return None
    try:
        day = date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise Refused("no_bad_page", status=404) from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Refused("no_bad_page", status=404)
    return Month(day.year, day.month)


def _this_month(visit: Visit) -> Month:
    now = visit.house.now().astimezone(_zone(visit))
    return Month(now.year, now.month)


def _named(visit: Visit, month: Month) -> str:
    return f"{MONTHS[visit.language][month.month - 1]} {month.year}"


def _way(visit: Visit) -> Way:
    way = visit.typed.one("way")
    return next((one for one in get_args(Way) if one == way), "")


def _asked(visit: Visit, month: Month | None) -> AskMoves:
    zone = _zone(visit)
    return AskMoves(
        way=_way(visit),
        since=month.begins(zone) if month else "",
        until=month.next.begins(zone) if month else "",
        words=visit.typed.one("words")[:WORDS_MAX],
        after=visit.typed.one("after")[:300],
    )


def _points(visit: Visit) -> Response:
    month = _month(visit)
    asked = _asked(visit, month)
    told = visit.ask("moves", asked, MovesTold)

    def to(**other: str) -> str:
        """The same look, but for this."""
        now = {"way": asked.way, "month": month.text if month else "", "words": asked.words} | other
        kept = {name: text for name, text in now.items() if text}
        return "/points" + (f"?{urlencode(kept)}" if kept else "")

    return visit.show(
        "points.html",
        title="points_title",
        me=visit.me(),
        has_partners=visit.house.programme().partners,
        zone=_zone(visit),
        moves=[_shown(visit, move) for move in told.moves],
        more=to(after=told.after) if told.after else "",
        ways=[(to(way=way), visit.say(f"points_{way or 'all'}"), way == asked.way) for way in get_args(Way)],
        month=month.text if month else "",
        shown_month=_named(visit, month) if month else "",
        months=_months(visit, month, to),
        asked=asked,
        every=to(month=""),
        files=f"?month={month.text}" if month else "",
        files_of=visit.say("points_files", month=_named(visit, month)) if month else visit.say("points_files_year"),
    )


def _months(visit: Visit, month: Month | None, to: Any) -> list[tuple[str, str]]:
    """Links to the one before, and to the one after as far as it has begun."""
    this = _this_month(visit)
    at = month or this.next
    earlier = (to(month=at.before.text), visit.say("points_earlier", month=_named(visit, at.before)))
    if at >= this:
        return [earlier]
    return [earlier, (to(month=at.next.text), visit.say("points_later", month=_named(visit, at.next)))]


class Shown(NamedTuple):
    """A move as a list shows it. `link`: where there is more."""

    name: str
    at: str
    about: str
    came: int
    went: int
    kopecks: int
    link: str


def _shown(visit: Visit, move: Move) -> Shown:
    link = f"/points/receipt?{urlencode({'id': move.receipt})}" if move.receipt else ""
    if not link and move.lot:
        link = f"/points/lot?{urlencode({'id': move.id})}"
    return Shown(
        name=name_of(visit, move),
        at=move.at,
        about=_about(visit, move),
        came=move.came,
        went=move.went,
        kopecks=move.kopecks,
        link=link,
    )


def name_of(visit: Visit, move: Move) -> str:
    return visit.say(f"points_of_{move.kind}" + (f"_{move.why}" if move.why else ""))


def _about(visit: Visit, move: Move) -> str:
    names = ", ".join(move.goods)
    if move.goods_count > len(move.goods):
        names = visit.say("points_goods", names=names, count=move.goods_count - len(move.goods))
    number = visit.say("points_number", number=move.number) if move.number else ""
    shop = visit.say("points_shop", shop=visit.shop_of(move.shop)) if move.shop else ""
    blocked = visit.say("points_blocked") if move.blocked else ""
    return " · ".join(filter(None, [blocked, number, shop, names]))


# a receipt


def _told_receipt(visit: Visit) -> ReceiptTold:
    return visit.ask("receipt", AskReceipt(id=visit.typed.one("id")[:200], language=visit.language), ReceiptTold)


def _receipt(visit: Visit) -> Response:
    told = _told_receipt(visit)
    papers = [
        (f"/points/paper.png?{urlencode({'id': told.id, 'paper': number, 'lang': visit.language})}", paper, text)
        for number, paper in enumerate(told.papers)
        for text in [text_of(_printed(visit, paper))]
    ]
    return visit.show(
        "points_receipt.html",
        title=visit.say("points_receipt", number=told.number),
        receipt=told,
        papers=papers,
        zone=_zone(visit),
        quantity=lambda line, quantity_m: _quantity(visit, line.unit, quantity_m),
        life=f"/points/lot?{urlencode({'id': told.id})}" if told.lot else "",
    )


def _quantity(visit: Visit, unit: str, quantity_m: int) -> str:
    text = format_quantity_m(quantity_m)
    return f"{text} {visit.say('points_kg')}" if unit == "kg" else text


def _printed(visit: Visit, paper: Paper) -> list[Printed]:
    mark = PaperPart("title", visit.say("points_record"), bold=True, double=True)
    return lines_of((mark, *paper.parts))


def _paper(visit: Visit) -> Response:
    told = _told_receipt(visit)
    number = visit.typed.one("paper", "0")
    if number not in map(str, range(len(told.papers))):
        raise Refused("no_unknown_receipt", status=404)
    return Response(picture_of(_printed(visit, told.papers[int(number)])), media_type="image/png")


# lots


def _lots(visit: Visit) -> Response:
    told = visit.ask("lots", AskLots(), LotsTold)
    lots = [(lot, _shown(visit, lot.move), f"/points/lot?{urlencode({'id': lot.move.id})}") for lot in told.lots]
    return visit.show("points_lots.html", title="points_lots_title", lots=lots, more=told.more, zone=_zone(visit))


def _lot(visit: Visit) -> Response:
    told = visit.ask("lot", AskLot(id=visit.typed.one("id")[:200]), LotTold)
    return visit.show(
        "points_lot.html",
        title="points_lot_title",
        lot=told.lot,
        given=_shown(visit, told.lot.move),
        fates=[(_shown(visit, fate.move), fate.points) for fate in told.fates],
        told_lot=told,
        zone=_zone(visit),
    )


def _top(visit: Visit) -> Response:
    told = visit.ask("top", AskTop(since=(visit.house.now() - YEAR).isoformat()), TopTold)
    return visit.show("points_top.html", title="points_top_title", top=told)


# files


def _statement(visit: Visit) -> Statement:
    """Of the month that is looked at, else of a year."""
    month, zone = _month(visit), _zone(visit)
    now = visit.house.now().astimezone(zone)
    since = month.begins(zone) if month else (now - YEAR).isoformat()
    until = month.next.begins(zone) if month else ""
    moves, after = _all_moves(visit, since, until)
    days = _named(visit, month) if month else f"{now - YEAR:%d.%m.%Y} — {now:%d.%m.%Y}"
    return Statement(visit, zone, days, [(name_of(visit, move), move) for move in moves], cut=bool(after))


def _all_moves(visit: Visit, since: str, until: str) -> tuple[list[Move], str]:
    moves: list[Move] = []
    after = ""
    while True:
        told = visit.ask("moves", AskMoves(since=since, until=until, after=after, most=MOST_MAX), MovesTold)
        moves += told.moves
        after = told.after
        if not after or len(moves) >= ROWS_MAX:
            return moves[:ROWS_MAX], after


def _file(visit: Visit, body: bytes, type: str, suffix: str) -> Response:
    month = visit.typed.one("month") or f"{visit.house.now().astimezone(_zone(visit)):%Y-%m-%d}"
    name = f"points-{month[:10]}.{suffix}"
    return Response(body, media_type=type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _csv(visit: Visit) -> Response:
    return _file(visit, csv_of(_statement(visit)), "text/csv", "csv")


def _pdf(visit: Visit) -> Response:
    return _file(visit, pdf_of(_statement(visit)), "application/pdf", "pdf")


POINTS: Final = Page(
    path="/points",
    title="points_title",
    icon="points",
    words=POINTS_WORDS,
    views=(
        View("GET", "/points", _points),
        View("GET", "/points/receipt", _receipt),
        View("GET", "/points/paper.png", _paper),
        View("GET", "/points/lots", _lots),
        View("GET", "/points/lot", _lot),
        View("GET", "/points/top", _top),
        View("GET", "/points/moves.csv", _csv),
        View("GET", "/points/statement.pdf", _pdf),
    ),
)
