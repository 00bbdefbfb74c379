"""Cards that change hands: one issued with a purchase, one that replaces a lost one."""

from __future__ import annotations

from msgspec.structs import replace

from loyalty.bodies import CardIssued, CardReissued, SaleNumber
from loyalty.cards import TRANSITIONS
from pos_agent.answers import ToldCard
from pos_agent.counter import Counter, Done
from pos_agent.desks.codes import with_proof
from pos_agent.desks.identify import meaning_of
from pos_agent.desks.purchase import large_enough
from pos_agent.inquiry import Inquiry
from pos_agent.protocol import IssueCard, ReissueCard
from pos_agent.protocol_cards import IssueVirtual, SwapCard
from pos_agent.qr import rows
from pos_agent.receipt import masked
from pos_agent.refused import Refused
from pos_agent.staff.caller import Step
from pos_agent.telling import retell, told_quote
from pos_agent.visit import MANAGER, Reissue, Visit, VisitEvent, Who, allow

SHOWN_MAX = 64  # characters of what was typed as a card


def issue(counter: Counter, visit: Visit, command: IssueCard) -> Done:
    """A4: a blank card goes to the customer with the purchase."""
    number = _blank(counter, command.card, visit)
    if visit.who is not None and visit.who.stranger:  # nobody here knew that it is a blank one
        visit = replace(visit, who=None)
    allow(visit, VisitEvent.CARD_ISSUED)
    who = Who(card=number, member=None, identified_by="card")
    changed = replace(visit, who=who, issue=number, virtual=False, reissue=None)
    large_enough(counter, changed)
    fresh, told = retell(counter, changed)
    facts = {"card": masked(number)}
    quote = told_quote(told) if told else None
    return Done(
        visit=fresh, code="card_will_be_issued", facts=facts, told=quote, inquiry=_whether_blank(counter, number)
    )


def issue_virtual(counter: Counter, visit: Visit, command: IssueVirtual) -> Done:
    """A4 where there is no blank: one of the numbers that the hub gave ahead."""
    if visit.who is not None and visit.who.stranger:
        visit = replace(visit, who=None)
    allow(visit, VisitEvent.CARD_ISSUED)
    number = virtual_number(counter)
    who = Who(card=number, member=None, identified_by="card")
    changed = replace(visit, who=who, issue=number, virtual=True, reissue=None)
    large_enough(counter, changed)
    counter.cache.card_numbers.promise(number, counter.now)
    fresh, told = retell(counter, changed)
    return Done(
        visit=fresh,
        code="virtual_will_be_issued",
        facts={"card": masked(number)},
        told=told_quote(told) if told else None,
        card=ToldCard(card=masked(number), status="issued", number=number, qr=rows(number)),
    )


def virtual_number(counter: Counter) -> str:
    """The next that is this till's. Where the till may be a copy of another, the other has the same numbers ahead, and
    two people would get one. Raises Refused."""
    if counter.house.unproven() is not None:
        raise Refused("virtual_unproven")
    number = counter.cache.card_numbers.next_virtual(counter.now)
    if number is None:
        raise Refused("no_virtual_numbers")
    return number


def swap(counter: Counter, visit: Visit, command: SwapCard) -> Done:
    """A blank is spoiled while it is given out: nobody gets it, here from now on and elsewhere once the hub has heard,
    and another goes out in its place."""
    spoiled = visit.reissue.new_card if visit.reissue else visit.issue
    if spoiled is None or visit.virtual:
        raise Refused("nothing_to_swap")
    number = _blank(counter, command.card, visit)
    if number == spoiled:
        raise Refused("card_is_the_spoiled_one", card=masked(number))
    counter.cache.card_numbers.spoil(spoiled, number, counter.now)
    fresh, told = retell(counter, with_blank(visit, number))
    return Done(
        visit=fresh,
        code="card_swapped",
        facts={"card": masked(number), "spoiled": masked(spoiled)},
        told=told_quote(told) if told else None,
        inquiry=_whether_blank(counter, number),
    )


def with_blank(visit: Visit, number: str) -> Visit:
    """The same, with another card going out."""
    who = replace(visit.who, card=number) if visit.who is not None else None
    if visit.reissue is not None:
        return replace(visit, who=who, reissue=replace(visit.reissue, new_card=number))
    return replace(visit, who=who, issue=number)


def _whether_blank(counter: Counter, number: str) -> Inquiry | None:
    """Where this till is not told of all cards the hub is asked; the receipt goes on meanwhile."""
    return Inquiry(card=number) if counter.takes_strangers else None


