"""A gift certificate of his own (P16): its sum, design, words, for whom and when; paid where payments are taken, seen
here until whoever gets it has it, and after."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from starlette.responses import Response

from account.hub_desk import HubSaysNo
from account.pages.certificates_words import WORDS
from account.pictures import NoPicture, redrawn
from account.visit import Page, Refused, View, Visit
from loyalty.money import BadNumber, parse_kopecks
from sync.account.certificates import (
    DAYS_AHEAD_MAX,
    NAME_LETTERS_MAX,
    SHIPPED,
    WORDS_LETTERS_MAX,
    AskCertificateOrder,
    AskCertificates,
    AskDesign,
    CancelCertificateOrder,
    CertificateOrderDone,
    CertificateOrderTold,
    CertificatesTold,
    ChooseDesign,
    Design,
    DesignTold,
    LookCertificateOrder,
    OrderCertificate,
    ResendCertificate,
)

OWN: Final[Design] = "own"
DESIGNS: Final[tuple[Design, ...]] = (*SHIPPED, OWN)
FIELDS: Final = ("sum", "design", "to_name", "to_mail", "words", "at", "mail")
FIRST_SUM: Final = "1000"
AGAIN: Final = frozenset(  # said beside the form, with all that was typed
    {f"certificate_{what}" for what in ("sum", "to", "to_mail", "mail", "words", "time", "design", "picture")}
)
MOVES: Final = ("new", "paying", "paid", "sending", "refunding", "unreceipted")  # by itself, within seconds
BACK: Final = "back"  # in a query: he comes from where he pays
A_DAY: Final = {"Cache-Control": "private, max-age=86400"}


def _form(visit: Visit, refused: str = "") -> Response:
    told = visit.ask("certificates", AskCertificates(), CertificatesTold)
    typed = {name: visit.typed.one(name) for name in FIELDS}
    zone = ZoneInfo(visit.house.programme().timezone)
    here = visit.house.now().astimezone(zone)
    return visit.show(
        "certificates.html",
        title="certificates",
        status=409 if refused else 200,
        refused=refused,
        certificates=told,
        typed=typed | {"sum": typed["sum"] or FIRST_SUM, "mail": typed["mail"] or told.mail},
        chosen=_design(visit),
        designs=DESIGNS,
        words_most=WORDS_LETTERS_MAX,
        name_most=NAME_LETTERS_MAX,
        days=DAYS_AHEAD_MAX,
        first=f"{here:%Y-%m-%dT%H:%M}",
        last=f"{here + timedelta(days=DAYS_AHEAD_MAX):%Y-%m-%dT%H:%M}",
    )


def _order(visit: Visit) -> Response:
    try:
        done = visit.ask("certificate_order", _ordered(visit), CertificateOrderDone)
    except NoPicture as error:
        return _form(visit, visit.say(error.word))
    except HubSaysNo as refused:
        if refused.code not in AGAIN:
            raise
        return _form(visit, visit.say(f"no_{refused.code}"))
    return visit.go(f"/certificates/{done.id}")


def _ordered(visit: Visit) -> OrderCertificate:
    """As it was typed; the hub says what is wrong with it. Raises NoPicture."""
    typed, design = visit.typed, _design(visit)
    return OrderCertificate(
        kopecks=_kopecks(typed.one("sum")),
        design=design,
        to_name=typed.one("to_name")[:300],
        to_mail=typed.one("to_mail")[:300],
        mail=typed.one("mail")[:300],
        words=typed.one("words")[:1_000],
        at=typed.one("at")[:30],
        picture=_picture(visit, design),
        language=visit.language,
        back=f"{visit.site}/certificates/",
    )


def _kopecks(text: str) -> int:
    """What is no sum is one that nobody sells."""
    try:
        return max(1, min(parse_kopecks("".join(text.split()).replace(",", ".")), 10**9))
    except BadNumber:
        return 1


def _design(visit: Visit) -> Design:
    return next((one for one in DESIGNS if one == visit.typed.one("design")), DESIGNS[0])


def _picture(visit: Visit, design: Design) -> str:
    """As base64, of one that he has sent with his own design. Raises NoPicture."""
    if design != OWN or not visit.files:
        return ""
    return base64.b64encode(redrawn(visit.files[0])).decode()


# one order


def _one(visit: Visit) -> Response:
    return visit.show("certificates_one.html", title="certificates_order", **_about(visit))


def _state(visit: Visit) -> Response:
    """What changes of the page by itself. While he waits for his payment it is asked for."""
    about = _about(visit)
    if about["order"].state == "paying" and about["back"]:
        visit.ask("certificate_order_look", LookCertificateOrder(id=_id(visit)), CertificateOrderDone)
    return visit.piece("certificates_state.html", **about)


def _about(visit: Visit) -> dict[str, Any]:
    order = visit.ask("certificate_order_one", AskCertificateOrder(id=_id(visit)), CertificateOrderTold)
    at_once = order.deliver_at <= order.made_at
    return {
        "order": order,
        "moves": order.state in MOVES,
        "back": bool(visit.typed.one(BACK)),
        "when": "" if at_once else visit.moment_of(order.deliver_at),
        "designs": DESIGNS,
    }


def _back(visit: Visit) -> Response:
    """From where he pays, whatever he did there."""
    visit.ask("certificate_order_look", LookCertificateOrder(id=_id(visit)), CertificateOrderDone)
    return visit.go(f"/certificates/{_id(visit)}?{BACK}=1")


def _cancel(visit: Visit) -> Response:
    before = visit.ask("certificate_order_one", AskCertificateOrder(id=_id(visit)), CertificateOrderTold)
    visit.ask("certificate_order_cancel", CancelCertificateOrder(id=_id(visit)), CertificateOrderDone)
    word = "certificates_back_soon" if before.paid_kopecks else "certificates_cancelled"
    return visit.go(f"/certificates/{_id(visit)}", visit.say(word))


def _choose(visit: Visit) -> Response:
    design = _design(visit)
    try:
        picture = _picture(visit, design)
    except NoPicture as error:
        raise Refused(error.word) from error
    chosen = ChooseDesign(id=_id(visit), design=design, picture=picture)
    visit.ask("certificate_order_design", chosen, CertificateOrderDone)
    return visit.go(f"/certificates/{_id(visit)}", visit.say("certificates_chosen"))


def _resend(visit: Visit) -> Response:
    again = ResendCertificate(id=_id(visit), to_mail=visit.typed.one("to_mail")[:300])
    visit.ask("certificate_order_resend", again, CertificateOrderDone)
    return visit.go(f"/certificates/{_id(visit)}", visit.say("certificates_resent"))


def _id(visit: Visit) -> str:
    return visit.path["id"][:64]


# pictures


def _shipped(visit: Visit) -> Response:
    design = next((one for one in SHIPPED if one == visit.path["design"]), SHIPPED[0])
    told = visit.ask("certificate_design", AskDesign(design=design), DesignTold)
    return Response(told.picture, media_type="image/png", headers=A_DAY)


def _of_order(visit: Visit) -> Response:
    told = visit.ask("certificate_design", AskDesign(id=_id(visit)), DesignTold)
    return Response(told.picture, media_type="image/png")


CERTIFICATES: Final = Page(
    path="/certificates",
    title="certificates",
    words=WORDS,
    views=(
        View("GET", "/certificates", _form),
        View("POST", "/certificates", _order, pictures=True),
        View("GET", "/certificates/design/{design}.png", _shipped),
        View("GET", "/certificates/{id}", _one),
        View("GET", "/certificates/{id}/state", _state),
        View("GET", "/certificates/{id}/back", _back),
        View("GET", "/certificates/{id}/picture.png", _of_order),
        View("POST", "/certificates/{id}/cancel", _cancel),
        View("POST", "/certificates/{id}/design", _choose, pictures=True),
        View("POST", "/certificates/{id}/resend", _resend),
    ),
)
