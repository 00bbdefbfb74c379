"""Whose account it is, as pages say it: act `programme`, which needs nobody signed in."""

from __future__ import annotations

from typing import Annotated

import msgspec

from loyalty.consents import ConsentTo
from loyalty.programme import Currency

Pair = tuple[str, str]  # Russian, English


class AskProgramme(msgspec.Struct, frozen=True, kw_only=True):
    """Body of act `programme`. `next_hub_key`: that the account would believe besides the hub's one of now."""

    next_hub_key: str = ""


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody may agree to, in this version. `needed`: nobody registers without it. Texts: paragraphs."""

    what: ConsentTo
    version: str
    title: Pair
    ru: tuple[str, ...]
    en: tuple[str, ...]
    needed: bool


class Face(msgspec.Struct, frozen=True, kw_only=True):
    """What its card looks like: ground and letters (#rrggbb), and a line under the programme's name."""

    colour: str
    ink: str
    line: Pair


class ProgrammeTold(msgspec.Struct, frozen=True, kw_only=True):
    """`hash`: of the rules in force. `next_hub_key`: which the hub goes over to some day; "" for none. `partners`:
    there are some who take points."""

    id: str
    hash: str
    name: Pair
    currency: Currency
    timezone: str
    face: Face
    next_hub_key: str = ""
    partners: bool = False
    documents: Annotated[tuple[Document, ...], msgspec.Meta(max_length=20)] = ()
