"""Every dialogue with a till, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec
import requests

from pos_agent.conformance.dialogues import Dialogue
from pos_agent.conformance.talk import Face, Means, NotTried, Otherwise, Talk


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """`what`, `expected`, `came`: where it failed; of one that was not tried, `what` says why."""

    dialogue: str
    result: Literal["passed", "failed", "not_tried"]
    what: str = ""
    expected: str = ""
    came: str = ""


def verdicts(face: Face, means: Means, run: str, dialogues: Iterable[Dialogue]) -> Iterator[Verdict]:
    """`run` begins all its numbers, so that a second run meets none of the first."""
    for place, dialogue in enumerate(dialogues, 1):
        yield verdict(dialogue, Talk(face, means, f"{run}-{place}"))


def verdict(dialogue: Dialogue, talk: Talk) -> Verdict:
    name = dialogue.name
    try:
        dialogue.holds(talk)
    except NotTried as why:
        return Verdict(dialogue=name, result="not_tried", what=str(why))
    except Otherwise as found:
        return Verdict(dialogue=name, result="failed", what=found.what, expected=found.expected, came=found.came)
    except requests.RequestException as error:
        return Verdict(dialogue=name, result="failed", what="HTTP", expected="an answer", came=str(error))
    except (KeyError, TypeError, AttributeError, ValueError, ArithmeticError) as error:
        came = f"{type(error).__name__}: {error}"  # an answer of another shape
        return Verdict(dialogue=name, result="failed", what="the answer", expected="its fields", came=came)
    finally:
        _leave(talk)
    return Verdict(dialogue=name, result="passed")


def _leave(talk: Talk) -> None:
    """No receipt of ours stays open."""
    try:
        for number in (talk.number, talk.other("a"), talk.other("b")):
            talk.ask("cancel", sale=number)
    except requests.RequestException:
        return
