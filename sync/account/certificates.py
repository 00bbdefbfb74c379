"""Certificates that members buy (P16): acts `certificates`, `certificate_order`, `certificate_order_one`,
`certificate_order_look`, `certificate_order_cancel`, `certificate_order_design`, `certificate_order_resend`,
`certificate_design`."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec

OrderState = Literal[
    "new",
    "paying",
    "ending",
    "unpaid",
    "odd",
    "paid",
    "picture",
    "redraw",
    "waiting",
    "sending",
    "undelivered",
    "delivered",
    "refunding",
    "unreceipted",
    "refunded",
]
Design = Literal["plain", "ribbon", "party", "winter", "own"]
SHIPPED: Final[tuple[Design, ...]] = ("plain", "ribbon", "party", "winter")
NAME_LETTERS_MAX = 60
WORDS_LETTERS_MAX = 160
DAYS_AHEAD_MAX = 180
PICTURE_LETTERS_MAX = 2_000_000  # of a JPEG as base64

Id = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Typed = Annotated[str, msgspec.Meta(max_length=300)]
Picture = Annotated[str, msgspec.Meta(max_length=PICTURE_LETTERS_MAX)]
Language = Literal["ru", "en"]


class AskCertificates(msgspec.Struct, frozen=True, kw_only=True):
    """Body of act `certificates`: says nothing."""


class CertificateOrderTold(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`at`: since when it is in its state. `deliver_at`: not before that. `pay_url`: where one pays, while one may;
    `receipt`: of the sale, `refund_receipt`: of what went back. `left_kopecks`: what is on it now, once it is
    delivered; `ending`: the last digits of its number. `declined`: why its picture does not go. `may_cancel`,
    `may_resend`."""

    id: str
    state: OrderState
    at: str
    made_at: str
    kopecks: int
    design: Design
    deliver_at: str
    to_name: str = ""
    to_mail: str = ""
    words: str = ""
    mail: str = ""
    pay_url: str = ""
    pay_until: str = ""
    paid_kopecks: int = 0
    receipt: str = ""
    refund_receipt: str = ""
    left_kopecks: int | None = None
    ending: str = ""
    declined: str = ""
    may_cancel: bool = False
    may_resend: bool = False


class CertificatesTold(msgspec.Struct, frozen=True, kw_only=True):
    """`sells`: they are sold here, and not in shops alone. The newest order first. `mail`: his own."""

    sells: bool
    face_min_kopecks: int
    face_max_kopecks: int
    mail: str
    orders: tuple[CertificateOrderTold, ...]


class OrderCertificate(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`at`: by the shops' clock, YYYY-MM-DDTHH:MM; "": at once. `picture`: of the design `own`. `back`: where the page
    of an order is, without its id. Refused: certificate_sum, certificate_to, certificate_to_mail, certificate_mail,
    certificate_words, certificate_time, certificate_design, certificate_picture, certificate_many,
    certificate_no_payment."""

    kopecks: Annotated[int, msgspec.Meta(ge=1, le=10**9)]
    design: Design
    to_name: Typed
    to_mail: Typed
    mail: Typed
    words: Annotated[str, msgspec.Meta(max_length=1_000)] = ""
    at: Annotated[str, msgspec.Meta(max_length=30)] = ""
    picture: Picture = ""
    language: Language = "ru"
    back: Annotated[str, msgspec.Meta(max_length=300)] = ""


class AskCertificateOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Body of act `certificate_order_one`. Refused: no_certificate_order."""

    id: Id


class LookCertificateOrder(msgspec.Struct, frozen=True, kw_only=True):
    """He comes back from where he pays: it is asked at once whether he has. Refused: no_certificate_order."""

    id: Id


class CancelCertificateOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What was paid goes back. Refused: no_certificate_order, certificate_order_step, certificate_used."""

    id: Id


class ChooseDesign(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Another, for a picture that does not go. Refused: no_certificate_order, certificate_order_step,
    certificate_design, certificate_picture."""

    id: Id
    design: Design
    picture: Picture = ""


class ResendCertificate(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`to_mail`: a corrected one, where nobody has got it; "": the same. Refused: no_certificate_order,
    certificate_order_step, certificate_to_mail, certificate_resent."""

    id: Id
    to_mail: Typed = ""


class CertificateOrderDone(msgspec.Struct, frozen=True, kw_only=True):
    id: str


class AskDesign(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Body of act `certificate_design`: how a certificate looks, without its code. `id`: of an order, for its own
    picture; "": of a shipped design. Refused: no_certificate_order."""

    design: Design = "plain"
    id: Annotated[str, msgspec.Meta(max_length=64)] = ""
    language: Language = "ru"


class DesignTold(msgspec.Struct, frozen=True, kw_only=True):
    """`picture`: a PNG."""

    picture: bytes
