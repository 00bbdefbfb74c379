"""In which channel a sale is made, and what nobody but a person of the shop may do.

At a self-checkout there is no cashier: what needs somebody is refused in words that call one. Whoever comes has the
till's own page, whose token is of no channel.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from loyalty.operation import Channel
from pos_agent.protocol import Command, IssueCard, OpenDrawer, PaperAnswer, Redeem, ReissueCard, ReturnGoods
from pos_agent.protocol_cards import BlockCard, CardOnPhone, IssueVirtual, MakeVirtual, SwapCard, UnblockCard
from pos_agent.protocol_certificates import BlockCertificate, RefundCertificate, ReplaceCertificate
from pos_agent.protocol_office import Correct, FindMember, SettleCase, ShowMember
from pos_agent.protocol_receipts import ClaimSale, LookAtClaim, MemberPurchases
from pos_agent.protocol_registration import (
    ChangePhone,
    ChangeProfile,
    ConfirmForm,
    LinkCard,
    MergeMembers,
    Register,
    TakeForm,
)


def _always(command: Command) -> bool:
    return True


def _answered_for(command: ReturnGoods) -> bool:
    """Money for what a certificate paid is somebody's decision, and so are goods without a receipt."""
    return command.tender == "money" or (command.of is not None and command.of.id is not None)


BY_A_PERSON: Final[Mapping[type[Command], Callable[[Any], bool]]] = {
    IssueCard: _always,  # a card is given from hand to hand, and a form is signed
    ReissueCard: _always,
    IssueVirtual: _always,
    SwapCard: _always,
    BlockCard: _always,
    UnblockCard: _always,
    MakeVirtual: _always,
    CardOnPhone: _always,  # whoever has the link has the card
    RefundCertificate: _always,  # money goes out
    BlockCertificate: _always,
    ReplaceCertificate: _always,
    Register: _always,
    TakeForm: _always,
    ConfirmForm: _always,
    ChangePhone: _always,  # whoever found a card would have its account
    ChangeProfile: _always,
    LinkCard: _always,
    MergeMembers: _always,
    FindMember: _always,
    ShowMember: _always,
    MemberPurchases: _always,
    LookAtClaim: _always,
    ClaimSale: _always,
    Correct: _always,
    SettleCase: _always,
    PaperAnswer: _always,  # a customer who says that no paper came gets a second one
    OpenDrawer: _always,
    ReturnGoods: _answered_for,
    Redeem: lambda redeem: redeem.manager,
}


def needs_person(command: Command, channel: Channel | None) -> bool:
    """Where nobody stands at the till, is this one somebody's to do?"""
    return channel == "self" and BY_A_PERSON.get(type(command), lambda one: False)(command)
