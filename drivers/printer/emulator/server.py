"""The virtual printer on a TCP port: one client at a time, as most network printers do it.

A client that comes while another is served waits in the queue. The printer outlives its clients: what is in
its buffer when a connection ends is still printed.
"""

from __future__ import annotations

import os
import selectors
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO

from drivers.printer.emulator.machine import Machine
from drivers.printer.emulator.tray import Tray

BACKLOG = 8
CHUNK_BYTES = 1024
UNSENT_MAX_BYTES = 65536  # a client that never reads its answers
LOG_MAX_LINES = 10_000  # in one run: a client that sends noise must not fill the disk
CONTROL_LINE_MAX_BYTES = 200
CONTROL_DEADLINE_S = 5.0  # an order given from another thread


class PrinterServer:
    """`serve()` in a thread of its own, or `with PrinterServer(...) as printer:`. `order()` from any thread."""

    def __init__(
        self,
        out: Path,
        *,
        columns: int = 42,
        host: str = "127.0.0.1",
        port: int = 0,
        kanji: bool = False,
        process_id: bool = True,
    ) -> None:
        self.tray = Tray(out)
        self._logged = 0
        self._log_file = out / "commands.log"
        self.machine = Machine(
            columns,
            send=self._answer,
            keep=self.tray.keep,
            log=self._log,
            kanji=kanji,
            process_id=process_id,
        )
        self._listener: socket.socket | None = listen(host, port)
        self.host, self.port = self._listener.getsockname()[:2]
        self._client: socket.socket | None = None
        self._unsent = bytearray()
        self._selector = selectors.DefaultSelector()
        self._waker, self._wake = socket.socketpair()
        self._waker.setblocking(False)
        self._orders: list[tuple[str, Callable[[str], None]]] = []
        self._stopping = False
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"tcp://{host}:{self.port}"

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
        done = threading.Event()
        answers: list[str] = []

        def answer(text: str) -> None:
            answers.append(text)
            done.set()

        self._orders.append((line, answer))
        self._wake_up()
        if not done.wait(CONTROL_DEADLINE_S):
            raise TimeoutError(f"the virtual printer did not get to {line!r}")
        return answers[0]

    # The loop

    def serve(self, control: IO[bytes] | None = None, told: Callable[[str, str], None] | None = None) -> None:
        """Until stop(). `control` gives orders, a line each; `told` gets each line and what was wrong with it."""
        reader = ControlLines(control, told or (lambda line, error: None)) if control is not None else None
        self._selector.register(self._waker, selectors.EVENT_READ)
        if reader is not None:
            reader.register(self._selector)
        try:
            while not self._stopping:
                self._watch()
                for key, _ in self._selector.select():
                    if key.fileobj is self._waker:
                        self._obey_orders()
                    elif key.fileobj is self._listener:
                        self._accept()
                    elif key.fileobj is self._client:
                        self._serve_client()
                    elif reader is not None and key.fileobj is reader.stream:
                        reader.read(self._selector, self.obey)
        finally:
            self._end()

    def _watch(self) -> None:
        """Listen for what can be dealt with now: no new client beside one, no bytes into a full buffer."""
        self._unwatch(self._listener)
        self._unwatch(self._client)
        if self._client is None:
            if self._listener is not None:
                self._selector.register(self._listener, selectors.EVENT_READ)
            return
        events = selectors.EVENT_READ if self.machine.room else 0
        if self._unsent:
            events |= selectors.EVENT_WRITE
        if events:
            self._selector.register(self._client, events)

    def _unwatch(self, sock: socket.socket | None) -> None:
        if sock is not None:
            with suppress(KeyError, ValueError):
                self._selector.unregister(sock)

    def _accept(self) -> None:
        assert self._listener is not None
        with suppress(OSError):
            self._client, _ = self._listener.accept()
            self._client.setblocking(False)

    def _serve_client(self) -> None:
        assert self._client is not None
        try:
            self._flush()
            if not self.machine.room:
                return
            data = self._client.recv(min(CHUNK_BYTES, self.machine.room))
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            self.machine.receive(data)
        else:
            self._hang_up()

    def _answer(self, data: bytes) -> None:
        if self._client is not None and len(self._unsent) < UNSENT_MAX_BYTES:
            self._unsent += data
            with suppress(OSError):
                self._flush()

    def _flush(self) -> None:
        if self._client is not None and self._unsent:
            with suppress(BlockingIOError):
                del self._unsent[: self._client.send(self._unsent)]

    def _hang_up(self) -> None:
        if self._client is not None:
            self._unwatch(self._client)
            self._client.close()
        self._client = None
        self._unsent.clear()

    def _end(self) -> None:
        self._hang_up()
        self._unwatch(self._listener)
        if self._listener is not None:
            self._listener.close()
        if self.machine.interpreter.paper.rows:
            self.tray.write(self.machine.interpreter.paper, "uncut")
        self._selector.close()
        self._waker.close()
        self._wake.close()

    # Orders

    def _wake_up(self) -> None:
        with suppress(OSError):
            self._wake.send(b"\0")

    def _obey_orders(self) -> None:
        with suppress(BlockingIOError):
            self._waker.recv(CHUNK_BYTES)
        while self._orders:
            line, answer = self._orders.pop(0)
            answer(self.obey(line))

    def obey(self, line: str) -> str:
        """Do what the line says; "" or one line of what is wrong with it."""
        words = line.split()
        if words[:1] == ["at"] and len(words) > 2 and words[1].isdigit() and " ".join(words[2:]) in ORDERS:
            later = ORDERS[" ".join(words[2:])]
            self.machine.at(int(words[1]), lambda: later(self))
            return ""
        now = ORDERS.get(" ".join(words))
        if now is None:
            return f"unknown order {line.strip()!r}; there are: {', '.join(ORDERS)}; at BYTES ORDER"
        now(self)
        return ""

    def unplug(self) -> None:
        """The cable is out: the connection breaks, new ones are refused."""
        self._hang_up()
        if self._listener is not None:
            self._unwatch(self._listener)
            self._listener.close()
            self._listener = None

    def plug(self) -> None:
        if self._listener is None:
            self._listener = listen(self.host, self.port)

    def _log(self, text: str) -> None:
        if self._logged < LOG_MAX_LINES:
            self._logged += 1
            with self._log_file.open("a", encoding="utf-8") as log:
                log.write(text + "\n")


Order = Callable[[PrinterServer], None]

ORDERS: dict[str, Order] = {
    "paper out": lambda printer: printer.machine.set(paper_out=True),
    "paper low": lambda printer: printer.machine.set(paper_low=True, paper_out=False),
    "paper in": lambda printer: printer.machine.set(paper_low=False, paper_out=False),
    "cover open": lambda printer: printer.machine.set(cover_open=True),
    "cover close": lambda printer: printer.machine.set(cover_open=False),
    "silent on": lambda printer: printer.machine.set(silent=True),
    "silent off": lambda printer: printer.machine.set(silent=False),
    "tear": lambda printer: printer.machine.interpreter.tear(),
    "unplug": PrinterServer.unplug,
    "plug": PrinterServer.plug,
}


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
        *lines, self._pending = (self._pending + data)[-CONTROL_LINE_MAX_BYTES * 8 :].split(b"\n")
        for raw in lines:
            line = raw.decode("utf-8", "replace").strip()
            if line:
                self._told(line, obey(line))


def listen(host: str, port: int) -> socket.socket:
    """OSError tells that the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    listener.setblocking(False)
    return listener
