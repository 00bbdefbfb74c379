"""Calls about certificates that a member buys (P16)."""

from __future__ import annotations

from typing import Final

from account.api.call import Call, act_call
from sync.account.certificates import (
    AskCertificateOrder,
    AskCertificates,
    AskDesign,
    CancelCertificateOrder,
    CertificateOrderDone,
    CertificateOrderTold,
    CertificatesTold,
    ChooseDesign,
    DesignTold,
    LookCertificateOrder,
    OrderCertificate,
    ResendCertificate,
)

ID: Final = "9f2c44d0a1b2c3d4"

CERTIFICATE_CALLS: Final[tuple[Call, ...]] = (
    act_call(
        "GET",
        "/certificates",
        "Certificates that he has bought, and whether they are sold here (P16)",
        "certificates",
        AskCertificates,
        CertificatesTold,
    ),
    act_call(
        "GET",
        "/certificates/one",
        "One of his orders: its state, where it is paid, what is left on it",
        "certificate_order_one",
        AskCertificateOrder,
        CertificateOrderTold,
        "no_certificate_order",
        id=ID,
    ),
    act_call(
        "POST",
        "/certificates",
        "A certificate is ordered; where it is paid is said by its order within seconds",
        "certificate_order",
        OrderCertificate,
        CertificateOrderDone,
        "certificate_sum certificate_to certificate_to_mail certificate_mail certificate_words certificate_time",
        "certificate_design certificate_picture certificate_many certificate_no_payment",
        kopecks=100_000,
        design="winter",
        to_name="Борис",
        to_mail="boris@example.ru",
        mail="anna@example.ru",
    ),
    act_call(
        "POST",
        "/certificates/look",
        "He comes back from where he pays: it is asked at once whether he has",
        "certificate_order_look",
        LookCertificateOrder,
        CertificateOrderDone,
        "no_certificate_order",
        id=ID,
    ),
    act_call(
        "POST",
        "/certificates/cancel",
        "It is not wanted after all; what was paid goes back",
        "certificate_order_cancel",
        CancelCertificateOrder,
        CertificateOrderDone,
        "no_certificate_order certificate_order_step certificate_used",
        id=ID,
    ),
    act_call(
        "POST",
        "/certificates/design",
        "Another design, for a picture that does not go",
        "certificate_order_design",
        ChooseDesign,
        CertificateOrderDone,
        "no_certificate_order certificate_order_step certificate_design certificate_picture",
        id=ID,
        design="party",
    ),
    act_call(
        "POST",
        "/certificates/resend",
        "The same certificate is sent again; elsewhere, where nobody has got it",
        "certificate_order_resend",
        ResendCertificate,
        CertificateOrderDone,
        "no_certificate_order certificate_order_step certificate_to_mail certificate_resent",
        id=ID,
    ),
    act_call(
        "GET",
        "/certificates/picture",
        "How a design, or an order's own picture, looks: a PNG",
        "certificate_design",
        AskDesign,
        DesignTold,
        "no_certificate_order",
        design="winter",
    ),
)
