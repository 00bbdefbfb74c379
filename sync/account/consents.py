"""What a member agrees to: acts `consents`, `consent_give`, `consent_withdraw`."""

from __future__ import annotations

from typing import Annotated

import msgspec

from loyalty.consents import DOCUMENT_LETTERS_MAX, ConsentSource, ConsentTo
from sync.account.programme import Pair

Version = Annotated[str, msgspec.Meta(min_length=1, max_length=DOCUMENT_LETTERS_MAX)]


class AskConsents(msgspec.Struct, frozen=True, kw_only=True):
    """Body of act `consents`: says nothing."""


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """What is read, in this version."""

    version: str
    title: Pair
    ru: tuple[str, ...]
    en: tuple[str, ...]


class ConsentHere(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that may be agreed to. `given_at` "": it is not; `version`: of what was agreed to then. `withdrawn_at`:
    it was given, and is not any more. `needed`: whoever withdraws it closes his account. `lacks`: what has to be known
    first."""

    what: ConsentTo
    paper: Paper
    needed: bool = False
    given_at: str = ""
    version: str = ""
    withdrawn_at: str = ""
    lacks: str = ""


class ConsentWas(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`paper` None: nobody kept what was read then. `name`: of the thing."""

    what: ConsentTo
    name: Pair
    given_at: str
    source: ConsentSource
    version: str = ""
    withdrawn_at: str = ""
    paper: Paper | None = None


class ConsentsHere(msgspec.Struct, frozen=True, kw_only=True):
    """`history`: the newest first."""

    consents: tuple[ConsentHere, ...]
    history: tuple[ConsentWas, ...]


class GiveConsent(msgspec.Struct, frozen=True, kw_only=True):
    """`version`: of what he read. Refused: consent_unknown, where there is a newer one; email_missing."""

    what: ConsentTo
    version: Version


class WithdrawConsent(msgspec.Struct, frozen=True, kw_only=True):
    """Refused: consent_closes, for what nobody is a member without."""

    what: ConsentTo
