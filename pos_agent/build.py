"""The one place that joins the till's parts, and the threads that drive them.

A part never starts a thread by itself; it has a `step`. The shells here call it when it wants to be called.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from msgspec import UNSET

from config.programmes import load_programme, load_source
from config.scanners import make_of
from config.settings import ScannerSettings, Settings
from drivers.printer.printer import Printer
from drivers.scanner.scanner import Scanner, open_scanner
from drivers.scanner.scanner import run as run_scanner
from drivers.scanner.sight import Seeing, Sight
from drivers.scanner.stream import ScanStream
from loyalty.goods import AllGoods
from loyalty.operation import zone_of
from loyalty.paper.words import PaperWords
from loyalty.programme import Programme
from offline_cache.cache import Cache
from pos_agent.agent import Agent, is_told
from pos_agent.anchoring import anchoring_of
from pos_agent.answers import Reply
from pos_agent.api import Guests, agent_app
from pos_agent.beginning_anew import begin_anew_in_time, thread_died
from pos_agent.checkout import Checkout
from pos_agent.connection import FaceServer
from pos_agent.damage_state import damage_of
from pos_agent.disk import TillDisk
from pos_agent.errands import HubErrands, desk_client
from pos_agent.guesses import Guesses
from pos_agent.house import SalePaper
from pos_agent.hub_holds import HubHolds, hurried
from pos_agent.hub_state import cards_of, hub_status, open_cases, programme_in_force, refused_operations, rows_set_aside
from pos_agent.latest_moment import LatestMoment
from pos_agent.listeners import listen_for_guests, listen_here
from pos_agent.neighbours.joined import in_shop
from pos_agent.notices import Notices
from pos_agent.office_settings import OfficeSettings
from pos_agent.own_till import OwnTill
from pos_agent.page.emulated import EmulatedTill
from pos_agent.parts import (
    asking_of,
    first_jpeg,
    goods_of,
    keep_private,
    look_into_wallet,
    make_folder,
    migrate,
    pages_of,
    profile_of,
    programme_before,
    side_of,
    staff_of,
    till_file,
    told_quotes_of,
)
from pos_agent.printing import Printing
from pos_agent.proof import Why
from pos_agent.scanner_state import said_state, scanner_state, seen_of
from pos_agent.sharing import Sharing, plans
from pos_agent.shown import shown_done
from pos_agent.status import HubStatus, Status
from pos_agent.syncing import worker_of
from pos_agent.tokens import asker_of, make_token, token_in
from pos_agent.troubles import troubles
from pos_agent.visit import HoldsAt
from pos_agent.words import say
from storage.lock import hold

log = logging.getLogger(__name__)

STOP_WAIT_S = 5.0  # threads are in the middle of a bounded step; after this the process ends without them


def clock() -> datetime:
    """This machine's clock, as it is."""
    return datetime.now(UTC)


