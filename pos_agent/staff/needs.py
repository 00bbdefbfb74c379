"""Which right a command needs, asked before it comes to a desk. A desk asks for more where it depends on what is found.

What has happened already is nobody's to refuse: the money was paid, the paper came out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from loyalty.staff import Right
from pos_agent import protocol as p
from pos_agent import protocol_registration as r
from pos_agent.protocol_cards import BlockCard, CardOnPhone, IssueVirtual, MakeVirtual, SwapCard, UnblockCard
from pos_agent.protocol_certificates import (
    BlockCertificate,
    DropCertificate,
    LookAtCertificate,
    RefundCertificate,
    ReplaceCertificate,
    UseCertificate,
)
from pos_agent.protocol_codes import EnterCode, SendCode
from pos_agent.protocol_day import ShowAudit, ShowDay
from pos_agent.protocol_office import Correct, FindMember, ListCases, SettleCase, ShowCase, ShowMember
from pos_agent.protocol_receipts import ClaimSale, LookAtClaim, MemberPurchases
from pos_agent.protocol_staff import SignIn, SignOut
from pos_agent.protocol_stickers import DropStickers, ExchangeStickers

NEEDS: Final[Mapping[type[p.Command], Right | None]] = {
    SignIn: None,
    SignOut: None,
    ShowDay: "see_day",
    ShowAudit: "see_audit",
    ListCases: "see_day",
    ShowCase: "see_day",
    SettleCase: "settle_cases",
    FindMember: "find_members",
    ShowMember: "find_members",
    Correct: "correct_points",
    p.Pay: None,
    p.Cancel: None,
    p.PaperAnswer: None,
    p.Code: None,  # a customer shows his card while the cashier is still signing in
    p.Phone: "sell",
    p.SetBasket: "sell",
    p.Redeem: "sell",
    SendCode: "sell",
    EnterCode: "sell",
    p.DropCard: "sell",
    p.DropCoupon: "sell",
    ExchangeStickers: "sell",
    DropStickers: "sell",
    UseCertificate: "sell",
    DropCertificate: "sell",
    LookAtCertificate: "sell",
    RefundCertificate: "refund_certificates",
    BlockCertificate: "block_certificates",
    ReplaceCertificate: "replace_certificates",
    p.Prepare: "sell",
    p.ReturnGoods: "sell",
    p.Balance: "sell",
    p.PutAside: "sell",
    p.TakeUp: "sell",
    p.OpenDrawer: "sell",
    p.Reprint: "sell",
    p.PointsReport: "sell",
    p.XReport: "sell",
    p.IssueCard: "give_cards",
    p.ReissueCard: "give_cards",
    MemberPurchases: "take_back_without_receipt",
    LookAtClaim: "claim_sales",
    ClaimSale: "claim_sales",
    IssueVirtual: "give_cards",
    SwapCard: "give_cards",
    MakeVirtual: "give_cards",
    CardOnPhone: "give_cards",
    BlockCard: "block_cards",
    UnblockCard: "unblock_cards",
    r.RegistrationForm: "sell",
    r.PrintForm: "sell",
    r.PhoneCode: "register_members",
    r.ConfirmPhone: "register_members",
    r.Register: "register_members",
    r.TakeForm: "register_members",
    r.ChangePhone: "register_members",
    r.ConfirmForm: "confirm_forms",
    r.ChangeProfile: "change_profiles",
    r.LinkCard: "merge_members",
    r.MergeMembers: "merge_members",
}  # None: nobody has to have signed in


def needed(command: p.Command) -> Right | None:
    """Of a return whose money has been given back, nothing."""
    if isinstance(command, p.ReturnGoods | RefundCertificate) and command.paid:
        return None
    return NEEDS[type(command)]
