"""A card that was made and that nobody has."""

from __future__ import annotations

from hub.blanks.batches import batches
from hub.files.cards import card as checked_card
from hub.files.reasons import BadValue
from hub.store.seam import Reader
from loyalty.card_numbers import scheme_of
from loyalty.programme import Programme


def is_blank(reader: Reader, rules: Programme, number: str) -> bool:
    """A card that was made and handed to nobody; where the programme's cards come in no batches, any number of its."""
    try:
        checked_card(number, rules.cards.schemes)
    except BadValue:
        return False
    if scheme_of(number, rules.cards.schemes) is None:  # the office may know such a card of long ago
        return False
    blank = reader.blanks([number]).get(number)
    made = {one.batch: one for one in batches(reader) if one.programme == rules.id and not one.till}
    if blank is None:
        return not made
    return blank.batch in made and blank.state == "blank"
