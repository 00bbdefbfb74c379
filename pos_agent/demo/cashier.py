"""The cashier of the demo: does a visit step by step, and does it again from the start if the agent stopped meanwhile.

Doing it again is always safe: the sale has its number, and the agent records a number once.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from pos_agent.answers import Reply, ToldReturn
from pos_agent.client import AgentClient
from pos_agent.demo.office import StoryFailed
from pos_agent.demo.papers import read_papers
from pos_agent.demo.shop import POLL_S, AgentGone, Shop
from pos_agent.protocol import Cancel, Code, Command, PaperAnswer, Pay, ReturnGoods
from pos_agent.status import LastReply, Status

SCAN_TIMEOUT_S = 6.0  # a scan takes a tenth of a second; past this the cashier types the number
QUIET_S = 1.0  # a code takes a fifth of that
SCANS_MAX = 3  # then he types it
VISIT_TRIES_MAX = 20  # somebody who keeps killing the agent will have had enough

Step = Callable[[], None]


class Cashier:
    def __init__(self, shop: Shop, day: str) -> None:
        self.shop = shop
        self.teller = shop.teller
        self.day = day

    # a visit

    def visit(self, sale: str, *steps: Step) -> None:
        """All steps, then the payment and the paper. Again from the start if the agent stops in between."""
        for _ in range(VISIT_TRIES_MAX):
            try:
                if not self._paid_already(sale):
                    for step in steps:
                        step()
                    self._pay(sale)
                break
            except AgentGone:
                self._bring_back()
        else:
            raise StoryFailed(f"the agent stopped {VISIT_TRIES_MAX} times during sale {sale}")
        self._wait_for_paper(sale)

    def look(self, *steps: Step) -> None:
        """Steps without a sale: something is shown or refused, then the visit is cancelled."""
        for _ in range(VISIT_TRIES_MAX):
            try:
                self._do(Cancel())
                for step in steps:
                    step()
                self._do(Cancel())
                return
            except AgentGone:
                self._bring_back()
        raise StoryFailed("the agent stopped too often")

    def _bring_back(self) -> None:
        self.shop.mend()
        time.sleep(POLL_S)

    def _paid_already(self, sale: str) -> bool:
        """Only an empty visit may ask: in any other, paying would end it."""
        self._do(Cancel())
        return self._do(Pay(sale=sale, day=self.day)).code == "recorded_before"

    def _pay(self, sale: str) -> None:
        reply = self._do(Pay(sale=sale, day=self.day))
        self.teller.cashier(reply.text, reply.ok)
        if reply.code not in ("recorded", "recorded_before", "no_member"):
            raise StoryFailed(f"sale {sale} was not recorded: {reply.text}")

    def tell_again(self, sale: str, *steps: Step) -> None:
        """All of a sale once more, without its day, as a POS does that lost the answer over midnight."""
        for step in steps:
            step()
        self.tell("recorded_before", Pay(sale=sale))

    def give_back(self, number: str, ask: ReturnGoods) -> None:
        """First what it would be, then that the money has been given back; all of it again if the agent stops in
        between, for a return has its number too."""
        ask = replace(ask, sale=number, day=self.day)
        for _ in range(VISIT_TRIES_MAX):
            try:
                told = self._do(ask)
                self._heard(told, "return_")
                if told.code == "return_prepared" and isinstance(told.returned, ToldReturn):
                    self._heard(self._do(replace(ask, quote=told.returned.quote, paid=True)), "return_recorded")
                break
            except AgentGone:
                self._bring_back()
        else:
            raise StoryFailed(f"the agent stopped {VISIT_TRIES_MAX} times during return {number}")
        self._wait_for_paper(number)

    def balance(self, card: str) -> int | None:
        """What the till says of a card."""
        points: list[int | None] = []

        def look() -> None:
            self._do(Code(text=card))
            points.append(self.shop.ask(AgentClient.visit).visit.balance_points)

        self.look(look)
        return points[-1]

    def _do(self, command: Command) -> Reply:
        return self.shop.ask(lambda agent: agent.do(command))

    def tell(self, expected: str, command: Command) -> None:
        """Send a command; the story needs an answer whose code begins so."""
        self._heard(self._do(command), expected)

    def _heard(self, reply: Reply | LastReply, expected: str) -> None:
        self.teller.cashier(reply.text, reply.ok)
        if not reply.code.startswith(expected):
            raise StoryFailed(f"expected {expected}, but: {reply.text}")

    # ways to read a code

    def scan(self, text: str, expected: str) -> None:
        """With the serial scanner."""
        self._read("scanner", text, expected, lambda: self.shop.device("scanner").type_line(text))

    def show(self, picture: Path, text: str, expected: str) -> None:
        """To the camera: the picture of a card lies before it until it is read."""
        there = self.shop.pictures / f"card{picture.suffix.lower()}"

        def put() -> bool:
            unfinished = there.with_name(f".{there.name}.unfinished")
            shutil.copyfile(picture, unfinished)
            unfinished.replace(there)
            return True

        try:
            self._read("camera", text, expected, put)
        finally:
            there.unlink(missing_ok=True)

    def _read(self, device: str, text: str, expected: str, shoot: Callable[[], bool]) -> None:
        """Until the agent has it; typed by hand when the device does not bring it. A busy machine makes gaps in a code,
        as a bad cable does: what was not read whole is scanned again."""
        for _ in range(SCANS_MAX):
            self.shop.mend()
            self._wait_for_device(device)
            handled = self._handled_by_now()
            reply = self._reply_after(handled) if shoot() else None
            if reply is None:
                break
            if reply.code != "unsure_scan":
                self._heard(reply, expected)
                return
            self.teller.cashier(reply.text, reply.ok)
            self._let_the_rest_come(handled)
        self.teller.trouble(
            f"The {device} brought nothing; the cashier types the number.",
            "Код не прочитан; кассир набирает номер руками.",
        )
        self.tell(expected, Code(text=text))

    def _handled_by_now(self) -> int:
        """So many events. Of a member who stands there the hub's word may be under way."""
        look = self.shop.ask(AgentClient.visit)
        if look.visit.member is None:
            return look.handled
        self._let_the_rest_come(look.handled)
        return self.shop.ask(AgentClient.visit).handled

    def _let_the_rest_come(self, handled: int) -> None:
        """The other half of a code, or the hub's word, is an event too, and no answer to the next scan."""
        while self._reply_after(handled, QUIET_S) is not None:
            handled = self.shop.ask(AgentClient.visit).handled

    def _wait_for_device(self, name: str) -> None:
        """A plug has just been put in: give the agent its time to find the device."""
        deadline = time.monotonic() + SCAN_TIMEOUT_S
        while time.monotonic() < deadline:
            status = self.shop.ask(AgentClient.status)
            if any(scanner.name == name and scanner.state == "ready" for scanner in status.scanners):
                return
            time.sleep(POLL_S)

    def _reply_after(self, handled: int, wait_s: float = SCAN_TIMEOUT_S) -> LastReply | None:
        look = self.shop.ask(lambda agent: agent.visit(after=handled, wait_s=wait_s))
        return look.reply if look.handled > handled else None

    # the paper

    def _wait_for_paper(self, sale: str) -> None:
        """Until the receipt is out; if the agent asks about one, look at the paper and tell."""

        has_new_roll = False  # the printer takes a moment to say so

        def out(status: Status) -> bool:
            nonlocal has_new_roll
            if status.question is not None and status.asked is not None:
                self._look_at_paper(sale, status.asked, status.question)
                return False
            if status.printer is not None and status.printer.state == "paper_out" and not has_new_roll:
                self._new_roll(status.printer.text)
                has_new_roll = True
            return set(status.papers) <= {"printed"}

        self.shop.wait(f"the receipt of sale {sale}", out)

    def _new_roll(self, why: str) -> None:
        self.teller.trouble(why, why)
        self.teller.line("The cashier puts a new roll in.", "Кассир вставляет новый рулон.")
        self.shop.device("printer").type_line("paper in")

    def _look_at_paper(self, sale: str, asked: int, question: str) -> None:
        came_out = any(paper.sale == sale for paper in read_papers(self.shop.papers))
        self.teller.trouble(question, question)
        answer = ("yes", "да") if came_out else ("no", "нет")
        self.teller.line(f"The cashier looks at the printer: {answer[0]}.", f"Кассир смотрит на принтер: {answer[1]}.")
        try:
            self._do(PaperAnswer(paper=asked, came_out=came_out))
        except AgentGone:
            self._bring_back()
