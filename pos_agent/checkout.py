"""The story of a visit, top to bottom. Each event is answered with a line for the cashier; all branching is here.

Nothing has happened until `_pay` records it: operations, outbox, coupon, card and paper in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from drivers.scanner.wedge import Refused as BadLayout
from drivers.scanner.wedge import Repaired, repair_layout
from loyalty.basket import BadBasket, Basket, Line
from loyalty.bodies import Body, CardIssued, CardReissued, Deviation, SaleNumber
from loyalty.cards import TRANSITIONS as CARD_TRANSITIONS
from loyalty.cards import CardStatus
from loyalty.coupon_token import CouponRefused, open_coupon
from loyalty.effects import affected
from loyalty.explain import explain_quote
from loyalty.lots import balance, next_expiry
from loyalty.member import MemberView
from loyalty.operation import Operation
from loyalty.phones import BadPhone, parse_phone, phone_key
from loyalty.programme import Language, Programme
from loyalty.quote import Quote, quote
from loyalty.scans import what_is
from loyalty.sold import sale_of
from loyalty.wording import amount_text, points_text
from offline_cache.cache import Cache, Rules
from offline_cache.records import CardRecord, Paper
from pos_agent.counter import Counter
from pos_agent.events import (
    KEYBOARD,
    Cancel,
    Code,
    Command,
    IssueCard,
    Pay,
    Phone,
    Redeem,
    Refused,
    ReissueCard,
    Reply,
    Reprint,
    SetBasket,
    XReport,
)
from pos_agent.paper_desk import PaperDesk
from pos_agent.papers import papers_of_sale
from pos_agent.receipt import BalanceNow, masked
from pos_agent.shop_day import shop_day
from pos_agent.visit import IllegalEvent, Reissue, ShownCoupon, Visit, VisitEvent, Who, next_state
from pos_agent.words import say
from storage.sqlite_file import CommitUnknown, FileError

REISSUE_LINE = "card-reissue"  # the fee's line on the receipt (A30)
ISSUE_LINE = "card-issue"
SALE_NUMBER_MAX = 64  # characters
CLOCK_TOLERANCE_S = 300  # a clock further off is told to the cashier, and stands in the operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What the event made of the visit, and what to say."""

    visit: Visit
    code: str
    facts: dict[str, str]


