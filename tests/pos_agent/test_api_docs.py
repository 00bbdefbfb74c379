"""N16: docs/api.md is what the code makes today, and says all that an integrator needs."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from docs import api
from hub.cli import cli as hub
from pos_agent import answers, protocol
from pos_agent.cli import COMMANDS
from pos_agent.described import EXAMPLES
from pos_agent.protocol import read_command
from pos_agent.routes import ROUTES

ROOT = Path(api.__file__).parent.parent
REMEDY = "`make api-docs` makes it anew"
MADE = api.made()
PAGE = MADE[api.PAGE]


@pytest.mark.parametrize("path", MADE, ids=lambda path: path.name)
def test_n16_what_is_kept_is_what_the_code_makes(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == MADE[path], REMEDY


def test_n16_every_call_has_its_section_and_every_command_a_real_answer() -> None:
    examples = json.loads(MADE[EXAMPLES])
    for route in ROUTES:
        assert f"### {route.method} {route.path}\n" in PAGE
        if route.takes is not None:
            told = examples[route.path]
            assert type(read_command(json.dumps(told["request"]).encode(), route.does)) is route.takes
            assert told["answer"]["code"] in route.done, "an example shows how it is done"


def test_n16_every_code_stands_there_with_its_status_and_both_languages() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\d{3}) \| (.+?) \| (.+?) \| (.+) \|$", PAGE, re.MULTILINE)
    assert {(code, int(status)) for code, status, *_ in rows} == {(code, status) for code, status, _ in api.code_rows()}
    for code, _, _, said, do in rows:
        for text in (said, do):
            assert re.search("[а-яё]", text.lower()) and re.search("[a-z]{2}", text), code


def test_every_command_of_the_page_is_one() -> None:
    shown = set(re.findall(r"\b(pos-agent|pos-hub) ([a-z]+)", PAGE))
    known = {("pos-agent", name) for name in COMMANDS} | {("pos-hub", name) for name in hub.commands}
    assert len(shown) > 5 and shown <= known


def test_every_file_that_the_page_names_is_there() -> None:
    named = set(re.findall(r"\b(?:docs|testing)/[\w./-]*\w", PAGE))
    made_by_the_user = {"docs/examples/till-data/api-token"}
    assert len(named) > 4 and all((ROOT / name).exists() for name in named - made_by_the_user)


def test_every_link_within_the_page_leads_somewhere() -> None:
    headings = {heading.lower() for heading in re.findall(r"^### (\w+)$", PAGE, re.MULTILINE)}
    assert set(re.findall(r"\]\(#(\w+)\)", PAGE)) <= headings
    assert "{{" not in PAGE


def test_a_meaning_is_of_a_field_that_there_is() -> None:
    for key in api.MEANS:
        kind, _, name = key.rpartition(".")
        assert f"`{name}`" in PAGE, key
        assert not kind or hasattr(protocol, kind) or hasattr(answers, kind), key
