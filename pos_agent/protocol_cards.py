"""Commands of the card desk: a card that is blocked and free again, becomes a virtual one, or was never a blank."""

from __future__ import annotations

from pos_agent.command import CommandBase, OfReceiptBase
from pos_agent.protocol_staff import Second


class IssueVirtual(OfReceiptBase, frozen=True, kw_only=True, tag="issue_virtual"):
    """No blank card is left: a number without one goes to the customer with the purchase (A4), with its QR on paper."""


class SwapCard(OfReceiptBase, frozen=True, kw_only=True, tag="swap_card"):
    """The blank card of this receipt is spoiled, nobody gets it any more: this `card` goes out instead."""

    card: str


class BlockCard(CommandBase, frozen=True, kw_only=True, tag="block_card"):
    """Lost, stolen: no points are spent by it any more. By its number; or by the `phone` of a member, and then by the
    last digits of his `card` where he has several. `look`: only which card that is, and nothing is done."""

    card: str | None = None
    phone: str | None = None
    reason: str = ""
    look: bool = False
    second: Second | None = None


class UnblockCard(CommandBase, frozen=True, kw_only=True, tag="unblock_card"):
    """It was found again: it earns at once, and spends as soon as the hub has said whose it is. `look`: only which card
    that is."""

    card: str
    reason: str = ""
    look: bool = False


class MakeVirtual(CommandBase, frozen=True, kw_only=True, tag="make_virtual"):
    """The plastic becomes a virtual card (A31), free and without a purchase: all that the member has stays his, and the
    new number is on paper and a QR. By the card in hand; or by the `phone` of a member, with a `manager` who answers
    for it, and then by the last digits of his `card` where he has several. `look`: only which card that is."""

    card: str | None = None
    phone: str | None = None
    look: bool = False
    manager: bool = False
    by: str | None = None
    second: Second | None = None


class CardOnPhone(CommandBase, frozen=True, kw_only=True, tag="card_on_phone"):
    """The member wants his card on his phone: a link for it, good for an hour and one phone, as the `qr` of the card in
    the answer; or, with `send`, to the number that the hub has of him. By the card in hand. `look`: only which card
    that is."""

    card: str
    send: bool = False
    look: bool = False


OfReceiptOfCards = IssueVirtual | SwapCard
BesideOfCards = BlockCard | UnblockCard | MakeVirtual | CardOnPhone
