"""A till for examples: a real agent behind its real HTTP face on a free port. Clock, ids and members are fixed, so that
it gives the same answers whenever it is asked. `make api-docs` and tests talk to it; no hub, no printer.
"""

from __future__ import annotations

import hashlib
import itertools
import socket
import tempfile
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvicorn
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from starlette.types import ASGIApp

from config.programmes import load_programme
from docs.hub_of_examples import hub_of_examples
from loyalty.coupon_token import CouponClaims, seal_coupon, whole_minute
from loyalty.operation import Key, utc_text
from loyalty.phones import parse_phone, phone_key
from loyalty.programme import Language
from loyalty.snapshot import CardSnapshot, LotSnapshot, MemberSnapshot, StickerBalance
from offline_cache.audit import AUDIT, AuditLog
from offline_cache.cache import Cache
from offline_cache.print_jobs import PaperEvent
from offline_cache.records import Page
from pos_agent.agent import Agent
from pos_agent.api import agent_app
from pos_agent.checkout import Checkout
from pos_agent.house import SalePaper
from pos_agent.staff.book import StaffBook
from pos_agent.staff.caller import OverWhich
from pos_agent.staff.staff import Staff
from pos_agent.status import HubStatus, PrinterState, Status
from pos_agent.tokens import Asker
from sync.staff_codes import pin_hash
from sync.staff_list import Colleague, StaffList, StaffTold

BEGIN = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
STEP = timedelta(seconds=5)  # between two commands
ANNA, BORIS = "2600000000017", "2600000000024"
BLANK, BLANK_2, VIRTUAL = "2600000000116", "2600000000123", ("2600000007009", "2600000007016")
VERA = "2700000000014"
MEMBERS = {  # name, card, phone, points
    "alenka": (("anna", ANNA, "+79161234567", 150), ("boris", BORIS, "+79161234568", 1_500)),
    "perekrestok": (("vera", VERA, "+79161234569", 15_000),),
}
STICKERS = {"vera": (StickerBalance(collection="2026-09-01", count=23),)}
PHONE_KEY = bytes(range(32))
COUPON_KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
TOKEN = "the-token-of-this-example"
PAPER_ASKED = 7
CODE = "0712"
PIN, PEPPER = "4711", bytes(range(32, 64))


class _Asked:
    """The printer's question that the examples answer."""

    def answer(self, paper: int, came_out: bool) -> bool:
        return paper == PAPER_ASKED


class _Drawer:
    """One that opens."""

    is_there = True

    def why_not(self, language: Language) -> str | None:
        return None


class ExampleTill:
    """Serves from the moment it is made until `close`. `wrap`: what stands between the face and the port."""

    def __init__(
        self,
        language: Language = "en",
        wrap: Callable[[ASGIApp], ASGIApp] = lambda app: app,
        programme: str = "alenka",
    ) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.language = language
        self.programme = load_programme(programme)
        self.cache = Cache(Path(self._folder.name) / "till.db", "till-1")
        self.cache.changes.apply(
            Page(
                members=[_member(*told) for told in MEMBERS[programme]],
                used_coupons=[],
                coupon_keys={1: COUPON_KEY.public_key().public_bytes_raw()},
                phone_hash_key=PHONE_KEY,
                watermark=Key(1, 0),
                cursor="1",
                pulled_at=BEGIN,
            )
        )
        self.cache.card_numbers.keep(VIRTUAL, None, BEGIN)
        ids = itertools.count(1)
        self.checkout = Checkout(
            self.cache,
            self.programme,
            language=language,
            receipt_language="ru",
            is_online=lambda: True,
            paper=SalePaper(kind="receipt"),
            drawer=_Drawer(),
            new_id=lambda: hashlib.sha256(str(next(ids)).encode()).hexdigest()[:12],
        )
        self.agent = Agent(self.checkout, self.programme, language, _Asked(), errands=hub_of_examples)
        askers = {TOKEN: Asker("")}
        app = wrap(agent_app(self.agent, self.status, askers.get, language))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        config = uvicorn.Config(app, log_level="warning", lifespan="off", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._server.run, args=([self._listener],)),
            threading.Thread(target=self._answer),
        ]
        for thread in self._threads:
            thread.start()  # the port takes connections already; nobody has to wait

    def _answer(self) -> None:
        now = BEGIN
        while not self._stop.is_set():
            event = self.agent.take()
            if event is not None:
                self._print()
                now += STEP
                self.agent.step(event, now)

    def _print(self) -> None:
        """What the command before has queued."""
        jobs = self.cache.print_jobs
        while (job := jobs.oldest_open()) is not None:
            jobs.happened(jobs.begin(job), PaperEvent.PROVED, proof="process_id")

    def staffed(self) -> None:
        """The office has told who works here."""
        folder = Path(self._folder.name)
        book = StaffBook(folder, None)
        person = Colleague(id="petrova", name="Петрова А.", role="office", pin=pin_hash(PEPPER, PIN))
        book.keep(StaffTold(list=StaffList(edition="1", people=(person,)), pepper=PEPPER))
        self.checkout.house.audit = AuditLog(folder / AUDIT)
        self.checkout.house.staff = Staff(book, folder, "till-1", timedelta(minutes=10), OverWhich(300_000, 3_000))

    def status(self) -> Status:
        look = self.agent.view()
        return Status(
            till="till-1",
            store=None,
            training=False,
            programme=self.programme.id,
            programme_version=self.programme.version,
            hub=HubStatus(
                url="http://127.0.0.1:8070",
                online=True,
                cause="",
                code="",
                pulled_at=BEGIN.isoformat(),
                clock_off_s=0,
            ),
            outbox=self.cache.outbox_length(),
            refused=(),
            papers=self.cache.print_jobs.counts(),
            proofs={},
            visit=look.visit,
            last_reply=look.reply,
            question=None,
            asked=None,
            printer=PrinterState(url="tcp://127.0.0.1:9100", state="ready", link="ready", text="Printer ready."),
            scanners=(),
        )

    def coupon(self, campaign: str = "ten-percent", serial: bytes = b"s" * 16) -> str:
        """As the hub would mint it."""
        claims = CouponClaims(
            serial=serial.hex(),
            programme=self.programme.id,
            campaign=campaign,
            valid_from=whole_minute(BEGIN) - timedelta(minutes=1),
            valid_to=whole_minute(BEGIN) + timedelta(days=1),
            zone=self.programme.timezone.key,
        )
        return seal_coupon(claims, 1, COUPON_KEY.sign)

    def close(self) -> None:
        self._server.should_exit = True
        self._stop.set()
        for thread in self._threads:
            thread.join()
        self.cache.close()
        self._folder.cleanup()


def _member(name: str, card: str, phone: str, points: int) -> MemberSnapshot:
    begun = utc_text(BEGIN - timedelta(days=30))
    return MemberSnapshot(
        member=name,
        lots=(LotSnapshot(id=f"told/{name}", points=points, active_from=begun),),
        cards=(CardSnapshot(number=card, status="active"),),
        phone_key=phone_key(PHONE_KEY, parse_phone(phone)).hex(),
        stickers=STICKERS.get(name, ()),
    )
