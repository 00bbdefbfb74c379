"""Which desk answers a command, on which receipt. The stories are in `desks/`."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Literal, assert_never

from msgspec.structs import replace

from loyalty.basket import BadBasket
from loyalty.explain import explain_bad
from loyalty.goods import NO_GOODS, Goods
from loyalty.programme import Language, Programme
from offline_cache.cache import Cache
from offline_cache.told_quotes import ToldQuotes
from pos_agent.counter import Counter, Done, Remarks
from pos_agent.desks import basket, cards, coupons, identify, retelling, sale
from pos_agent.desks.papers import PaperDesk
from pos_agent.desks.returns import take_goods_back
from pos_agent.house import CLOCK_TOLERANCE_S, SHIPPED, House, SalePaper, new_quote_id
from pos_agent.placing import for_the_next, name_of, placed
from pos_agent.protocol import (
    Cancel,
    Code,
    Command,
    DropCard,
    DropCoupon,
    IssueCard,
    OfReceipt,
    PaperAnswer,
    Pay,
    Phone,
    PointsReport,
    Prepare,
    Redeem,
    ReissueCard,
    Reply,
    Reprint,
    ReturnGoods,
    SetBasket,
)
from pos_agent.receipts import Receipts, read_receipts
from pos_agent.refused import Refused
from pos_agent.telling import Told, find, work_out
from pos_agent.visit import IllegalEvent, ReceiptName, Visit, is_empty
from pos_agent.words import say
from storage.sqlite_file import FileError


class Checkout:
    """Takes a command at a moment, keeps the receipts that are open."""

    def __init__(
        self,
        cache: Cache,
        programme: Programme,
        *,
        language: Language,
        receipt_language: Language,
        is_online: Callable[[], bool],
        told: ToldQuotes | None = None,
        paper: SalePaper = SHIPPED,
        sales: Literal["all", "rights"] = "all",
        clock_tolerance_s: int = CLOCK_TOLERANCE_S,
        quote_max_age: timedelta = timedelta(minutes=30),
        idle: timedelta = timedelta(minutes=30),
        retell: timedelta = timedelta(hours=12),
        new_id: Callable[[], str] = new_quote_id,
        goods: Goods = NO_GOODS,
    ) -> None:
        """`sales`: which receipts without a member are recorded: all, or only those that use a right up. `told` keeps
        promises and open receipts over the end of the process."""
        self.house = House(
            cache=cache,
            programme=programme,
            language=language,
            receipt_language=receipt_language,
            is_online=is_online,
            told=told,
            paper=paper,
            sales=sales,
            clock_tolerance_s=clock_tolerance_s,
            quote_max_age=quote_max_age,
            idle=idle,
            retell=retell,
            new_id=new_id,
            goods=goods,
        )
        self.receipts = read_receipts(told.visits()) if told is not None else Receipts()
        self._papers = PaperDesk(cache, programme, language, paper)

    @property
    def visit(self) -> Visit:
        """The receipt in front."""
        return self.receipts.front

    def handle(self, command: Command, now: datetime, clock_off_s: int = 0, pos: str = "") -> Reply:
        """Do what the command asks, or refuse it in one line and change nothing. `now` is the corrected moment,
        `clock_off_s` the correction in it; `pos` is the name of the POS that asks, where it has one."""
        counter = Counter(self.house, now, clock_off_s, pos)
        try:
            done = self._do(counter, command)
        except Refused as refused:
            return replace(self._reply(False, refused.words, refused.facts), code=refused.code)
        except IllegalEvent as illegal:
            return self._reply(False, f"not_now_{illegal.state.value}", {})
        except BadBasket as bad:
            return self._reply(False, "bad_basket", {"why": explain_bad(bad, self.house.language)})
        return replace(self._reply(done.ok, done.code, done.facts, done.more), told=done.told)

    def _reply(self, ok: bool, code: str, facts: dict[str, str], more: Remarks = ()) -> Reply:
        sentences = [say(one, self.house.language, **its) for one, its in ((code, facts), *more)]
        return Reply(ok=ok, code=code, text=" ".join(sentences))

    def _do(self, counter: Counter, command: Command) -> Done:
        if isinstance(command, Reprint | PointsReport):
            code, facts = self._paper(counter, command)
            return Done(visit=self.visit, code=code, facts=facts)
        if isinstance(command, ReturnGoods):
            return take_goods_back(counter, self.visit, command)
        assert not isinstance(command, PaperAnswer), "the agent's own"
        return self._of_receipt(counter, command)

    def _paper(self, counter: Counter, command: Reprint | PointsReport) -> tuple[str, dict[str, str]]:
        if isinstance(command, Reprint):
            return self._papers.reprint(command, counter.now, counter.pos)
        return self._papers.report(command, counter.now)

    # receipts

    def _of_receipt(self, counter: Counter, command: OfReceipt) -> Done:
        """On the receipt that it names, or the one in front. What is refused changes nothing."""
        name = name_of(counter, command)
        receipts = placed(counter, self.receipts, command, name)
        waits = for_the_next(counter, receipts, command, name)
        if waits is not None:
            self._keep(replace(receipts, waiting=waits.waiting))
            return waits
        visit = receipts.front
        done = self._answer(counter, visit, command, name)
        told_again = isinstance(command, Pay) and is_empty(visit) and done.code == "recorded_before"
        refused = isinstance(command, Pay | Cancel) and not done.ok
        if not (told_again or refused):  # else whoever stands in front is not touched
            front = done.visit if is_empty(done.visit) else done.visit.touched(counter.now)
            self._keep(receipts.with_front(front))
        return done

    def _answer(self, counter: Counter, visit: Visit, command: OfReceipt, name: ReceiptName | None) -> Done:
        if visit.retold is None or isinstance(command, Cancel):
            return self._desk(counter, visit, command, name)
        if visit.disputed and not isinstance(command, retelling.ANSWERED):
            return retelling.beside(visit, lambda plain: self._desk(counter, plain, command, name))
        return retelling.answer(counter, visit, command)

    def _keep(self, receipts: Receipts) -> None:
        changed, self.receipts = receipts != self.receipts, receipts
        if changed and self.house.told is not None:
            with suppress(FileError):  # a disk that cannot be written stops no sale
                self.house.told.keep_visits(receipts.written())

    def _desk(self, counter: Counter, visit: Visit, command: OfReceipt, name: ReceiptName | None) -> Done:
        """The desk that answers."""
        match command:
            case Code():
                return identify.code(counter, visit, command)
            case Phone():
                return identify.phone(counter, visit, command)
            case DropCard():
                return identify.drop_card(counter, visit, command)
            case DropCoupon():
                return coupons.drop_coupon(counter, visit, command)
            case SetBasket():
                return basket.basket(counter, visit, command)
            case Redeem():
                return basket.redeem(counter, visit, command)
            case IssueCard():
                return cards.issue(counter, visit, command)
            case ReissueCard():
                return cards.reissue(counter, visit, command)
            case Prepare():
                return sale.prepare(counter, visit, command)
            case Pay():
                assert name is not None, "a payment has a number"
                return sale.pay(counter, visit, name, command)
            case Cancel():
                return sale.cancel(counter, visit, name)
        assert_never(command)

    # for whoever only looks

    def balance(self, now: datetime) -> int | None:
        """The balance of the visit's member; None when there is none, or the card is only being issued."""
        who = self.visit.who
        return Counter(self.house, now).balance(who) if who and who.member else None

    def shown(self, now: datetime) -> Told | None:
        """What was told of the receipt in front; None while it has no line."""
        counter = Counter(self.house, now)
        visit = self.visit
        told = find(counter, visit.quote)
        if told is not None or not visit.lines:
            return told
        return work_out(counter, visit, "")
