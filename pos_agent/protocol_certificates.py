"""Commands about gift certificates: one that pays a receipt, one that is looked at, refunded, blocked or replaced; and
what an answer says of them."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from pos_agent.command import CommandBase, OfReceiptBase
from pos_agent.protocol_staff import Second

TAG: Final = 1215  # under which a fiscal receipt has what was paid in advance


class UseCertificate(OfReceiptBase, frozen=True, kw_only=True, tag="use_certificate"):
    """A gift certificate pays what it can of the receipt: by the `text` of its QR, or by its number with its `pin`. Its
    rubles are reserved at the hub; without a connection the programme says how much of one is taken."""

    text: str
    pin: str = ""


class DropCertificate(OfReceiptBase, frozen=True, kw_only=True, tag="drop_certificate"):
    """The customer keeps it for another time: one by the last digits of its number; without `certificate`, all."""

    certificate: str | None = None


class LookAtCertificate(CommandBase, frozen=True, kw_only=True, tag="certificate_balance"):
    """What is on a gift certificate; no receipt is touched."""

    text: str
    pin: str = ""


class RefundCertificate(CommandBase, frozen=True, kw_only=True, tag="refund_certificate"):
    """What is left on a gift certificate is given back in money, on demand. First without `paid`: how much that is;
    nobody spends it meanwhile. Then with `paid`, when the money has been given: that is a fact."""

    text: str
    pin: str = ""
    reason: str = ""
    paid: bool = False
    second: Second | None = None


class BlockCertificate(CommandBase, frozen=True, kw_only=True, tag="block_certificate"):
    """Stolen: nobody pays with it any more. By its number, or by the `text` of its QR."""

    text: str
    reason: str = ""
    second: Second | None = None


class ReplaceCertificate(CommandBase, frozen=True, kw_only=True, tag="replace_certificate"):
    """All that is on it goes to another number, which comes out on paper; nobody pays with the old one any more."""

    text: str
    reason: str = ""
    second: Second | None = None


class CertificateGift(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """How a certificate that is sold looks on its paper, and for whom it is: `recipient` and `wishes` stand there
    alone. `line`: whose certificates they are; none: those of the next line that sells any."""

    line: str | None = None
    design: str = ""
    recipient: str = ""
    wishes: str = ""


OfReceiptOfCertificates = UseCertificate | DropCertificate
BesideOfCertificates = LookAtCertificate | RefundCertificate | BlockCertificate | ReplaceCertificate


# what is told


class ToldTender(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a gift certificate pays of a receipt, for the fiscal receipt's tag `tag`. `left`: what is on it afterwards,
    as far as that is known."""

    kind: Literal["certificate"] = "certificate"
    certificate: str = ""  # masked
    amount: str = "0.00"
    left: str | None = None
    tag: int = msgspec.field(default_factory=lambda: TAG)


class ToldCertificate(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A gift certificate: one that was sold, with its `face`; or one that somebody asked about. `left`: what is on it.
    `until`: one that was given, and not paid for, is taken until then."""

    certificate: str  # masked
    face: str | None = None
    left: str | None = None
    until: str | None = None
