"""The printer around its interpreter: receive buffer and its pace, sensors, real-time commands, automatic
status, faults. No clock in here: `step(now)` is told the time, and says when it wants to be called next.

A printer that is off line stops taking from its buffer; real-time commands are obeyed as they arrive, ahead of
the buffer, even when it is full and even when they are somebody's data (a raster, a QR), as on real ones.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from drivers.printer.emulator.commands import DLE, Command, dle_dc4, dle_eot, named
from drivers.printer.emulator.interpreter import Interpreter, Trace
from drivers.printer.emulator.ledger import Ledger, Piece
from drivers.printer.emulator.models import DEFAULT_MODEL, MODELS, Model
from drivers.printer.emulator.paper import Paper, Row

BUFFER_BYTES = 4096  # a common size; the line is not read while it is full
CLEAR_BUFFER = bytes((8, 1, 3, 20, 1, 6, 2, 8))  # DLE DC4 fn 8 and its fixed parameters
CLEAR_BUFFER_BYTES = 2 + len(CLEAR_BUFFER)
CLEARED = b"\x37\x25\x00"
OFFLINE_RESPONSE = b"\x37\x23\x00"  # GS ( H fn 49, without its causes
REAL_TIME: dict[int, Callable[[bytes | bytearray], int | None]] = {
    0x04: dle_eot,
    0x05: lambda data: 3,
    0x14: dle_dc4,
}
SENSORS = ("paper_out", "paper_low", "cover_open", "cutter_jam", "overheat")
SWITCHES = ("silent", "constant")

# GS a: which bits of the four bytes belong to each bit of its mask (Epson's reference, "GS a", table of the
# basic ASB statuses): 01 drawer; 02 on/off line and cover; 04 errors; 08 paper; 40 the feed button.
# From the same page: the status goes out at once when n is not 0, then whenever one of the chosen ones changes;
# and "this command setting is effective until ESC @ is executed, the printer is reset or power is turned off".
AUTO_STATUS_ITEMS = {0x01: 0x04000000, 0x02: 0x68010000, 0x04: 0x006C0000, 0x08: 0x00000F00, 0x40: 0x00020000}
ALL_IS_WELL = 0x10000000


@dataclass(slots=True)
class Due:
    """A fault that waits for its moment."""

    at: float
    fault: Callable[[], None]


class Machine:
    """`send` takes the answers, `keep` takes each cut paper, `log` takes one line of text, `record` each piece.

    `bytes_per_s` and `lines_per_s` are the pace at which the buffer is taken; 0 is as fast as it can. `boot_s` is how
    long it is deaf and dumb after a power cycle. `answer_after_s`: how long each answer is on its way, as through a
    slow print server.
    """

    def __init__(
        self,
        columns: int,
        *,
        send: Callable[[bytes], None],
        keep: Callable[[Paper], None],
        log: Callable[[str], None] = lambda text: None,
        trace: Trace | None = None,
        record: Callable[[Piece], None] = lambda piece: None,
        model: Model = MODELS[DEFAULT_MODEL],
        buffer_bytes: int = BUFFER_BYTES,
        bytes_per_s: float = 0,
        lines_per_s: float = 0,
        boot_s: float = 0,
        answer_after_s: float = 0,
        first_receipt: int = 1,
        last_piece: int = 0,
    ) -> None:
        self.model = model
        self.paper_out = self.paper_low = self.cover_open = self.cutter_jam = self.overheat = False
        self.silent = self.constant = False
        self.drawer_kicks = 0
        self.processed = 0  # bytes taken from the buffer since the first power on
        self.lines = 0  # rows printed since then
        self.lost = 0  # bytes that came while the buffer was full, or while it booted
        self.receipt = first_receipt  # the number of the one that hangs out now
        self.bytes_per_s, self.lines_per_s = bytes_per_s, lines_per_s
        self.buffer_bytes = buffer_bytes
        self.boot_s = boot_s
        self.answer_after_s = answer_after_s
        self.ledger = Ledger(record, last=last_piece)
        self._send, self._keep, self._log = send, keep, log
        self._buffer: deque[int] = deque()
        self._real_time = bytearray()
        self._late: deque[tuple[float, bytes]] = deque()  # answers on their way, and when they are there
        self._auto_mask = self._auto_sent = 0
        self._wants_offline_response = False
        self._now = self._free_at = self._ready_at = 0.0
        self._at_byte: list[Due] = []
        self._at_line: list[Due] = []
        self._at_time: list[Due] = []
        self._working = False
        self._power_cuts = 0
        self.interpreter = Interpreter(columns, self, model=model, trace=trace)

    # The line

    @property
    def room(self) -> int:
        """Bytes the receive buffer still takes."""
        return self.buffer_bytes - len(self._buffer)

    @property
    def buffered(self) -> int:
        return len(self._buffer)

    @property
    def offline(self) -> bool:
        return self.paper_out or self.cover_open or self.cutter_jam or self.overheat

    @property
    def booting(self) -> bool:
        """Power has come back, nothing else yet: what comes now is lost, real-time commands too."""
        return self._now < self._ready_at

    @property
    def ready_at(self) -> float:
        """When it is no longer booting."""
        return self._ready_at

    def miss(self, data: bytes) -> None:
        """Bytes that came while it was deaf."""
        self.lost += len(data)

    def receive(self, data: bytes) -> None:
        """Bytes from the line. What the buffer has no room for is lost, but real-time commands are heard."""
        power_cuts = self._power_cuts
        for byte in data:
            if self.booting:
                self.lost += 1
                continue
            if self.room > 0:
                self._buffer.append(byte)
            else:
                self.lost += 1
            self._notice(byte)
            self.work()
            if self._power_cuts != power_cuts:
                return  # the rest was on its way into a printer that went dark

    def step(self, now: float) -> float | None:
        """Do what is due; when to be called next, None for whenever something comes."""
        if not self._buffer or self.offline:  # idle time is not saved up
            self._free_at = max(self._free_at, now)
        self._now = now
        self._happen(self._at_time, now)
        self._send_late()
        self.work()
        waits = [due.at for due in self._at_time] + [at for at, _ in list(self._late)[:1]]
        if self._buffer and not self.offline:
            waits.append(self._free_at)
        if self.booting:
            waits.append(self._ready_at)
        return min(waits, default=None)

    def work(self) -> None:
        """Take from the buffer while the printer is on line and as far as its pace allows."""
        if self._working:  # a fault of the plan in the middle of a byte
            return
        self._working = True
        try:
            while self._buffer and not self.offline and self._free_at <= self._now:
                self._take()
        finally:
            self._working = False

    def _take(self) -> None:
        offset, lines = self.processed, self.lines
        self.processed += 1
        self.interpreter.feed(self._buffer.popleft(), offset)
        if self.bytes_per_s:
            self._free_at += 1 / self.bytes_per_s
        if self.lines_per_s:
            self._free_at += (self.lines - lines) / self.lines_per_s
        if self._at_byte or self._at_line:
            self._happen(self._at_byte, self.processed)
            self._happen(self._at_line, self.lines)

    # Real-time commands

    def _notice(self, byte: int) -> None:
        pending = self._real_time
        if byte != DLE and not pending:
            return
        pending.append(byte)
        if len(pending) >= 2 and pending[1] not in REAL_TIME:
            pending[:] = b"\x10" if byte == DLE else b""
        elif len(pending) >= 3 and len(pending) == REAL_TIME[pending[1]](pending):
            command = named(bytes(pending))
            pending.clear()
            self._obey(command)

    def _obey(self, command: Command) -> None:
        if command.name == "DLE EOT":
            self._answer_status(command.args[0])
        elif command.name == "DLE ENQ" and command.args[0] in (1, 2):
            self._recover(clear=command.args[0] == 2)
        elif command.name == "DLE DC4" and command.args == CLEAR_BUFFER and self.model.clear_buffer:
            self._clear()
            self.answer(CLEARED)
        elif command.name == "DLE DC4" and command.args[0] == 1:
            self.kick_drawer()
        else:
            self.log(f"{command.name} {command.args.hex(' ')} has no effect here")

    def _recover(self, *, clear: bool) -> None:
        """Only from a cutter error; a knife that is still jammed jams again."""
        if not self.cutter_jam:
            self.log("DLE ENQ: there is no error to recover from")
            return
        if clear:
            self._clear()
        self.log("DLE ENQ: the knife is still jammed")

    def _clear(self) -> None:
        """A torn half command is forgotten too; without this it would eat what comes next."""
        unread = len(self._buffer) > CLEAR_BUFFER_BYTES or self.interpreter.unprinted
        self._buffer.clear()
        self.interpreter.clear()
        self.ledger.lost(self.receipt, "cleared", something=unread)

    def _answer_status(self, number: int) -> None:
        bits = {1: self._printer_bits, 2: self._offline_bits, 3: self._error_bits, 4: self._paper_bits}.get(number)
        if bits is not None:
            self.answer(bytes([0x12 if self.constant else 0x12 | bits()]))

    def _printer_bits(self) -> int:
        return 0x08 if self.offline else 0

    def _offline_bits(self) -> int:
        error = 0x40 if self.cutter_jam or self.overheat else 0
        return (0x04 if self.cover_open else 0) | (0x20 if self.paper_out else 0) | error

    def _error_bits(self) -> int:
        return (0x08 if self.cutter_jam else 0) | (0x40 if self.overheat else 0)

    def _paper_bits(self) -> int:
        return 0x6C if self.paper_out else 0x0C if self.paper_low else 0

    # What the interpreter asks of its body

    def answer(self, data: bytes) -> None:
        if self.silent or self.booting:
            return
        if self.answer_after_s or self._late:  # none overtakes another
            self._late.append((self._now + self.answer_after_s, data))
        else:
            self._send(data)

    def _send_late(self) -> None:
        while self._late and self._late[0][0] <= self._now:
            self._send(self._late.popleft()[1])

    def cut(self, paper: Paper) -> None:
        self.ledger.cut(self.receipt)
        self._drop(paper)

    def torn(self, paper: Paper, cause: str) -> None:
        self.log(f"the paper is torn off: {cause}")
        self.ledger.torn(self.receipt, cause)
        self._drop(paper)

    def _drop(self, paper: Paper) -> None:
        if paper.rows:
            self.receipt += 1
            self._keep(paper)

    def kick_drawer(self) -> None:
        self.drawer_kicks += 1
        self.log("drawer kick")

    def paper_sensor(self) -> int:
        if self.constant:
            return 0
        return 0x0C if self.paper_out else 0x03 if self.paper_low else 0

    def began(self) -> None:
        self.ledger.began(self.receipt)

    def printed(self, row: Row) -> None:
        self.lines += 1
        self.ledger.printed(row)

    def requested(self, job: str | None) -> None:
        if job is not None or not self.model.cutter:
            self.ledger.requested(self.receipt, job)

    def log(self, text: str) -> None:
        self._log(text)

    # Automatic status

    def auto_status(self, mask: int) -> None:
        self._auto_mask = mask
        if mask:
            self._send_auto_status()

    def offline_response(self, wanted: bool) -> None:
        self._wants_offline_response = wanted

    def auto_status_bits(self) -> int:
        """The four bytes as one number."""
        if self.constant:
            return ALL_IS_WELL
        first = 0x10 | self._printer_bits() | (0x20 if self.cover_open else 0)
        return first << 24 | self._error_bits() << 16 | self.paper_sensor() << 8

    def _send_auto_status(self) -> None:
        self._auto_sent = self.auto_status_bits()
        self.answer(self._auto_sent.to_bytes(4, "big"))

    def _tell_changes(self) -> None:
        watched = sum(bits for item, bits in AUTO_STATUS_ITEMS.items() if self._auto_mask & item)
        if (self.auto_status_bits() ^ self._auto_sent) & watched:
            self._send_auto_status()

    # Faults

    def set(self, **switches: bool) -> None:
        """Any of SENSORS and SWITCHES: change and, if asked to, tell."""
        was_offline = self.offline
        for name, value in switches.items():
            assert name in SENSORS or name in SWITCHES, name
            setattr(self, name, value)
        self._tell_changes()
        if self.offline and not was_offline and self._wants_offline_response:
            self.answer(OFFLINE_RESPONSE)
        self.work()

    def tear(self) -> None:
        """A hand tears the paper off."""
        self.torn(self.interpreter.take_paper(), "tear")

    def stop(self) -> Paper:
        """The end of the run: what still hangs out."""
        self.ledger.torn(self.receipt, "uncut at end")
        return self.interpreter.paper

    def power_cycle(self, *, kept: bool) -> None:
        """Off and on again. `kept`: a battery holds the buffer, the settings and the half printed line."""
        self._real_time.clear()
        self._late.clear()
        self._ready_at = self._now + self.boot_s
        self._free_at = max(self._free_at, self._ready_at)
        if kept:
            return
        self._power_cuts += 1
        unread = bool(self._buffer) or self.interpreter.unprinted
        self._buffer.clear()
        self._auto_mask = 0
        self._wants_offline_response = False
        self.interpreter.restart()
        self.ledger.lost(self.receipt, "power", something=unread)

    def at(self, bytes_from_now: int, fault: Callable[[], None]) -> None:
        """Let the fault happen when so many more bytes have been taken from the buffer, before the next one is."""
        self._plan(self._at_byte, self.processed, bytes_from_now, fault)

    def at_line(self, lines_from_now: int, fault: Callable[[], None]) -> None:
        """... when so many more rows have been printed."""
        self._plan(self._at_line, self.lines, lines_from_now, fault)

    def after(self, seconds: float, fault: Callable[[], None]) -> None:
        """... so many seconds after the last step()."""
        self._at_time.append(Due(self._now + seconds, fault))

    def _plan(self, dues: list[Due], now: int, more: int, fault: Callable[[], None]) -> None:
        dues.append(Due(now + more, fault))
        self._happen(dues, now)

    def _happen(self, dues: list[Due], now: float) -> None:
        ripe = [due for due in dues if due.at <= now]
        if ripe:
            dues[:] = [due for due in dues if due.at > now]
            for due in ripe:
                due.fault()
