"""Which receipt a command is about: the one that it names, or the one in front. Nothing is changed here: the answer is
the receipts as they would be."""

from __future__ import annotations

from msgspec.structs import replace

from pos_agent.counter import Counter, Done
from pos_agent.desks.identify import shown_code, who_of
from pos_agent.desks.phone_code import proved
from pos_agent.inquiry import Inquiry
from pos_agent.known_sales import recorded
from pos_agent.protocol import Cancel, Code, Command, OfReceipt, Pay, Placing, ReturnGoods, SetBasket
from pos_agent.receipt import masked
from pos_agent.receipts import Receipts
from pos_agent.refused import Refused
from pos_agent.shop_day import receipt_day
from pos_agent.telling import find, told_quote
from pos_agent.visit import ReceiptName, Visit, is_empty

SALE_NUMBER_MAX = 64  # characters
WORD_MAX = 40  # characters of a shift


def name_of(counter: Counter, command: OfReceipt | Placing | ReturnGoods) -> ReceiptName | None:
    """The receipt that the command names. Raises Refused."""
    if command.sale is None:
        return None
    if not 0 < len(command.sale) <= SALE_NUMBER_MAX or not command.sale.isprintable():
        raise Refused("bad_sale", words="bad_sale_number", most=str(SALE_NUMBER_MAX))
    shift = command.shift or ""
    if len(shift) > WORD_MAX or not shift.isprintable():
        raise Refused("bad_sale", words="bad_shift", most=str(WORD_MAX))
    day = receipt_day(command.day, counter.today)
    pos = counter.pos or getattr(command, "pos", None) or ""
    return ReceiptName(pos=pos, number=command.sale, day=day, shift=shift)


def placed(counter: Counter, receipts: Receipts, command: OfReceipt, name: ReceiptName | None) -> Receipts:
    """With the command's own receipt in front. A new one under a recorded number is a retelling."""
    taking_money = isinstance(command, Pay) and receipts.front.prepared
    before = receipts if taking_money else receipts.at(None, counter.now, counter.house.idle)
    if name is None:
        return before.of_pos(counter.pos)  # a POS without a name, a scanner and the page are about the one in front
    nameless = before.front.receipt is None and not is_empty(before.front)
    if isinstance(command, Pay) and nameless and before.find(name) is None:
        return before  # a POS that says its number with the payment alone
    there = before.at(name, counter.now, counter.house.idle)
    front = there.front
    begins = front.receipt == name and not front.lines and front.retold is None
    if begins and not isinstance(command, Pay | Cancel) and (stored := recorded(counter, name)) is not None:
        return there.with_front(replace(front, retold=stored.sale))
    if isinstance(command, SetBasket) and there.waiting is not None and front.who is None:
        return replace(there, front=replace(front, who=there.waiting), waiting=None)
    return there


def front_for(counter: Counter, receipts: Receipts, command: Command) -> Visit:
    """The receipt that a refused command was about."""
    if not isinstance(command, OfReceipt):
        return receipts.front
    try:
        return placed(counter, receipts, command, name_of(counter, command)).front
    except Refused:  # its name is none
        return receipts.front


def for_the_next(counter: Counter, receipts: Receipts, command: OfReceipt, name: ReceiptName | None) -> Done | None:
    """A card that is shown while the named receipt in front has a member is the next customer's; None: it is not."""
    front = receipts.front
    if not isinstance(command, Code) or name is not None or front.receipt is None or front.who is None:
        return None
    shown = shown_code(counter, command)
    card = counter.find_card(command.text if shown is None else shown.card)
    if card is None or card.status == "replaced" or card.member == front.who.member:
        return None
    told = find(counter, front.quote)  # what the guest in front is being asked goes on being asked
    return Done(
        visit=front,
        code="card_for_next",
        facts={"card": masked(card.number)},
        told=told_quote(told) if told is not None and not front.decided else None,
        waiting=who_of(card, "card") if shown is None else proved(counter, who_of(card, "card"), shown, None)[0],
        inquiry=Inquiry(member=card.member),
    )
