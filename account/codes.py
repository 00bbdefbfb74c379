"""A code that is asked for on the way in: how often from one place and one browser, and what became of it.

How many go to one number the hub counts. Here it is counted whence they are asked for, so that nobody goes through
numbers one after another; in the account's database, so that a start of it forgets nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from typing import Final

from account.tries import Guessed
from account.visit import Refused, Visit
from loyalty.utc import utc_text
from sync.account.codes import CheckCode, CodeProved, CodeSent, Doing, SendCode

SENT_FROM_ADDRESS: Final = 60  # in a day, before each one more waits: a whole town may be behind one address
SENT_FROM_BROWSER: Final = 12
TOLD_FROM_ADDRESS: Final = 30  # wrong ones: 30 guesses of 10,000 a day find one code in a year
TOLD_FROM_BROWSER: Final = 15
OF_NETWORK: Final = 64  # bits of an address of six groups that one house has

# what is remembered of the way in
CODE, TO, AGAIN = "door_code", "door_to", "door_again"
PHONE, CARD, PROOF = "door_phone", "door_card", "door_proof"


def send_code(visit: Visit, *, phone: str = "", card: str = "", doing: Doing = "") -> None:
    """It is remembered; one that cannot be sent just now leaves what was sent before. Raises Refused, HubSaysNo."""
    wait_s = visit.house.tries.begin(
        Guessed("code from address", place_of(visit.address), SENT_FROM_ADDRESS),
        Guessed("code from browser", visit.browser_id(), SENT_FROM_BROWSER),
    )
    if wait_s:
        raise Refused("codes_from_here", status=429, wait_s=wait_s)
    asked = SendCode(purpose="enter", phone=phone, card=card, doing=doing, language=visit.language)
    sent = visit.ask("send_code", asked, CodeSent)
    if sent.why and not (visit.remembered(CODE) and (phone, card) == _typed(visit)):
        raise Refused(f"codes_{sent.why}", status=429, again_s=sent.again_s)
    visit.remember(**{PHONE: phone, CARD: card, PROOF: "", AGAIN: _in(visit, sent.again_s)})
    if not sent.why:
        visit.remember(**{CODE: sent.id, TO: sent.to})


def check_code(visit: Visit, digits: str) -> str:
    """The proof. Raises Refused, HubSaysNo."""
    guessed = (
        Guessed("told from address", place_of(visit.address), TOLD_FROM_ADDRESS),
        Guessed("told from browser", visit.browser_id(), TOLD_FROM_BROWSER),
    )
    if wait_s := visit.house.tries.begin(*guessed):
        raise Refused("codes_from_here", status=429, wait_s=wait_s)
    told = CheckCode(id=visit.remembered(CODE), digits=digits or "-")
    proof = visit.ask("check_code", told, CodeProved).proof
    visit.house.tries.was_right(guessed[1])  # an address is of many, and one right code forgives no others
    visit.remember(**{PROOF: proof})
    return proof


def again_s(visit: Visit) -> int:
    """In so many seconds another may be asked for."""
    at = visit.remembered(AGAIN)
    left = datetime.fromisoformat(at) - visit.house.now() if at else timedelta(0)
    return max(0, -(-left // timedelta(seconds=1)))


def place_of(address: str) -> str:
    """Whoever has one address of six groups has the rest of its network too."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    return str(int(known) >> OF_NETWORK) if isinstance(known, IPv6Address) else address


def _typed(visit: Visit) -> tuple[str, str]:
    return visit.remembered(PHONE), visit.remembered(CARD)


def _in(visit: Visit, seconds: int) -> str:
    return utc_text(visit.house.now() + timedelta(seconds=seconds))
