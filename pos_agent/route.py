"""One call of the till's face, as the table of routes has it (pos_agent/routes.py)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import msgspec

from pos_agent.answers import Reply

Method = Literal["GET", "POST"]
CARD: Final = "2600000000017"
LINE: Final = {"id": "1", "name": "Шоколад", "price": "89.90", "quantity": "3", "category": "chocolate"}
OF_RECEIPT: Final = "bad_sale"  # what any command about a receipt may answer, and a recorded sale that is told again:
RETOLD: Final = "recorded_before"
IDENTIFIED: Final = "sale_number_taken"  # whoever comes under the number is not who bought
SECOND: Final = "second_needed second_same second_not_allowed second_wrong_code second_code_over"  # where one answers
EVERY_LOOK: Final = (
    *("wrong_token", "wrong_host", "wrong_origin", "malformed", "headers_too_large", "too_slow", "wrong_method"),
)
EVERYWHERE: Final = (
    *("bad_command", "busy", "fault", "page_not_read", "needs_person", "bad_idempotency_key", "idempotency_key_reused"),
    *("wrong_content_type", "wrong_encoding", "too_large", "sign_in_needed", "not_allowed", "no_staff"),
    *EVERY_LOOK,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """`takes` is the command of a POST; `done` and `refused` the codes that its answer may have, besides those of every
    call (`EVERYWHERE`, `EVERY_LOOK`); one code may be both. `example` is a body, without `do`; `query` says what
    stands behind the question mark. `gives` None: another document than one of the protocol's."""

    method: Method
    path: str
    summary: str
    takes: type[msgspec.Struct] | None = None
    gives: type[msgspec.Struct] | None = Reply
    done: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    example: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    stream: bool = False  # `gives` comes again and again, as server-sent events

    @property
    def does(self) -> str:
        """What `do` calls the command; empty for what is only looked at."""
        return str(self.takes.__struct_config__.tag) if self.takes is not None else ""

    @property
    def codes(self) -> tuple[str, ...]:
        """Done and not done alike."""
        return tuple(dict.fromkeys((*self.done, *self.refused)))

    @property
    def problems(self) -> tuple[str, ...]:
        """All that it may be refused with, as every other call may too."""
        return (*self.refused, *(EVERYWHERE if self.method == "POST" else EVERY_LOOK))


def command_route(takes: type[msgspec.Struct], summary: str, done: str, *refused: str, **example: Any) -> Route:
    tag = str(takes.__struct_config__.tag)
    return Route(
        method="POST",
        path=f"/v1/{tag}",
        summary=summary,
        takes=takes,
        done=tuple(done.split()),
        refused=tuple(code for codes in refused for code in codes.split()),
        example=example,
    )
