"""Questions to the people of the programme (P28, P34), of members and of others: acts `ticket_form`, `tickets`,
`ticket`, `open_ticket`, `write_ticket`, `close_ticket`, `ticket_by_link`, `write_by_link`, `picture`,
`picture_by_link`.

Whoever is not signed in has a link of his own, which opens his ticket alone. Pictures go as base64 of a JPEG that the
account has drawn anew (loyalty/jpegs.py).
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec

Pair = tuple[str, str]  # Russian, English
TicketState = Literal["new", "open", "answered", "closed", "forgotten"]

TEXT_LETTERS_MAX: Final = 4_000
PICTURES_MAX: Final = 3  # of one message
PICTURE_LETTERS_MAX: Final = 800_000  # as base64

Id = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Token = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Text = Annotated[str, msgspec.Meta(max_length=TEXT_LETTERS_MAX)]
Picture = Annotated[str, msgspec.Meta(min_length=1, max_length=PICTURE_LETTERS_MAX)]
Pictures = Annotated[tuple[Picture, ...], msgspec.Meta(max_length=PICTURES_MAX)]


class AskTicketForm(msgspec.Struct, frozen=True, kw_only=True):
    """Body of act `ticket_form`."""


class ReasonHere(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    title: Pair


class StoreChoice(msgspec.Struct, frozen=True, kw_only=True):
    """`shown`: as people call it."""

    id: str
    shown: str


class TicketForm(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What may be chosen. `email`: of who is signed in, if he has one."""

    reasons: tuple[ReasonHere, ...]
    stores: tuple[StoreChoice, ...]
    email: str = ""


class OpenTicket(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Body of act `open_ticket`. `email`: where the answer is told of; needed where nobody is signed in. Refused:
    `ticket_reason`, `ticket_text`, `ticket_email`, `ticket_store`, `ticket_many`, `picture_broken`."""

    reason: Annotated[str, msgspec.Meta(max_length=60)]
    text: Text
    email: Annotated[str, msgspec.Meta(max_length=300)] = ""
    store: Annotated[str, msgspec.Meta(max_length=60)] = ""
    pictures: Pictures = ()
    language: Literal["ru", "en"] = "ru"


class TicketOpened(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`token`: of its link, where nobody is signed in."""

    id: str
    token: str = ""


class AskTickets(msgspec.Struct, frozen=True, kw_only=True):
    """Body of act `tickets`."""


class TicketLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`begins`: the question's first letters; `new`: there is an answer that he has not read."""

    id: str
    number: str
    reason: Pair
    state: TicketState
    made_at: str
    begins: str = ""
    new: bool = False


class TicketsTold(msgspec.Struct, frozen=True, kw_only=True):
    """The newest first."""

    tickets: tuple[TicketLine, ...]


class AskTicket(msgspec.Struct, frozen=True, kw_only=True):
    """Body of act `ticket`: its answers are read from then on. Refused: `no_ticket`."""

    id: Id


class SaidHere(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`ours`: an answer. `pictures`: ids."""

    at: str
    ours: bool
    text: str
    pictures: tuple[str, ...] = ()


class TicketTold(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`closes_at`: then it closes itself, "" where it does not. `store`: as people call it."""

    id: str
    number: str
    reason: Pair
    state: TicketState
    made_at: str
    said: tuple[SaidHere, ...]
    store: str = ""
    email: str = ""
    closes_at: str = ""


class WriteTicket(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Body of act `write_ticket`; a closed one is open again. Refused: `no_ticket`, `ticket_text`, `ticket_long`,
    `picture_broken`."""

    id: Id
    text: Text
    pictures: Pictures = ()


class CloseTicket(msgspec.Struct, frozen=True, kw_only=True):
    """Body of act `close_ticket`. Refused: `no_ticket`."""

    id: Id


class TicketByLink(msgspec.Struct, frozen=True, kw_only=True):
    """Body of act `ticket_by_link`. Refused: `no_ticket`."""

    token: Token


class WriteByLink(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Body of act `write_by_link`. Refused as `write_ticket`."""

    token: Token
    text: Text
    pictures: Pictures = ()


class AskPicture(msgspec.Struct, frozen=True, kw_only=True):
    """Body of act `picture`, of an errand of who is signed in. Refused: `no_picture`."""

    id: Id


class PictureByLink(msgspec.Struct, frozen=True, kw_only=True):
    """Body of act `picture_by_link`, of that link's ticket. Refused: `no_picture`."""

    token: Token
    id: Id


class PictureTold(msgspec.Struct, frozen=True, kw_only=True):
    """A JPEG as base64."""

    body: str
