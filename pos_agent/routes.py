"""Every call of the till's face, once: from this table come the routes, the OpenAPI document and docs/api.md, so that
none of them can say otherwise than the others."""

from __future__ import annotations

from typing import Final

from pos_agent import protocol as p
from pos_agent.route import CARD, IDENTIFIED, LINE, OF_RECEIPT, RETOLD, SECOND, Route, command_route
from pos_agent.routes_cards import CARD_ROUTES
from pos_agent.routes_certificates import CERTIFICATE_ROUTES, PAYS, READ
from pos_agent.routes_codes import CODE_ROUTES
from pos_agent.routes_day import DAY_ROUTES
from pos_agent.routes_office import OFFICE_ROUTES
from pos_agent.routes_receipts import NOT_GIVEN, RECEIPT_ROUTES
from pos_agent.routes_registration import REGISTRATION_ROUTES
from pos_agent.routes_staff import PROOF, STAFF_ROUTES
from pos_agent.routes_stickers import STICKER_ROUTES
from pos_agent.status import Look, State, Status

ROUTES: Final[tuple[Route, ...]] = (
    command_route(
        p.SetBasket,
        "The whole basket as the POS has it now",
        f"basket_taken basket_without_member basket_empty basket_bounds_wish {RETOLD}",
        f"{OF_RECEIPT} {IDENTIFIED} bad_basket",
        sale="1042",
        lines=[LINE],
    ),
    command_route(
        p.Code,
        "A code that was scanned or typed: a card, a coupon, a gift certificate, an old receipt of his",
        f"member_found stranger coupon_taken card_for_next signed_in second_shown {RETOLD} "
        "certificate_taken certificate_told claim_given claim_waiting "
        "coupon_waits_basket_too_small coupon_waits_goods_not_counted coupon_waits_members_only coupon_waits_not_yet "
        "coupon_waits_nothing_to_discount coupon_waits_nothing_to_earn coupon_waits_another_is_better "
        "coupon_waits_over coupon_waits_no_member coupon_waits_wrong_member coupon_waits_wrong_channel "
        "coupon_waits_needs_hub coupon_waits_expired coupon_waits_stopped",
        f"{OF_RECEIPT} {IDENTIFIED} unknown_card no_cards_yet card_replaced length check_digit layout empty too_long",
        "guessing not_ours goods receipt not_now_idle coupon_used coupon_shown coupon_one_of_a_kind",
        "coupon_forged coupon_malformed coupon_expired coupon_not_yet coupon_other_programme coupon_unknown_key",
        "coupon_unknown_campaign coupon_stopped coupon_revoked coupon_wrong_store coupon_wrong_channel",
        "coupon_wrong_member coupon_limit coupon_limit_member coupon_held coupon_needs_hub coupon_being_asked",
        "coupon_overtaken coupon_no_code coupon_code_tries coupon_code_offline",
        *("desk_hub_silent nobody_called_so unknown_receipt not_claimed claims_day claims_month", *NOT_GIVEN),
        f"bad_basket phone_code_forged phone_code_malformed {READ} {PAYS} {PROOF}",
        sale="1042",
        text=CARD,
    ),
    command_route(
        p.Phone,
        "A phone number that was said",
        f"member_found_by_phone {RETOLD}",
        f"{OF_RECEIPT} {IDENTIFIED} unknown_phone guessing phone_shared bad_phone no_phones_yet",
        sale="1042",
        number="8 916 123-45-67",
    ),
    command_route(
        p.Redeem,
        "How many points the customer wants to spend",
        f"redeem_set redeem_would_be {RETOLD}",
        f"{OF_RECEIPT} bad_points bad_basket hold_overtaken not_now_idle not_now_member not_now_basket",
        f"{SECOND} {PROOF}",
        sale="1042",
        points=100,
    ),
    *CODE_ROUTES,
    command_route(
        p.DropCoupon,
        "A coupon off the receipt",
        f"coupon_dropped {RETOLD}",
        f"{OF_RECEIPT} no_such_coupon not_now_idle",
        sale="1042",
    ),
    *STICKER_ROUTES,
    command_route(
        p.DropCard,
        "The card off the receipt, the basket stays",
        f"card_dropped {RETOLD}",
        f"{OF_RECEIPT} not_now_idle not_now_basket",
        sale="1042",
    ),
    command_route(
        p.IssueCard,
        "A blank card goes out with the purchase",
        f"card_will_be_issued {RETOLD}",
        f"{OF_RECEIPT} guessing purchase_too_small card_not_blank card_spoiled not_a_card length bad_basket",
        "not_now_idle not_now_member not_now_ready not_now_reserving",
        sale="1042",
        card=CARD,
    ),
    command_route(
        p.ReissueCard,
        "A blank card replaces a lost one",
        f"card_will_be_reissued {RETOLD}",
        f"{OF_RECEIPT} reissue_needs_manager no_card_to_replace card_not_blank card_spoiled not_a_card",
        "second_factor_unavailable code_needs_link code_no_tries code_overtaken bad_code code_wrong code_used",
        "code_over code_unknown code_not_needed desk_refused",
        "guessing length bad_basket not_now_idle not_now_basket",
        f"{SECOND} {PROOF}",
        sale="1042",
        new_card=CARD,
    ),
    *CARD_ROUTES,
    *CERTIFICATE_ROUTES,
    command_route(
        p.Prepare,
        "Before the money: the last moment to refuse",
        f"prepared prepared_without_lines {RETOLD}",
        f"{OF_RECEIPT} {IDENTIFIED} changed_card changed_link changed_held changed_coupon changed_balance changed_day",
        "changed_programme changed_offer changed_stickers changed_coupon_used changed_age changed_news hold_overtaken",
        "purchase_too_small card_not_blank disk_full not_now_idle not_now_member no_certificate_numbers",
        "changed_certificate coupon_overtaken",
        sale="1042",
    ),
    command_route(
        p.Pay,
        "The money is there: a fact",
        f"recorded no_member card_recorded {RETOLD}",
        f"{OF_RECEIPT} {IDENTIFIED} quote_of_another unknown_quote purchase_too_small card_not_blank bad_basket",
        "not_recorded not_now_idle not_now_member",
        sale="1042",
        quote="5f0c6a1e9b42",
    ),
    command_route(p.Cancel, "The receipt ends without a sale", "cancelled", f"{OF_RECEIPT} {RETOLD}", sale="1042"),
    command_route(
        p.ReturnGoods,
        "Goods come back: what it would be, then that the money was given back",
        "return_prepared return_recorded return_recorded_twice return_recorded_before",
        f"{OF_RECEIPT} which_receipt no_such_sale no_such_fiscal no_receipt_code not_a_sales_receipt sold_elsewhere",
        "all_came_back nothing_comes_back bad_return bad_reason return_needs_reason return_needs_number",
        "return_number_taken return_quote_of_another unknown_return_quote disk_full not_recorded",
        "certificate_not_whole certificate_which certificate_return_there certificate_needs_hub",
        f"other_entity several_receipts receipt_of_before no_receipt_needs_reason desk_refused {PROOF} {SECOND}",
        of={"sale": "1042", "day": "2026-11-28"},
        lines=[{"id": "1", "quantity": "1"}],
    ),
    command_route(
        p.Balance,
        "What is on a member's account; no receipt is touched",
        "balance_told member_known",
        "which_member unknown_card card_replaced no_cards_yet coupon_is_no_card not_ours goods receipt certificate",
        "guessing check_digit length layout empty too_long unknown_phone phone_shared no_phones_yet bad_phone",
        "phone_code_forged phone_code_malformed",
        text=CARD,
    ),
    command_route(
        p.PutAside,
        "The receipt in front waits under its number",
        "put_aside",
        "nothing_in_front receipt_without_number bad_sale",
    ),
    command_route(
        p.TakeUp,
        "A receipt that was put aside comes to the front",
        "taken_up",
        "not_put_aside several_put_aside receipt_without_number bad_sale",
        sale="1042",
    ),
    command_route(
        p.OpenDrawer,
        "The cash drawer, at once or not at all",
        "drawer_opens",
        "drawer_without_printer no_drawer drawer_not_now",
    ),
    command_route(
        p.PaperAnswer,
        "The answer to «Did the paper come out?»",
        "paper_answered",
        "no_paper_question",
        paper=7,
        came_out=True,
    ),
    command_route(
        p.Reprint,
        "A copy of a paper",
        "copy_queued claim_queued",
        f"{OF_RECEIPT} no_such_receipt no_receipt_yet sale_without_paper paper_is_tail",
        "receipt_in_question receipt_not_out copy_not_out paper_without_printer",
        sale="1042",
    ),
    command_route(
        p.PointsReport,
        "The points report of a shift",
        "report_queued report_shown",
        f"{OF_RECEIPT} day_long_ago paper_without_printer",
        show=True,
    ),
    *REGISTRATION_ROUTES,
    *STAFF_ROUTES,
    *DAY_ROUTES,
    *RECEIPT_ROUTES,
    *OFFICE_ROUTES,
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
