"""Who the customer is: a card, a code of his phone's, a coupon's QR, a phone; and that the card was another's."""

from __future__ import annotations

from dataclasses import replace as replace_done
from typing import Literal, NamedTuple

from msgspec.structs import replace

from drivers.scanner.wedge import Refused as BadLayout
from drivers.scanner.wedge import Repaired, repair_layout
from loyalty.card_numbers import as_number, scheme_of, spellings
from loyalty.phones import BadPhone, parse_phone, phone_key
from loyalty.rotating_code import PREFIX, RotatingCode
from loyalty.scans import SURROUNDING, ScanMeaning, what_is
from loyalty.typed_codes import read_code
from offline_cache.records import CardRecord
from pos_agent.counter import Counter, Done, remark
from pos_agent.desks import certificates
from pos_agent.desks.brought import bring
from pos_agent.desks.coupons import by_code, show
from pos_agent.desks.phone_code import opened, proved
from pos_agent.inquiry import Inquiry
from pos_agent.protocol import KEYBOARD, Code, DropCard, Phone
from pos_agent.receipt import masked
from pos_agent.refused import Refused
from pos_agent.telling import retell, told_quote, unheard
from pos_agent.visit import HeldElsewhere, Visit, VisitEvent, Who, allow
from pos_agent.words import as_typed
from sync.protocol import MemberNow


class TypedCode(NamedTuple):
    """Of a coupon, as people type it."""

    code: str


class Certificate(NamedTuple):
    """The text of one."""

    text: str


class OldReceipt(NamedTuple):
    """The code of one."""

    text: str


class Unknown(NamedTuple):
    """A card's number by the programme's rules, and nobody's here."""

    number: str


def code(counter: Counter, visit: Visit, command: Code) -> Done:
    """A card that is known here, a stranger's, a coupon, a gift certificate, or a receipt of before."""
    read = _read(counter, command.text, command.scanner)
    match read:
        case TypedCode():
            return by_code(counter, visit, read.code)
        case Certificate():
            return certificates.show(counter, visit, read.text)
        case OldReceipt():
            return bring(counter, visit, read.text)
        case str():
            return show(counter, visit, read)
        case RotatingCode():
            return _by_phone_code(counter, visit, read)
        case Unknown():
            return _stranger(counter, visit, read, may_be_goods=_may_be_goods(visit, command))
    return identified(counter, visit, who_of(in_force(read), "card"), "member_found")


def _by_phone_code(counter: Counter, visit: Visit, shown: RotatingCode) -> Done:
    """The card in it, and whether the phone is his who has it. Raises Refused."""
    card = counter.find_card(shown.card)
    if card is None:
        sure, why_not = proved(counter, stranger_of(shown.card), shown, visit.who)
        done = _stranger(counter, visit, Unknown(shown.card), may_be_goods=False, sure=sure)
        return replace_done(done, more=done.more + why_not)
    plain = who_of(in_force(card), "card")
    allow(visit, VisitEvent.MEMBER_FOUND)
    who, why_not = proved(counter, plain, shown, visit.who)
    done = identified(counter, visit, who, "member_found")
    if who.second_factor and not done.words:  # of a debt is said what matters more
        return replace_done(done, words="member_found_by_phone_code")
    return replace_done(done, more=done.more + why_not)


def shown_code(counter: Counter, command: Code) -> RotatingCode | None:
    """None: it is no code of a phone's. Raises Refused."""
    text = command.text.strip(SURROUNDING)
    return opened(counter, text) if text.startswith(PREFIX) else None


def card_by_code(counter: Counter, text: str, scanner: str) -> CardRecord:
    """The card that this code is, for who only asks what is on it. Raises Refused, as for a receipt."""
    read = _read(counter, text, scanner)
    if isinstance(read, str | TypedCode):
        raise Refused("coupon_is_no_card")
    if isinstance(read, Certificate | OldReceipt):
        raise Refused("certificate" if isinstance(read, Certificate) else "receipt")
    if isinstance(read, RotatingCode):
        read = counter.find_card(read.card) or Unknown(read.card)
    if not isinstance(read, Unknown):
        return in_force(read)
    raise _unknown(counter, read, may_be_goods=False, balance=True)


