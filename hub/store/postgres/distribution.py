"""By which column each table would be spread over several servers; a server with Citus is told so, tests hold us to it.

Tables spread by a member, by a chain and so on never need each other's rows in one statement.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

DISTRIBUTED: Final[Mapping[str, str]] = {
    "operations": "chain",
    "chains": "chain",
    "cases": "chain",
    "members": "member",
    "cards": "member",
    "lots": "member",
    "entries": "member",
    "days": "member",
    "stickers": "member",
    "sticker_entries": "member",
    "once": "member",
    "holds": "member",
    "consents": "member",
    "earlier_sales": "store",
    "seen": "member",
    "named": "name",
    "card_numbers": "number",
    "certificates": "number",
    "certificate_numbers": "number",
    "certificate_entries": "certificate",
    "certificate_holds": "certificate",
    "used_coupons": "serial",
    "coupon_conflicts": "serial",
    "coupon_holds": "serial",
    "campaign_members": "member",
    "returns": "of_chain",
    "gifts": "gift",
    "card_orders": "id",
    "card_phones": "id",
    "errands": "id",
    "pictures": "id",
    "codes": "id",
    "messages": "id",
    "letters": "member",
    "phones_confirmed": "member",
    "watched": "subject",
    "store_days": "store",
}
REFERENCE: Final = frozenset(  # small, whole on every server
    {
        "settings",
        "programmes",
        "published",
        "jobs",
        "stores",
        "goods",
        "tills",
        "till_settings",
        "staff",
        "batches",
        "blanks",
        "campaigns",
        "mailings",
        "coupons",  # looked for by its code too
    }
)
LOCAL: Final = frozenset({"changes", "acted"})  # the feed has one order, and so one place; so have acts of the desk
