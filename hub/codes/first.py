"""A first code (P18): an operator who has registered somebody on the telephone reads it out, and with it he comes into
his account once, and confirms his phone there. Nobody is sent anything, and nobody sees it a second time.

Only a member who has never confirmed his phone gets one: whoever has comes in by a code that goes to it, and nobody in
the office by his.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Final

from hub.codes.checking import Told, check
from hub.codes.code import Code, with_code
from hub.desk.act import ActRefused
from hub.hub import Hub
from hub.people.who import Person
from hub.store.office_records import CodeRow
from hub.store.rows import Rows
from hub.store.seam import Writer
from loyalty.operation import ACCOUNT_CHAIN
from loyalty.utc import utc_text
from sync.codes import Proof

LIFE: Final = timedelta(hours=24)
DIGITS: Final = 6  # it lives for a day, and may be guessed at as long
TRIES_MAX: Final = 5
NOBODY: Final = "-"  # an id that no member has


def give_first(hub: Hub, person: Person) -> str:
    """Its digits; one of before is good no more. Raises ActRefused."""
    programme, now = person.row.programme, hub.now()

    def made(writer: Writer) -> str:
        if person.member in writer.phones_confirmed([person.member]):
            raise ActRefused("phone_confirmed", "whoever has confirmed his phone comes in by a code that goes to it")
        id, digits = _id(programme, person.member), hub.codes.digits(DIGITS)
        code = Code(
            purpose="first",
            programme=programme,
            digest=hub.codes.digest(id, digits),
            ends_at=utc_text(now + LIFE),
            tries_max=TRIES_MAX,
            digits=DIGITS,
            till=ACCOUNT_CHAIN,
        )
        writer.write(Rows(codes=[with_code(CodeRow(id, now, "", person.member, ""), code)]))
        return digits

    return hub.within(made)


def told_first(hub: Hub, programme: str, member: str, digits: str, key: str) -> Proof:
    """`member` "": nobody's, which is as much work. Raises ActRefused: whatever is wrong, it is one thing to whoever
    guesses."""
    id = _id(programme, member or NOBODY)
    try:
        return check(hub, Told(digits, programme, key, id=id, till=ACCOUNT_CHAIN))
    except ActRefused as refused:
        raise ActRefused("first_code_wrong", str(refused)) from refused


def _id(programme: str, member: str) -> str:
    """A member has one at a time."""
    return hashlib.sha256(f"first code\n{programme}\n{member}".encode()).hexdigest()[:32]
