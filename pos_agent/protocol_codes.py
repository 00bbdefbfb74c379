"""Commands about the code by which a member shows that a phone is his (A27)."""

from __future__ import annotations

from typing import Literal

from pos_agent.command import OfReceiptBase


class SendCode(OfReceiptBase, frozen=True, kw_only=True, tag="send_code"):
    """A code goes to the phone of the receipt's member, who only said its number. Once a minute. `purpose`: what
    the message says that it is for, spending points or another card in place of a lost one."""

    purpose: Literal["redeem", "reissue"] = "redeem"


class EnterCode(OfReceiptBase, frozen=True, kw_only=True, tag="enter_code"):
    """The code as the member says it: from the message, or from his account. When it is right he may spend his points
    on this receipt, and on this one alone."""

    code: str
