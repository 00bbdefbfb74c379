"""Whoever is erased is forgotten here too: his codes, what he was written, what waits to be sent to him, when he proved
his phone, which phones show his cards, the cards that he has ordered, and what else he has asked for."""

from __future__ import annotations

from collections.abc import Collection

from hub.card_orders.closing import forget_orders
from hub.codes.code import KEPT
from hub.errands.forgetting import forget_errands
from hub.hub import Hub
from hub.messages.keeping import letters_to
from hub.store.rows import Rows
from hub.store.seam import Writer


def forget(hub: Hub, writer: Writer, members: Collection[str], phones: Collection[str]) -> None:
    """`phones` (E.164) and e-mail addresses that were theirs: a code may have gone to one before it was anybody's. A
    message of before that has neither a number nor a text, and says by nothing whose it was."""
    hidden = {hub.codes.phone(phone) for phone in phones}
    codes = [
        row.id
        for row in writer.codes_since(hub.now() - KEPT)
        if row.member in members or (row.phone and row.phone in hidden)
    ]
    cards = [card.number for card in writer.cards_of(members)]
    shown = [row.id for row in writer.phones_of_cards(cards)] if cards else []
    gone = Rows(
        gone_codes=codes,
        gone_messages=[*codes, *shown],
        gone_confirmed=list(members),
        gone_card_phones=shown,
        gone_letters=letters_to(writer, members),
    )
    writer.write(gone)
    forget_orders(writer, members, hub.now())
    forget_errands(writer, members, hub.now())
