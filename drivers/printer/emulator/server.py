"""The virtual printer on its wire: the loop that reads, steps the machine and writes what falls out.

The printer outlives its hosts: what is in its buffer when a connection ends is still printed. Ledger: ledger.py.
"""

from __future__ import annotations

import os
import selectors
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import IO, Any, TypeVar

from drivers.printer.emulator import orders
from drivers.printer.emulator.disk import Disk
from drivers.printer.emulator.journal import CommandLog, Journal
from drivers.printer.emulator.ledger import LedgerFile, Piece
from drivers.printer.emulator.machine import BUFFER_BYTES, Machine
from drivers.printer.emulator.models import DEFAULT_MODEL, MODELS, Model
from drivers.printer.emulator.orders import ORDERS
from drivers.printer.emulator.tray import Tray
from drivers.printer.emulator.wires import PtyWire, TcpWire, Wire

__all__ = ["ORDERS", "PrinterServer"]

CHUNK_BYTES = 1024
CONTROL_LINE_MAX_BYTES = 200
CONTROL_DEADLINE_S = 5.0  # an order given from another thread
BOOT_S = 2.0  # until a printer that was switched on hears and answers; receipt printers take one to four
PRINTED = b"\x37\x22"  # what the answer to GS ( H begins with
BITS_PER_BYTE = 10  # a start bit, eight of data, a stop bit
BAUD_SLICES_PER_S = 50  # how finely a slow line is cut
BEHIND_MAX_S = 1.0  # how far this process may be behind a line that is never idle

T = TypeVar("T")


