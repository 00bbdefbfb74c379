"""What a sale leaves: the account as it is then, and what the POS may print of it at the end of its own receipt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from loyalty.bodies import Body, Sale
from loyalty.cards import CardStatus
from loyalty.effects import affected
from loyalty.lots import next_expiry
from loyalty.operation import FIRST_HASH, VERSION, Operation
from loyalty.paper.claim import claim_rows, promises
from loyalty.paper.parts import Row
from loyalty.paper.words import TRAINING, PaperWords
from loyalty.utc import utc_text
from offline_cache.records import StoredSale
from pos_agent.counter import Counter
from pos_agent.desks.cards import card_bodies
from pos_agent.desks.certificates import left_after
from pos_agent.known_sales import quote_of
from pos_agent.receipt import NOTHING_KNOWN, BalanceNow, points_rows
from pos_agent.stickers import balances, balances_after
from pos_agent.tail import tail
from pos_agent.telling import find
from pos_agent.visit import Visit, Who

UNNUMBERED = 2**62  # a sequence that no till comes to: its lot is no other's


def balance_now(counter: Counter, who: Who, visit: Visit, operation: Operation) -> BalanceNow | None:
    """The account after the operation, as its paper says it; a stranger's is not known."""
    if who.stranger:
        return None
    before = counter.account(who)
    after = affected(before, operation).account
    sale = operation.body
    moved = sale.accrued.points - sale.redeemed.points if isinstance(sale, Sale) else 0
    left = counter.left(visit)
    return BalanceNow(
        points=left.points + moved,
        as_of=counter.feed.pulled_at,
        card_status=_status_after(counter, visit),
        offline=counter.link_of(visit) == "offline",
        elsewhere=left.elsewhere,
        expiring=None if after.debt else next_expiry(after, counter.now),
        stickers=balances_after(balances(counter, who), sale),
    )


def tail_now(counter: Counter, visit: Visit, sale: Sale) -> tuple[str, ...]:
    """Of a sale that is recorded now, or would be."""
    who = visit.who
    if who is None:
        return tail_of(counter, [sale], counter.now, None, left_after(visit, sale))
    cards = card_bodies(counter, visit, who.member or "", sale.sale)
    after = balance_now(counter, who, visit, unnumbered(counter, sale))
    return tail_of(counter, [*cards, sale], counter.now, after, left_after(visit, sale))


def unnumbered(counter: Counter, body: Body) -> Operation:
    """What would happen, as an operation that nobody has recorded."""
    rules = counter.rules
    return Operation(
        v=VERSION,
        chain=counter.cache.till,
        generation=1,
        sequence=UNNUMBERED,
        previous_hash=FIRST_HASH,
        at=utc_text(counter.now),
        programme=rules.programme,
        programme_hash=rules.programme_hash,
        body=body,
    )


def tail_of(
    counter: Counter,
    bodies: Sequence[Body],
    at: datetime,
    after: BalanceNow | None,
    left: Mapping[str, int] = NOTHING_KNOWN,
) -> tuple[str, ...]:
    """In the customer's language, as wide as the POS prints. `left`: what is on the certificates that paid."""
    words = PaperWords(counter.programme, counter.house.receipt_language, counter.cache.store)
    training = TRAINING[words.language] if counter.cache.training else None
    rows = [*points_rows(bodies, words, at, after, left), *_claim(counter, bodies[-1], words, at)]
    return tail(rows, counter.house.paper.tail_width, training)


def _claim(counter: Counter, sale: Body, words: PaperWords, at: datetime) -> Iterable[Row]:
    """That its points wait, where no paper of ours says it."""
    if counter.house.paper.kind != "tail" or counter.cache.training:
        return ()
    sold = replace(unnumbered(counter, sale), at=utc_text(at), store=counter.cache.store)
    return claim_rows(sold, words, fiscal=True) if promises(words.programme, sold) else ()


def tail_then(counter: Counter, stored: StoredSale) -> tuple[str, ...]:
    """As it was said with the payment; when nobody remembers that any more, without the balance of then."""
    told = find(counter, quote_of(stored))
    if told is not None and told.tail:
        return told.tail
    bodies = [operation.body for operation in stored.operations]
    if not bodies or not isinstance(bodies[-1], Sale):
        return ()
    return tail_of(counter, bodies, datetime.fromisoformat(stored.operations[-1].at), None)


def _status_after(counter: Counter, visit: Visit) -> CardStatus | None:
    """The card's status once the sale is recorded. One that replaces a blocked card is the hub's to decide."""
    if visit.who is None or visit.who.member is None:
        return "issued"
    status = counter.card_status(visit)
    return None if visit.reissue is not None and status == "blocked" else status
