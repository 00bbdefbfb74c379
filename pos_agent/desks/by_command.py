"""Which desk answers a command of a receipt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from pos_agent.counter import Counter, Done
from pos_agent.desks import (
    basket,
    card_desk,
    card_on_phone,
    cards,
    certificate_desk,
    certificates,
    codes,
    coupons,
    identify,
    office,
    registration,
    retelling,
    sale,
    stickers,
)
from pos_agent.desks.account import tell_balance
from pos_agent.desks.day import show_audit, show_day
from pos_agent.desks.drawer import open_drawer
from pos_agent.desks.receipts import claim_sale, look_at_claim, member_purchases
from pos_agent.desks.returns import take_goods_back
from pos_agent.desks.staff import sign_in, sign_out
from pos_agent.protocol import (
    Balance,
    Beside,
    Cancel,
    Code,
    DropCard,
    DropCoupon,
    IssueCard,
    OfReceipt,
    OpenDrawer,
    Pay,
    Phone,
    Prepare,
    Redeem,
    ReissueCard,
    ReturnGoods,
    SetBasket,
)
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
from pos_agent.visit import ReceiptName, Visit

DESKS: Final[Mapping[type[OfReceipt], Callable[[Counter, Visit, Any], Done]]] = {
    Code: identify.code,
    Phone: identify.phone,
    DropCard: identify.drop_card,
    DropCoupon: coupons.drop_coupon,
    ExchangeStickers: stickers.exchange,
    DropStickers: stickers.drop_stickers,
    UseCertificate: certificates.use,
    DropCertificate: certificates.drop,
    SetBasket: basket.basket,
    Redeem: basket.redeem,
    IssueCard: cards.issue,
    ReissueCard: cards.reissue,
    SendCode: codes.send_code,
    EnterCode: codes.enter_code,
    IssueVirtual: cards.issue_virtual,
    SwapCard: cards.swap,
    Prepare: sale.prepare,
}  # Pay and Cancel know the receipt's name besides
BESIDE: Final[Mapping[type[Beside], Callable[[Counter, Visit, Any], Done]]] = {
    ReturnGoods: take_goods_back,
    Balance: tell_balance,
    OpenDrawer: open_drawer,
    BlockCard: card_desk.block,
    UnblockCard: card_desk.unblock,
    MakeVirtual: card_desk.make_virtual,
    CardOnPhone: card_on_phone.put_on_phone,
    LookAtCertificate: certificates.look,
    RefundCertificate: certificate_desk.refund,
    BlockCertificate: certificate_desk.block,
    ReplaceCertificate: certificate_desk.replace,
    **registration.OF_MEMBER,
    SignIn: sign_in,
    ShowDay: show_day,
    ShowAudit: show_audit,
    ListCases: office.list_cases,
    ShowCase: office.show_case,
    SettleCase: office.settle_case,
    FindMember: office.find_member,
    ShowMember: office.show_member,
    Correct: office.correct,
    SignOut: sign_out,
    MemberPurchases: member_purchases,
    LookAtClaim: look_at_claim,
    ClaimSale: claim_sale,
}


def answer(counter: Counter, visit: Visit, command: OfReceipt, name: ReceiptName | None) -> Done:
    """A recorded sale that is told again has a desk of its own."""
    if visit.retold is None or isinstance(command, Cancel):
        return _desk(counter, visit, command, name)
    if visit.disputed and not isinstance(command, retelling.ANSWERED):
        return retelling.beside(visit, lambda plain: _desk(counter, plain, command, name))
    return retelling.answer(counter, visit, command)


def _desk(counter: Counter, visit: Visit, command: OfReceipt, name: ReceiptName | None) -> Done:
    if isinstance(command, Pay):
        assert name is not None, "a payment has a number"
        return sale.pay(counter, visit, name, command)
    if isinstance(command, Cancel):
        return sale.cancel(counter, visit, name)
    return DESKS[type(command)](counter, visit, command)
