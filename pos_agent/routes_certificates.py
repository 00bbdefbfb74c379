"""The calls about gift certificates (pos_agent/protocol_certificates.py)."""

from __future__ import annotations

from typing import Final

from pos_agent.protocol_certificates import (
    BlockCertificate,
    DropCertificate,
    LookAtCertificate,
    RefundCertificate,
    ReplaceCertificate,
    UseCertificate,
)
from pos_agent.route import OF_RECEIPT, RETOLD, SECOND, Route, command_route
from pos_agent.routes_staff import PROOF

TEXT: Final = "9100 0200 0300 0407"
READ: Final = (
    "bad_certificate certificate_forged certificate_malformed certificate_other_programme certificate_unknown_key "
    "certificate_unknown certificate_blocked certificate_ended certificate_not_sold certificate_replaced "
    "certificate_empty certificate_held certificate_pin certificate_pin_tries certificate_no_pin certificate_practice "
    "certificate_offline_denied certificate_offline_number certificate_offline_spent desk_refused"
)
PAYS: Final = "certificate_shown certificate_too_many certificate_for_certificate"
_DONE: Final = "desk_hub_silent bad_reason disk_full not_recorded"

CERTIFICATE_ROUTES: Final[tuple[Route, ...]] = (
    command_route(
        UseCertificate,
        "A gift certificate pays what it can of the receipt",
        f"certificate_taken certificate_told {RETOLD}",
        f"{OF_RECEIPT} {READ} {PAYS} bad_basket",
        sale="1042",
        text=TEXT,
        pin="123456",
    ),
    command_route(
        DropCertificate,
        "A gift certificate off the receipt",
        f"certificate_dropped {RETOLD}",
        f"{OF_RECEIPT} no_such_certificate not_now_idle",
        sale="1042",
        certificate="0407",
    ),
    command_route(
        LookAtCertificate,
        "What is on a gift certificate; no receipt is touched",
        "certificate_told",
        READ,
        text=TEXT,
        pin="123456",
    ),
    command_route(
        RefundCertificate,
        "What is left on a gift certificate is given back in money",
        "certificate_refund_told certificate_is_refunded",
        f"{READ} {_DONE} certificate_refund_first certificate_given certificate_needs_hub {SECOND} {PROOF}",
        text=TEXT,
        pin="123456",
        reason="on demand",
    ),
    command_route(
        BlockCertificate,
        "A gift certificate was stolen: nobody pays with it any more",
        "certificate_is_blocked",
        f"{READ} {_DONE} certificate_needs_hub {SECOND} {PROOF}",
        text=TEXT,
        reason="stolen",
    ),
    command_route(
        ReplaceCertificate,
        "All that is on a gift certificate goes to another number",
        "certificate_is_replaced",
        f"{READ} {_DONE} certificate_needs_hub certificate_unsent {SECOND} {PROOF}",
        text=TEXT,
        reason="stolen",
    ),
)
