"""Acts for cards: which can be given out, which is blocked."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Annotated, Final

import msgspec

from hub.blanks.virtual import File, ahead, blanks_left, note_spoiled
from hub.desk.act import Act, ActRefused, Asked
from hub.hub import Hub
from hub.people.cards import block, unblock
from hub.people.orders import Done, NotDone, Order
from hub.people.who import NotFound
from hub.store.seam import Writer
from sync.card_numbers import ACT, CardNumbersAsked, CardNumbersTold


class OfCard(msgspec.Struct, frozen=True, kw_only=True):
    """`card`: its number, in full."""

    card: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


def _numbers(hub: Hub, asked: Asked, body: CardNumbersAsked) -> CardNumbersTold:
    """Asked again, it says the same: what is not somebody's yet stays this file's."""
    programme = hub.programmes.get(asked.programme)
    if programme is None or not asked.till:
        raise ActRefused(
            "unknown_programme", f"Numbers of cards are a till's, of a programme of this hub: {asked.programme}."
        )
    file = File(asked.till, body.file, asked.store)

    def work(writer: Writer) -> CardNumbersTold:
        note_spoiled(writer, body.spoiled)
        virtual = ahead(writer, programme, file, body.virtual, draw=secrets.randbelow, now=hub.now())
        return CardNumbersTold(virtual=virtual, blanks_left=blanks_left(writer, programme.id, asked.store))

    return hub.within(work)


def _ordered(order: Callable[[Hub, str, Order, str], Done]) -> Callable[[Hub, Asked, OfCard], Done]:
    def do(hub: Hub, asked: Asked, body: OfCard) -> Done:
        try:
            return order(hub, body.card, Order(by=asked.by, key=asked.key), body.reason)
        except NotFound as error:
            raise ActRefused("unknown_card", str(error)) from error
        except NotDone as error:
            raise ActRefused("not_done", str(error)) from error

    return do


CARDS_ACTS: Final[Mapping[str, Act]] = {
    ACT: Act(takes=CardNumbersAsked, right=None, do=_numbers),
    "block_card": Act(takes=OfCard, right="block_cards", do=_ordered(block)),
    "unblock_card": Act(takes=OfCard, right="unblock_cards", do=_ordered(unblock)),
}
