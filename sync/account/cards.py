"""A member's cards as his account shows them, and what he does with them: acts `cards`, `card_link`, `card_block`,
`card_virtual`, `card_face`, `card_on_phone`, `card_off_phone`. A card that is not his is answered as one that is not
there."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from loyalty.cards import CardStatus

Number = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]  # as it is kept, or as people type it
FaceForm = Literal["png", "pdf"]


class AskCards(msgspec.Struct, frozen=True, kw_only=True):
    """Body of act `cards`: says nothing."""


class PhoneHere(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A phone that shows the card. `until`: of its code; "" where it shows the number alone."""

    id: str
    took_at: str
    name: str = ""
    until: str = ""


class CardTold(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`active_from`: of one that is pending. `successor`: which card stands in its place. `phones`: that show it."""

    number: str
    status: CardStatus
    virtual: bool = False
    active_from: str = ""
    successor: str = ""
    phones: tuple[PhoneHere, ...] = ()


class CardsTold(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Good ones first. `phone_page`: a card can be put on a phone. `form_kopecks`: what a card ordered by the form
    costs."""

    cards: tuple[CardTold, ...]
    points: int
    reissue_kopecks: int
    form_kopecks: int = 0
    phone_page: bool = False
    has_phone: bool = False


class LinkCard(msgspec.Struct, frozen=True, kw_only=True):
    """Refused: card_not_found (with tries_left), card_tries, form_waits, too_many_cards."""

    card: Number


class BlockCard(msgspec.Struct, frozen=True, kw_only=True):
    """Refused: no_card, card_replaced."""

    card: Number


class MakeVirtual(msgspec.Struct, frozen=True, kw_only=True):
    """`proof`: of a code that came to his phone. Refused: no_card, card_replaced, card_virtual_already,
    phone_not_proven, no_virtual_numbers."""

    card: Number
    proof: str = ""


class CardDone(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`card`: which it is about; the one in its place, where there is one now. `changed` False: it was so before.
    `points`: that came with it."""

    card: str
    changed: bool = True
    points: int = 0


class AskFace(msgspec.Struct, frozen=True, kw_only=True):
    """Refused: no_card, card_blocked, card_replaced."""

    card: Number
    form: FaceForm = "png"
    language: Literal["ru", "en"] = "ru"


class FaceTold(msgspec.Struct, frozen=True, kw_only=True):
    picture: bytes


class PutOnPhone(msgspec.Struct, frozen=True, kw_only=True):
    """Refused: no_card, card_blocked, card_replaced, card_page_missing, card_phones_full, card_links_full,
    card_no_room."""

    card: Number


class PhoneLink(msgspec.Struct, frozen=True, kw_only=True):
    """`url`: good once, until then. Whoever has it has the card."""

    url: str
    ends_at: str


class TakeOffPhone(msgspec.Struct, frozen=True, kw_only=True):
    """Refused: no_card, no_such_phone."""

    card: Number
    phone: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
