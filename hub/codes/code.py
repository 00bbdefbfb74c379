"""A code: what it is for, whose it is, and what became of it.

    open ──right──▶ proved ──used by an order──▶ used
      └──as many wrong ones as the programme allows, or its time is over──▶ (never right again)

A right code is one proof, for one order. What hides it is in secrets.py.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec

from hub.store.office_records import CodeRow
from loyalty.utc import utc_text
from sync.codes import Purpose

State = Literal["open", "proved", "used"]

PROOF_LIFE: Final = timedelta(minutes=30)  # a form is filled in meanwhile
KEPT: Final = timedelta(days=1)  # then nobody asks for it any more


class Code(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`till`, `store`: where it was asked for, "" for the office; `to`: the phone, masked; `typed`: what stands for the
    number that was typed in the account to get it; `tried`: by the keys of those who told it, so that the same answer
    told again is no other try."""

    purpose: Purpose
    programme: str
    digest: str
    ends_at: str
    tries_max: int
    digits: int
    to: str = ""
    till: str = ""
    store: str = ""
    state: State = "open"
    tried: tuple[str, ...] = ()  # wrong ones
    proved_by: str = ""
    proved_at: str = ""
    typed: str = ""
    used_by: str = ""  # the key of the order, where it may be asked again; for which member
    used_for: str = ""

    @property
    def tries_left(self) -> int:
        return max(0, self.tries_max - len(self.tried))

    @property
    def ends(self) -> datetime:
        return datetime.fromisoformat(self.ends_at)

    def is_open(self, now: datetime) -> bool:
        return self.state == "open" and self.tries_left > 0 and now < self.ends

    def is_proof(self, now: datetime) -> bool:
        """Whether an order may still use it."""
        return self.state == "proved" and now < datetime.fromisoformat(self.proved_at) + PROOF_LIFE

    def proved(self, key: str, now: datetime) -> Code:
        return msgspec.structs.replace(self, state="proved", proved_by=key, proved_at=utc_text(now))

    def missed(self, key: str) -> Code:
        return msgspec.structs.replace(self, tried=(*self.tried, key))

    def used(self, by: str, whose: str) -> Code:
        """`by` "": nobody asks again."""
        return msgspec.structs.replace(self, state="used", used_by=by, used_for=whose if by else "")


def code_of(row: CodeRow) -> Code:
    return msgspec.json.decode(row.body, type=Code)


def with_code(row: CodeRow, code: Code) -> CodeRow:
    return row._replace(body=msgspec.json.encode(code).decode())


def shown_phone(e164: str) -> str:
    """As whoever asks may read it: its country's first digit and the last two."""
    return f"{e164[:2]} ··· ··-{e164[-2:]}"
