"""Cards that change without a purchase: blocked, free again, virtual (A31). Each is an operation of this till: it holds
here at once, with the hub or without, and everywhere as soon as the others have heard."""

from __future__ import annotations

from drivers.printer.document import to_json
from loyalty.bodies import Body, CardBlocked, CardIssued, CardMadeVirtual, CardUnblocked
from loyalty.cards import CardEvent, IllegalCardEvent, next_status
from loyalty.lots import balance
from loyalty.operation import Operation
from loyalty.staff import may
from offline_cache.records import CardRecord, Paper
from pos_agent.answers import ToldCard
from pos_agent.card_words import STATUS_WORDS
from pos_agent.counter import Counter, Done
from pos_agent.desks.cards import virtual_number
from pos_agent.desks.identify import card_by_code, card_by_phone
from pos_agent.desks.typed import ends, reason_in
from pos_agent.protocol import KEYBOARD
from pos_agent.protocol_cards import BlockCard, MakeVirtual, UnblockCard
from pos_agent.qr import rows
from pos_agent.receipt import masked
from pos_agent.recording import commit, sure_of_room
from pos_agent.refused import Refused
from pos_agent.slip import slip
from pos_agent.staff.caller import Step
from pos_agent.telling import retell, unheard
from pos_agent.visit import MANAGER, Visit, VisitState, state_of


def block(counter: Counter, visit: Visit, command: BlockCard) -> Done:
    card = _which(counter, command.card, command.phone)
    _step(counter, card, "blocked")
    if command.look:
        return looked(counter, visit, card, by_phone=command.phone is not None)
    if command.phone is not None:  # anybody can say a number, and who has the card in hand spends nothing then
        counter.one_who_may("find_members", Step("block_card", of=masked(card.number)))
    body = CardBlocked(member=card.member, card=card.number, reason=reason_in(command.reason))
    told = _recorded(counter, card, body)
    fresh = _told_anew(counter, visit, card)
    return Done(visit=fresh, code="card_is_blocked_now", facts={"card": told.card}, card=told)


def unblock(counter: Counter, visit: Visit, command: UnblockCard) -> Done:
    card = _which(counter, command.card, None)
    _step(counter, card, "unblocked")
    if command.look:
        return looked(counter, visit, card, by_phone=False)
    body = CardUnblocked(member=card.member, card=card.number, reason=reason_in(command.reason))
    told = _recorded(counter, card, body)
    fresh = _told_anew(counter, visit, card)
    return Done(visit=fresh, code="card_is_free", facts={"card": told.card}, card=told)


def make_virtual(counter: Counter, visit: Visit, command: MakeVirtual) -> Done:
    """A31. A spoken phone alone is not enough, as with any other card in place of a lost one."""
    by_phone = command.phone is not None
    if by_phone and not (command.manager or command.look):
        raise Refused("reissue_needs_manager")
    card = _which(counter, command.card, command.phone)
    _step(counter, card, "replaced")
    if _is_virtual(counter, card):
        raise Refused("card_virtual_already", card=masked(card.number))
    if visit.who is not None and visit.who.card == card.number:
        raise Refused("card_on_receipt", card=masked(card.number))
    if command.look:
        return looked(counter, visit, card, by_phone=by_phone)
    number = virtual_number(counter)
    answers = counter.one_who_may("reissue_by_word", Step("make_virtual", of=masked(card.number))) if by_phone else None
    body = CardMadeVirtual(member=card.member, old_card=card.number, new_card=number)
    by = ((answers and answers.name) or command.by or MANAGER) if by_phone else None
    told = _recorded(counter, card, body, number=number, by=by)
    facts = {"card": masked(card.number), "new": told.card}
    return Done(visit=visit, code="card_is_virtual", facts=facts, card=told)


def looked(counter: Counter, visit: Visit, card: CardRecord, *, by_phone: bool) -> Done:
    """Which card it would be, before anything is done to it. A spoken phone tells the balance to nobody but whoever may
    find members."""
    status = card.status_at(counter.now)
    told = ToldCard(card=masked(card.number), status=status)
    facts = {"card": told.card, "status": STATUS_WORDS[status][0 if counter.language == "ru" else 1]}
    person = counter.person
    if by_phone and not counter.house.balance_by_phone and not (person and may(person.role, "find_members")):
        return Done(visit=visit, code="card_looked_at", words="card_looked_at_by_phone", facts=facts, card=told)
    points = balance(counter.member(card.member)[1].account, counter.latest)
    facts |= {"balance": counter.points(points), "owed": counter.owed(points)}
    words = "card_looked_at" if points >= 0 else "card_looked_at_owing"
    return Done(visit=visit, code="card_looked_at", words=words, facts=facts, card=told)


def _is_virtual(counter: Counter, card: CardRecord) -> bool:
    """As far as it became one here."""
    for key in counter.cache.card_numbers.births(card.member):
        operation = counter.cache.operation(key)
        match operation.body if operation is not None else None:
            case CardMadeVirtual(new_card=card.number) | CardIssued(card=card.number, virtual=True):
                return True
    return False


def _which(counter: Counter, text: str | None, phone: str | None) -> CardRecord:
    """Raises Refused."""
    if phone is None:
        if text is None:
            raise Refused("which_card")
        return card_by_code(counter, text, KEYBOARD)
    member = card_by_phone(counter, phone).member
    alive = [card for card in counter.cache.members.cards(member) if card.status != "replaced"]
    meant = [card for card in alive if text is None or ends(card.number, text.strip())]
    if len(meant) != 1:
        raise Refused("several_cards", cards=", ".join(masked(card.number) for card in alive))
    return meant[0]


def _step(counter: Counter, card: CardRecord, event: CardEvent) -> None:
    """Follow the table of a card's life. Raises Refused, in words for each status that does not know the event."""
    status = card.status_at(counter.now)
    try:
        next_status(status, event)
    except IllegalCardEvent:
        other = "card_blocked_already" if event == "blocked" else "card_not_blocked"
        raise Refused("card_replaced" if status == "replaced" else other, card=masked(card.number)) from None


def _told_anew(counter: Counter, visit: Visit, card: CardRecord) -> Visit:
    """The receipt of this card's member earns and redeems otherwise from now on; a POS hears that before the money."""
    if (
        visit.who is None
        or visit.who.member != card.member
        or visit.prepared
        or state_of(visit) is not VisitState.READY
    ):
        return visit
    return unheard(visit, retell(counter, visit)[0])


def _recorded(
    counter: Counter, card: CardRecord, body: Body, *, number: str | None = None, by: str | None = None
) -> ToldCard:
    """Record it, with its paper where there is one: the card as it is then, or the one of that `number` in its place.
    Raises Refused."""
    sure_of_room(counter)

    def papers(operations: tuple[Operation, ...]) -> list[Paper]:
        paper = slip(operations[0], counter.programme, counter.house.receipt_language)
        return [Paper(kind="slip", label=masked(number), document=to_json(paper))] if paper is not None else []

    def is_recorded() -> bool:
        now = counter.cache.members.card(number or card.number)
        return now is not None and (number is not None or now.status != card.status)

    commit(counter, [body], None, papers, is_recorded=is_recorded, by=by)
    now = counter.cache.members.card(number or card.number)
    assert now is not None, "it was recorded"
    return ToldCard(
        card=masked(now.number),
        status=now.status_at(counter.now),
        number=number,
        qr=rows(number) if number is not None else (),
    )
