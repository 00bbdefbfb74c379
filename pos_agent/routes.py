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
OF_RECEIPT: Final = "bad_sale"  # what any command about a receipt may answer, and a recorded sale that is told again:
RETOLD: Final = "recorded_before"
IDENTIFIED: Final = "sale_number_taken"  # whoever comes under the number is not who bought
EVERY_LOOK: Final = (
    *("wrong_token", "wrong_host", "wrong_origin", "malformed", "headers_too_large", "too_slow", "wrong_method"),
)
EVERYWHERE: Final = (
    *("bad_command", "busy", "fault", "page_not_read", "needs_person", "bad_idempotency_key", "idempotency_key_reused"),
    *("wrong_content_type", "wrong_encoding", "too_large"),
    *EVERY_LOOK,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """`takes` is the command of a POST; `done` and `refused` the codes that its answer may have, besides those of every
    call (`EVERYWHERE`, `EVERY_LOOK`); one code may be both. `example` is a body, without `do`; `query` says what
    stands behind the question mark. `gives` None: another document than one of the protocol's."""

    method: Method
    path: str
    summary: str
    takes: type[msgspec.Struct] | None = None
    gives: type[msgspec.Struct] | None = Reply
    done: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    example: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    stream: bool = False  # `gives` comes again and again, as server-sent events

    @property
    def does(self) -> str:
        """What `do` calls the command; empty for what is only looked at."""
        return str(self.takes.__struct_config__.tag) if self.takes is not None else ""

    @property
    def codes(self) -> tuple[str, ...]:
        """Done and not done alike."""
        return tuple(dict.fromkeys((*self.done, *self.refused)))

    @property
    def problems(self) -> tuple[str, ...]:
        """All that it may be refused with, as every other call may too."""
        return (*self.refused, *(EVERYWHERE if self.method == "POST" else EVERY_LOOK))


def _command(takes: type[msgspec.Struct], summary: str, done: str, *refused: str, **example: Any) -> Route:
    tag = str(takes.__struct_config__.tag)
    return Route(
        method="POST",
        path=f"/v1/{tag}",
        summary=summary,
        takes=takes,
        done=tuple(done.split()),
        refused=tuple(code for codes in refused for code in codes.split()),
        example=example,
    )


ROUTES: Final[tuple[Route, ...]] = (
    _command(
        p.SetBasket,
        "The whole basket as the POS has it now",
        f"basket_taken basket_without_member basket_empty basket_bounds_wish {RETOLD}",
        f"{OF_RECEIPT} {IDENTIFIED} bad_basket",
        sale="1042",
        lines=[LINE],
    ),
    _command(
        p.Code,
        "A code that was scanned or typed: a card, a coupon",
        f"member_found stranger coupon_taken card_for_next {RETOLD} "
        "coupon_waits_basket_too_small coupon_waits_goods_not_counted coupon_waits_members_only coupon_waits_not_yet "
        "coupon_waits_nothing_to_discount coupon_waits_nothing_to_earn coupon_waits_another_is_better "
        "coupon_waits_over",
        f"{OF_RECEIPT} {IDENTIFIED} unknown_card no_cards_yet card_replaced length check_digit layout empty too_long",
        "guessing not_ours goods certificate receipt not_now_idle coupon_used coupon_shown coupon_one_of_a_kind",
        "coupon_forged coupon_malformed coupon_expired coupon_not_yet coupon_other_programme coupon_unknown_key",
        "coupon_unknown_campaign",
        sale="1042",
        text=CARD,
    ),
    _command(
        p.Phone,
        "A phone number that was said",
        f"member_found_by_phone {RETOLD}",
        f"{OF_RECEIPT} {IDENTIFIED} unknown_phone guessing phone_shared bad_phone no_phones_yet",
        sale="1042",
        number="8 916 123-45-67",
    ),
    _command(
        p.Redeem,
        "How many points the customer wants to spend",
        f"redeem_set redeem_would_be {RETOLD}",
        f"{OF_RECEIPT} bad_points bad_basket hold_overtaken not_now_idle not_now_member not_now_basket",
        sale="1042",
        points=100,
    ),
    _command(
        p.DropCoupon,
        "A coupon off the receipt",
        f"coupon_dropped {RETOLD}",
        f"{OF_RECEIPT} no_such_coupon not_now_idle",
        sale="1042",
    ),
    _command(
        p.DropCard,
        "The card off the receipt, the basket stays",
        f"card_dropped {RETOLD}",
        f"{OF_RECEIPT} not_now_idle not_now_basket",
        sale="1042",
    ),
    _command(
        p.IssueCard,
        "A blank card goes out with the purchase",
        f"card_will_be_issued {RETOLD}",
        f"{OF_RECEIPT} guessing purchase_too_small card_not_blank not_a_card length bad_basket",
        "not_now_idle not_now_member not_now_ready not_now_reserving",
        sale="1042",
        card=CARD,
    ),
    _command(
        p.ReissueCard,
        "A blank card replaces a lost one",
        f"card_will_be_reissued {RETOLD}",
        f"{OF_RECEIPT} reissue_needs_manager second_factor_unavailable no_card_to_replace card_not_blank not_a_card",
        "guessing length bad_basket not_now_idle not_now_basket",
        sale="1042",
        new_card=CARD,
    ),
    _command(
        p.Prepare,
        "Before the money: the last moment to refuse",
        f"prepared prepared_without_lines {RETOLD}",
        f"{OF_RECEIPT} {IDENTIFIED} changed_link changed_held changed_coupon changed_balance changed_day",
        "changed_programme changed_offer changed_coupon_used changed_age changed_news hold_overtaken",
        "purchase_too_small card_not_blank disk_full not_now_idle not_now_member",
        sale="1042",
    ),
    _command(
        p.Pay,
        "The money is there: a fact",
        f"recorded no_member card_recorded {RETOLD}",
        f"{OF_RECEIPT} {IDENTIFIED} quote_of_another unknown_quote purchase_too_small card_not_blank bad_basket",
        "not_recorded not_now_idle not_now_member",
        sale="1042",
        quote="5f0c6a1e9b42",
    ),
    _command(p.Cancel, "The receipt ends without a sale", "cancelled", f"{OF_RECEIPT} {RETOLD}", sale="1042"),
    _command(
        p.ReturnGoods,
        "Goods come back: what it would be, then that the money was given back",
        "return_prepared return_recorded return_recorded_twice return_recorded_before",
        f"{OF_RECEIPT} which_receipt no_such_sale no_such_fiscal no_receipt_code not_a_sales_receipt sold_elsewhere",
        "all_came_back nothing_comes_back bad_return bad_reason return_needs_reason return_needs_number",
        "return_number_taken return_quote_of_another unknown_return_quote disk_full not_recorded",
        of={"sale": "1042", "day": "2026-11-28"},
        lines=[{"id": "1", "quantity": "1"}],
    ),
    _command(
        p.Balance,
        "What is on a member's account; no receipt is touched",
        "balance_told member_known",
        "which_member unknown_card card_replaced no_cards_yet coupon_is_no_card not_ours goods receipt certificate",
        "guessing check_digit length layout empty too_long unknown_phone phone_shared no_phones_yet bad_phone",
        text=CARD,
    ),
    _command(
        p.PutAside,
        "The receipt in front waits under its number",
        "put_aside",
        "nothing_in_front receipt_without_number bad_sale",
    ),
    _command(
        p.TakeUp,
        "A receipt that was put aside comes to the front",
        "taken_up",
        "not_put_aside several_put_aside receipt_without_number bad_sale",
        sale="1042",
    ),
    _command(
        p.OpenDrawer,
        "The cash drawer, at once or not at all",
        "drawer_opens",
        "drawer_without_printer no_drawer drawer_not_now",
    ),
    _command(
        p.PaperAnswer,
        "The answer to «Did the paper come out?»",
        "paper_answered",
        "no_paper_question",
        paper=7,
        came_out=True,
    ),
    _command(
        p.Reprint,
        "A copy of a paper",
        "copy_queued",
        f"{OF_RECEIPT} no_such_receipt no_receipt_yet sale_without_paper paper_is_tail",
        "receipt_in_question receipt_not_out copy_not_out paper_without_printer",
        sale="1042",
    ),
    _command(
        p.PointsReport,
        "The points report of a shift",
        "report_queued report_shown",
        f"{OF_RECEIPT} day_long_ago paper_without_printer",
        show=True,
    ),
    Route(
        method="GET",
        path="/v1/visit",
        summary="The receipt in front",
        gives=Look,
        refused=("bad_query", "too_many"),
        query={
            "after": "the `handled` of an earlier look: wait for the next event",
            "wait_s": "so many seconds at most, up to 30",
        },
    ),
    Route(method="GET", path="/v1/status", summary="Devices, hub, outbox, papers", gives=Status),
    Route(
        method="GET",
        path="/v1/events",
        summary="The whole state, and again at every change",
        gives=State,
        refused=("too_many",),
        stream=True,
    ),
    Route(method="GET", path="/v1/openapi.json", summary="This description, for programs", gives=None),
)


def route_of(does: str) -> Route:
    """Of a command, by its `do`."""
    return next(route for route in ROUTES if route.does == does)
