"""Judges what a fault left behind, in a process of its own and with nothing of the product.

`python -m tests.faults.judge`: a line of JSON for each life that was cut off and lived again, a line for each verdict.
`acked` is what whoever asked was answered before the fault and in spite of it, `again` what the next start answered to
the same questions; `crashed` is a copy of the folder of before that start, `ended` the folder after it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.faults.rows import Unreadable, rows

Answers = dict[str, tuple[list[str], list[tuple[str, Any]], Any]]  # by what was asked: living.Done


def judged(case: dict[str, Any]) -> dict[str, Any]:
    try:
        return _judged(case)
    except Unreadable as error:
        return {"faults": [f"lost: {error}"], "unknown_but_there": 0}


def _judged(case: dict[str, Any]) -> dict[str, Any]:
    look, crashed, ended = import_module(case["look"]), Path(case["crashed"]), Path(case["ended"])
    acked, again, before = case["acked"], case["again"], case["before"]
    promised = {asked: again.get(asked, said) for asked, said in acked.items()}  # an answer may be "done" and no more
    found = [f"at the crash: {fault}" for fault in _faults(look, crashed, promised)]
    found += [f"at the crash: {fault}" for fault in _halves(look, crashed, again)]
    found += [f"in the end: {fault}" for fault in _faults(look, ended, again)]
    found += [
        f"another answer to {asked}" for asked in acked if asked in again and _another(acked[asked], again[asked])
    ]
    found += _not_asked_for(look, ended, before, again)
    return {
        "faults": found,
        "unknown_but_there": sum(_is_there(look, crashed, again[one]) for one in again.keys() - acked),
    }


def _faults(look: ModuleType, folder: Path, answers: Answers) -> Iterator[str]:
    """Of a file, when so much has been promised."""
    yield from look.faults(folder)
    there = look.hashes(folder)
    for asked, (hashes, claims, _) in answers.items():
        yield from (f"lost: {asked}, {digest}" for digest in hashes if there.count(digest) != 1)
        yield from (f"lost: {asked}, {sql}: {now}" for sql, said in claims if (now := _rows(look, folder, sql)) != said)


def _halves(look: ModuleType, folder: Path, answers: Answers) -> Iterator[str]:
    there = look.hashes(folder)
    for asked, (hashes, *_) in answers.items():
        if 0 < sum(digest in there for digest in hashes) < len(hashes):
            yield f"half of {asked}"


def _another(first: Any, second: Any) -> bool:
    return bool(first[0] and first[0] != second[0]) or first[2] != second[2]


def _not_asked_for(look: ModuleType, folder: Path, before: list[str], answers: Answers) -> list[str]:
    asked_for = {*before, *(digest for hashes, *_ in answers.values() for digest in hashes)}
    return [f"nobody asked for {digest}" for digest in look.hashes(folder) if digest not in asked_for]


def _is_there(look: ModuleType, folder: Path, answer: Any) -> bool:
    hashes, claims, _ = answer
    there = look.hashes(folder)
    held = [digest in there for digest in hashes] + [_rows(look, folder, sql) == said for sql, said in claims]
    return bool(held) and all(held)


def _rows(look: ModuleType, folder: Path, sql: str) -> list[list[Any]]:
    return rows(folder / look.FILE, sql)


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(judged(json.loads(line))), flush=True)
