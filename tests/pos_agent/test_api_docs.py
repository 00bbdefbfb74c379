"""N16: docs/api.md is what the code makes today, and says all that an integrator needs."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from docs import api
from hub.cli import COMMANDS as HUB_COMMANDS
from pos_agent import answers, protocol, status
from pos_agent.cli import COMMANDS
from pos_agent.described import EXAMPLES
from pos_agent.protocol import read_command
from pos_agent.routes import ROUTES

ROOT = Path(api.__file__).parent.parent
REMEDY = "`make api-docs` makes it anew"


@pytest.fixture(scope="module")
def made() -> dict[Path, str]:
    return api.made()


@pytest.fixture
def page(made: dict[Path, str]) -> str:
    return made[api.PAGE]


@pytest.mark.parametrize("path", (api.PAGE, EXAMPLES), ids=lambda path: path.name)
def test_n16_what_is_kept_is_what_the_code_makes(path: Path, made: dict[Path, str]) -> None:
    assert path.read_text(encoding="utf-8") == made[path], REMEDY


def test_n16_every_call_has_its_section_and_every_command_a_real_answer(made: dict[Path, str], page: str) -> None:
    examples = json.loads(made[EXAMPLES])
    for route in ROUTES:
        assert f"### {route.method} {route.path}\n" in page
        if route.takes is not None:
            told = examples[route.path]
            assert type(read_command(json.dumps(told["request"]).encode(), route.does)) is route.takes
            assert told["answer"]["code"] in route.done, "an example shows how it is done"


def test_n16_every_code_stands_there_with_its_status_and_both_languages(page: str) -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\d{3}) \| (.+?) \| (.+?) \| (.+) \|$", page, re.MULTILINE)
    assert {(code, int(status)) for code, status, *_ in rows} == {(code, status) for code, status, _ in api.code_rows()}
    for code, _, _, said, do in rows:
        for text in (said, do):
            assert re.search("[а-яё]", text.lower()) and re.search("[a-z]{2}", text), code


def test_every_command_of_the_page_is_one(page: str) -> None:
    shown = set(re.findall(r"\b(pos-agent|pos-hub) ([a-z]+)", page))
    known = {("pos-agent", name) for name in COMMANDS} | {("pos-hub", name) for name in HUB_COMMANDS}
    assert len(shown) > 5 and shown <= known


def test_every_file_that_the_page_names_is_there(page: str) -> None:
    named = set(re.findall(r"\b(?:docs|testing)/[\w./-]*\w", page))
    made_by_the_user = {"docs/examples/till-data/api-token"}
    assert len(named) > 4 and all((ROOT / name).exists() for name in named - made_by_the_user)


def test_every_link_within_the_page_leads_somewhere(page: str) -> None:
    headings = {heading.lower() for heading in re.findall(r"^### (\w+)$", page, re.MULTILINE)}
    assert set(re.findall(r"\]\(#(\w+)\)", page)) <= headings
    assert "{{" not in page


def test_a_meaning_is_of_a_field_that_there_is(page: str) -> None:
    for key in api.MEANS:
        kind, _, name = key.rpartition(".")
        assert f"`{name}`" in page, key
        assert not kind or any(hasattr(module, kind) for module in (protocol, answers, status)), key
