"""What an answer is as HTTP: one rule for all calls. What was done is 200; what was not is a problem (RFC 9457) with
the same code, text and facts in it, under a status that says whose turn it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from loyalty.programme import Language
from pos_agent.answers import Problem, Reply
from pos_agent.hints import help_of

PROBLEM_TYPE: Final = "urn:pos-agent:problem:"  # and the code
MEDIA_TYPE: Final = "application/problem+json"

# by the end of the sentence «the caller …»
_STATUS: Final[Mapping[int, frozenset[str]]] = {
    400: frozenset({"bad_command", "bad_query", "malformed", "bad_idempotency_key"}),  # … did not send a command
    401: frozenset({"wrong_token"}),
    403: frozenset(
        {
            "needs_person",
            "reissue_needs_manager",
            "second_factor_unavailable",
            "wrong_origin",
            "desk_refused",
            "code_wrong",
            "code_no_tries",
            "no_staff",
            "not_allowed",
            "second_code_over",
            "second_needed",
            "second_not_allowed",
            "second_same",
            "second_wrong_code",
            "sign_in_needed",
            "wrong_badge",
            "wrong_pin",
        }
    ),  # … may not, but somebody else may
    404: frozenset(  # … means something that is not here
        {
            "not_found",
            "unknown_card",
            "no_such_case",
            "nobody_found",
            "unknown_phone",
            "not_ours",
            "no_such_coupon",
            "no_such_sale",
            "no_such_fiscal",
            "no_such_receipt",
            "day_long_ago",
            "not_put_aside",
            "no_receipt_yet",
            "sale_without_paper",
            "no_paper_question",
            "unknown_quote",
            "unknown_return_quote",
            "sold_elsewhere",
            "coupon_unknown_campaign",
            "coupon_no_code",
            "card_not_at_hub",
            "no_form",
        }
    ),
    405: frozenset({"wrong_method"}),
    408: frozenset({"too_slow"}),
    413: frozenset({"too_large"}),
    415: frozenset({"wrong_content_type", "wrong_encoding"}),
    421: frozenset({"wrong_host"}),
    422: frozenset(  # … wrote something that cannot be
        {
            "bad_basket",
            "bad_code",
            "bad_points",
            "bad_phone",
            "bad_reason",
            "bad_return",
            "bad_sale",
            "bad_phone_told",
            "bad_name",
            "bad_birthday",
            "card_not_ours",
            "consent_needed",
            "consent_unknown",
            "merge_needs_reason",
            "phone_code_needed",
            "phone_code_wrong",
            "check_digit",
            "coupon_forged",
            "coupon_malformed",
            "empty",
            "layout",
            "length",
            "no_receipt_code",
            "not_a_card",
            "not_a_sales_receipt",
            "return_needs_number",
            "return_needs_reason",
            "too_long",
            "unsure_scan",
            "coupon_is_no_card",
            "which_member",
            "which_receipt",
            "which_card",
            "idempotency_key_reused",
        }
    ),
    429: frozenset({"too_many", "guessing", "pin_pause", "code_too_early", "code_limit", "coupon_code_tries"}),
    431: frozenset({"headers_too_large"}),
    500: frozenset({"fault"}),
    503: frozenset(
        {
            "busy",
            "no_cards_yet",
            "no_phones_yet",
            "disk_full",
            "not_recorded",
            "page_not_read",
            "drawer_not_now",
            "desk_hub_silent",
            "no_pepper",
        }
    ),  # … later
}
_BY_CODE: Final = {code: status for status, codes in _STATUS.items() for code in codes}
OUT_OF_TURN: Final = 409  # … comes at the wrong time: something else is on the receipt, or was done already


def status_of(code: str) -> int:
    """Of what was not done."""
    return _BY_CODE.get(code, OUT_OF_TURN)


def problem_of(reply: Reply, language: Language) -> Problem:
    """A refusal, with all that its reply says, and what a program does about it."""
    return Problem(
        type=PROBLEM_TYPE + reply.code,
        title=reply.text,
        status=status_of(reply.code),
        code=reply.code,
        text=reply.text,
        field=reply.field,
        scanned=reply.scanned,
        hint=help_of(reply.code, status_of(reply.code), language),
        say=reply.say,
        ask=reply.ask,
        advice=reply.advice,
        told=reply.told,
        returned=reply.returned,
    )
