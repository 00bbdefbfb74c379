"""Orders: what a person or a test may do to a virtual printer, a line of words each.

`answer after SECONDS` delays every answer from now on, as a slow print server does; 0: no more.
`at BYTES ORDER`, `at line LINES ORDER` and `after SECONDS ORDER` put an order off; they count from now. An order
at byte N comes after N more bytes have been processed and before the next one is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from drivers.printer.emulator.machine import Machine

SECONDS_MAX = 86_400  # a day; more is a typing mistake
ANSWER_AFTER = "answer after SECONDS"
LATER = ("at BYTES ORDER", "at line LINES ORDER", "after SECONDS ORDER")


class Ordered(Protocol):
    """A printer with its cable."""

    machine: Machine

    def unplug(self) -> None: ...

    def plug(self) -> None: ...

    def drop(self) -> None:
        """End the connection; the next one is taken."""

    def set_baud(self, baud: int) -> None: ...


Order = Callable[[Ordered], None]


def sensor(**switches: bool) -> Order:
    return lambda printer: printer.machine.set(**switches)


def power_cycle(printer: Ordered, *, kept: bool) -> None:
    printer.machine.power_cycle(kept=kept)
    printer.drop()


ORDERS: dict[str, Order] = {
    "paper out": sensor(paper_out=True),
    "paper low": sensor(paper_low=True, paper_out=False),
    "paper in": sensor(paper_low=False, paper_out=False),
    "cover open": sensor(cover_open=True),
    "cover close": sensor(cover_open=False),
    "cutter jam": sensor(cutter_jam=True),
    "cutter free": sensor(cutter_jam=False),
    "overheat on": sensor(overheat=True),
    "overheat off": sensor(overheat=False),
    "silent on": sensor(silent=True),
    "silent off": sensor(silent=False),
    "constant on": sensor(constant=True),
    "constant off": sensor(constant=False),
    "power cycle": lambda printer: power_cycle(printer, kept=False),
    "power cycle kept": lambda printer: power_cycle(printer, kept=True),
    "tear": lambda printer: printer.machine.tear(),
    "unplug": lambda printer: printer.unplug(),
    "plug": lambda printer: printer.plug(),
    "baud 0": lambda printer: printer.set_baud(0),
    "baud 9600": lambda printer: printer.set_baud(9600),
    "baud 19200": lambda printer: printer.set_baud(19200),
    "baud 115200": lambda printer: printer.set_baud(115200),
}


def obey(printer: Ordered, line: str) -> str:
    """Do what the line says; "" or one line of what is wrong with it."""
    words = line.split()
    match words:
        case ["at", "line", count, *order] if count.isdecimal():
            return put_off(printer, order, lambda now: printer.machine.at_line(int(count), now))
        case ["at", count, *order] if count.isdecimal():
            return put_off(printer, order, lambda now: printer.machine.at(int(count), now))
        case ["after", seconds, *order] if (wait := seconds_of(seconds)) is not None:
            return put_off(printer, order, lambda now: printer.machine.after(wait, now))
        case _ if (found := order_of(words)) is not None:
            return carry_out(printer, found)
        case _:
            return unknown(words)


def order_of(words: list[str]) -> Order | None:
    """An order that can be carried out now."""
    match words:
        case ["answer", "after", seconds] if (late := seconds_of(seconds)) is not None:
            return lambda printer: setattr(printer.machine, "answer_after_s", late)
    return ORDERS.get(" ".join(words))


def put_off(printer: Ordered, words: list[str], when: Callable[[Callable[[], None]], None]) -> str:
    order = order_of(words)
    if order is None:
        return unknown(words)
    when(lambda: printer.machine.log(carry_out(printer, order) or f"order: {' '.join(words)}"))
    return ""


def carry_out(printer: Ordered, order: Order) -> str:
    try:
        order(printer)
    except OSError as error:  # the port was taken while the cable was out
        return f"cannot do that: {error.strerror or error}"
    return ""


def unknown(words: list[str]) -> str:
    return f"unknown order {' '.join(words)!r}; there are: {', '.join((*ORDERS, ANSWER_AFTER, *LATER))}"


def seconds_of(text: str) -> float | None:
    try:
        seconds = float(text)
    except ValueError:
        return None
    return seconds if 0 <= seconds <= SECONDS_MAX else None
