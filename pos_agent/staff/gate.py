"""Before a command comes to its desk: may whoever asks have it done?"""

from __future__ import annotations

from pos_agent.counter import Counter
from pos_agent.protocol import Code, Command
from pos_agent.protocol_staff import SignIn
from pos_agent.staff.needs import needed
from sync.staff_codes import is_badge


def admitted(counter: Counter, command: Command) -> Command:
    """The command as a desk takes it: a badge that was scanned or typed signs in, and touches no receipt. Raises
    Refused."""
    if isinstance(command, Code) and not counter.caller.guest and is_badge(command.text.strip()):
        command, counter.scanned = SignIn(badge=command.text.strip()), True
    counter.told_second = getattr(command, "second", None)
    right = needed(command)
    if right is not None:
        counter.need(right)
    if counter.staff is not None and not counter.caller.guest:
        counter.staff.touch(counter.caller.place, counter.now)
    return command


def done_with(counter: Counter) -> None:
    """It is done: whoever answered for its step has answered for no other."""
    if counter.staff is not None and counter.told_second is not None:
        counter.staff.challenges.end(counter.caller.place)
