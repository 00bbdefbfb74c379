"""Codes of coupons that somebody types: looked up by a keyed hash, and only so often by a till that guesses."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, NamedTuple

import msgspec

from hub.codes.secrets import CodeSecrets
from hub.coupons.made import read_made
from hub.store.coupon_records import MadeCoupon
from hub.store.rows import Rows
from hub.store.seam import Writer
from loyalty.typed_codes import read_code
from loyalty.utc import utc_text

TRIES_MAX: Final = 5  # that nobody has, one after the other; then the till waits
PAUSE: Final = timedelta(minutes=10)
TRIED: Final = "coupon_tries/"  # a setting, and the till


class Typed(NamedTuple):
    """`found` None: nobody has it; or the till has to wait, and nobody looked."""

    found: MadeCoupon | None
    tries_left: int
    waits: bool = False


class _Tries(msgspec.Struct, frozen=True):
    wrong: int
    at: str  # of the last


def look_up(writer: Writer, till: str, programme: str, text: str, secrets: CodeSecrets, now: datetime) -> Typed:
    kept = writer.setting(TRIED + till)
    tries = msgspec.json.decode(kept, type=_Tries) if kept else _Tries(0, utc_text(now))
    if abs(now - datetime.fromisoformat(tries.at)) >= PAUSE:
        tries = _Tries(0, utc_text(now))
    if tries.wrong >= TRIES_MAX:
        return Typed(None, 0, waits=True)
    code = read_code(text)
    found = writer.coupons_with_codes([secrets.coupon_digest(code)]) if code is not None else []
    good = next((row for row in found if row.programme == programme and read_made(row).at), None)
    if good is None:
        tries = _Tries(tries.wrong + 1, utc_text(now))
    if good is None or (kept and tries.wrong):
        tries = tries if good is None else _Tries(0, utc_text(now))
        writer.write(Rows(settings={TRIED + till: msgspec.json.encode(tries).decode()}))
    return Typed(good, TRIES_MAX if good is not None else TRIES_MAX - tries.wrong)
