"""The table that shows a fitter the right slot: on a printer whose slots are its own, exactly that line is readable."""

from __future__ import annotations

import pytest

from drivers.printer.codepages import CANDIDATES, SAMPLE, columns_shown, slot_line, slots_table
from drivers.printer.emulator.models import MODELS
from drivers.printer.emulator.rendering import rendered


def lines(model: str, columns: int = 42, pages: tuple[str, ...] = CANDIDATES) -> dict[int, str]:
    (paper,) = rendered(slots_table(range(76), pages), columns=columns, model=model).papers
    return {int(line[:3]): line[3:] for line in paper.lines()[1:] if line.strip()}


@pytest.mark.parametrize("model", MODELS)
def test_the_sample_is_readable_where_the_models_own_list_says_and_nowhere_else(model: str) -> None:
    shown = lines(model)
    assert set(shown) == set(range(76))
    for slot, line in shown.items():
        for column, page in enumerate(CANDIDATES):
            part = line[column * (len(SAMPLE) + 1) :][1 : len(SAMPLE) + 1]
            known = MODELS[model].slots.get(slot)
            same_letters = known is not None and known != "" and _decodes(known, SAMPLE.encode(page)) == SAMPLE
            assert (part == SAMPLE) is same_letters, (slot, page, part)


def _decodes(page: str, data: bytes) -> str:
    try:
        return data.decode(page)
    except (UnicodeDecodeError, LookupError):
        return ""


@pytest.mark.parametrize(
    "columns, pages", [(32, CANDIDATES[:3]), (42, CANDIDATES), (48, CANDIDATES), (16, CANDIDATES[:1])]
)
def test_as_many_columns_as_have_room(columns: int, pages: tuple[str, ...]) -> None:
    assert columns_shown(columns) == pages
    assert len(slot_line(200, pages)) - len(b"\x1bt\0\x1bt\xc8\n") <= columns


def test_two_pages_never_give_the_sample_the_same_bytes() -> None:
    assert len({SAMPLE.encode(page) for page in CANDIDATES}) == len(CANDIDATES)
