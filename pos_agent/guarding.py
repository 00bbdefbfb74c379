"""Around every command: whoever types numbers to find somebody may have to wait, and is counted (guesses.py)."""

from __future__ import annotations

from contextlib import suppress

from pos_agent.counter import Counter
from pos_agent.guesses import is_guess, typed_number
from pos_agent.inquiry import Inquiry
from pos_agent.protocol import Command
from pos_agent.refused import Refused
from pos_agent.watching import watch_guesses
from storage.sqlite_file import FileError


def let_nobody_guess(counter: Counter, command: Command) -> None:
    """Raises Refused while whoever types has to wait."""
    guesses = counter.house.guesses
    if guesses is not None and typed_number(command) and (pause := guesses.pause_s(counter.now)):
        raise Refused("guessing", seconds=str(pause))


def note_guess(counter: Counter, command: Command, code: str, inquiry: Inquiry | None) -> None:
    """`code` of the answer; what the hub is asked about is a guess when it knows nobody either (hearing.py)."""
    if is_guess(command, code, asked=inquiry is not None and counter.may_inquire):
        guesses = counter.house.guessed(typed_number(command), counter.now)
        with suppress(FileError):
            watch_guesses(counter, guesses)
