"""A social network, as a shop's settings describe it, and what is said of a way to it and back."""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec


class NetworkSilent(Exception):
    """It did not answer, or not as such a network does."""


class NetworkRefused(Exception):
    """What came back is no word of the network's for this browser; the message is for a log."""


class Network(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """As its settings say. `issuer`: its addresses and keys are found there, and who it is stands in an id token; else
    `userinfo_url` says who, `subject` and `name` where in its answer. `echoed`: what comes back with the code and is
    told on with it. `login`: how the client shows that it is the client."""

    id: str
    title: str
    client_id: str
    client_secret: str = ""
    login: Literal["client_secret_post", "client_secret_basic", "none"] = "client_secret_post"
    scope: str = "openid"
    issuer: str = ""
    authorize_url: str = ""
    token_url: str = ""
    userinfo_url: str = ""
    userinfo_by: Literal["Bearer", "OAuth", "form"] = "Bearer"
    subject: str = "sub"
    name: str = "name"
    echoed: tuple[str, ...] = ()


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """What the browser's session keeps until he is back; `url`: where he goes."""

    network: str
    state: str
    nonce: str
    verifier: str
    url: str = ""


class Known(NamedTuple):
    """Whom the network knows; `name`: as it calls him, for his eyes alone."""

    network: str
    subject: str
    name: str


def is_safe(address: str) -> bool:
    """https, or a server on this machine."""
    return address.startswith(("https://", "http://127.0.0.1:", "http://localhost:"))
