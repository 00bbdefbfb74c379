"""Acts for points that were to go to a partner and have not gone yet: the queue, asked again, settled by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Final, Literal

import msgspec

from hub.desk.act import Act, ActRefused, Asked
from hub.exchanges.exchange import kept_of, state_of
from hub.exchanges.settling import ask_again, exchange_called, open_exchanges, settle
from hub.hub import Hub
from hub.people.orders import NotDone, Order
from hub.store.errand_records import ErrandRow
from loyalty.utc import utc_text
from sync.account.partners import ExchangeState

Id = Annotated[str, msgspec.Meta(max_length=64)]


class AskOpenExchanges(msgspec.Struct, frozen=True, kw_only=True):
    """Body of act `exchanges`: those that nobody has answered for, the oldest first."""


class OpenExchange(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`told_units`: what the partner says he gave, where that is not `units`; `happened`: event, moment, who, why."""

    id: str
    programme: str
    member: str
    state: ExchangeState
    partner: str
    number: str
    points: int
    units: int
    unit: str
    made_at: str
    at: str
    theirs: str = ""
    told_units: int = 0
    code: str = ""
    happened: tuple[tuple[str, str, str, str], ...] = ()


class OpenExchanges(msgspec.Struct, frozen=True, kw_only=True):
    exchanges: tuple[OpenExchange, ...]


class AskAgain(msgspec.Struct, frozen=True, kw_only=True):
    """Body of act `exchange_ask`. Refused: no_exchange, exchange_step."""

    id: Id


class SettleExchange(msgspec.Struct, frozen=True, kw_only=True):
    """Body of act `exchange_settle`: paid, the partner says that he has given it; freed, that he never will. Refused:
    no_exchange, exchange_step, reason."""

    id: Id
    outcome: Literal["paid", "freed"]
    reason: Annotated[str, msgspec.Meta(max_length=1_000)]


def _list(hub: Hub, asked: Asked, body: AskOpenExchanges) -> OpenExchanges:
    with hub.store.reading() as reader:
        return OpenExchanges(exchanges=tuple(map(_told, open_exchanges(reader) if _sees(asked) else ())))


def _sees(asked: Asked) -> bool:
    """They are of no shop: whoever sees all shops sees them."""
    return not asked.till and asked.stores is None


def _told(row: ErrandRow) -> OpenExchange:
    kept = kept_of(row)
    return OpenExchange(
        id=row.id,
        programme=kept.programme,
        member=row.member,
        state=state_of(row),
        partner=kept.partner,
        number=kept.number,
        points=kept.points,
        units=kept.units,
        unit=kept.unit,
        made_at=kept.made_at,
        at=utc_text(row.at),
        theirs=kept.theirs,
        told_units=kept.told_units,
        code=kept.code,
        happened=tuple((one.event, one.at, one.by, one.why) for one in kept.happened),
    )


def _ask_again(hub: Hub, asked: Asked, body: AskAgain) -> OpenExchange:
    return _stepped(hub, asked, lambda: ask_again(hub, body.id))


def _settle(hub: Hub, asked: Asked, body: SettleExchange) -> OpenExchange:
    order = Order(by=asked.by, key=asked.key or None, person=asked.person)
    return _stepped(hub, asked, lambda: settle(hub, body.id, body.outcome, body.reason, order))


def _stepped(hub: Hub, asked: Asked, step: Callable[[], ErrandRow]) -> OpenExchange:
    """Raises ActRefused."""
    if not _sees(asked):
        raise ActRefused("no_exchange", "exchanges are of no shop")
    try:
        row = step()
        with hub.store.reading() as reader:
            return _told(exchange_called(reader, row.id))
    except NotDone as why:
        raise ActRefused(why.code, str(why)) from why


EXCHANGE_ACTS: Final[Mapping[str, Act]] = {
    "exchanges": Act(takes=AskOpenExchanges, right="settle_exchanges", do=_list),
    "exchange_ask": Act(takes=AskAgain, right="settle_exchanges", do=_ask_again),
    "exchange_settle": Act(takes=SettleExchange, right="settle_exchanges", do=_settle),
}
