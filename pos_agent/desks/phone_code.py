"""The rotating code of a member's phone: the card in it identifies, and a fresh one is the second factor of a receipt.

Whatever is wrong with the time, with the phone or with the code's newness takes the proof alone away, never the card.
"""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from loyalty.rotating_code import CLOCK_SLACK, RotatingCode, RotatingRefused, verify
from pos_agent.counter import Counter, Remarks, remark
from pos_agent.refused import Refused
from pos_agent.visit import Who

WORDS: Final = {
    "unknown_key": "phone_code_unknown_key",
    "certificate_over": "phone_code_certificate_over",
    "clock_unknown": "phone_code_clock_unknown",
    "old": "phone_code_old",
    "early": "phone_code_early",
    "revoked": "phone_code_revoked",
    "used": "phone_code_used",
}


def opened(counter: Counter, text: str) -> RotatingCode:
    """What the code says at this moment of the hub's clock, as far as the till knows it. Raises Refused."""
    feed = counter.feed
    put_back = counter.latest - counter.now > CLOCK_SLACK
    try:
        return verify(text, counter.cache.changes.rotating_keys(), counter.now, None if put_back else feed.met_at)
    except RotatingRefused as refused:
        raise Refused(f"phone_code_{refused.reason}") from None


def proved(counter: Counter, who: Who, code: RotatingCode, before: Who | None) -> tuple[Who, Remarks]:
    """The card's member, with the proof that his phone is here; or why it is none, where the programme asks for one.
    `before`: who stands on the receipt: what was proved for it once is not used up by its own second showing."""
    proof = f"phone:{code.phone}:{code.slot}"
    sure = replace(who, second_factor=True, proof=proof)
    if before is not None and before.second_factor and (before.card, before.proof) == (who.card, proof):
        return sure, ()
    why = code.why or _why(counter, who, code)
    if why is None:
        return sure, ()
    asked_for = counter.programme.redemption.card_alone_max_points is not None
    return who, (remark(WORDS[why]),) if asked_for else ()


def still_proved(counter: Counter, who: Who, before: Who) -> Who:
    """A stranger's code proved something; now the hub has said whose the card is, and which phones are not any more."""
    _, _, phone = before.proof.partition("phone:")
    if not before.second_factor or _is_revoked(counter, who, phone.partition(":")[0]):
        return who
    return replace(who, second_factor=True, proof=before.proof)


def _why(counter: Counter, who: Who, code: RotatingCode) -> str | None:
    if _is_revoked(counter, who, code.phone):
        return "revoked"
    return None if counter.cache.used_slots.take(code.phone, code.slot) else "used"


def _is_revoked(counter: Counter, who: Who, phone: str) -> bool:
    if who.member is None or not counter.is_known(who):
        return False
    return phone in counter.member(who.member)[0].told.revoked_phones
