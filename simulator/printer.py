"""A till's virtual printer and what its driver's thread would do, without the thread: the printer outlives the till's
processes, and what came out of it lies on the counter, where anybody can read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.printers import load_printer
from drivers.printer.printer import Printer
from offline_cache.cache import Cache
from pos_agent.printing import NEVER_S, Printing
from pos_agent.protocol import PaperAnswer
from simulator.cable import PrinterCable
from simulator.story import Say
from simulator.strip import Strip

if TYPE_CHECKING:
    from simulator.till import ChainTill

MODEL: Final = "default"
STEPS_MAX: Final = 2_000  # at one moment: more, and driver and printer never come to rest
STANDS_S: Final = (5.0, 30.0)  # so often a printer that stands is looked at: a slow thread's right
LOOKS_S: Final = (10.0, 240.0)  # so soon somebody who is asked for a paper looks at it


class TillPrinter:
    def __init__(self, till: ChainTill) -> None:
        self._till = till
        till.world.printers.append(self)
        self._chance = till.world.stream(f"{till.name}/printer")
        self.cable = PrinterCable(url=f"tcp://{till.name}:9100")
        self.strip = Strip(self.cable)
        self._profile = load_printer(MODEL)
        self._printing: Printing | None = None
        self._run = 0  # how often something agreed to look at it
        self._asked: int | None = None  # the paper that somebody goes to look at

    @property
    def of(self) -> str:
        """Which till's papers it prints: a second machine may work under the same name, with a printer of its own."""
        return self._till.till

    def begin(self, cache: Cache) -> Printing:
        """A process of the till's begins. What the printer had to say until then nobody has heard."""
        self.cable.step(self._till.world.moments.now_s)
        printer = Printer(self.cable.url, self._profile, open=self.cable.open)
        self._printing = Printing(cache, printer, language="en", receipt_language="ru")
        self._asked = None
        return self._printing

    def end(self) -> None:
        """It dies: the line with it, and what had not left yet."""
        self.cable.abandon()
        self._printing = None
        self._run += 1

    def order(self, line: str) -> None:
        """What happens to the printer itself, as emulator/orders.py knows it."""
        self.cable.step(self._till.world.moments.now_s)  # it has worked until now
        wrong = self.cable.order(line)
        assert not wrong, wrong
        self.wake()

    def paces(self, lines_per_s: float) -> None:
        """So quick from now on; 0: as quick as it gets what it prints."""
        self.cable.step(self._till.world.moments.now_s)
        self.cable.machine.lines_per_s = lines_per_s
        self.wake()

    def wake(self) -> None:
        """There may be something to do."""
        if self._printing is not None:
            self._run += 1
            self._step(self._run)

    def _step(self, run: int) -> None:
        if run != self._run or self._printing is None:
            return
        moments, printing = self._till.world.moments, self._printing
        next_s = self._at_rest(printing)
        if run != self._run:
            return  # it died of its disk
        self._somebody_looks(printing)
        if self._is_idle(printing):
            return
        looks_s = moments.now_s + self._chance.uniform(*STANDS_S)
        if not printing.printer_status.prints:
            next_s = max(next_s, looks_s)
        moments.at(looks_s if next_s == NEVER_S else next_s, lambda: self._step(run))

    def _at_rest(self, printing: Printing) -> float:
        """Both, until nothing more is to be done at this moment; when they want to be called next."""
        now_s = self._till.world.moments.now_s
        for _ in range(STEPS_MAX):
            driver_s, printer_s = self._till.step_printing(printing, now_s), self.cable.step(now_s)
            if self._printing is not printing:
                return NEVER_S
            next_s = driver_s if printer_s is None else min(driver_s, printer_s)
            if next_s > now_s and not self.cable.heard:
                return next_s
        raise AssertionError(f"{self._till.name}'s printer never comes to rest")

    def _is_idle(self, printing: Printing) -> bool:
        """Nothing to print, and nobody asked: its status alone is not worth a look."""
        jobs, machine = self._till.cache.print_jobs, self.cable.machine
        if machine.buffered and not machine.offline:
            return False
        return not printing.busy and not jobs.to_do() and jobs.open_kick() is None

    # whoever stands there

    def _somebody_looks(self, printing: Printing) -> None:
        if printing.asked is not None and printing.asked != self._asked:
            self._asked = asked = printing.asked
            self._till.world.moments.after(self._chance.uniform(*LOOKS_S), lambda: self._answer(asked))

    def _answer(self, paper: int) -> None:
        """Truthfully: by what lies there."""
        if self._asked == paper:
            self._asked = None  # it may be asked for again
        if self._printing is None or self._printing.asked != paper:
            return
        job = self._till.cache.print_jobs.in_question()[0]
        came_out = self.strip.has_whole(job.document, self._profile)
        command = PaperAnswer(paper=paper, came_out=came_out)
        self._till.world.count("a paper was looked at")
        key = f"{self._till.name}/paper/{paper}/{job.attempt}"
        self._till.ask(Say(command=command), key, lambda reply: self.wake())
