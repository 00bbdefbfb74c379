"""The agent loop: one bounded queue, one event at a time, whoever it came from.

Scanners and the HTTP face only put events in. The loop takes one, lets the checkout answer, and keeps the answer for
whoever looks. Where points must be reserved before an answer can be given, whoever is asked for them comes back as an
event too, and everybody else is served meanwhile. No clock here: the moment comes with the call.
"""

from __future__ import annotations

import hashlib
import logging
import queue
import secrets
import threading
from collections import deque
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import NamedTuple, Protocol, cast

from drivers.scanner.scan import BAD_CHECK_DIGIT, Scan
from loyalty.operation import Channel
from loyalty.programme import Language, Programme
from loyalty.staff import Role
from pos_agent.after_command import note_done
from pos_agent.answers import Reply
from pos_agent.channels import needs_person
from pos_agent.checkout import Checkout
from pos_agent.counter import Counter
from pos_agent.errands import Desk, Errand, HubSaid, RunsErrand
from pos_agent.guest_turn import GuestSide, Seen, of_front
from pos_agent.holds import Behind, HoldAnswer, Reserve, Reserves
from pos_agent.inquiry import Heard
from pos_agent.news import News
from pos_agent.outcome import Waits
from pos_agent.protocol import Code, Command, OfReceipt, PaperAnswer, Prepare
from pos_agent.replying import plain_reply
from pos_agent.showing import Showing
from pos_agent.shown import shown_front
from pos_agent.staff.caller import AT_THE_TILL, Caller
from pos_agent.staff.proving import PinSaid, ProvePin, prove
from pos_agent.status import LastReply, Look, ShownVisit
from pos_agent.visit import HoldsAt
from pos_agent.words import say
from storage.sqlite_file import FileError

log = logging.getLogger(__name__)

QUEUE_EVENTS_MAX = 64  # a minute of furious scanning; past it the newest is refused, not the oldest
FOR_THE_ASKER = ("report_shown", "redeem_would_be")  # nothing that the cashier was told
KEY_LETTERS = 32  # of a hash: no two commands of a till have the same
IDLE_S = 0.25  # the loop looks up this often to see whether it must stop


class AnswersPaper(Protocol):
    """Whoever asked whether a receipt came out."""

    def answer(self, paper: int, came_out: bool) -> bool: ...


@dataclass(frozen=True, slots=True)
class Event:
    command: Command
    caller: Caller = AT_THE_TILL  # who asks, by his token; a scanner, the page: whoever stands there
    misread: str | None = None  # the scanner flagged the scan: what the cashier is told
    seen: Seen | None = None  # the guest's own, and what he saw
    hold: HoldAnswer | None = None  # what came of reserving points for it
    key: str = field(default_factory=lambda: secrets.token_hex(16))  # the same command told again has the same
    asked: str | None = None  # the same key, where the asker has named the command
    said: tuple[HubSaid, ...] = ()  # what the hub's desk has said for it
    pins: tuple[PinSaid, ...] = ()  # what came of its PINs
    heard: Heard | None = None  # nobody's command: what the hub said of somebody
    reply: Future[Reply] = field(default_factory=Future)


class Front(NamedTuple):
    """Of the visit in front, what a cashier need not see: its name for the guest's side; and was it said how many
    points are spent, be it none; when was it touched last; is a code asked for that was sent to him."""

    turn: str = ""
    decided: bool = False
    touched_at: str = ""
    asks_code: bool = False


