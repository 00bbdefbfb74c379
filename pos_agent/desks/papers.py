"""Papers that somebody asks for: a copy of a receipt, the report of a shift."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from drivers.printer.document import Document, to_json
from drivers.printer.preview import render
from drivers.printer.profile import PrinterProfile
from loyalty.bodies import Sale, SaleNumber
from loyalty.claims import may_give
from loyalty.operation import Key, Operation
from loyalty.paper.words import TRAINING
from loyalty.programme import Language, Programme
from loyalty.returns import is_undone
from offline_cache.cache import Cache
from offline_cache.records import Paper, PrintJob
from pos_agent.counter import today_at
from pos_agent.house import SHIPPED, SalePaper
from pos_agent.protocol import PointsReport, Reprint
from pos_agent.receipt import has_member, receipt
from pos_agent.refused import Refused
from pos_agent.report import label, points_report
from pos_agent.shop_day import shop_day
from pos_agent.words import as_typed

SCREEN = PrinterProfile(name="screen")  # 42 columns, as most receipt paper


InForceAt = Callable[[datetime], Programme]


class PaperDesk:
    """Each method answers with the code and the facts of what to say. Raises Refused."""

    def __init__(
        self,
        cache: Cache,
        in_force: InForceAt,
        language: Language,
        choice: SalePaper = SHIPPED,
        prints: bool = True,
        receipt_language: Language | None = None,
    ) -> None:
        self._cache = cache
        self._in_force = in_force
        self._choice = choice
        self._prints = prints
        self._language: Language = language  # a report is for the shop's own people
        self._receipt_language: Language = receipt_language or language

    def answer(self, command: Reprint | PointsReport, now: datetime, pos: str) -> tuple[str, dict[str, str]]:
        if isinstance(command, Reprint):
            return self.reprint(command, now, pos)
        return self.report(command, now)

    def reprint(self, command: Reprint, now: datetime, pos: str) -> tuple[str, dict[str, str]]:
        """The same document once more, as a copy. One that is not out yet is not copied: it will come by itself, or
        wait for the answer to «Вышел ли чек?»."""
        job = self._receipt(command, now, pos)
        if job is None:
            return self._claim(command, now, pos)
        if job.state == "unknown":
            raise Refused("receipt_in_question", sale=job.label)
        if job.state != "printed":
            raise Refused("receipt_not_out", sale=job.label)
        self._refuse_a_second_copy(job)
        paper = Paper(kind="copy", label=job.label, document=self._as_it_is(job))
        self._cache.print_jobs.add(paper, now, key=job.key)
        return "copy_queued", {"sale": job.label}

    def _receipt(self, command: Reprint, now: datetime, pos: str) -> PrintJob | None:
        """Of one number two POS may have a sale: that of whoever asks comes first, then the newest. None: it had no
        paper, and there may be one to make."""
        jobs = self._cache.print_jobs
        if command.sale is None and command.day is not None:
            raise Refused("bad_sale", words="day_without_sale")
        if command.sale is None and self._choice.kind == "tail":
            raise Refused("paper_is_tail")  # an older receipt is not the last one
        if command.sale is None:
            self._need_printer()
            job = jobs.last_receipt()
            if job is None:
                raise Refused("no_receipt_yet")
            return job
        day = self._day(command.day, now)
        sales = self._sales(day, command.sale, pos)
        found = [jobs.receipt_of(key) for _, key in sales]
        if not sales and any(self._cache.trimming.sale(command.sale, one, day=day) for one in {pos, ""}):
            raise Refused("no_such_receipt", words="receipt_long_ago", sale=as_typed(command.sale), day=label(day))
        if not sales:
            raise Refused("no_such_receipt", sale=as_typed(command.sale), day=label(day))
        self._need_printer()
        job = next((job for job in found if job is not None), None)
        if job is None and self._choice.kind == "tail":
            raise Refused("paper_is_tail")
        return job

    def _sales(self, day: str, number: str, pos: str) -> list[tuple[SaleNumber, Key]]:
        sales = self._cache.sales_of_day(day, number)
        return sorted(sales, key=lambda sale: sale[0].pos != pos) if pos else sales

    # that the points of a sale without a card wait

    def _claim(self, command: Reprint, now: datetime, pos: str) -> tuple[str, dict[str, str]]:
        """The guest asks for it, where no paper said so by itself."""
        sale = command.sale or ""
        for _, key in self._sales(self._day(command.day, now), sale, pos):
            operation = self._cache.operation(key)
            if operation is not None and self._promises(operation):
                document = self._document(operation, claims=True)
                self._cache.print_jobs.add(Paper(kind="receipt", label=sale, document=document), now, key=key)
                return "claim_queued", {"sale": sale}
        raise Refused("sale_without_paper", sale=sale)

    def _promises(self, operation: Operation) -> bool:
        programme = self._in_force(datetime.fromisoformat(operation.at))
        if self._cache.training or programme.claims.prints == "never" or self._is_undone(operation):
            return False
        return may_give(programme, operation) > 0

    def _as_it_is(self, job: PrintJob) -> bytes:
        """A copy of a sale of nobody promises nothing once all of it is back."""
        operation = self._cache.operation(job.key) if job.key is not None else None
        if operation is None or not isinstance(operation.body, Sale) or has_member(operation.body):
            return job.document
        return self._document(operation, claims=False) if self._is_undone(operation) else job.document

    def _is_undone(self, operation: Operation) -> bool:
        body = operation.body
        return isinstance(body, Sale) and is_undone(body, self._cache.returns_of(operation.key))

    def _document(self, operation: Operation, *, claims: bool) -> bytes:
        programme = self._in_force(datetime.fromisoformat(operation.at))
        lines = self._choice.lines
        return to_json(receipt([operation], programme, self._receipt_language, None, lines=lines, claims=claims))

    def _day(self, said: str | None, now: datetime) -> str:
        return shop_day(said, today_at(now, self._cache, self._in_force(now)))

    def _need_printer(self) -> None:
        """What is made for one that is not there would wait for ever."""
        if not self._prints:
            raise Refused("paper_without_printer")

    def _refuse_a_second_copy(self, receipt: PrintJob) -> None:
        """Somebody who presses the button five times at an empty printer wants one copy."""
        if self._cache.print_jobs.waiting("copy", receipt.label) is not None:
            raise Refused("copy_not_out", sale=receipt.label)

    def report(self, command: PointsReport, now: datetime) -> tuple[str, dict[str, str]]:
        """On paper, or as text for a screen."""
        day = self._day(command.day, now)
        if self._cache.trimming.has_of_day(day):
            raise Refused("day_long_ago", day=label(day), report="pos-hub export day")
        document = self._points_report(day, now)
        if command.show:
            lines = render(document, SCREEN)[:-1]  # without the cut
            training = [TRAINING[self._language]] if self._cache.training else []
            return "report_shown", {"report": "\n".join([*training, *lines])}
        self._need_printer()
        if self._cache.print_jobs.waiting("report", label(day)) is None:  # else that one is as good
            self._cache.print_jobs.add(Paper(kind="report", label=label(day), document=to_json(document)), now)
        return "report_queued", {"day": label(day)}

    def _points_report(self, day: str, now: datetime) -> Document:
        shift = self._cache.shifts.of(day)
        till, store = self._cache.till, self._cache.store
        return points_report(shift, self._in_force(now), self._language, till=till, store=store, at=now)
