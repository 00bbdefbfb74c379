"""A file of printer bytes turned into paper at once, by the same machine as on a wire."""

from __future__ import annotations

from dataclasses import dataclass, field

from drivers.printer.emulator.journal import Journal
from drivers.printer.emulator.machine import Machine
from drivers.printer.emulator.models import MODELS
from drivers.printer.emulator.paper import Paper


@dataclass(slots=True)
class Rendering:
    """`papers`: the cut ones and what hangs out at the end. `commands`: the command log."""

    papers: list[Paper] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    waiting: str = ""  # what a real printer would keep in its print buffer, in words


def rendered(data: bytes, *, columns: int, model: str) -> Rendering:
    done = Rendering()
    journal = Journal(done.commands.append, commands=True)
    machine = Machine(
        columns,
        send=lambda answer: journal.note(f"answer {answer.hex(' ')}"),
        keep=done.papers.append,
        log=journal.note,
        trace=journal.token,
        model=MODELS[model],
    )
    machine.receive(data)
    journal.end()
    if machine.interpreter.paper.rows:
        done.papers.append(machine.interpreter.paper)
    done.waiting = machine.interpreter.waiting
    return done
