"""Who the customer is: a card, a coupon's QR, a phone; and that the card was another's."""

from __future__ import annotations

from typing import Literal

from msgspec.structs import replace

from drivers.scanner.wedge import Refused as BadLayout
from drivers.scanner.wedge import Repaired, repair_layout
from loyalty.card_numbers import as_number, scheme_of, spellings
from loyalty.phones import BadPhone, parse_phone, phone_key
from loyalty.scans import ScanMeaning, what_is
from offline_cache.records import CardRecord
from pos_agent.counter import Counter, Done
from pos_agent.desks.coupons import show
from pos_agent.protocol import KEYBOARD, Code, DropCard, Phone
from pos_agent.receipt import masked
from pos_agent.refused import Refused
from pos_agent.telling import retell, told_quote
from pos_agent.visit import Visit, VisitEvent, Who, allow
from pos_agent.words import as_typed


def code(counter: Counter, visit: Visit, command: Code) -> Done:
    """A known member's card comes first; then the programme's prefixes decide."""
    repaired = repair_layout(command.text.strip()) if command.scanner == KEYBOARD else None
    text = repaired.text if isinstance(repaired, Repaired) else command.text
    card = counter.find_card(text)
    if card is not None:
        return _card(counter, visit, card)
    meaning = meaning_of(counter, text)
    if meaning.kind == "coupon":
        return show(counter, visit, meaning.text)
    if meaning.kind == "card":
        refusal = "unknown_card" if counter.feed.pulled_at else "no_cards_yet"
        words = "unknown_card_or_goods" if refusal == "unknown_card" and _may_be_goods(visit, command) else refusal
        raise Refused(refusal, words=words, card=masked(meaning.text))
    if meaning.kind == "unknown" and isinstance(repaired, BadLayout):
        raise Refused("layout", why=repaired.hints[0 if counter.language == "ru" else 1])
    if meaning.kind == "unknown":
        raise Refused(meaning.reason or "not_ours")
    raise Refused(meaning.kind)


def _may_be_goods(visit: Visit, command: Code) -> bool:
    """Scales print labels with the weight in them, and their numbers live in 20 to 29, as many cards' do (R16)."""
    return bool(visit.lines) and command.scanner != KEYBOARD


def meaning_of(counter: Counter, text: str) -> ScanMeaning:
    """Of what is no known card. Raises Refused for a card's number of another length, by how many digits."""
    meanings = [what_is(number, counter.programme, False) for number in spellings(as_number(text.strip(" \t\r\n")))]
    meaning = next((one for one in meanings if one.kind == "card"), meanings[0])
    if meaning.reason == "length":
        scheme = scheme_of(meaning.text, counter.programme.cards.schemes)
        assert scheme is not None, "a length is wrong for a scheme"
        raise Refused("length", digits=str(len(meaning.text)), right=str(scheme.length))
    return meaning


def _card(counter: Counter, visit: Visit, card: CardRecord) -> Done:
    if card.status == "replaced":
        raise Refused("card_replaced", card=masked(card.number))
    return identified(counter, visit, who_of(card, "card"), "member_found")


def who_of(card: CardRecord, by: Literal["card", "phone"]) -> Who:
    return Who(card=card.number, member=card.member, identified_by=by)


def phone(counter: Counter, visit: Visit, command: Phone) -> Done:
    try:
        e164 = parse_phone(command.number)
    except BadPhone as error:
        words = f"bad_phone_{error.reason}"
        raise Refused("bad_phone", words=words, number=as_typed(command.number)) from None
    key = counter.cache.phone_hash_key()
    if key is None:
        raise Refused("no_phones_yet")
    members = counter.cache.members.by_phone(phone_key(key, e164))
    if len(members) != 1:
        raise Refused("phone_shared" if members else "unknown_phone")
    cards = counter.cache.members.cards(members[0])
    if not cards or cards[0].status == "replaced":
        raise Refused("unknown_phone")
    return identified(counter, visit, who_of(cards[0], "phone"), "member_found_by_phone")


def identified(counter: Counter, visit: Visit, who: Who, code: str) -> Done:
    allow(visit, VisitEvent.MEMBER_FOUND)
    fresh, told = retell(counter, _of_another(visit, who))
    facts = {"card": masked(who.card), "balance": counter.points(counter.balance(who))}
    return Done(visit=fresh, code=code, facts=facts, told=told_quote(told) if told else None)


def drop_card(counter: Counter, visit: Visit, command: DropCard) -> Done:
    """The basket and the coupons stay."""
    allow(visit, VisitEvent.CARD_DROPPED)
    fresh, told = retell(counter, _of_another(visit, None))
    return Done(visit=fresh, code="card_dropped", told=told_quote(told) if told else None)


def _of_another(visit: Visit, who: Who | None) -> Visit:
    """Another member inherits neither the wish to redeem, nor a card that was meant for the one before, nor advice."""
    return replace(visit, who=who, requested_points=0, decided=False, issue=None, reissue=None, advised=None)
