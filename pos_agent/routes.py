"""Every call of the till's face, once: from this table come the routes, the OpenAPI document and docs/api.md, so that
none of them can say otherwise than the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import msgspec

from pos_agent import protocol as p
from pos_agent.answers import Reply
from pos_agent.status import Look, State, Status

Method = Literal["GET", "POST"]
CARD: Final = "2600000000017"
LINE: Final = {"id": "1", "name": "Шоколад", "price": "89.90", "quantity": "3", "category": "chocolate"}
OF_RECEIPT: Final = ("bad_sale",)  # what any call about a receipt may answer
IDENTIFYING: Final = (*OF_RECEIPT, "sale_number_taken", "recorded_before")


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """`takes` is the command of a POST; `codes` those that its answer may have besides what the whole face may say
    (`EVERYWHERE`): done and not done alike. `example` is a body, without `do`."""

    method: Method
    path: str
    summary: str
    takes: type[msgspec.Struct] | None = None
    gives: type[msgspec.Struct] = Reply
    codes: tuple[str, ...] = ()
    example: Mapping[str, Any] = field(default_factory=dict)
    stream: bool = False  # `gives` comes again and again, as server-sent events

    @property
    def does(self) -> str:
        """What `do` calls the command; empty for what is only looked at."""
        return str(self.takes.__struct_config__.tag) if self.takes is not None else ""


def _command(takes: type[msgspec.Struct], summary: str, codes: str, **example: Any) -> Route:
    tag = str(takes.__struct_config__.tag)
    return Route(
        method="POST", path=f"/v1/{tag}", summary=summary, takes=takes, codes=tuple(codes.split()), example=example
    )


ROUTES: Final[tuple[Route, ...]] = (
    _command(
        p.SetBasket,
        "The whole basket as the POS has it now",
        "basket_taken basket_without_member basket_empty basket_bounds_wish bad_basket "
        "recorded_before sale_number_taken",
        sale="1042",
        lines=[LINE],
    ),
    _command(
        p.Code,
        "A code that was scanned or typed: a card, a coupon",
        "member_found coupon_taken card_for_next unknown_card not_ours card_replaced coupon_used",
        sale="1042",
        text=CARD,
    ),
    _command(
        p.Phone,
        "A phone number that was said",
        "member_found_by_phone unknown_phone bad_phone",
        number="8 916 123-45-67",
    ),
    _command(p.Redeem, "How many points the customer wants to spend", "redeem_set bad_points", sale="1042", points=100),
    _command(p.DropCoupon, "A coupon off the receipt", "coupon_dropped no_such_coupon", sale="1042"),
    _command(p.DropCard, "The card off the receipt, the basket stays", "card_dropped", sale="1042"),
    _command(
        p.IssueCard, "A blank card goes out with the purchase", "card_will_be_issued purchase_too_small", card=CARD
    ),
    _command(
        p.ReissueCard, "A blank card replaces a lost one", "card_will_be_reissued reissue_needs_manager", new_card=CARD
    ),
    _command(p.Prepare, "Before the money: the last moment to refuse", "prepared changed_balance", sale="1042"),
    _command(
        p.Pay, "The money is there: a fact", "recorded no_member recorded_before", sale="1042", quote="5f0c6a1e9b42"
    ),
    _command(p.Cancel, "The receipt ends without a sale", "cancelled", sale="1042"),
    _command(
        p.ReturnGoods,
        "Goods come back: what it would be, then that the money was given back",
        "return_prepared return_recorded return_recorded_before return_number_taken no_such_sale bad_return",
        of={"sale": "1042", "day": "2026-11-28"},
        lines=[{"id": "1", "quantity": "1"}],
    ),
    _command(
        p.PaperAnswer,
        "The answer to «Did the paper come out?»",
        "paper_answered no_paper_question",
        paper=7,
        came_out=True,
    ),
    _command(p.Reprint, "A copy of a paper", "copy_queued no_such_receipt", sale="1042"),
    _command(p.PointsReport, "The points report of a shift", "report_queued report_shown", show=True),
    Route(method="GET", path="/v1/visit", summary="The receipt in front", gives=Look, codes=("bad_query", "too_many")),
    Route(method="GET", path="/v1/status", summary="Devices, hub, outbox, papers", gives=Status),
    Route(
        method="GET",
        path="/v1/events",
        summary="The whole state, and again at every change",
        gives=State,
        codes=("too_many",),
        stream=True,
    ),
)
EVERYWHERE: Final = (
    *("bad_command", "busy", "fault", "wrong_token", "wrong_host", "wrong_origin", "wrong_content_type"),
    *("malformed", "headers_too_large", "too_large", "too_slow", "wrong_encoding", "wrong_method"),
)
