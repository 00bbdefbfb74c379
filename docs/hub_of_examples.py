"""What the hub's desk would say to the till of the examples, by act."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from pos_agent.errands import Errand, HubSaid

Json = Any

AT: Final = "2026-11-28T08:00:00.000000+00:00"
CASE_LINE: Final[Json] = {
    "id": "debt/till-2/1/17",
    "kind": "debt",
    "says": {"ru": "Списано больше баллов, чем было", "en": "More points were spent than there were"},
    "why": {"ru": "", "en": ""},
    "opened_at": AT,
    "till": "till-2",
    "sale": "1041",
    "cost_points": 50,
}
CASE: Final[Json] = {
    "line": CASE_LINE,
    "person": {"member": "m-anna", "cards": ["2600000000017"], "phone": "+7916***4567"},
    "history": [
        {"at": AT, "operation": "till-1/1/40", "words": {"ru": "чек 1040", "en": "receipt 1040"}, "points": -150}
    ],
    "remedies": [
        {
            "remedy": "write_off",
            "says": {"ru": "Списать долг", "en": "Write off: the shop bears what is still owed"},
            "points": 50,
        },
        {
            "remedy": "goodwill",
            "says": {"ru": "Извиниться баллами", "en": "Goodwill: points as an apology"},
            "asks": ["points"],
        },
    ],
}
SETTLED: Final[Json] = {
    **CASE,
    "remedies": [],
    "settled": {"at": AT, "by": "Петрова А.", "remedy": CASE["remedies"][0]["says"]},
}
MEMBER: Final[Json] = {
    "member": {
        "member": "m-anna",
        "name": "Анна П.",
        "phone": "+7916***4567",
        "points": 150,
        "debt": 0,
        "held": 0,
        "cards": [{"number": "2600000000017", "status": "active"}],
        "lots": [{"points": 150, "active_from": AT, "expires_at": "2027-11-29T21:00:00.000000+00:00"}],
        "cases": ["debt/till-2/1/17"],
    },
    "history": [{"at": AT, "words": "receipt 1040 of 500.00, 150 redeemed", "points": -150, "where": "omsk-7"}],
    "history_ru": ["чек 1040 на 500,00\xa0₽, списано 150"],
}
SIDE: Final[Json] = {"points": 40, "cards": 1, "registered": True}
PURCHASE: Final[Json] = {
    "id": "till-2/1/17",
    "at": AT,
    "store": "omsk-7",
    "till": "till-2",
    "number": "1040",
    "day": "2026-11-27",
    "kopecks": 26_970,
    "lines": [{"id": "1", "name": "Шоколад", "unit": "pc", "left_m": 3_000, "kopecks": 26_970}],
}
CLAIM: Final[Json] = {name: PURCHASE[name] for name in PURCHASE if name != "lines"} | {
    "state": "to_give",
    "points": 5,
    "why": "no_card",
    "member": "Анна П.",
}
SAID: Final[Mapping[str, Json]] = {
    "register": {"status": "active", "granted": 150},
    "take_form": {"status": "pending", "granted": 150, "active_from": "2026-12-18T08:00:00.000000+00:00"},
    "confirm_form": {"changed": True},
    "change_phone": {"changed": True},
    "change_profile": {"changed": True},
    "link_card": {"changed": True},
    "look_at_merge": {"gone": SIDE, "into": {**SIDE, "points": 150}, "lost": ["phone"]},
    "merge": {"changed": True},
    "member_sales": {"member": "Анна П.", "sales": [PURCHASE]},
    "look_at_claim": CLAIM,
    "claim_sale": CLAIM | {"state": "given"},
    "cases": {
        "counts": {"debt": 1},
        "kinds": {"debt": CASE_LINE["says"]},
        "stores": ["omsk-7"],
        "cases": [CASE_LINE],
        "more": False,
    },
    "case": CASE,
    "settle_case": SETTLED,
    "find_member": {
        "members": [{"member": "m-anna", "name": "Анна П.", "phone": "+7916***4567", "points": 150}],
        "more": False,
    },
    "member": MEMBER,
    "correct_points": {"member": "m-anna", "points": 200},
    "send_code": {
        "id": "c0de",
        "of": "anna",
        "to": "+7 ··· ··-67",
        "again_s": 60,
        "expires_s": 300,
        "digits": 4,
        "tries": 5,
    },
    "card_phone_link": {"card": "2600000000017", "url": "", "to": "+7 ··· ··-67", "ends_s": 3600},
    "certificate_look": {"number": "9100020003000407", "left_kopecks": 70_000, "face_kopecks": 100_000, "paid": True},
    "certificate_hold": {"kopecks": 70_000, "until": "2026-11-28T10:00:00.000000+00:00"},
    "certificate_history": {"state": "open", "left_kopecks": 70_000},
    "certificate_replace": {"number": "9100020003000410", "text": "PAC:…", "pin": "130774"},
    "check_code": {"id": "c0de", "of": "anna", "purpose": "redeem"},
}


def hub_of_examples(errand: Errand, answered: Callable[[HubSaid], None]) -> None:
    """What it has no example of, as a sale of today, it does not answer."""
    said = SAID.get(errand.act)
    answered(HubSaid(errand.act) if said is None else HubSaid(errand.act, msgspec.json.encode(said)))
