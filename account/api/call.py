"""One call of the account's face for programs, as its table has it (account/api/calls.py)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from account.visit import Visit

Method = Literal["GET", "POST", "DELETE"]
Do = Callable[[Visit, Any], msgspec.Struct]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """`takes`: of a POST the body, of the others what stands in the query. `act`: the hub's that it is, "": it is the
    account's own. `do` raises Refused, HubSilent, HubSaysNo. `refused`: codes that it may be refused with, besides
    those of every call. `example`: what is sent."""

    method: Method
    path: str
    summary: str
    takes: type[msgspec.Struct]
    gives: type[msgspec.Struct]
    do: Do
    act: str = ""
    signed_in: bool = True
    refused: tuple[str, ...] = ()
    example: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Of the operation, in the description."""
        return self.act or "_".join((self.method.lower(), self.path.strip("/").replace("/", "_")))


def act_call(
    method: Method,
    path: str,
    summary: str,
    act: str,
    takes: type[msgspec.Struct],
    gives: type[msgspec.Struct],
    *refused: str,
    signed_in: bool = True,
    limit: Callable[[Visit], None] = lambda visit: None,
    **example: Any,
) -> Call:
    """An act of the hub's table, as it is. `limit`: of whoever asks; raises Refused."""

    def do(visit: Visit, body: msgspec.Struct) -> msgspec.Struct:
        limit(visit)
        return visit.ask(act, body, gives)

    return Call(
        method=method,
        path=path,
        summary=summary,
        takes=takes,
        gives=gives,
        do=do,
        act=act,
        signed_in=signed_in,
        refused=tuple(code for codes in refused for code in codes.split()),
        example=example,
    )
