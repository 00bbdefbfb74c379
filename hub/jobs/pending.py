"""Cards that a paper form made pending become active when their day has come (P19). Everybody has counted them as
active since; here it is written down. What is left to do is seen in the cards."""

from __future__ import annotations

from collections.abc import Iterator

from hub.jobs.turn import Turn
from hub.store.records import ChangeRow
from hub.store.rows import Rows
from hub.store.seam import Writer
from hub.stores import tell_shops
from loyalty.cards import next_status


def confirm(turn: Turn) -> Iterator[int]:
    return turn.pages(lambda reader: reader.due_cards(turn.until, 1), lambda writer: _page(writer, turn))


def _page(writer: Writer, turn: Turn) -> int:
    """How many cards became active."""
    owners = writer.locked_members({card.member for card in writer.due_cards(turn.until, turn.page)})
    due = [card for card in writer.due_cards(turn.until, turn.page) if card.member in owners]
    active = [card._replace(status=next_status(card.status, "form_confirmed"), active_from=None) for card in due]
    told = sorted({card.member for card in due})
    rows = Rows(cards=active, changes=[ChangeRow(owners[one].programme, "member", one) for one in told])
    tell_shops(writer, rows, turn.until)
    writer.write(rows)
    return len(active)
