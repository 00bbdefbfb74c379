"""One call of the online shops' face, as its table has it (routes.py), and who makes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, Protocol

import msgspec

from hub.hub import Hub
from sync.shop.quotes import LineRefused

Method = Literal["GET", "POST"]
Scope = Literal["quote", "order", "return", "members", "catalogue", "prices"]
OfMember = Literal["none", "may", "must"]


class Shop(NamedTuple):
    """An online shop, as its key says. `store`: whose prices and whose books; `scopes`: what the key may do; `key`: by
    what the office knows it. `quote_minutes`: as long as a quote holds, `pay_minutes`: as long as an order waits for
    its money."""

    name: str
    store: str
    programme: str
    scopes: frozenset[str]
    key: str = ""
    quote_minutes: int = 15
    pay_minutes: int = 60


class ShopAsked(NamedTuple):
    """`key`: of the POST, the shop's own; "" of a look. `member`: whose `Member-Token` was sent, as he stands now, ""
    without one. `path`: what stands in the address."""

    shop: Shop
    key: str = ""
    member: str = ""
    path: Mapping[str, str] = {}


class ShopRefused(Exception):
    """Not done, and nothing was written. `code`: as hub/shop/problems.py has it; `lines`: those that are why."""

    def __init__(self, code: str, message: str = "", lines: tuple[LineRefused, ...] = ()) -> None:
        super().__init__(message or code)
        self.code = code
        self.lines = lines


class Door(Protocol):
    """Who may come in."""

    def shop_of(self, key: str) -> Shop | None:
        """Whose key it is; None: nobody's, or no longer."""
        ...

    def member_of(self, shop: Shop, token: str) -> str | None:
        """Who has linked himself with this shop under the token, as he stands now; None: nobody, or no longer."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """`takes`: of a POST the body, of a GET what stands in the query. `member`: whether a `Member-Token` is looked at.
    `do` raises ShopRefused. `refused`: codes that it may be refused with, besides those of every call. `example`: what
    is sent, `answered`: what comes."""

    method: Method
    path: str
    summary: str
    scope: Scope
    takes: type[msgspec.Struct]
    gives: type[msgspec.Struct]
    do: Callable[[Hub, ShopAsked, Any], msgspec.Struct]
    member: OfMember = "none"
    refused: tuple[str, ...] = ()
    example: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Of the operation, in the description."""
        return "_".join((self.method.lower(), self.path.strip("/").replace("/", "_").replace("{", "").replace("}", "")))
