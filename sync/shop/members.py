"""How a member and an online shop are connected: what a shop's server asks the hub, in /shop/v1.

A shop sends the member's browser to his account, `/connect?shop=NAME&back=URL&state=S`. There he sees what the shop
asks for, and agrees; his browser comes back to `URL?code=…&state=S`, and the shop's server gives the code, once and
within a minute, for a token. Every order in his name says that token.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

Code = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
Token = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class NewLink(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """POST /links: `code`, with which his browser came back."""

    code: Code


class LinkTold(msgspec.Struct, frozen=True, kw_only=True):
    """`token`: who he is, for this shop alone; it is kept secret and sent as `Member-Token`, or as `member` of a quote.
    `customer`: the same for the same member at this shop whenever he comes, and another at any other; `until`: the
    token is good so long, in UTC. `name`: as he wants to be called, "" where nobody knows."""

    token: str
    customer: str
    until: str
    name: str = ""


class AskMember(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """GET /members/me says nothing besides the header `Member-Token`."""


class MemberTold(msgspec.Struct, frozen=True, kw_only=True):
    """A member as a shop sees him. `customer`: as LinkTold said it; `points`: what he has now, `held` of them in orders
    that are not done; `card`: the last four figures of a card that is good, ""; `until`: he is connected so long."""

    customer: str
    name: str = ""
    points: int = 0
    held: int = 0
    card: str = ""
    until: str = ""


class EndLink(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """POST /links/end: he has signed out of the shop, which forgets `token`."""

    token: Token


class LinkEnded(msgspec.Struct, frozen=True, kw_only=True):
    ended: bool
