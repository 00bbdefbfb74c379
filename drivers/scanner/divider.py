"""A shared scanner's bytes, divided: whose is this code? A state machine that knows no clock, no port and no member.

Every byte goes out once, in the order it came. A code of ours goes out whole, when its end has come; what cannot be
ours any more goes on at once, byte by byte, as on a cable. So a code is held only while it may still become ours.

    HOLDING   may be ours by its beginning   end: ours, or the POS's · can't be ours: PASSING · quiet: as at its end
    PASSING   the POS's                      end, quiet: HOLDING the next
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from drivers.scanner.framing import STX, Frame, Refusal
from drivers.scanner.scan import MAX_CODE_BYTES

BLANKS = b" \t\xef\xbb\xbf"  # before a code they say nothing; a byte order mark neither
AIM_BYTES = 3  # "]E0"


class Frames(Protocol):
    """The driver's own reading of a line: framing.Framer."""

    def feed(self, data: bytes) -> list[Frame | Refusal]: ...

    def quiet(self) -> list[Frame | Refusal]: ...

    def reset(self) -> None: ...


class Own(Protocol):
    """Which codes are ours."""

    def may_begin(self, data: bytes) -> bool:
        """Whether bytes that begin so can still become a code of ours."""

    def is_whole(self, data: bytes) -> bool:
        """Whether these bytes, with all that the scanner puts around a code, are one of ours."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes as they came. `ended`: the last of their code; `quiet`: it was the silence after them that ended it."""

    data: bytes
    ours: bool
    ended: bool
    quiet: bool = False


class OwnCodes:
    """By what each begins with, and a regular expression for the whole. `leads`: what the scanner may put before it."""

    def __init__(self, codes: Sequence[tuple[str, str]], frames: Frames, leads: Sequence[bytes] = ()) -> None:
        self._leads = (b"", *leads)
        self._begins = [begins.encode() for begins, _ in codes]
        self._whole = [re.compile(whole, re.DOTALL) for _, whole in codes]
        self._frames = frames

    def may_begin(self, data: bytes) -> bool:
        text = data.lstrip(bytes([STX])).lstrip(BLANKS)
        if text.startswith(b"]"):
            text = text[AIM_BYTES:].lstrip(BLANKS)
        return any(self._may_begin_after(lead, text) for lead in self._leads)

    def _may_begin_after(self, lead: bytes, text: bytes) -> bool:
        if not text.startswith(lead):
            return lead.startswith(text)
        rest = text[len(lead) :]
        return any(rest.startswith(begins) or begins.startswith(rest) for begins in self._begins)

    def is_whole(self, data: bytes) -> bool:
        if not self.may_begin(data):
            return False
        self._frames.reset()
        texts = [frame.text.strip(" \t\r\n") for frame in _frames(self._frames, data)]
        return any(whole.fullmatch(text) for text in texts for whole in self._whole)


def _frames(frames: Frames, data: bytes) -> list[Frame]:
    return [frame for frame in (*frames.feed(data), *frames.quiet()) if isinstance(frame, Frame)]


class Everything:
    """Where the POS gets all and the till too: each whole code is ours."""

    def may_begin(self, data: bytes) -> bool:
        return True

    def is_whole(self, data: bytes) -> bool:
        return True


class Divider:
    def __init__(self, endings: tuple[bytes, ...], own: Own) -> None:
        self.own = own
        self._endings = endings
        self._ending_bytes = max(map(len, endings))
        self._held = bytearray()
        self._recent = b""  # of this code, as much as a suffix has
        self._passing = False
        self._last_ours = False

    @property
    def holds(self) -> bool:
        """Something that only more bytes, or silence, will settle."""
        return bool(self._held) or self._passing

    def feed(self, data: bytes) -> list[Piece]:
        pieces: list[Piece] = []
        for byte in data:
            if byte == STX and self._recent:
                pieces += self._end()
            self._held.append(byte)
            self._recent = (self._recent + bytes([byte]))[-self._ending_bytes :]
            if self._recent.endswith(self._endings):
                pieces += self._end()
            elif not self._passing:
                self._passing = len(self._held) > MAX_CODE_BYTES or not self.own.may_begin(bytes(self._held))
        if self._passing and self._held:
            pieces.append(Piece(self._taken(), ours=False, ended=False))
        return pieces

    def quiet(self) -> list[Piece]:
        """The line was quiet for a gap: what is held ends here."""
        pieces = self._end(quiet=True) if self.holds else []
        self._last_ours = False
        return pieces

    def lost(self) -> list[Piece]:
        """The line is gone in the middle of a code: the head is the POS's, which would have got it from a cable too."""
        pieces = [Piece(self._taken(), ours=False, ended=True)] if self.holds else []
        self._recent, self._passing, self._last_ours = b"", False, False
        return pieces

    def _end(self, *, quiet: bool = False) -> list[Piece]:
        """The second byte of CR LF is a code's too: it goes the way of the code before it."""
        lonely = not self._passing and bytes(self._held) in self._endings
        ours = not self._passing and (self._last_ours if lonely else self.own.is_whole(bytes(self._held)))
        self._recent, self._passing, self._last_ours = b"", False, ours
        return [Piece(self._taken(), ours=ours, ended=True, quiet=quiet)]

    def _taken(self) -> bytes:
        data = bytes(self._held)
        self._held.clear()
        return data

    def frozen(self) -> list[object]:
        return [self._held.decode("latin-1"), self._recent.decode("latin-1"), self._passing, self._last_ours]

    def thaw(self, state: list[object]) -> None:
        held, recent, self._passing, self._last_ours = str(state[0]), str(state[1]), bool(state[2]), bool(state[3])
        self._held, self._recent = bytearray(held.encode("latin-1")), recent.encode("latin-1")