class Till:
    """A whole till, ready to run. Devices need not be there yet."""

    def __init__(
        self,
        settings: Settings,
        told: Callable[[Reply], None] = lambda reply: None,
        *,
        own: Settings | None = None,  # what the till's file says alone, without what was accepted of the office's word
        clock: Callable[[], datetime] = clock,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._told = told  # hears every answer, as the cashier does
        self._clock = clock  # this machine's, as it is; moments are corrected by the hub's
        self.settings, self._own = settings, own or settings
        self._clock_tolerance_s = settings.clock_tolerance_minutes * 60
        self.data = Path(settings.data)
        make_folder(self.data)
        self.programme = load_programme(settings.programme)
        goods = goods_of(settings, self.programme)
        look_into_wallet(settings)
        self.listener = listen_here(settings.api.port)
        self._for_guests = listen_for_guests(settings.guest.address)
        self._lock = hold(self.data / "till.lock", "agent")
        keep_private(settings)
        self.disk = TillDisk(settings.kept_in, settings.reserve_mb)
        migrate(settings)
        self.told = told_quotes_of(settings.kept_in / "told.db")
        self.cache = till_file(settings, self.told, clock())
        self.cache.programmes.keep(self.programme.content_hash, load_source(settings.programme))
        before = programme_before(self.cache, self.programme, self._now())
        self.own = OwnTill(settings, self.cache)
        self.office = OfficeSettings(self.data)
        self.staff = staff_of(settings)
        self.sync = worker_of(
            settings,
            self.cache,
            self.own,
            self.programme.id,
            jitter=jitter,
            clock=clock,
            make_room=self.disk.make_room,
            office=None if settings.training else self.office,
            staff=self.staff.book,
        )
        self.shop = in_shop(settings, self.cache, self.programme.id, self._now)
        self.sharing = Sharing(self.data)
        self.printing = _printing(settings, self.cache, self.sharing)
        self.holds = HubHolds(lambda: hurried(settings.hub.url, self.own.speaker()), clock=clock)
        self.errands = HubErrands(
            lambda: desk_client(settings.hub.url, self.own.speaker()), self.cache.till, self.programme.id
        )
        self.anchoring = anchoring_of(settings, self.own, self.cache, self.programme.id, self.sync)
        self.asking = asking_of(settings, self.cache, self.programme, self.own.speaker())
        self.checkout = Checkout(
            self.cache,
            self.programme,
            language=settings.language,
            receipt_language=settings.receipt_language,
            is_online=lambda: self.sync.state.online,
            unproven=self._unproven,
            reserves_at=self._reserves_at,
            open_receipts=self.shop.open_receipts,
            inquire=self.asking.ask,
            told=self.told,
            disk=self.disk,
            paper=SalePaper(kind=settings.paper, lines=settings.receipt_lines, tail_width=settings.tail_width),
            sales=settings.sales,
            clock_tolerance_s=self._clock_tolerance_s,
            quote_max_age=timedelta(minutes=settings.quote_max_age_minutes),
            idle=timedelta(minutes=settings.idle_minutes),
            retell=timedelta(hours=settings.retell_hours),
            goods=AllGoods(goods, self.cache.goods),
            balance_by_phone=settings.balance_by_phone,
            drawer=self.printing,
            prints=self.printing is not None,
            before=before,
            guesses=Guesses(timedelta(minutes=settings.guess_minutes)),
            staff=self.staff,
            audit=self.anchoring.audit,
            tells_hub=self.errands.tell,
        )
        self.agent = Agent(
            self.checkout,
            self.programme,
            settings.language,
            self.printing,
            reserve={"hub": self.holds.ask, "shop": self.shop.reserve},
            errands=self.errands.run,
        )
        self.agent.begin(clock() + timedelta(seconds=self.cache.clock_off_s()), self.cache.clock_off_s())
        self.sharing.publish(shared := plans(settings, self.programme))
        for plan in shared:
            self.sharing.start(plan)
        self.scanners = [self._scanner(scanner) for scanner in settings.scanners]
        self._sights = [Sight(scanner, time.monotonic) for scanner, _ in self.scanners if isinstance(scanner, Seeing)]
        self._latest = LatestMoment(self.cache, self._now, time.monotonic())
        self._said = Notices(settings.language)
        self._shown: tuple[object, ...] = ()
        make_token(token_in(self.data))
        self.stop = threading.Event()
        self._news = threading.Event()  # the agent has handled something: the outbox may have grown

    def _scanner(self, scanner: ScannerSettings) -> tuple[Scanner, ScanStream]:
        if scanner.forward is None:
            alone = open_scanner(scanner.url, name=scanner.name, profile=make_of(scanner.model))
            return alone, ScanStream(self.agent.scanned)
        shared = self.sharing.scanner(scanner, self.programme)
        return shared, ScanStream(shared.delivering(self.agent.scanned))

    def _unproven(self) -> Why | None:
        return self.own.unproven(self.sync.state, self._clock())

    def _reserves_at(self) -> HoldsAt | None:
        """While the hub is away, the shop's tills ask each other."""
        if self.sync.state.online:
            return "hub"
        return "shop" if self.shop.reserves else None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def run(self) -> None:
        """Work until `stop` is set: HTTP in this thread, all else in threads of their own."""
        threading.excepthook = partial(thread_died, self.cache.file)
        if self.cache.training:
            self._told(Reply(ok=True, code="training", text=say("training", self.settings.language)))
        threads = [
            threading.Thread(target=self._agent_loop, name="agent"),
            threading.Thread(target=self._loop, args=(self.sync.step, self._news), name="sync"),
            threading.Thread(target=self._loop, args=(self.disk.step, self.stop), name="disk"),
            threading.Thread(target=self._loop, args=(self.anchoring.step, self.stop), name="audit"),
            threading.Thread(target=self.asking.run, args=(self.agent.heard,), name="asking"),
            *(
                threading.Thread(target=run_scanner, args=(scanner, stream.take, self.stop), name=scanner.name)
                for scanner, stream in self.scanners
            ),
        ]
        if self.printing is not None:
            threads.append(
                threading.Thread(target=self.printing.run, args=(self.disk.stepped, self.stop), name="printer")
            )
        self.shop.start()
        for thread in threads:
            thread.daemon = True
            thread.start()
        settings, house = self.settings, self.checkout.house
        pages = pages_of(settings, self.programme_now, str(zone_of(self.cache.store, self.programme.timezone)))
        app = agent_app(
            self.agent,
            self.status,
            partial(asker_of, self.data),
            settings.language,
            done=lambda: shown_done(self.cache, settings.language, self.programme_now(), house.told_balance),
            guests=Guests(side=side_of(settings), clock=self._now, jpeg=partial(first_jpeg, self._sights)),
            pages=pages,
            emulated=EmulatedTill(settings.emulator, pages) if settings.emulator is not None else None,
        )
        with suppress(KeyboardInterrupt):  # the way to stop it
            FaceServer(app, settings.language, self.agent.news.end).run(sockets=[self.listener, *self._for_guests])
        self.stop.set()
        self._news.set()
        self.asking.end()
        for thread in threads:
            thread.join(STOP_WAIT_S)
        self.shop.stop()
        self.cache.close()
        if self.told is not None:
            self.told.close()

    def _agent_loop(self) -> None:
        looks_at_s = 0.0
        while not self.stop.is_set():
            if time.monotonic() >= looks_at_s:
                looks_at_s = self.disk.stepped(self._look_around)
            event, reply = self.agent.take(), None
            if event is not None:
                off_s = self.cache.clock_off_s()
                reply = self.agent.step(event, self._clock() + timedelta(seconds=off_s), off_s)
                if reply is not None and is_told(event, reply):
                    self._told(reply)
                if self.sync.state.online:  # while the hub is away, its pauses stay as they are
                    self._news.set()
            begin_anew_in_time(self.cache.file, self.checkout.visit, reply, self._told, self.settings.language)

    def _look_around(self, now_s: float) -> float:
        """What changed besides the events is told; they are answered also where the file cannot be looked at."""
        shown, before = self._shown_besides(), self._shown
        if shown != before:
            self.agent.news.ring()
        for notice in self._notices(changed=shown != before):
            self._told(notice)
        self._latest.look(now_s)
        self._shown = shown
        return now_s

    def _shown_besides(self) -> tuple[object, ...]:
        """What the status shows and no event of the agent changes, as far as it tells that something did."""
        printing = self.printing
        return (
            self.sync.state,
            self.disk.status(),
            self.cache.file.changes,
            (self.staff.book.edition, self.staff.signed_in("", self._now())),
            (printing.question, printing.status()) if printing is not None else None,
            *(seen_of(scanner, stream) for scanner, stream in self.scanners),
        )

    def _notices(self, *, changed: bool) -> Iterator[Reply]:
        """What changed with the clock and the devices since. `changed`: the file did, or the hub's word."""
        yield from self._said.clock(self.cache.clock_off_s(), self._clock_tolerance_s)
        yield from self._said.refused(self.cache.refused())
        if changed:
            yield from self._said.members(self._hub_status())
            yield from self._said.file(damage_of(self.cache), self._now())
        yield from self._said.joining(self.own.said)
        yield from self._said.link(self.sync.state.online, self.sync.state.code, self.settings.hub.url)
        yield from self._said.disk(self.disk.status())
        if self.printing is not None:
            yield from self._said.printer(self.printing.printer_status)
            yield from self._said.question(self.printing.question, self.printing.ask)
        for scanner, _ in self.scanners:
            yield from self._said.scanner(scanner.name, said_state(scanner))
            yield from self._said.unread(scanner.name, scanner.unread)

    def _now(self) -> datetime:
        """The corrected moment."""
        return self._clock() + timedelta(seconds=self.cache.clock_off_s())

    def programme_now(self) -> Programme:
        """What is in force."""
        return self.checkout.house.programme_at(self._now())

    def _loop(self, step: Callable[[float], float], wake: threading.Event) -> None:
        """Call a step when it wants to be called, or earlier when `wake` is set."""
        while not self.stop.is_set():
            pause_s = self.disk.stepped(step) - time.monotonic()
            if pause_s > 0 and wake.wait(pause_s) and wake is not self.stop:
                wake.clear()

    def _hub_status(self) -> HubStatus:
        state, silence, known = self.sync.state, self.holds.silence, self.settings
        why, now, times = self._unproven(), self._now(), {"lease": known.lease, "term": known.term}
        return hub_status(known.hub.url, state, self.cache, silence, why, now=now, **times)

    def status(self) -> Status:
        """What the till believes of itself and its world."""
        look, aside, hub, disk = self.agent.view(), rows_set_aside(self.cache), self._hub_status(), self.disk.status()
        printer = self.printing.status() if self.printing else None
        outbox, refused, damage = self.cache.outbox_length(), refused_operations(self.cache), damage_of(self.cache)
        found = self.checkout.house.in_force(now := self._now())
        cases = open_cases(self.cache, found.programme, self.settings.language)
        office, cards = self.office.state(self.settings, self._own), cards_of(self.cache, found.programme, now)
        scanners = tuple(scanner_state(scanner, stream) for scanner, stream in self.scanners)
        return Status(
            till=self.settings.till,
            store=self.settings.store.id if self.settings.store else None,
            programme=self.programme.id,
            programme_version=found.programme.version,
            in_force=(in_force := programme_in_force(self.cache, found, self.programme)),
            training=self.cache.training,
            hub=hub,
            neighbours=self.shop.state(),
            disk=disk,
            outbox=outbox,
            refused=refused,
            **damage,
            set_aside=aside,
            cases=cases,
            settings=office,
            cards=cards,
            staff=self.staff.state(self._now()) or UNSET,
            papers=self.cache.print_jobs.counts(),
            proofs=self.cache.print_jobs.proofs(),
            visit=look.visit,
            last_reply=look.reply,
            question=self.printing.question if self.printing else None,
            asked=self.printing.asked if self.printing else None,
            ask=(self.printing.ask if self.printing else None) or UNSET,
            printer=printer,
            scanners=scanners,
            troubles=troubles(
                PaperWords(found.programme, self.settings.language, self.cache.store),
                hub,
                outbox,
                refused,
                printer,
                scanners,
                disk=disk,
                set_aside=aside,
                cases=cases,
                in_force=in_force,
                **damage,
                settings=office,
                cards=cards,
                now=self._clock(),
                clock_tolerance_s=self._clock_tolerance_s,
            ),
        )


def _printing(settings: Settings, cache: Cache, sharing: Sharing) -> Printing | None:
    if settings.printer is None:
        return None
    turn = sharing.printer(settings.printer)
    printer = Printer(turn.url if turn is not None else settings.printer.url, profile_of(settings.printer))
    return Printing(cache, printer, language=settings.language, receipt_language=settings.receipt_language, turn=turn)
