"""What whoever takes payments is asked (hub/outside/services.py): where somebody pays so much, whether he has, and that
it goes back. Sums are kopecks."""

from __future__ import annotations

from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

import msgspec

from hub.outside.services import NoAnswer
from hub.outside.services_file import HERE

PAYMENTS: Final = "/payments"
STATE: Final = "/payments/state"
REFUNDS: Final = "/refunds"

PaymentState = Literal["pending", "paid", "refused", "expired"]
Id = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


class AskPayment(msgspec.Struct, frozen=True, kw_only=True):
    """`return_url`: where the payer's browser goes in the end, whatever came of it; `until`: then nobody is to pay any
    more (UTC)."""

    amount: int
    description: str
    return_url: str
    until: str


class PaymentTold(msgspec.Struct, frozen=True, kw_only=True):
    """`id`: the service's own; `pay_url`: where one pays."""

    id: Id
    pay_url: Annotated[str, msgspec.Meta(max_length=2_000)]


class AskPaymentState(msgspec.Struct, frozen=True, kw_only=True):
    id: str


class PaymentStateTold(msgspec.Struct, frozen=True, kw_only=True):
    """`amount`: that was paid. Of what is refused or expired nobody can pay any more."""

    state: PaymentState
    amount: Annotated[int, msgspec.Meta(ge=0)] = 0


class AskRefund(msgspec.Struct, frozen=True, kw_only=True):
    payment: str
    amount: int


class RefundTold(msgspec.Struct, frozen=True, kw_only=True):
    id: Id


def check_pay_url(url: str) -> str:
    """That a browser may be sent there. Raises NoAnswer."""
    parts = urlsplit(url)
    if parts.hostname and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in HERE)):
        return url
    raise NoAnswer("payments: where one pays begins with https://")