class Agent:
    """`handled` counts answers, so that a watcher can wait for the next one. `reserve`: who is asked for points."""

    def __init__(
        self,
        checkout: Checkout,
        programme: Programme,
        language: Language,
        paper: AnswersPaper | None,
        reserve: Mapping[HoldsAt, Reserves] = MappingProxyType({}),
        errands: RunsErrand | None = None,
    ) -> None:
        self._checkout = checkout
        self._programme = programme
        self._language = language
        self._paper = paper
        self._reserve = reserve
        self._errands = errands
        self._events: queue.Queue[Event] = queue.Queue()
        self._room = threading.Lock()
        self._waiting: dict[str, list[Event]] = {}  # by the hold that is being asked for
        self._in_order: deque[Event] = deque()  # waited, and come before what came later
        self._news = threading.Condition()
        self.news = News()  # the same for the HTTP face, where waiting may cost no thread
        self.handled = 0
        self.last_reply: Reply | None = None
        self._showing = Showing()
        self._front = Front()
        self._guest = GuestSide()
        self._typing = ""  # the visit in which the guest types his code
        self._fault = plain_reply(False, "fault", language)

    def scanned(self, scan: Scan, reply: Future[Reply] | None = None) -> bool:
        """From a scanner's thread; whether the scan was taken. A full queue refuses it, and the cashier is told.
        `reply` is for whoever must know when it was answered."""
        event = Event(Code(text=scan.text, scanner=scan.scanner), misread=_misread(scan), reply=reply or Future())
        taken = self._put(event)
        if not taken:
            self._tell(event.reply.result())
        return taken

    def asked(
        self,
        command: Command,
        pos: str = "",
        channel: Channel | None = None,
        seen: Seen | None = None,
        key: str | None = None,
        *,
        role: Role | None = None,
        cashier: str = "",
    ) -> Future[Reply]:
        """From the HTTP face; `pos`, `channel` and `role` are what the asker's token says, `cashier` whom a POS names,
        `seen` what stood on a guest's display, `key` what the asker calls this command."""
        caller = Caller(pos, channel, role, cashier, guest=seen is not None)
        event = Event(command, caller=caller, seen=seen)
        event = event if key is None else replace(event, key=(named := _key(pos, key)), asked=named)
        self._put(event)
        return event.reply

    def heard(self, heard: Heard) -> None:
        """From whoever asked the hub. It is taken even where the queue is full: that is for people."""
        self._events.put(Event(Code(text=""), heard=heard))

    def _put(self, event: Event) -> bool:
        with self._room:
            taken = self._events.qsize() < QUEUE_EVENTS_MAX
            if taken:
                self._events.put(event)
        if not taken:
            event.reply.set_result(plain_reply(False, "busy", self._language))
        return taken

    def take(self, wait_s: float = IDLE_S) -> Event | None:
        """The next event, or None after a short wait."""
        if self._in_order:
            return self._in_order.popleft()
        try:
            return self._events.get(timeout=wait_s)
        except queue.Empty:
            return None

    def step(self, event: Event, now: datetime, clock_off_s: int = 0) -> Reply | None:
        """Answer one event. `now` is the corrected moment, `clock_off_s` the correction in it. None: it waits until
        points are reserved, and comes again, or there is nothing to say."""
        behind = self._waiting.pop(event.hold.hold, None) if event.hold is not None else []
        if behind is None:  # its answer came before
            return None
        self._in_order.extend(behind)
        answer = self._answer_or_fault(event, now, clock_off_s)
        showing = self._showing.then(partial(shown_front, self._checkout, self._checkout.receipts, now))
        if isinstance(answer, Behind):
            self._waiting[answer.hold].append(event)
            return None
        if answer is None:
            self._tell(None, showing)
            return None
        if isinstance(answer, Reserve):
            self._tell(None, showing)
            self._begin_reserving(event, answer)
            return None
        if isinstance(answer, Errand | ProvePin):
            self._tell(None, showing)
            self._begin_errand(event, answer)
            return None
        self._tell(answer, showing, told=is_told(event, answer))
        event.reply.set_result(answer)
        return answer

    def _begin_reserving(self, event: Event, first: Reserve) -> None:
        """Its answer is taken even where the queue is full: that is for people."""
        self._waiting[first.request.hold] = []

        def answered(answer: HoldAnswer) -> None:
            self._events.put(replace(event, hold=answer))

        asks = self._reserve.get(first.at)
        if asks is None:
            answered(HoldAnswer(first.request.hold))
        else:
            asks(first.request, answered)

    def _begin_errand(self, event: Event, errand: Errand | ProvePin) -> None:
        """Nothing of it is done yet: it comes again with the hub's word, also where the queue is full."""

        def answered(said: HubSaid) -> None:
            said = said._replace(of=errand.of) if isinstance(errand, Errand) else said
            self._events.put(replace(event, said=(*event.said, said)))

        if isinstance(errand, ProvePin):
            prove(errand, lambda said: self._events.put(replace(event, pins=(*event.pins, said))))
        elif self._errands is None:
            answered(HubSaid(errand.act, sent=False))
        else:
            self._errands(errand, answered)

    def _answer_or_fault(self, event: Event, now: datetime, clock_off_s: int) -> Reply | Waits | None:
        try:
            return self._answer(event, now, clock_off_s)
        except FileError as error:  # the till's file, or a page of it; what needs no more of it goes on
            log.error("%s", error)
            why = say(f"file_{error.trouble}", self._language)
            return plain_reply(False, "page_not_read", self._language, why=why) if event.heard is None else None
        except Exception:
            # Our own mistake. Nothing is half done: what is recorded is committed, the rest is in memory, and the
            # same sale told again is recorded once. The queue of people must go on.
            log.exception("event %s", type(event.heard or event.command).__name__)
            return self._fault if event.heard is None else None

    def _tell(self, reply: Reply | None, showing: Showing | None = None, *, told: bool = True) -> None:
        with self._news:
            self._showing = showing or self._showing
            self._front = self._in_front()
            if told and reply is not None:
                self.last_reply = reply
            self.handled += reply is not None
            self._news.notify_all()
        self.news.ring()

    def _answer(self, event: Event, now: datetime, clock_off_s: int) -> Reply | Waits | None:
        if event.heard is not None:
            return self._checkout.heard(event.heard, now, clock_off_s)
        if event.hold is not None:
            desk = Desk(pins=event.pins, asked=event.asked)
            return self._checkout.answered(event.command, event.hold, now, clock_off_s, event.caller, desk)
        if event.misread is not None:
            return plain_reply(False, event.misread, self._language)
        if needs_person(event.command, event.caller.channel):
            return plain_reply(False, "needs_person", self._language)
        if event.seen is not None:
            return self._answer_guest(event, event.seen, now, clock_off_s)
        if isinstance(event.command, PaperAnswer):
            answered = self._paper is not None and self._paper.answer(event.command.paper, event.command.came_out)
            code = "paper_answered" if answered else "no_paper_question"
            reply = plain_reply(answered, code, self._language)
            counter = Counter(self._checkout.house, now, clock_off_s, event.caller.pos, caller=event.caller)
            note_done(counter, event.command, reply, counter.person)
            return reply
        return self._ask(event, event.command, now, clock_off_s)

    def _ask(self, event: Event, command: Command, now: datetime, clock_off_s: int) -> Reply | Waits:
        desk = Desk(event.key, event.said, event.pins, event.asked)
        return self._checkout.ask(command, now, clock_off_s, event.caller, desk)

    def _answer_guest(self, event: Event, seen: Seen, now: datetime, clock_off_s: int) -> Reply | Waits:
        visit, turn = self._checkout.visit, self._in_front().turn
        refused = self._guest.refusal(seen, event.command, visit, turn)
        if refused is not None:
            return Reply(ok=False, code=refused, text="")  # in words of the guest's side
        command = of_front(cast(OfReceipt, event.command), visit)
        return self._ask(event, command, now, clock_off_s)

    def _in_front(self) -> Front:
        visit = self._checkout.visit
        return Front(self._checkout.turns.of(visit), visit.decided, visit.touched_at, visit.code is not None)

    # for whoever looks

    def begin(self, now: datetime, clock_off_s: int = 0) -> None:
        """Show the receipts that outlived the process, before anything happens."""
        self._checkout.begin(now, clock_off_s)
        self._showing = Showing(partial(shown_front, self._checkout, self._checkout.receipts, now))
        self._front = self._in_front()

    def guest_types(self, turn: str) -> None:
        """From the guest's display; of a visit that is over it means nothing."""
        with self._news:
            self._typing = turn
            self._news.notify_all()
        self.news.ring()

    def is_guest_typing(self) -> bool:
        with self._news:
            return self._typing == self._front.turn and self._front.asks_code

    def front(self) -> Front:
        with self._news:
            return self._front

    def in_front(self) -> tuple[ShownVisit, Front]:
        """Both of one moment."""
        with self._news:
            showing, front = self._showing, self._front
        return showing.view(), front

    def view(self, after: int = -1, wait_s: float = 0.0) -> Look:
        """The visit as it stands, of the till's file; with `after`, waits until more events than that were handled."""
        with self._news:
            if wait_s > 0:
                self._news.wait_for(lambda: self.handled > after, timeout=wait_s)
            reply, handled, showing = self.last_reply, self.handled, self._showing
        return Look(handled=handled, reply=_last(reply) if reply else None, visit=showing.view())


def _key(pos: str, key: str) -> str:
    """As short as the hub keeps it, whatever the asker calls it."""
    return hashlib.sha256(f"{pos}\n{key}".encode()).hexdigest()[:KEY_LETTERS]


def is_told(event: Event, reply: Reply) -> bool:
    """Whether the cashier hears of it. A guest's slip is his own: the number that he typed is nobody else's to read,
    and a question to the cashier stays open meanwhile. That a sum changed is a question of its own."""
    slip = event.seen is not None and not reply.ok and not isinstance(event.command, Prepare)
    return reply.code not in FOR_THE_ASKER and not slip


def _last(reply: Reply) -> LastReply:
    return LastReply(ok=reply.ok, code=reply.code, text=reply.text, say=reply.say, ask=reply.ask, advice=reply.advice)


def _misread(scan: Scan) -> str | None:
    if scan.flags == {BAD_CHECK_DIGIT}:
        return "check_digit"
    return "unsure_scan" if scan.flags else None
