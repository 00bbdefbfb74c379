"""Partners and funds: who takes points for what, exchanges, gifts."""

from __future__ import annotations

from typing import Final

from account.api.call import Call, act_call
from sync.account.partners import (
    AskExchanges,
    AskOneExchange,
    AskPartners,
    Exchange,
    ExchangesTold,
    ExchangeTold,
    FundGiven,
    GiveToFund,
    PartnersTold,
)

_POINTS: Final = "unknown_partner partner_not_registered partner_points partner_no_points partner_day partner_code"
_MORE: Final = "phone_not_proven member_erased"

PARTNER_CALLS: Final[tuple[Call, ...]] = (
    act_call(
        "GET",
        "/partners",
        "Partners and funds, and what points become there (P7)",
        "partners",
        AskPartners,
        PartnersTold,
        signed_in=False,
    ),
    act_call("GET", "/exchanges", "His exchanges, the newest first", "exchanges", AskExchanges, ExchangesTold),
    act_call(
        "GET",
        "/exchanges/one",
        "What became of one",
        "exchange_one",
        AskOneExchange,
        ExchangeTold,
        "no_exchange",
        id="2b1c0f9a7d3e4456",
    ),
    act_call(
        "POST",
        "/exchanges",
        "Points for rubles or miles at a partner (P13, P14): they are held until he answers",
        "exchange",
        Exchange,
        ExchangeTold,
        f"{_POINTS} partner_number partner_month {_MORE}",
        partner="s7",
        number="123456789",
        points=1000,
    ),
    act_call(
        "POST",
        "/charity",
        "Points for a fund, at once and for good (P15)",
        "give_to_fund",
        GiveToFund,
        FundGiven,
        f"{_POINTS} {_MORE}",
        fund="charity",
        points=100,
    ),
)
