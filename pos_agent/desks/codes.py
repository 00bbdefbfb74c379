"""The code for whoever only said a phone (A27, R14): it goes out by the hub, and comes back by mouth or by the guest's
own finger. What it proves holds for this receipt, and goes with its member.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final, TypeVar

import msgspec
from msgspec.structs import replace

from loyalty.card_numbers import is_digits
from loyalty.utc import utc_text
from pos_agent.counter import Counter, Done
from pos_agent.errands import SILENT
from pos_agent.protocol_codes import EnterCode, SendCode
from pos_agent.refused import Refused
from pos_agent.telling import retell, told_quote
from pos_agent.visit import ShownCode, Visit, VisitEvent, Who, allow
from sync.codes import CheckCode, Proof, SentCode
from sync.codes import SendCode as AskCode

DIGITS_MAX: Final = 10
AGAIN_S: Final = 60  # where the hub says no more than that it is too early
_Reply = TypeVar("_Reply")
KEPT: Final = frozenset(("code_wrong", "code_no_tries", "code_over", "code_used"))  # the visit remembers them


def send_code(counter: Counter, visit: Visit, command: SendCode) -> Done:
    member, code = _member(counter, visit), visit.code
    if code is not None and not code.tries:
        raise Refused("code_no_tries")
    if code is not None and counter.now < code.again_at:
        raise Refused("code_too_early", again=_minutes(code.again_at - counter.now))
    sent = _asked(counter, "send_code", AskCode(purpose=command.purpose, member=member), SentCode)
    if sent.of != member:
        raise Refused("code_overtaken")
    shown = ShownCode(
        id=sent.id,
        to=sent.to,
        digits=sent.digits,
        tries=sent.tries,
        again=utc_text(counter.now + timedelta(seconds=sent.again_s)),
        ends=utc_text(counter.now + timedelta(seconds=sent.expires_s)),
    )
    return Done(visit=replace(visit, code=shown), code="code_sent", facts={"to": sent.to})


def enter_code(counter: Counter, visit: Visit, command: EnterCode) -> Done:
    proved = with_proof(counter, visit, command.code)
    if isinstance(proved, Done):
        return proved
    fresh, told = retell(counter, replace(proved, requested_points=0, decided=False))
    if told is None:
        return Done(visit=fresh, code="code_right", words="code_right_plain")
    return Done(visit=fresh, code="code_right", facts={"limit": told.limit_text}, told=told_quote(told))


def with_proof(counter: Counter, visit: Visit, digits: str) -> Visit | Done:
    """The visit whose member has told the right code; or that it was another, and how many tries are left. Raises
    Refused, Errand."""
    member, code, who = _member(counter, visit), visit.code, visit.who
    assert who is not None, "somebody has a phone"
    wanted = code.digits if code is not None else counter.programme.second_factor.digits
    digits = digits.strip()
    if not is_digits(digits) or len(digits) > DIGITS_MAX or len(digits) != wanted:
        raise Refused("bad_code", field="code", digits=str(wanted))
    if code is not None and not code.tries:
        raise Refused("code_no_tries")
    try:
        check = CheckCode(code=digits, id=code.id if code is not None else "", member=member)
        proof = _asked(counter, "check_code", check, Proof)
    except Refused as refused:
        if code is None or refused.code not in KEPT:
            raise
        return _not_right(visit, code, refused)
    if proof.of != member:
        raise Refused("code_overtaken")
    return replace(visit, who=replace(who, second_factor=True, proof=proof.id), code=None)


def _not_right(visit: Visit, code: ShownCode, refused: Refused) -> Done:
    """It is remembered how often: the purchase goes on without redeeming. One whose time is over makes room for
    another."""
    tries = int(refused.facts.get("tries", "0"))
    kept = replace(code, tries=tries) if refused.code in ("code_wrong", "code_no_tries") else None
    return Done(visit=replace(visit, code=kept), code=refused.code, facts=refused.facts, ok=False)


def _member(counter: Counter, visit: Visit) -> str:
    """Whose code it is. Raises Refused, IllegalEvent."""
    allow(visit, VisitEvent.CODE_TOLD)
    who = visit.who
    if who is None or who.member is None or not counter.is_known(who):
        raise Refused("code_of_nobody")
    if _is_sure(counter, who):
        raise Refused("code_not_needed")
    if counter.link == "offline" or counter.cache.training:
        raise Refused("code_needs_link")
    return who.member


def _is_sure(counter: Counter, who: Who) -> bool:
    """A card in hand needs none, unless the programme has a limit for the card alone (SEC9)."""
    by_card = who.identified_by == "card" and counter.programme.redemption.card_alone_max_points is None
    return who.second_factor or by_card


def _asked(counter: Counter, act: str, body: msgspec.Struct, reply: type[_Reply]) -> _Reply:
    try:
        return counter.ask_hub(act, body, reply)
    except Refused as refused:
        if refused.code == SILENT:
            raise Refused("code_needs_link") from refused
        if refused.code == "code_too_early":
            raise Refused("code_too_early", again=_minutes(timedelta(seconds=AGAIN_S))) from refused
        raise


def _minutes(left: timedelta) -> str:
    seconds = max(1, round(left.total_seconds()))
    return f"{seconds // 60}:{seconds % 60:02}"
