"""A card goes to its member's phone: the hub makes a link, which is shown as a QR, or goes to his own number."""

from __future__ import annotations

from pos_agent.answers import ToldCard
from pos_agent.counter import Counter, Done
from pos_agent.desks.card_desk import looked
from pos_agent.desks.identify import card_by_code
from pos_agent.protocol import KEYBOARD
from pos_agent.protocol_cards import CardOnPhone
from pos_agent.qr import rows
from pos_agent.receipt import masked
from pos_agent.refused import Refused
from pos_agent.visit import Visit
from sync.card_phones import LINK, LinkAsked, LinkMade


def put_on_phone(counter: Counter, visit: Visit, command: CardOnPhone) -> Done:
    """Whoever has the link has the card, so it takes the card itself: a phone that was said is not enough. Raises
    Refused, Errand."""
    card = card_by_code(counter, command.card, KEYBOARD)
    status = card.status_at(counter.now)
    if status == "blocked":
        raise Refused("card_blocked_already", card=masked(card.number))
    if command.look:
        return looked(counter, visit, card, by_phone=False)
    made = counter.ask_hub(LINK, LinkAsked(card=card.number, send=command.send), LinkMade)
    facts = {"card": masked(card.number), "to": made.to}
    told = ToldCard(card=facts["card"], status=status, qr=rows(made.url) if made.url else ())
    return Done(visit=visit, code="card_link_made" if made.url else "card_link_sent", facts=facts, card=told)
