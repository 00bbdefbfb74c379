"""Who comes in by a code: acts `whose`, `enter`, `not_me`, `register`, all open, each with the proof that a code has
become (sync/account/codes.py, purpose `enter`)."""

from __future__ import annotations

from typing import Annotated

import msgspec

from loyalty.consents import ConsentTo
from sync.account.asking import Member
from sync.account.codes import Digits, Id, Typed

Text = Annotated[str, msgspec.Meta(max_length=300)]


class Whose(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`phone`: as it was typed; "": the code went to the phone of a card. Refused: code_not_proved."""

    proof: Id
    phone: Typed = ""


class WhoseTold(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How many members have the phone, and nothing of who they are. `registered`: there is one alone, who has filled
    the form in."""

    people: int = 0
    registered: bool = False


class Enter(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`known_by`: a card or a birthday of his, as typed, where the phone alone does not say who he is. Refused:
    code_not_proved, nobody_here, several_here and phone_silent (both ask for `known_by`), not_known_by, card_tries,
    too_young."""

    proof: Id
    phone: Typed = ""
    known_by: Typed = ""


class Entered(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`form`: his form on paper waited, and waits no more (P19)."""

    member: Member
    form: bool = False


class NotMe(msgspec.Struct, frozen=True, kw_only=True):
    """Act `not_me`: the number has another owner now (after phone_silent). The proof is not used up: he may register
    with it. Refused: code_not_proved, not_freed."""

    proof: Id
    phone: Typed


class Freed(msgspec.Struct, frozen=True, kw_only=True):
    """The number is nobody's again."""


class EnterFirst(msgspec.Struct, frozen=True, kw_only=True):
    """Act `enter_first` (P18): `login`, a phone or a card, and the code that an operator has read out. Refused:
    first_code_wrong, too_young."""

    login: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    digits: Digits


class Agreed(msgspec.Struct, frozen=True, kw_only=True):
    """To one document, in this version."""

    what: ConsentTo
    document: Text


class LookAtForm(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Act `register_look`: is it filled in as a form has to be? Of who is a member it says nothing. `card`: in his
    hand, "" for none; `birthday`: as people type it; `rules`: hash of those that he read. Refused: bad_name,
    bad_phone_told, bad_birthday, birthday_missing, too_young, consent_needed, consent_unknown, bad_card_told."""

    phone: Typed
    name: Text
    birthday: Text
    consents: Annotated[tuple[Agreed, ...], msgspec.Meta(max_length=20)] = ()
    rules: Annotated[str, msgspec.Meta(max_length=64)] = ""
    card: Typed = ""


class LookAtCard(msgspec.Struct, frozen=True, kw_only=True):
    """Act `register_card`: may a card of ours have this number? Of whose it is it says nothing. Refused:
    bad_card_told."""

    card: Typed


class FormRight(msgspec.Struct, frozen=True, kw_only=True):
    """It is."""


class Register(LookAtForm, frozen=True, kw_only=True, omit_defaults=True):
    """Act `register`. Refused besides: card_not_found (tries_left), card_tries, several_here, code_not_proved."""

    proof: Id


class Enrolled(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`was_here`: he was registered before, and nothing of him is another now but for a card that he brought.
    `granted`: points of the welcome. `card`: that became his."""

    member: Member
    was_here: bool = False
    granted: int = 0
    card: str = ""
