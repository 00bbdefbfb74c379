"""Whatever a program sends that has a token: an answer of its call, under the status that the one rule gives, and never
a fault.

Requests are made from the types of the protocol, so that a new field or command is sent too: mostly what a POS would
say, each value now and then anything at all. `FACE_REQUESTS` says how many.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pos_agent.answers import Problem, Reply
from pos_agent.problems import MEDIA_TYPE, status_of
from pos_agent.route import EVERYWHERE, Route
from pos_agent.routes import ROUTES
from pos_agent.strict_json import WHOLE_MAX
from tests.pos_agent.conftest import ANNA, BORIS, LOST, PHONES
from tests.pos_agent.running import TIMEOUT_S, running, with_members

REQUESTS = int(os.environ.get("FACE_REQUESTS", "1500"))
TODAY = datetime.now(UTC).date().isoformat()
COMMANDS = [route for route in ROUTES if route.takes is not None]

# what a POS would write in a field of this name
USUAL: dict[str, list[Any]] = {
    "sale": ["1", "1", "1", "2"],
    "day": [TODAY, None],
    "shift": ["7", None],
    "text": [ANNA, BORIS, LOST, "2600000000116", "4600000000017"],
    "card": [ANNA, BORIS, "2600000000116"],
    "new_card": ["2600000000116", "2600000000123"],
    "old_card": [LOST, None],
    "number": [*PHONES.values(), "8 916 123-45-67"],
    "id": ["1", "2"],
    "price": ["89.90", "1000.00"],
    "quantity": ["1", "3", "0.347"],
    "discount": ["0", "0.10"],
    "category": ["chocolate", "tobacco", None],
    "min_unit_price": ["10.00", None],
    "code": [None],
    "quote": [None],
    "at": [f"{TODAY}T12:00:00+03:00"],
    "sum": ["89.90"],
    "discounts": [{}, {"1": "1.00"}],
}
ANYTHING = (
    st.none()
    | st.booleans()
    | st.integers(-WHOLE_MAX, WHOLE_MAX)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=40)
    | st.lists(st.integers(0, 9), max_size=3)
    | st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=2)
)


def value(type: msgspec.inspect.Type) -> st.SearchStrategy[Any]:
    """A value of this type, as JSON has it."""
    match type:
        case msgspec.inspect.StructType():
            return struct(type)
        case msgspec.inspect.UnionType():
            return st.one_of([value(each) for each in type.types])
        case msgspec.inspect.LiteralType():
            return st.sampled_from(list(type.values))
        case msgspec.inspect.VarTupleType():
            return st.lists(value(type.item_type), max_size=3)
        case msgspec.inspect.TupleType():
            return st.tuples(*(value(each) for each in type.item_types)).map(list)
        case msgspec.inspect.DictType():
            return st.dictionaries(st.text(max_size=5), value(type.value_type), max_size=2)
        case msgspec.inspect.StrType():
            return st.text(max_size=40)
        case msgspec.inspect.IntType():
            return st.integers(-3, 10_000) | st.integers(-WHOLE_MAX, WHOLE_MAX)
        case msgspec.inspect.BoolType():
            return st.booleans()
        case msgspec.inspect.NoneType():
            return st.none()
    raise AssertionError(f"say here what a {type} is like")


def struct(type: msgspec.inspect.StructType) -> st.SearchStrategy[dict[str, Any]]:
    """With the fields that must be there, and some of the others."""
    must = {field.name: named(field) for field in type.fields if field.required}
    may = {field.name: named(field) for field in type.fields if not field.required}
    return st.fixed_dictionaries(must, optional=may)


def named(field: msgspec.inspect.Field) -> st.SearchStrategy[Any]:
    of_type = value(field.type)
    usual = st.sampled_from(USUAL[field.name]) if field.name in USUAL else of_type
    return st.integers(0, 19).flatmap(lambda dice: ANYTHING if dice == 0 else of_type if dice == 1 else usual)


def body(route: Route) -> st.SearchStrategy[Any]:
    assert route.takes is not None
    type = msgspec.inspect.type_info(route.takes)
    assert isinstance(type, msgspec.inspect.StructType)
    return struct(type)


ASKED = st.one_of([st.tuples(st.just(route), body(route)) for route in COMMANDS])


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, requests.Session]]:
    """With members that the hub has told of."""
    folder = tmp_path_factory.mktemp("any")
    with_members(folder)
    with running(folder) as (url, token), requests.Session() as pos:
        pos.headers["Authorization"] = f"Bearer {token}"
        yield url, pos


def test_every_answer_is_one_of_its_call(agent: tuple[str, requests.Session]) -> None:
    url, pos = agent
    seen: set[str] = set()

    @given(asked=ASKED, many=st.booleans())
    @settings(max_examples=REQUESTS, deadline=None, suppress_health_check=list(HealthCheck))
    def ask(asked: tuple[Route, Any], many: bool) -> None:
        route, told = asked
        sent = json.dumps(told | {"do": route.does} if many else told).encode()
        path = "/v1/commands" if many else route.path
        answer = pos.post(url + path, data=sent, headers={"Content-Type": "application/json"}, timeout=TIMEOUT_S)
        seen.add(code_of(answer))

    ask()
    # requests that are all refused at the door would prove nothing
    assert len({"member_found", "card_dropped", "redeem_set", "prepared"} & seen) >= 2
    assert len(seen - set(EVERYWHERE)) >= 30, sorted(seen)


def code_of(answer: requests.Response) -> str:
    """What was answered, and as the one rule has it."""
    if answer.status_code == 200:
        reply = msgspec.json.decode(answer.content, type=Reply)
        assert reply.ok and answer.headers["content-type"] == "application/json"
        return reply.code
    problem = msgspec.json.decode(answer.content, type=Problem)
    assert problem.code != "fault"
    assert answer.status_code == problem.status == status_of(problem.code)
    assert answer.headers["content-type"] == MEDIA_TYPE and problem.text
    return problem.code