class Checkout:
    """Takes an event at a moment, keeps the visit."""

    def __init__(
        self,
        cache: Cache,
        programme: Programme,
        *,
        language: Language,
        receipt_language: Language,
        is_online: Callable[[], bool],
        sales: Literal["all", "rights"] = "all",
        clock_tolerance_s: int = CLOCK_TOLERANCE_S,
    ) -> None:
        """`sales`: which receipts without a member are recorded: all, or only those that use a right up."""
        self.visit = Visit()
        self._cache = cache
        self._programme = programme
        self._language = language  # the cashier's
        self._receipt_language = receipt_language  # the customer's
        self._is_online = is_online
        self._sales = sales
        self._clock_tolerance_s = clock_tolerance_s
        self._clock_off_s = 0  # how far the moment of the command in hand was corrected
        self._counter = self._look()
        self._papers = PaperDesk(cache, programme, language)
        self._rules = Rules(programme=programme.id, programme_hash=programme.content_hash)

    def handle(self, command: Command, now: datetime, clock_off_s: int = 0) -> Reply:
        """Do what the command asks, or refuse it in one line and change nothing. `now` is the corrected moment,
        `clock_off_s` the correction in it."""
        self._clock_off_s = clock_off_s
        self._counter = self._look()
        try:
            done = self._do(command, now)
        except Refused as refused:
            return self._reply(False, refused.code, refused.facts)
        except IllegalEvent as illegal:
            return self._reply(False, f"not_now_{illegal.state.value}", {})
        except BadBasket as bad:
            return self._reply(False, "bad_basket", {"why": str(bad)})
        self.visit = done.visit
        return self._reply(True, done.code, done.facts)

    def _look(self) -> Counter:
        return Counter(self._cache, self._programme, self._is_online)

    def _reply(self, ok: bool, code: str, facts: dict[str, str]) -> Reply:
        return Reply(ok=ok, code=code, text=say(code, self._language, **facts))

    def _do(self, command: Command, now: datetime) -> Done:
        match command:
            case Code():
                return self._code(command, now)
            case Phone():
                return self._phone(command, now)
            case SetBasket():
                return self._basket(command, now)
            case Redeem():
                return self._redeem(command, now)
            case IssueCard():
                return self._issue(command, now)
            case ReissueCard():
                return self._reissue(command, now)
            case Pay():
                return self._pay(command, now)
            case Cancel():
                return self._went(VisitEvent.CANCELLED, Visit(), "cancelled")
            case Reprint():
                return self._stays(*self._papers.reprint(command, now))
            case XReport():
                return self._stays(*self._papers.report(command, now))
        raise AssertionError(f"{command!r} is not the checkout's")

    def _went(self, event: VisitEvent, visit: Visit, code: str, **facts: str) -> Done:
        """The visit after an event that the table allows."""
        return Done(visit=replace(visit, state=next_state(self.visit.state, event)), code=code, facts=facts)

    def _stays(self, code: str, facts: dict[str, str]) -> Done:
        """The visit goes on as it was: a paper was asked for in the middle of it."""
        return Done(visit=self.visit, code=code, facts=facts)

    # codes

    def _code(self, command: Code, now: datetime) -> Done:
        repaired = repair_layout(command.text.strip()) if command.scanner == KEYBOARD else None
        text = repaired.text if isinstance(repaired, Repaired) else command.text
        card = self._counter.card(text.strip())
        meaning = what_is(text, self._programme, card is not None)
        if card is not None:
            return self._card(card, now)
        if meaning.kind == "coupon":
            return self._coupon(meaning.text, now)
        if meaning.kind == "card":
            code = "unknown_card" if self._counter.feed.pulled_at else "no_cards_yet"
            raise Refused(code, card=masked(meaning.text))
        if meaning.kind == "unknown" and isinstance(repaired, BadLayout):
            raise Refused("layout", why=repaired.hints[0 if self._language == "ru" else 1])
        if meaning.kind == "unknown":
            raise Refused(meaning.reason or "not_ours")
        raise Refused(meaning.kind)

    def _card(self, card: CardRecord, now: datetime) -> Done:
        if card.status == "replaced":
            raise Refused("card_replaced", card=masked(card.number))
        return self._identified(card, "card", "member_found", now)

    def _phone(self, command: Phone, now: datetime) -> Done:
        try:
            e164 = parse_phone(command.number)
        except BadPhone as error:
            raise Refused("bad_phone", why=str(error)) from None
        key = self._cache.phone_hash_key()
        if key is None:
            raise Refused("no_phones_yet")
        members = self._cache.members.by_phone(phone_key(key, e164))
        if len(members) != 1:
            raise Refused("phone_shared" if members else "unknown_phone")
        cards = self._cache.members.cards(members[0])
        if not cards or cards[0].status == "replaced":
            raise Refused("unknown_phone")
        return self._identified(cards[0], "phone", "member_found_by_phone", now)

    def _identified(self, card: CardRecord, by: Any, code: str, now: datetime) -> Done:
        who = Who(card=card.number, member=card.member, identified_by=by)
        points = points_text(self._counter.balance(who, now), self._programme.currency, self._language)
        visit = replace(self.visit, who=who, requested_points=0, issue=None, reissue=None)
        if self.visit.reissue or self.visit.issue:  # the fee was for another member
            visit = replace(visit, lines=_without_fees(self.visit.lines))
        return self._went(VisitEvent.MEMBER_FOUND, visit, code, card=masked(card.number), balance=points)

    def _coupon(self, text: str, now: datetime) -> Done:
        try:
            claims = open_coupon(text, self._cache.coupon_keys(), self._programme.id, now)
        except CouponRefused as refused:
            raise Refused(f"coupon_{refused.reason}") from None
        offer = self._programme.coupon(claims.campaign)
        if offer is None:
            raise Refused("coupon_unknown_campaign")
        serial = claims.serial.hex()
        if self._cache.coupon_used(serial):
            raise Refused("coupon_used")
        if any(shown.serial == serial or shown.offer.id == offer.id for shown in self.visit.coupons):
            raise Refused("coupon_shown")
        visit = replace(self.visit, coupons=(*self.visit.coupons, ShownCoupon(serial=serial, offer=offer)))
        name = offer.ru if self._language == "ru" else offer.en
        return self._went(VisitEvent.COUPON_SHOWN, visit, "coupon_taken", name=name)

    # the basket

    def _basket(self, command: SetBasket, now: datetime) -> Done:
        lines: list[Line] = []
        for index, line in enumerate(command.lines):
            try:
                lines.append(line.line())
            except BadBasket as error:
                raise error.within(f"lines[{index}]") from None
        fees = tuple(line for line in self.visit.lines if line.id in (REISSUE_LINE, ISSUE_LINE))
        visit = replace(self.visit, lines=(*lines, *fees), redemption_forbidden=command.redemption_forbidden)
        answer = self._quote(visit, now)
        total = amount_text(answer.total_kopecks, self._language)
        if visit.who is None:
            return self._went(VisitEvent.BASKET_SET, visit, "basket_without_member", total=total)
        limit = self._explained(visit, answer)
        return self._went(VisitEvent.BASKET_SET, visit, "basket_taken", total=total, limit=limit)

    def _redeem(self, command: Redeem, now: datetime) -> Done:
        if command.points is not None and command.points < 0:
            raise Refused("bad_points")
        next_state(self.visit.state, VisitEvent.REDEEM_ASKED)
        visit = replace(self.visit, requested_points=command.points)
        answer = self._quote(visit, now)
        return self._went(
            VisitEvent.REDEEM_ASKED,
            visit,
            "redeem_set",
            points=points_text(answer.redemption.points, self._programme.currency, self._language),
            amount=amount_text(answer.redemption.amount_kopecks, self._language),
            to_pay=amount_text(answer.to_pay_kopecks, self._language),
            limit=self._explained(visit, answer),
        )

    def _explained(self, visit: Visit, answer: Quote) -> str:
        names = {line.id: line.name for line in visit.lines}
        return explain_quote(answer, names, self._programme, self._language)

    # the cards desk

    def _issue(self, command: IssueCard, now: datetime) -> Done:
        number = self._blank(command.card)
        next_state(self.visit.state, VisitEvent.CARD_ISSUED)
        visit = replace(
            self.visit,
            who=Who(card=number, member=None, identified_by="card"),
            issue=number,
            lines=(*_without_fees(self.visit.lines), *self._fee(ISSUE_LINE)),
        )
        self._purchase_large_enough(visit, now)
        return self._went(VisitEvent.CARD_ISSUED, visit, "card_will_be_issued", card=masked(number))

    def _reissue(self, command: ReissueCard, now: datetime) -> Done:
        next_state(self.visit.state, VisitEvent.CARD_REISSUED)
        who = self.visit.who
        assert who is not None
        new_card = self._blank(command.new_card)
        if who.member is None:
            raise Refused("no_card_to_replace")
        old_card = self._lost_card(who.member, command.old_card, now)
        visit = replace(
            self.visit,
            who=replace(who, card=new_card, identified_by=who.identified_by),
            reissue=Reissue(old_card=old_card, new_card=new_card),
            lines=(*_without_fees(self.visit.lines), *self._fee(REISSUE_LINE)),
        )
        fee = amount_text(self._programme.cards.reissue_fee_kopecks, self._language)
        return self._went(VisitEvent.CARD_REISSUED, visit, "card_will_be_reissued", card=masked(new_card), fee=fee)

    def _blank(self, text: str) -> str:
        """A card of the programme that nobody has."""
        number = text.strip()
        if self._cache.members.card(number) is not None:
            raise Refused("card_not_blank", card=masked(number))
        meaning = what_is(number, self._programme, False)
        if meaning.kind != "card":
            raise Refused("not_a_card", card=masked(number[:SALE_NUMBER_MAX]))
        return number

    def _lost_card(self, member: str, wanted: str | None, now: datetime) -> str:
        replaceable = [
            card.number
            for card in self._cache.members.cards(member)
            if "replaced" in CARD_TRANSITIONS[card.status_at(now)]
        ]
        if wanted is not None:
            replaceable = [number for number in replaceable if number == wanted]
        if not replaceable:
            raise Refused("no_card_to_replace")
        return replaceable[0]

    def _fee(self, line_id: str) -> tuple[Line, ...]:
        """The card's price as a line of the receipt: a sale that no points pay and that earns none."""
        cards = self._programme.cards
        kopecks = cards.reissue_fee_kopecks if line_id == REISSUE_LINE else cards.issue_fee_kopecks
        if not kopecks:
            return ()
        ru, en = ("Перевыпуск карты", "Card reissue") if line_id == REISSUE_LINE else ("Карта участника", "Member card")
        name = ru if self._receipt_language == "ru" else en
        return (Line(id=line_id, name=name, price_kopecks=kopecks, category="card_fee"),)

    def _purchase_large_enough(self, visit: Visit, now: datetime) -> None:
        """A4: a card comes with a purchase of so much; the card's own fee does not count."""
        least = self._programme.cards.issue_min_purchase_kopecks
        goods = replace(visit, lines=_without_fees(visit.lines))
        total = self._quote(goods, now).total_kopecks if goods.lines else 0
        if total < least:
            words = {"least": amount_text(least, self._language), "total": amount_text(total, self._language)}
            raise Refused("purchase_too_small", **words)

    # the payment

    def _pay(self, command: Pay, now: datetime) -> Done:
        sale = self._sale_number(command, now)
        if self._cache.sale(sale) is not None:
            return Done(visit=Visit(), code="recorded_before", facts={})
        next_state(self.visit.state, VisitEvent.PAID)
        visit = self.visit
        if visit.issue is not None:
            self._purchase_large_enough(visit, now)
        if any(self._cache.coupon_used(shown.serial) for shown in visit.coupons):
            raise Refused("coupon_used")
        if visit.who is None:
            return self._record_without_member(command, visit, sale, now)
        return self._record(command, visit, visit.who, sale, now)

    def _record(self, command: Pay, visit: Visit, who: Who, sale: SaleNumber, now: datetime) -> Done:
        view = self._counter.view(visit, now)
        answer = self._quoted(visit, view, now)
        member = who.member or f"{self._cache.till}-{sale.day}-{sale.number}"
        before = self._counter.account(who)
        body = self._sale_body(command, visit, view, answer, sale, now, member)
        points = balance(before, now) - answer.redemption.points + answer.accrual.points
        status, as_of = self._status_after(visit, now), self._counter.feed.pulled_at

        def papers(operations: tuple[Operation, ...]) -> list[Paper]:
            after = affected(before, operations[-1]).account
            expiring = None if after.debt else next_expiry(after, now)
            known = BalanceNow(points=points, as_of=as_of, card_status=status, expiring=expiring)
            return papers_of_sale(operations, self._programme, self._receipt_language, known)

        self._commit([*self._card_bodies(visit, member, sale), body], sale, papers, now)
        currency = self._programme.currency
        return self._went(
            VisitEvent.PAID,
            Visit(),
            "recorded",
            accrued=points_text(answer.accrual.points, currency, self._language),
            redeemed=points_text(answer.redemption.points, currency, self._language),
            balance=points_text(points, currency, self._language),
        )

    def _record_without_member(self, command: Pay, visit: Visit, sale: SaleNumber, now: datetime) -> Done:
        """Nothing is earned and no paper of ours comes; but the rights on it are used up."""
        if self._sales == "all" or visit.coupons:
            body = self._sale_body(command, visit, None, self._quoted(visit, None, now), sale, now)
            self._commit([body], sale, lambda operations: [], now)
        return self._went(VisitEvent.PAID, Visit(), "no_member")

    def _commit(
        self,
        bodies: list[Body],
        sale: SaleNumber,
        papers: Callable[[tuple[Operation, ...]], list[Paper]],
        now: datetime,
    ) -> None:
        """The point of no return. Raises Refused when it is certain that nothing happened."""
        try:
            self._cache.record(
                bodies, sale=sale, rules=self._rules, papers=papers, at=now, clock_off_s=self._clock_off_s
            )
        except CommitUnknown as error:
            self._look_again(sale, error)
        except FileError as error:
            raise Refused("not_recorded", why=str(error)) from error

    def _look_again(self, sale: SaleNumber, error: CommitUnknown) -> None:
        """A commit that failed may have happened: reopen, and look the sale up before saying anything."""
        try:
            self._cache.reopen()
            if self._cache.sale(sale) is not None:
                return
        except FileError as reopening:
            raise Refused("not_recorded", why=str(reopening)) from reopening
        raise Refused("not_recorded", why=str(error)) from error

    def _card_bodies(self, visit: Visit, member: str, sale: SaleNumber) -> list[Body]:
        if visit.issue is not None:
            return [CardIssued(sale=sale, member=member, card=visit.issue)]
        if visit.reissue is not None:
            return [
                CardReissued(
                    sale=sale,
                    member=member,
                    old_card=visit.reissue.old_card,
                    new_card=visit.reissue.new_card,
                    fee_kopecks=self._programme.cards.reissue_fee_kopecks,
                )
            ]
        return []

    def _sale_body(
        self,
        command: Pay,
        visit: Visit,
        view: MemberView | None,
        answer: Quote,
        sale: SaleNumber,
        now: datetime,
        member: str | None = None,
    ) -> Body:
        who = visit.who
        by_card = who is not None and (who.identified_by == "card" or visit.reissue is not None)
        return sale_of(
            self._programme,
            self._basket_of(visit),
            view,
            answer,
            now,
            number=sale,
            member=member,
            card=who.card if who is not None and by_card else None,
            link=self._counter.link,
            account=self._counter.account(who) if who is not None else None,
            serials={shown.offer.id: shown.serial for shown in visit.coupons},
            fiscal=command.fiscal_documents(),
            deviations=self._deviations(),
        )

    def _deviations(self) -> tuple[Deviation, ...]:
        """What the office should look at: a clock that is far off gives points another life than the shop thinks."""
        if abs(self._clock_off_s) <= self._clock_tolerance_s:
            return ()
        return (Deviation(kind="clock_off", note=f"{self._clock_off_s} s"),)

    def _sale_number(self, command: Pay, now: datetime) -> SaleNumber:
        if not 0 < len(command.sale) <= SALE_NUMBER_MAX or not command.sale.isprintable():
            raise Refused("bad_sale", why=f"1–{SALE_NUMBER_MAX} printable characters")
        return SaleNumber(day=shop_day(command.day, self._programme, now), number=command.sale)

    # what the rules must know

    def quote(self, visit: Visit, now: datetime) -> Quote:
        """The receipt as it stands, for whoever only looks. Raises BadBasket, also for a visit without a basket."""
        self._counter = self._look()
        return self._quote(visit, now)

    def _quote(self, visit: Visit, now: datetime) -> Quote:
        return self._quoted(visit, self._counter.view(visit, now), now)

    def _quoted(self, visit: Visit, view: MemberView | None, now: datetime) -> Quote:
        return quote(
            self._programme,
            self._basket_of(visit),
            view,
            at=now,
            link=self._counter.link,
            requested_points=visit.requested_points,
        )

    def _basket_of(self, visit: Visit) -> Basket:
        return Basket(
            lines=visit.lines,
            redemption_forbidden=visit.redemption_forbidden,
            coupons=tuple(shown.offer for shown in visit.coupons),
        )

    def balance(self, now: datetime) -> int | None:
        """The balance of the visit's member; None when there is none, or the card is only being issued."""
        who = self.visit.who
        return self._look().balance(who, now) if who and who.member else None

    def _status_after(self, visit: Visit, now: datetime) -> CardStatus | None:
        """The card's status once the sale is recorded. One that replaces a blocked card is the hub's to decide."""
        assert visit.who is not None
        if visit.who.member is None:
            return "issued"
        status = self._counter.card_status(visit, now)
        return None if visit.reissue is not None and status == "blocked" else status


def _without_fees(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    return tuple(line for line in lines if line.id not in (REISSUE_LINE, ISSUE_LINE))