class PrinterServer:
    """`serve()` in a thread of its own, or `with PrinterServer(...) as printer:`. `order()` from any thread.

    On TCP at host and port (0: any free one); `pty`: on a serial port of its own, `link` is its stable name.
    `model` names a row of MODELS; `kanji`, `process_id` and so on change it. `pictures=False` saves the time that
    drawing takes, `trace` writes every command to commands.log and not only what is odd. For `boot_s` after a power
    cycle all that comes is lost and every connection is closed.
    """

    def __init__(
        self,
        out: Path,
        *,
        columns: int = 42,
        host: str = "127.0.0.1",
        port: int = 0,
        pty: bool = False,
        link: Path | None = None,
        model: str = DEFAULT_MODEL,
        kanji: bool | None = None,
        process_id: bool | None = None,
        clear_buffer: bool | None = None,
        transmit_status: bool | None = None,
        auto_status: bool | None = None,
        cutter: bool | None = None,
        buffer_bytes: int = BUFFER_BYTES,
        bytes_per_s: float = 0,
        lines_per_s: float = 0,
        baud: int = 0,
        boot_s: float = BOOT_S,
        answer_after_s: float = 0,
        pictures: bool = True,
        trace: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.tray = Tray(out, pictures=pictures)
        self._disk = Disk(out)
        self.baud = baud
        self._clock = clock
        self._ledger_file = LedgerFile(out / "ledger.jsonl")
        self._command_log = CommandLog(out / "commands.log")
        self._journal = Journal(self._disk.taking(self._command_log.write), commands=trace)
        self.machine = Machine(
            columns,
            send=self._answer,
            keep=self._disk.taking(self.tray.keep),
            log=self._journal.note,
            trace=self._journal.token if trace else None,
            record=self._disk.taking(self._ledger_file.write),
            model=changed(
                MODELS[model],
                kanji=kanji,
                process_id=process_id,
                clear_buffer=clear_buffer,
                transmit_status=transmit_status,
                auto_status=auto_status,
                cutter=cutter,
            ),
            buffer_bytes=buffer_bytes,
            bytes_per_s=bytes_per_s,
            lines_per_s=lines_per_s,
            boot_s=boot_s,
            answer_after_s=answer_after_s,
            first_receipt=self.tray.last + 1,
            last_piece=self._ledger_file.last,
        )
        self.machine.step(clock())
        self.wire: Wire = PtyWire(link) if pty or link is not None else TcpWire(host, port)
        self._line_free_at = 0.0  # when a slow line brings the next bytes
        self._line_brought_at = 0.0  # when it brought its last ones, however late they were taken
        self._line_was_full = False  # it had more than it could bring at once
        self._selector = selectors.DefaultSelector()
        self._waker, self._wake = socket.socketpair()
        self._waker.setblocking(False)
        self._asked: list[Callable[[], None]] = []
        self._stopping = False
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        return self.wire.url

    @property
    def port(self) -> int:
        """Of a printer on TCP."""
        assert isinstance(self.wire, TcpWire)
        return self.wire.port

    @property
    def ledger(self) -> list[Piece]:
        """All pieces on paper so far, as of now: see ledger.py."""
        return self.ask(lambda: list(self.machine.ledger.pieces))

    def __enter__(self) -> PrinterServer:
        self._thread = threading.Thread(target=self.serve, name="virtual-printer")
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        assert self._thread is not None
        self._thread.join()

    def stop(self) -> None:
        """Safe from a signal handler and from any thread."""
        self._stopping = True
        self._wake_up()

    def order(self, line: str) -> str:
        """Carry out an order (see ORDERS) in the printer's own thread; "" or what was wrong with it."""
        return self.ask(lambda: self.obey(line))

    def ask(self, question: Callable[[], T]) -> T:
        """The answer of a function that runs in the printer's own thread, or here once the printer has ended."""
        if self._thread is None or not self._thread.is_alive():
            return question()
        answer: Future[T] = Future()
        self._asked.append(lambda: settle(answer, question))
        self._wake_up()
        return answer.result(CONTROL_DEADLINE_S)

    # The loop

    def serve(
        self,
        control: IO[bytes] | None = None,
        told: Callable[[str, str], None] = lambda line, error: None,
        route: Callable[[str], str] | None = None,
    ) -> None:
        """Until stop(). `control` gives orders, a line each; `told` gets each line and what was wrong with it.

        `route` obeys them instead of this printer, where there are several.
        """
        self._thread = threading.current_thread()
        reader = ControlLines(control, told) if control is not None else None
        self._selector.register(self._waker, selectors.EVENT_READ)
        if reader is not None:
            reader.register(self._selector)
        watched: dict[socket.socket | int, int] = {}
        try:
            while not self._stopping:
                wait_s = self._step()
                watched = self._watch(watched)
                for key, _ in self._selector.select(wait_s):
                    if key.fileobj is self._waker:
                        self._answer_questions()
                    elif reader is not None and key.fileobj is reader.stream:
                        reader.read(self._selector, route or self.obey)
                    else:
                        self._read(key.fileobj)
        finally:
            self._end()

    def _step(self) -> float | None:
        """Let the machine work; how long nothing need be done."""
        now = self._clock()
        at = self.machine.step(now)
        self._disk.take(self._command_log.flush)
        if self.baud and now < self._line_free_at:
            at = min(at or self._line_free_at, self._line_free_at)
        return None if at is None else max(at - now, 0)

    def _watch(self, before: dict[socket.socket | int, int]) -> dict[socket.socket | int, int]:
        """Wait for what can be dealt with now: no new client beside one, no bytes into a full buffer."""
        booting = self.machine.booting
        if not booting:
            self.wire.pace(self.machine.room)
        late = self.baud and self._clock() < self._line_free_at
        wanted = self.wire.wanted(0 if late else CHUNK_BYTES if booting else self.machine.room)
        for source in before:  # a number may be another file by now: always anew
            with suppress(KeyError, ValueError):
                self._selector.unregister(source)
        for source, events in wanted.items():
            self._selector.register(source, events)
        return wanted

    def _read(self, source: object) -> None:
        now = self._clock()
        self.machine.step(now)
        booting = self.machine.booting
        limit = CHUNK_BYTES if booting else min(CHUNK_BYTES, max(self.machine.room, 0))
        if self.baud:
            slice_bytes = max(self.baud // BITS_PER_BYTE // BAUD_SLICES_PER_S, 1)
            limit = min(limit, slice_bytes) if now >= self._line_free_at else 0
        data = self.wire.take(source, limit)
        if data and self._arrived(len(data), limit, now) < self.machine.ready_at:
            self.machine.miss(data)
        elif data:
            self.machine.receive(data)
        if booting:  # no power, no ears: bytes on a serial line are lost, a connection ends as soon as it is made
            self.wire.drop()

    def _arrived(self, count: int, limit: int, now: float) -> float:
        """When a line of that speed brought these bytes, however late this process looks: else a busy machine would
        lose fewer of them in a power cycle than its line carries meanwhile."""
        if not self.baud:
            return now
        took_s = count * BITS_PER_BYTE / self.baud
        self._line_free_at = max(now - 1 / BAUD_SLICES_PER_S, self._line_free_at) + took_s
        arrived = max(self._line_brought_at, now - BEHIND_MAX_S) if self._line_was_full else now
        self._line_brought_at, self._line_was_full = arrived + took_s, count == limit
        return arrived

    def _answer(self, data: bytes) -> None:
        if data.startswith(PRINTED):
            self._disk.take(lambda: self.tray.hang(self.machine.interpreter.paper))
        self.wire.send(data)

    def _end(self) -> None:
        paper = self.machine.stop()
        self.wire.unplug()
        if paper.rows:
            self._disk.take(lambda: self.tray.write(paper, "uncut"))
        self._journal.end()
        self._disk.take(self._command_log.close)
        self._selector.close()
        self._waker.close()
        self._wake.close()
        self._answer_left_over()

    # Questions and orders from other threads

    def _wake_up(self) -> None:
        with suppress(OSError):
            self._wake.send(b"\0")

    def _answer_questions(self) -> None:
        with suppress(BlockingIOError):
            self._waker.recv(CHUNK_BYTES)
        self.machine.step(self._clock())
        self._answer_left_over()

    def _answer_left_over(self) -> None:
        while self._asked:
            self._asked.pop(0)()

    def obey(self, line: str) -> str:
        """In the printer's own thread: do what the line says; "" or one line of what is wrong with it."""
        return orders.obey(self, line)

    def unplug(self) -> None:
        """The cable is out."""
        self.wire.unplug()

    def plug(self) -> None:
        self.wire.plug()

    def drop(self) -> None:
        self.wire.drop()

    def set_baud(self, baud: int) -> None:
        self.baud = baud
        self._line_free_at = 0.0


class ControlLines:
    """Orders from a stream, such as the standard input; its end is no reason to stop."""

    def __init__(self, stream: IO[bytes], told: Callable[[str, str], None]) -> None:
        self.stream = stream
        self._told = told
        self._pending = b""

    def register(self, selector: selectors.BaseSelector) -> None:
        with suppress(PermissionError, ValueError):  # a plain file or /dev/null cannot be waited for
            selector.register(self.stream, selectors.EVENT_READ)

    def read(self, selector: selectors.BaseSelector, obey: Callable[[str], str]) -> None:
        data = os.read(self.stream.fileno(), CHUNK_BYTES)
        if not data:
            selector.unregister(self.stream)
            data = b"\n"  # the last order may have none
        *lines, self._pending = (self._pending + data)[-CONTROL_LINE_MAX_BYTES * 8 :].split(b"\n")
        for raw in lines:
            line = raw.decode("utf-8", "replace").strip()
            if line:
                self._told(line, obey(line))


def settle(answer: Future[T], question: Callable[[], T]) -> None:
    """A question that fails is its asker's trouble, not the printer's."""
    try:
        answer.set_result(question())
    except Exception as error:
        answer.set_exception(error)


def changed(model: Model, **said: bool | None) -> Model:
    """The model, but for what was said otherwise."""
    other: dict[str, Any] = {name: value for name, value in said.items() if value is not None}
    return replace(model, **other)
