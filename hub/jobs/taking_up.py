"""Sales of a card that nobody had when they came, taken up once somebody has it: what was not done when the card came
(hub/taking_up.py), for the hub ended then, or both came at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from hub.jobs.stretches import Stretch, pages, until_of, waiting
from hub.jobs.turn import Turn
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from hub.taking_up import card_waited_for, cards_given, take_up
from loyalty.kinds import KIND_OF, Maker

UNTIL: Final = "taken_up_until/"  # a setting of each chain: up to which of its operations its cards are looked at
MAKERS: Final[frozenset[Maker]] = frozenset(maker for kind in KIND_OF.values() for maker in kind.makers)


def again(turn: Turn) -> Iterator[int]:
    """How many sales of each page were taken up."""
    with turn.hub.store.reading() as reader:
        left = waiting(reader, UNTIL, MAKERS)
    for page in pages(left, turn.page):
        with turn.hub.store.reading() as reader:
            cards = _cards(reader, page)
        yield take_up(turn.hub, cards)
        turn.hub.within(partial(_keep, page))


def _cards(reader: Reader, page: Sequence[Stretch]) -> set[str]:
    """That were given out here, and those of sales that wait for theirs."""
    kept = reader.operations([place for stretch in page for place in stretch.places()]).values()
    waited = {card for one in kept if (card := card_waited_for(one.text, one.reason)) is not None}
    return waited | cards_given(one.text for one in kept if one.reason is None)


def _keep(page: Sequence[Stretch], writer: Writer) -> None:
    writer.write(Rows(settings=until_of([stretch for stretch in page if stretch.is_due(writer.setting)])))
