"""What a return leaves: the account as it is then, and what the POS may print of it at the end of its own receipt."""

from __future__ import annotations

from datetime import datetime

from loyalty.bodies import Return
from loyalty.effects import affected
from loyalty.lots import balance, next_expiry
from loyalty.operation import Operation
from loyalty.paper.words import TRAINING, PaperWords
from loyalty.standing import Standing
from offline_cache.records import MemberRecord
from pos_agent.counter import Counter
from pos_agent.receipt import BalanceNow, has_member
from pos_agent.return_paper import Balance, return_rows
from pos_agent.sold_receipts import Sold
from pos_agent.stickers import balances_after
from pos_agent.tail import tail


def member_of(counter: Counter, sold: Sold) -> MemberRecord | None:
    """Whose points move, as far as this till knows him."""
    owner = sold.sale.member
    if owner is None and (card := counter.card(sold.sale.card) if sold.sale.card else None) is not None:
        owner = card.member  # a stranger's then
    return counter.cache.members.member(owner) if owner is not None else None


def balance_as_it_is(counter: Counter, sold: Sold) -> Balance:
    """As the account is."""
    member = member_of(counter, sold)
    return None if member is None else _balance_now(counter, counter.member(member.told.member)[1], None)


def balance_after(counter: Counter, sold: Sold, operation: Operation) -> Balance:
    """As the account will be."""
    member = member_of(counter, sold)
    if member is None:
        return None
    if _earned_died(counter, sold, operation):
        return "later"
    return _balance_now(counter, counter.member(member.told.member)[1], operation)


def _balance_now(counter: Counter, stands: Standing, operation: Operation | None) -> BalanceNow:
    """As the member stands, or will stand after the operation."""
    account = stands.account if operation is None else affected(stands.account, operation).account
    return BalanceNow(
        points=balance(account, counter.now),
        as_of=counter.feed.pulled_at,
        card_status=None,
        offline=counter.link == "offline",
        expiring=None if account.debt else next_expiry(account, counter.now),
        stickers=balances_after(stands.stickers, operation.body if operation is not None else None),
    )


def _earned_died(counter: Counter, sold: Sold, operation: Operation) -> bool:
    """What the sale earned has died since, and only the hub knows how much of it was spent before: the rest is nobody's
    loss."""
    back, end = operation.body, sold.sale.accrued.expires_at
    assert isinstance(back, Return)
    return bool(back.clawed_back.points) and end is not None and datetime.fromisoformat(end) <= counter.now


def tail_of_return(counter: Counter, sold: Sold, body: Return, after: Balance) -> tuple[str, ...]:
    if not has_member(sold.sale):
        return ()
    words = PaperWords(sold.programme, counter.house.receipt_language, counter.cache.store)
    training = TRAINING[words.language] if counter.cache.training else None
    return tail(return_rows(body, sold, words, counter.now, after), counter.house.paper.tail_width, training)