def reissue(counter: Counter, visit: Visit, command: ReissueCard) -> Done:
    """A29, A30: the balance stays with the member. A spoken phone alone is not enough: the account would go to whoever
    knows the number."""
    allow(visit, VisitEvent.CARD_REISSUED)
    who = visit.who
    assert who is not None
    new_card, member = _blank(counter, command.new_card, visit), who.member
    if member is None:
        raise Refused("no_card_to_replace")
    if command.second_factor is not None and not who.second_factor:
        proved = with_proof(counter, visit, command.second_factor)
        if isinstance(proved, Done):
            return proved
        visit, who = proved, proved.who or who
    if who.identified_by == "phone" and not (command.manager or who.second_factor):
        raise Refused("reissue_needs_manager")
    old_card = _lost_card(counter, member, command.old_card)
    answers = counter.one_who_may("reissue_by_word", Step("reissue")) if command.manager else None
    allowed_by = ((answers and answers.name) or command.by or MANAGER) if command.manager else None
    changed = replace(
        visit,
        who=replace(who, card=new_card),
        issue=None,
        virtual=False,
        reissue=Reissue(old_card=old_card, new_card=new_card, by=allowed_by),
    )
    fresh, told = retell(counter, changed)
    fee = counter.amount(counter.programme.cards.reissue_fee_kopecks)
    facts = {"card": masked(new_card), "fee": fee}
    quote = told_quote(told) if told else None
    return Done(
        visit=fresh, code="card_will_be_reissued", facts=facts, told=quote, inquiry=_whether_blank(counter, new_card)
    )


def could_go_out(counter: Counter, visit: Visit, text: str) -> str | None:
    """The number of a blank card that this visit could take: as a new card, or for a member who is here by his phone
    because his own is lost. Raises Refused, as the card's desk would; IllegalEvent; BadBasket."""
    who, number = visit.who, _blank(counter, text, visit)
    if who is None:
        allow(visit, VisitEvent.CARD_ISSUED)
        large_enough(counter, replace(visit, who=Who(card=number, member=None, identified_by="card")))
        return number
    if who.identified_by == "phone" and who.member is not None and visit.reissue is None:
        allow(visit, VisitEvent.CARD_REISSUED)
        _lost_card(counter, who.member, None)
        return number
    return None


def _blank(counter: Counter, text: str, visit: Visit) -> str:
    """A card of the programme that nobody has, as far as this till can know. One that was shown at this receipt as a
    customer's own is somebody's until the hub says otherwise. Raises Refused."""
    if (known := counter.find_card(text)) is not None:
        raise Refused("card_not_blank", card=masked(known.number))
    meaning = meaning_of(counter, text)
    if meaning.kind != "card":
        raise Refused("not_a_card", card=masked(text.strip()[:SHOWN_MAX]))
    if counter.cache.card_numbers.spoiled(meaning.text):
        raise Refused("card_spoiled", card=masked(meaning.text))
    if meaning.text == visit.strange:
        words = "card_maybe_taken_asked" if counter.may_inquire else "card_maybe_taken"
        raise Refused("card_not_blank", words=words, card=masked(meaning.text), inquiry=Inquiry(card=meaning.text))
    return meaning.text


def without_taken_card(counter: Counter, visit: Visit) -> tuple[Visit, str | None]:
    """A promise may outlive the blank card in it: another receipt, or the hub, has given it out. The visit as it can be
    recorded, and that card; None where there is none."""
    blank = visit.reissue.new_card if visit.reissue else visit.issue
    if blank is not None and (instead := counter.cache.card_numbers.instead_of(blank)) != blank:
        visit, blank = with_blank(visit, instead), instead  # it was promised before the first one was spoiled
    if blank is None or counter.card(blank) is None:
        return visit, None
    who = replace(visit.who, card=visit.reissue.old_card) if visit.who and visit.reissue else None
    return replace(visit, issue=None, reissue=None, who=who), blank


def _lost_card(counter: Counter, member: str, wanted: str | None) -> str:
    cards = counter.cache.members.cards(member)
    replaceable = [card.number for card in cards if "replaced" in TRANSITIONS[card.status_at(counter.now)]]
    if wanted is not None:
        replaceable = [number for number in replaceable if number == wanted]
    if not replaceable:
        raise Refused("no_card_to_replace")
    return replaceable[0]


def card_bodies(counter: Counter, visit: Visit, member: str, sale: SaleNumber) -> list[CardIssued | CardReissued]:
    """The operations of the cards of a paid visit."""
    if visit.issue is not None:
        return [CardIssued(sale=sale, member=member, card=visit.issue, virtual=visit.virtual)]
    if visit.reissue is None:
        return []
    return [
        CardReissued(
            sale=sale,
            member=member,
            old_card=visit.reissue.old_card,
            new_card=visit.reissue.new_card,
            fee_kopecks=counter.programme.cards.reissue_fee_kopecks,
        )
    ]
