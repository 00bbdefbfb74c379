"""N16: the face is described for programs, from the table that makes it, and every code has its words."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from pos_agent.answers import Reply
from pos_agent.codes import OTHER_WORDS, words_of
from pos_agent.described import EXAMPLES, description
from pos_agent.hints import help_of
from pos_agent.openapi import ANY_COMMAND, openapi
from pos_agent.problems import MEDIA_TYPE, status_of
from pos_agent.protocol import COMMANDS, Cancel, read_command
from pos_agent.route import EVERY_LOOK, EVERYWHERE, Route
from pos_agent.routes import ROUTES
from pos_agent.words import known_codes
from tests.listed import listed

DOCUMENT = openapi("1.2.3", {})
EVERY_CODE = sorted({code for route in ROUTES for code in (*route.done, *route.problems)})


def refs(value: Any) -> Iterator[str]:
    match value:
        case {"$ref": str(ref)}:
            yield ref
        case dict():
            for inner in value.values():
                yield from refs(inner)
        case list():
            for inner in value:
                yield from refs(inner)


@pytest.mark.parametrize("code", EVERY_CODE)
def test_n16_every_listed_code_has_words_and_says_what_to_do(code: str) -> None:
    for language in ("ru", "en"):
        assert words_of(code, language)
        for status in (200, status_of(code)):
            assert bool(re.search("[а-яё]", help_of(code, status, language))) is (language == "ru")


def test_codes_with_several_sentences_name_real_ones() -> None:
    assert {words for others in OTHER_WORDS.values() for words in others} <= known_codes()


def test_a_reply_that_is_not_in_the_table_is_noticed() -> None:
    with pytest.raises(AssertionError, match="/v1/cancel answers recorded"):
        listed(Cancel(), Reply(ok=True, code="recorded", text=""))
    with pytest.raises(AssertionError, match="refused"):
        listed(Cancel(), Reply(ok=False, code="cancelled", text=""))


def test_n16_every_command_and_every_look_is_described() -> None:
    assert set(DOCUMENT["paths"]) == {route.path for route in ROUTES} | {ANY_COMMAND}
    mapping = DOCUMENT["paths"][ANY_COMMAND]["post"]["requestBody"]["content"]["application/json"]["schema"][
        "discriminator"
    ]["mapping"]
    assert set(mapping) == set(COMMANDS) - {"x_report"}


def test_every_reference_leads_somewhere() -> None:
    found = set(refs(DOCUMENT))
    assert found and all(
        ref.removeprefix("#/components/schemas/") in DOCUMENT["components"]["schemas"] for ref in found
    )
    assert "XReport" not in json.dumps(DOCUMENT)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.path)
def test_the_responses_are_those_of_the_codes(route: Route) -> None:
    responses = DOCUMENT["paths"][route.path][route.method.lower()]["responses"]
    every = EVERYWHERE if route.method == "POST" else EVERY_LOOK
    assert set(responses) == {"200"} | {str(status_of(code)) for code in (*route.refused, *every)}
    for status, response in responses.items():
        if status != "200":
            codes = response["content"][MEDIA_TYPE]["schema"]["allOf"][1]["properties"]["code"]["enum"]
            assert {str(status_of(code)) for code in codes} == {status}


@pytest.mark.parametrize("route", [route for route in ROUTES if route.takes], ids=lambda route: route.path)
def test_the_examples_are_commands(route: Route) -> None:
    body = DOCUMENT["paths"][route.path]["post"]["requestBody"]["content"]["application/json"]
    assert "do" not in body["schema"].get("required", ())
    assert type(read_command(json.dumps(body["example"]).encode(), route.does)) is route.takes


def test_a_line_may_have_fields_of_the_poss_own() -> None:
    """R31: what we do not know refuses nothing, and the schema says so."""
    line = DOCUMENT["components"]["schemas"]["BasketLine"]
    assert line["additionalProperties"] is True
    assert "besides" not in line["properties"]


def test_n16_the_command_prints_it() -> None:
    done = subprocess.run([sys.executable, "-P", "-m", "pos_agent", "openapi"], capture_output=True, check=True)
    assert json.loads(done.stdout) == json.loads(msgspec.json.encode(description()))


def test_the_examples_are_of_paths_that_there_are() -> None:
    assert set(json.loads(EXAMPLES.read_bytes())) <= {route.path for route in ROUTES}