def _read(
    counter: Counter, code: str, scanner: str
) -> CardRecord | Unknown | RotatingCode | TypedCode | Certificate | OldReceipt | str:
    """A known member's card comes first; then the prefixes decide: of a coupon its text. What is none of that may be a
    coupon's code that is typed, whatever the layout. Raises Refused for all else."""
    code = code.strip(SURROUNDING)
    repaired = repair_layout(code) if scanner == KEYBOARD else None
    text = repaired.text if isinstance(repaired, Repaired) else code
    card = counter.find_card(text)
    if card is not None:
        return card
    meaning = meaning_of(counter, text, typed=scanner == KEYBOARD)
    if meaning.kind == "coupon":
        return meaning.text
    if meaning.kind == "rotating":
        return opened(counter, meaning.text)
    if meaning.kind == "certificate":
        return Certificate(meaning.text)
    if meaning.kind == "receipt":
        return OldReceipt(meaning.text)
    if meaning.kind == "card":
        return Unknown(meaning.text)
    if meaning.kind == "unknown" and (typed := read_code(text) or read_code(code)) is not None:
        return TypedCode(typed)
    if meaning.kind == "unknown" and isinstance(repaired, BadLayout):
        raise Refused("layout", why=repaired.hints[0 if counter.language == "ru" else 1])
    if meaning.kind == "unknown":
        raise _not_ours(counter, text, meaning)
    raise Refused(meaning.kind)


def _unknown(counter: Counter, unknown: Unknown, *, may_be_goods: bool, balance: bool = False) -> Refused:
    """Only who knows all cards, or has asked, says that one is nobody's. `balance`: somebody asks what is on it."""
    card, number = masked(unknown.number), unknown.number
    if not counter.may_inquire and counter.feed.pulled_at is None:
        return Refused("no_cards_yet", card=card)
    if may_be_goods:
        return Refused("unknown_card", words="unknown_card_or_goods", card=card)
    if not counter.takes_strangers or counter.is_nobodys(number):
        return Refused("unknown_card", card=card)
    words = "unknown_card_asked" if counter.may_inquire else "unknown_card_here"
    return Refused("unknown_card", words=words, inquiry=Inquiry(card=number, balance=balance), card=card)


def _stranger(counter: Counter, visit: Visit, unknown: Unknown, *, may_be_goods: bool, sure: Who | None = None) -> Done:
    """He earns, and the hub knows whose card it is. Whoever is known here never makes way for him: it may be a label
    of goods. `sure`: he showed more than a number. Raises Refused."""
    is_free = visit.who is None or visit.who.stranger
    if not (is_free and counter.takes_strangers) or counter.is_nobodys(unknown.number):
        raise _unknown(counter, unknown, may_be_goods=may_be_goods)
    allow(visit, VisitEvent.MEMBER_FOUND)
    strange = replace(of_another(visit, sure or stranger_of(unknown.number)), strange=unknown.number)
    fresh, told = retell(counter, strange)
    if may_be_goods:
        words = "stranger_or_goods_asked" if counter.may_inquire else "stranger_or_goods"
    else:
        words = "stranger_asked" if counter.may_inquire else "stranger"
    return Done(
        visit=fresh,
        code="stranger",
        words=words,
        facts={"card": masked(unknown.number)},
        told=told_quote(told) if told else None,
        inquiry=Inquiry(card=unknown.number),
    )


def stranger_of(number: str) -> Who:
    return Who(card=number, member=None, identified_by="card", stranger=True)


def unless_forgotten(counter: Counter, visit: Visit) -> Visit:
    """Whom this till was told to forget, while the receipt lay aside, is a stranger by his card."""
    who = visit.who
    if who is None or who.card is None or who.member is None or counter.is_known(who):
        return visit
    return replace(visit, who=stranger_of(who.card), hold=None, held=None)


def as_known(counter: Counter, visit: Visit) -> Visit:
    """While the receipt lay aside a stranger may have become known, and a member forgotten. What is frozen stays."""
    visit = unless_forgotten(counter, visit)
    who = visit.who
    card = counter.card(who.card) if who is not None and who.stranger and who.card is not None else None
    if card is None or card.status == "replaced" or visit.prepared or visit.retold is not None:
        return visit
    fresh, _ = retell(counter, replace(visit, who=who_of(card, "card")))
    return unheard(visit, fresh)


def stranger_by(counter: Counter, text: str) -> Who | None:
    """Whose card may be known elsewhere; None where it is no card's number, or every card is known here."""
    try:
        meaning = meaning_of(counter, text)
    except Refused:  # it has another length
        return None
    return stranger_of(meaning.text) if meaning.kind == "card" and counter.takes_strangers else None


def _not_ours(counter: Counter, text: str, meaning: ScanMeaning) -> Refused:
    """A card that we know, behind a letter by which the scanner says which kind of code it is (D30)."""
    letter, rest = text[:1], text[1:]
    card = counter.find_card(rest) if letter.isascii() and letter.isalpha() else None
    if card is None:
        return Refused(meaning.reason or "not_ours")
    return Refused("not_ours", words="not_ours_but_for_letter", letter=letter, card=masked(card.number))


def _may_be_goods(visit: Visit, command: Code) -> bool:
    """Scales print labels with the weight in them, and their numbers live in 20 to 29, as many cards' do (R16)."""
    return bool(visit.lines) and command.scanner != KEYBOARD


