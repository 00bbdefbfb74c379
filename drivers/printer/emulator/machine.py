"""The printer around its interpreter: receive buffer, sensors, real-time commands, automatic status, faults.

A printer that is out of paper or open stops taking from its buffer; real-time commands are obeyed as they
arrive, ahead of the buffer and even when they are somebody's data, as on real ones.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from drivers.printer.emulator.commands import DLE, Command, dle_dc4, dle_eot, named
from drivers.printer.emulator.interpreter import Interpreter
from drivers.printer.emulator.paper import Paper

BUFFER_BYTES = 4096  # a common size; the line is not read while it is full
CLEAR_BUFFER = bytes((8, 1, 3, 20, 1, 6, 2, 8))  # DLE DC4 fn 8 and its fixed parameters
REAL_TIME: dict[int, Callable[[bytes], int | None]] = {0x04: dle_eot, 0x05: lambda data: 3, 0x14: dle_dc4}


class Machine:
    """`send` takes the answers, `keep` takes each cut paper, `log` takes one line of text."""

    def __init__(
        self,
        columns: int,
        *,
        send: Callable[[bytes], None],
        keep: Callable[[Paper], None],
        log: Callable[[str], None] = lambda text: None,
        kanji: bool = False,
        process_id: bool = True,
    ) -> None:
        self.paper_out = self.paper_low = self.cover_open = self.silent = False
        self.drawer_kicks = 0
        self.processed = 0  # bytes taken from the buffer since power on
        self.interpreter = Interpreter(columns, self, kanji=kanji)
        self._send, self._keep, self._log = send, keep, log
        self._knows_process_id = process_id
        self._buffer: deque[int] = deque()
        self._real_time = bytearray()
        self._auto_mask = 0
        self._plan: list[tuple[int, Callable[[], None]]] = []

    # The line

    @property
    def room(self) -> int:
        """Bytes the receive buffer still takes."""
        return BUFFER_BYTES - len(self._buffer)

    def receive(self, data: bytes) -> None:
        for byte in data:
            self._buffer.append(byte)
            self._notice(byte)
            self.work()

    def work(self) -> None:
        """Take from the buffer while there is paper and the cover is closed."""
        while self._buffer and not (self.paper_out or self.cover_open):
            byte = self._buffer.popleft()
            self.processed += 1
            self.interpreter.feed(bytes([byte]))
            self._due_faults()

    # Real-time commands

    def _notice(self, byte: int) -> None:
        pending = self._real_time
        pending.append(byte)
        if pending[0] != DLE:
            pending.clear()
        elif len(pending) >= 2 and pending[1] not in REAL_TIME:
            pending[:] = b"\x10" if byte == DLE else b""
        elif len(pending) >= 3 and len(pending) == REAL_TIME[pending[1]](bytes(pending)):
            command = named(bytes(pending))
            pending.clear()
            self._obey(command)

    def _obey(self, command: Command) -> None:
        if command.name == "DLE EOT":
            self._answer_status(command.args[0])
        elif command.name == "DLE DC4" and command.args == CLEAR_BUFFER:
            self._buffer.clear()
            self.interpreter.clear()
            self.answer(b"\x37\x25\x00")
        elif command.name == "DLE DC4" and command.args[0] == 1:
            self.kick_drawer()
        else:
            self.log(f"{command.name} {command.args.hex(' ')} has no effect here")

    def _answer_status(self, number: int) -> None:
        bits = {1: self._printer_bits, 2: self._offline_bits, 3: lambda: 0, 4: self._paper_bits}.get(number)
        if bits is not None:
            self.answer(bytes([0x12 | bits()]))

    def _printer_bits(self) -> int:
        return 0x08 if self.paper_out or self.cover_open else 0

    def _offline_bits(self) -> int:
        return (0x04 if self.cover_open else 0) | (0x20 if self.paper_out else 0)

    def _paper_bits(self) -> int:
        return 0x6C if self.paper_out else 0x0C if self.paper_low else 0

    # What the interpreter asks of its body

    def answer(self, data: bytes) -> None:
        if data[:2] == b"\x37\x22" and not self._knows_process_id:
            self.log("GS ( H is unknown to this model")
        elif not self.silent:
            self._send(data)

    def cut(self, paper: Paper) -> None:
        self._keep(paper)

    def kick_drawer(self) -> None:
        self.drawer_kicks += 1
        self.log("drawer kick")

    def paper_sensor(self) -> int:
        return 0x0C if self.paper_out else 0x03 if self.paper_low else 0

    def auto_status(self, mask: int) -> None:
        self._auto_mask = mask
        self._send_auto_status()

    def log(self, text: str) -> None:
        self._log(text)

    def _send_auto_status(self) -> None:
        if self._auto_mask:
            first = 0x10 | self._printer_bits() | (0x20 if self.cover_open else 0)
            self.answer(bytes((first, 0, self.paper_sensor(), 0)))

    # Faults

    def set(self, **sensors: bool) -> None:
        """`paper_out`, `paper_low`, `cover_open`, `silent`: change and, if asked to, tell."""
        for name, value in sensors.items():
            assert name in ("paper_out", "paper_low", "cover_open", "silent"), name
            setattr(self, name, value)
        self._send_auto_status()
        self.work()

    def at(self, bytes_from_now: int, fault: Callable[[], None]) -> None:
        """Let the fault happen when so many more bytes have been taken from the buffer."""
        self._plan.append((self.processed + bytes_from_now, fault))

    def _due_faults(self) -> None:
        due = [fault for at, fault in self._plan if at <= self.processed]
        if due:
            self._plan = [(at, fault) for at, fault in self._plan if at > self.processed]
            for fault in due:
                fault()
