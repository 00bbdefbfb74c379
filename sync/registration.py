"""What tills ask the hub's desk about members and their forms, and what it answers (sync/desk.py).

Names, phones and birthdays go one way alone, to the hub: no answer brings one back, so that no till keeps any.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from loyalty.cards import CardStatus
from loyalty.consents import DOCUMENT_LETTERS_MAX, ConsentTo
from loyalty.names import LETTERS_MAX

CARD_LETTERS_MAX = 64
PHONE_LETTERS_MAX = 40  # as it is said, with blanks and dashes
REASON_LETTERS_MAX = 200

Card = Annotated[str, msgspec.Meta(min_length=1, max_length=CARD_LETTERS_MAX)]
Phone = Annotated[str, msgspec.Meta(max_length=PHONE_LETTERS_MAX)]
Name = Annotated[str, msgspec.Meta(max_length=LETTERS_MAX)]
Day = Annotated[str, msgspec.Meta(max_length=10)]  # YYYY-MM-DD; "": not said
Reason = Annotated[str, msgspec.Meta(max_length=REASON_LETTERS_MAX)]
Proof = Annotated[str, msgspec.Meta(max_length=100)]


class _Said(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    pass


class Agreed(_Said, frozen=True, kw_only=True):
    """He agreed to this, under that version of its document."""

    what: ConsentTo
    document: Annotated[str, msgspec.Meta(min_length=1, max_length=DOCUMENT_LETTERS_MAX)]


class RegisterBody(_Said, frozen=True, kw_only=True):
    """Acts `register`, `register_same` and `take_form`. `proof`: of a code that came to the phone. `rules`: the hash of
    the programme whose documents he read."""

    card: Card
    phone: Phone = ""
    name: Name = ""
    birthday: Day = ""
    consents: Annotated[tuple[Agreed, ...], msgspec.Meta(max_length=10)] = ()
    proof: Proof = ""
    rules: Annotated[str, msgspec.Meta(max_length=64)] = ""


class NewcomerBody(_Said, frozen=True, kw_only=True):
    """Act `register_new`: somebody without a card, whom the office's operator speaks with; he gets a virtual one."""

    phone: Phone
    name: Name
    birthday: Day = ""
    consents: Annotated[tuple[Agreed, ...], msgspec.Meta(max_length=10)] = ()
    rules: Annotated[str, msgspec.Meta(max_length=64)] = ""


class NewcomerReply(_Said, frozen=True, kw_only=True):
    """`card`: his number; "": the programme gives out none ahead."""

    member: str
    card: str = ""
    granted: int = 0


class FirstCodeBody(_Said, frozen=True, kw_only=True):
    """Act `first_code`: for who has this card, or is called so."""

    card: Card


class FirstCodeReply(_Said, frozen=True, kw_only=True):
    """`code`: to be read out, and never seen again."""

    code: str
    hours: int


class RegisterReply(_Said, frozen=True, kw_only=True):
    """`granted` None: he was registered before, and nothing was done. `active_from`: when a paper form becomes good by
    itself. `linked`: the card is one more of a member who was there."""

    status: CardStatus
    granted: int | None = None
    active_from: str | None = None
    linked: bool = False


class CardBody(_Said, frozen=True, kw_only=True):
    """Act `confirm_form`: of the member who has this card."""

    card: Card


class FormReply(_Said, frozen=True, kw_only=True):
    """`changed` False: it was done before."""

    changed: bool


class PhoneBody(_Said, frozen=True, kw_only=True):
    """Act `change_phone`: to a number that a code has come to."""

    card: Card
    phone: Phone
    proof: Proof = ""


class ProfileBody(_Said, frozen=True, kw_only=True):
    """Act `change_profile`: one of the two."""

    card: Card
    field: Literal["name", "birthday"]
    value: Name


class LinkBody(_Said, frozen=True, kw_only=True):
    """Act `link_card`: one more card, which nobody has, for the member who has `to`."""

    card: Card
    to: Card


class MergeBody(_Said, frozen=True, kw_only=True):
    """Acts `look_at_merge` and `merge`: all that the member of `gone` has goes to the member of `into`."""

    gone: Card
    into: Card
    reason: Reason = ""


class MergeSide(_Said, frozen=True, kw_only=True):
    """`cards`: how many of his are good."""

    points: int
    cards: int
    registered: bool
    debt: int = 0


class MergeLook(_Said, frozen=True, kw_only=True):
    """What a merge would do. `lost`: of these only what the one who stays has is kept."""

    gone: MergeSide
    into: MergeSide
    lost: tuple[str, ...] = ()


class WaitingBody(_Said, frozen=True, kw_only=True):
    """Act `waiting_forms`: paper forms whose days are not over."""


class WaitingForm(_Said, frozen=True, kw_only=True):
    """`days`: so many begun ones are left."""

    card: str
    taken_at: str
    active_from: str
    days: int


class WaitingReply(_Said, frozen=True, kw_only=True):
    """The ones that become good next come first. `more`: there are others behind them."""

    forms: tuple[WaitingForm, ...]
    more: bool = False