def meaning_of(counter: Counter, text: str, *, typed: bool = False) -> ScanMeaning:
    """Of what is no known card. Raises Refused for a card's number of another length, by how many digits."""
    numbers = spellings(as_number(text.strip(" \t\r\n")))
    meanings = [what_is(number, counter.programme, False, typed=typed) for number in numbers]
    meaning = next((one for one in meanings if one.kind == "card"), meanings[0])
    if meaning.reason == "length":
        scheme = scheme_of(meaning.text, counter.programme.cards.schemes)
        assert scheme is not None, "a length is wrong for a scheme"
        raise Refused("length", digits=str(len(meaning.text)), right=str(scheme.length))
    return meaning


def in_force(card: CardRecord) -> CardRecord:
    if card.status == "replaced":
        raise Refused("card_replaced", card=masked(card.number))
    return card


def who_of(card: CardRecord, by: Literal["card", "phone"]) -> Who:
    return Who(card=card.number, member=card.member, identified_by=by)


def phone(counter: Counter, visit: Visit, command: Phone) -> Done:
    card = card_by_phone(counter, command.number)
    return identified(counter, visit, who_of(card, "phone"), "member_found_by_phone")


def card_by_phone(counter: Counter, number: str, *, balance: bool = False) -> CardRecord:
    """A card of the one member who has this phone. `balance`: somebody only asks what is on his account. Raises
    Refused; the hub may know him."""
    try:
        e164 = parse_phone(number)
    except BadPhone as error:
        words = f"bad_phone_{error.reason}"
        raise Refused("bad_phone", words=words, number=as_typed(number)) from None
    members = _with_phone(counter, e164)
    if not members and counter.takes_strangers and counter.may_inquire:
        asked = Inquiry(phone=e164, balance=balance)
        raise Refused("unknown_phone", words="unknown_phone_asked", inquiry=asked)
    if not counter.cache.phones.keys:
        raise Refused("no_phones_yet")
    if not members and counter.takes_strangers:
        raise Refused("unknown_phone", words="unknown_phone_here")
    if len(members) != 1:
        raise Refused("phone_shared" if members else "unknown_phone")
    return card_of(counter, members[0])


def _with_phone(counter: Counter, e164: str) -> list[str]:
    """By the newest key under which anybody was told."""
    keys = counter.cache.phones.keys
    found = (counter.cache.members.by_phone(phone_key(key, e164)) for key in keys)
    return next(filter(None, found), [])


def card_heard(counter: Counter, now: MemberNow | None) -> tuple[CardRecord, MemberNow]:
    """The same, by the hub's answer to a phone that nobody here has; and that answer. Raises Refused."""
    if now is None:
        raise Refused("unknown_phone", words="unknown_phone_unasked")
    if now.member is None or not counter.knows(now.member.member):
        raise Refused("unknown_phone")
    return card_of(counter, now.member.member), now


def card_of(counter: Counter, member: str) -> CardRecord:
    """The one by which he is known where he shows none. Raises Refused."""
    cards = counter.cache.members.cards(member)
    if not cards or cards[0].status == "replaced":
        raise Refused("unknown_phone")
    return cards[0]


def identified(counter: Counter, visit: Visit, who: Who, code: str, held: HeldElsewhere | None = None) -> Done:
    """Whoever has a blocked card may be its finder: he hears nothing of the account."""
    allow(visit, VisitEvent.MEMBER_FOUND)
    fresh, told = retell(counter, replace(of_another(visit, who), held=held))
    points, inquiry = counter.balance(who), Inquiry(member=who.member)
    quote = told_quote(told) if told else None
    if counter.is_blocked(fresh):
        blocked = {"card": masked(who.card)}
        return Done(visit=fresh, code=code, facts=blocked, told=quote, words="blocked_card", inquiry=inquiry)
    facts = {"card": masked(who.card), "balance": counter.points(points), "owed": counter.owed(points)}
    if points >= 0:
        return Done(visit=fresh, code=code, facts=facts, told=quote, inquiry=inquiry)
    words = "owing_found" if who.identified_by == "card" else "owing_found_by_phone"
    more = (remark("owed_why"),)
    return Done(visit=fresh, code=code, facts=facts, told=quote, words=words, more=more, inquiry=inquiry)


def drop_card(counter: Counter, visit: Visit, command: DropCard) -> Done:
    """The basket and the coupons stay."""
    allow(visit, VisitEvent.CARD_DROPPED)
    fresh, told = retell(counter, of_another(visit, None))
    return Done(visit=fresh, code="card_dropped", told=told_quote(told) if told else None)


def of_another(visit: Visit, who: Who | None) -> Visit:
    """Another member inherits neither the wish to redeem and what was reserved for it, nor a card that was meant for
    the one before, nor advice."""
    fresh = replace(visit, who=who, requested_points=0, decided=False, issue=None, reissue=None, advised=None)
    if visit.who is None or who is None or visit.who.member != who.member:
        fresh = replace(fresh, exchange=None)
    return replace(fresh, hold=None, reserving=None, held=None, code=None)
