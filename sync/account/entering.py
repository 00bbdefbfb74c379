"""Who comes in by a code: acts `whose`, `enter`, `register`, all open, each with the proof that a code has become
(sync/account/codes.py, purpose `enter`)."""

from __future__ import annotations

from typing import Annotated

import msgspec

from loyalty.consents import ConsentTo
from sync.account.asking import Member
from sync.account.codes import Id, Typed

Text = Annotated[str, msgspec.Meta(max_length=300)]


class Whose(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`phone`: as it was typed; "": the code went to the phone of a card. Refused: code_not_proved."""

    proof: Id
    phone: Typed = ""


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody of the programme who has this phone. `name`: masked; `registered`: he has filled the form in."""

    member: Member
    name: str
    registered: bool


class WhoseTold(msgspec.Struct, frozen=True, kw_only=True):
    people: tuple[Known, ...]


class Enter(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`member`: which of several he is. Refused: code_not_proved, nobody_here, several_here."""

    proof: Id
    phone: Typed = ""
    member: Member = ""


class Entered(msgspec.Struct, frozen=True, kw_only=True):
    member: Member


class Agreed(msgspec.Struct, frozen=True, kw_only=True):
    """To one document, in this version."""

    what: ConsentTo
    document: Text


class LookAtForm(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Act `register_look`: is it filled in as a form has to be? Of who is a member it says nothing. `card`: in his
    hand, "" for none; `birthday`: as people type it; `rules`: hash of those that he read. Refused: bad_name, bad_phone_told,
    bad_birthday, birthday_missing, too_young, consent_needed, consent_unknown, bad_card_told."""

    phone: Typed
    name: Text
    birthday: Text
    consents: Annotated[tuple[Agreed, ...], msgspec.Meta(max_length=20)] = ()
    rules: Annotated[str, msgspec.Meta(max_length=64)] = ""
    card: Typed = ""


class FormRight(msgspec.Struct, frozen=True, kw_only=True):
    """It is."""


class Register(LookAtForm, frozen=True, kw_only=True, omit_defaults=True):
    """Act `register`. Refused besides: card_not_found, card_tries, several_here, code_not_proved."""

    proof: Id


class Enrolled(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`was_here`: he was registered before, and nothing of him is another now but for a card that he brought.
    `granted`: points of the welcome. `card`: that became his."""

    member: Member
    was_here: bool = False
    granted: int = 0
    card: str = ""
