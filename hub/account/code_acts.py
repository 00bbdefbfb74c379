"""Codes of the account: sent, and told back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from hub.account.act import AccountAct, AccountAsked, signed_in
from hub.codes.checking import Told, check
from hub.codes.in_account import Wanted, send
from hub.desk.act import ActRefused
from hub.hub import Hub
from loyalty.operation import ACCOUNT_CHAIN
from sync.account.codes import CheckCode, CodeProved, CodeSent, SendCode


def send_code(hub: Hub, asked: AccountAsked, body: SendCode) -> CodeSent:
    check_asked(asked, body)
    if body.purpose != "enter":
        with hub.store.reading() as reader:
            signed_in(reader, asked)
    wanted = Wanted(
        body.purpose,
        asked.programme,
        asked.key,
        phone=body.phone,
        card=body.card,
        email=body.email,
        member=asked.member if body.purpose == "confirm" else "",
        doing=body.doing,
        language=body.language,
    )
    return send(hub, wanted)


def check_asked(asked: AccountAsked, body: SendCode) -> None:
    """Each purpose has its own way to say to whom. Raises ActRefused."""
    typed = [name for name in ("phone", "card", "email") if getattr(body, name)]
    fits = {
        "enter": typed in (["phone"], ["card"]),
        "contact": typed in (["phone"], ["email"]),
        "confirm": not typed,
    }
    if not fits[body.purpose]:
        raise ActRefused("bad_request", f"{body.purpose}: one of a phone, a card, an address; or his own")
    if body.purpose != "enter" and not asked.member:
        raise ActRefused("not_signed_in", f"{body.purpose}: of whom?")


def check_code(hub: Hub, asked: AccountAsked, body: CheckCode) -> CodeProved:
    told = Told(body.digits, asked.programme, f"account/{asked.key}", id=body.id, till=ACCOUNT_CHAIN)
    return CodeProved(proof=check(hub, told).id)


CODE_ACTS: Final[Mapping[str, AccountAct]] = {
    "send_code": AccountAct(takes=SendCode, do=send_code, signed_in=False),
    "check_code": AccountAct(takes=CheckCode, do=check_code, signed_in=False),
}
