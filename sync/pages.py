"""A page of the hub's changes as the till reads it: the frame as a whole, its rows one by one.

A hub may be newer than this till, or ill. A row of its page that cannot be read or cannot be true is set aside, told to
whoever looks, and what was known before stands; the rest of the page is taken. Only a frame that is wrong (no cursor,
no time, no watermark) makes a page that cannot be read at all.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

import msgspec

from loyalty.cases import CaseSnapshot
from loyalty.operation import Key
from loyalty.possible import YEARS, ImpossibleMember, check_member, is_text, shown_id
from loyalty.snapshot import MemberSnapshot
from offline_cache.own_chain import End
from offline_cache.published import Published
from offline_cache.records import Page, SetAside
from sync.proposal import Proposal, read_proposal
from sync.protocol import CHAIN, PROGRAMMES_MAX, SHOP, Cursor, Epoch, OtherKey, Scope, ToldProgramme, Watermark
from sync.staff_list import StaffTold, read_staff

log = logging.getLogger(__name__)

COUPON_KEY_BYTES = 32  # Ed25519
COUPON_USES_MAX = 10**9
PHONE_KEY_BYTES = range(16, 65)
HUB_YEARS = range(2025, 2100)  # of the hub's clock, by which tills set theirs: in another all points would be dead
KEY_ID_LETTERS_MAX = 3  # a byte of the coupon says which key signed it

NOTHING = msgspec.Raw(b"")

_T = TypeVar("_T")


class _Frame(msgspec.Struct, frozen=True, kw_only=True):
    """sync.protocol.ChangesPage, its rows not read yet."""

    cursor: Cursor
    more: bool
    watermark: Watermark
    at: str
    members: tuple[msgspec.Raw, ...]
    used_coupons: tuple[msgspec.Raw, ...]
    returned_coupons: tuple[msgspec.Raw, ...] = ()
    coupon_uses_left: dict[str, msgspec.Raw] = {}
    stopped_campaigns: tuple[msgspec.Raw, ...] = ()
    coupon_keys: dict[str, msgspec.Raw]
    rotating_keys: dict[str, msgspec.Raw] = {}
    phone_hash_key: str
    set_aside: tuple[msgspec.Raw, ...] = ()
    cases: tuple[msgspec.Raw, ...] = ()
    scope: Scope = CHAIN
    gone: tuple[msgspec.Raw, ...] = ()
    programmes: tuple[msgspec.Raw, ...] | None = None
    phones_change: bool = False
    new_key: bool = False
    next_hub_key: OtherKey = ""
    before: tuple[Watermark, ...] = ()
    epoch: Epoch = ""
    settings: msgspec.Raw = NOTHING
    staff: msgspec.Raw = NOTHING


class _Named(msgspec.Struct, frozen=True):
    """Of a row that cannot be read: whose it is, if that can."""

    member: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PulledPage(Page):
    """What of a page can be kept, and what it says besides. Everything in it is checked. `ends`: how far the hub is
    with each of the till's own chains, as far as it says; an `epoch` of "" is not said. `settings`: what the office
    says of the till's, where that is news; `staff`: who works here, likewise."""

    at: datetime
    scope: str = CHAIN
    new_key: bool = False
    next_hub_key: str = ""
    ends: tuple[End, ...] = ()
    epoch: str = ""
    settings: Proposal | None = None
    staff: StaffTold | None = None

    @property
    def more(self) -> bool:
        return self.pulled_at is None


_frame = msgspec.json.Decoder(_Frame)
_member = msgspec.json.Decoder(MemberSnapshot)
_named = msgspec.json.Decoder(_Named)
_text = msgspec.json.Decoder(str)
_uses = msgspec.json.Decoder(int)
_programme = msgspec.json.Decoder(ToldProgramme)
_case = msgspec.json.Decoder(CaseSnapshot)


def read_page(body: bytes, opened: Callable[[str], str] = str) -> PulledPage:
    """`opened`: opens the key of phones, where it came sealed. Raises ValueError for a frame that is wrong (msgspec's
    errors are that too), RecursionError for an endless one."""
    frame = _frame.decode(body)
    aside: list[SetAside] = []
    at = read_moment(frame.at, HUB_YEARS)
    return PulledPage(
        cursor=frame.cursor,
        pulled_at=None if frame.more else at,
        watermark=Key(frame.watermark.generation, frame.watermark.sequence),
        at=at,
        members=tuple(read_members(frame.members, aside)),
        used_coupons=tuple(read_serials(frame.used_coupons, aside)),
        returned_coupons=tuple(read_serials(frame.returned_coupons, aside)),
        coupon_uses_left=dict(read_uses_left(frame.coupon_uses_left, aside)),
        stopped_campaigns=tuple(filter(is_text, map(read_text, frame.stopped_campaigns))),
        coupon_keys=dict(_coupon_keys(frame.coupon_keys, aside)),
        rotating_keys=dict(_coupon_keys(frame.rotating_keys, aside)),
        phone_hash_key=_key(opened(frame.phone_hash_key), PHONE_KEY_BYTES),
        set_aside=(*aside, *named_by_hub(frame.set_aside)),
        cases=tuple(_cases(frame.cases)),
        scope=_scope(frame.scope),
        gone=tuple(filter(is_text, map(read_text, frame.gone))),  # one that is none is nobody here
        ends=tuple(End(one.generation, one.sequence, one.hash) for one in (frame.watermark, *frame.before)),
        epoch=frame.epoch,
        covered=tuple(Key(one.generation, one.covered) for one in (frame.watermark, *frame.before) if one.covered),
        programmes=None if frame.programmes is None else tuple(_programmes(frame.programmes[:PROGRAMMES_MAX])),
        phones_change=frame.phones_change,
        new_key=frame.new_key,
        next_hub_key=frame.next_hub_key,
        settings=_settings(frame.settings),
        staff=_staff(frame.staff, opened),
    )


def head_of(page: PulledPage) -> PulledPage:
    """What of it is not of members and coupons: of those the hub's ready file tells. The feed is not read by it."""
    none: dict[str, int] = {}
    told = replace(page, used_coupons=(), returned_coupons=(), coupon_uses_left=none)
    return replace(told, cursor="", members=(), set_aside=(), gone=())


def read_members(rows: Sequence[msgspec.Raw], aside: list[SetAside]) -> Iterator[MemberSnapshot]:
    for row in rows:
        try:
            told = _member.decode(row)
            check_member(told)
        except (ValueError, RecursionError) as error:
            reason = "impossible" if isinstance(error, ImpossibleMember) else "unreadable"
            aside.append(SetAside(kind="member", key=_name_in(row), reason=reason))
        else:
            yield told


def _name_in(row: msgspec.Raw) -> str:
    try:
        return shown_id(_named.decode(row).member)
    except (ValueError, RecursionError):
        return ""


def read_serials(rows: Sequence[msgspec.Raw], aside: list[SetAside]) -> Iterator[str]:
    for row in rows:
        serial = read_text(row)
        if is_text(serial):
            yield serial
        else:
            aside.append(SetAside(kind="coupon", key=shown_id(serial), reason="impossible" if serial else "unreadable"))


def read_uses_left(rows: Mapping[str, msgspec.Raw], aside: list[SetAside]) -> Iterator[tuple[str, int]]:
    for serial, row in rows.items():
        try:
            count = _uses.decode(row)
        except (ValueError, RecursionError):
            count = -1
        if is_text(serial) and 0 < count <= COUPON_USES_MAX:
            yield serial, count
        else:
            aside.append(SetAside(kind="coupon", key=shown_id(serial), reason="impossible"))


def read_text(row: msgspec.Raw) -> str:
    """Empty where there is none."""
    try:
        return _text.decode(row)
    except (ValueError, RecursionError):
        return ""


def _coupon_keys(rows: Mapping[str, msgspec.Raw], aside: list[SetAside]) -> Iterator[tuple[int, bytes]]:
    for id, row in rows.items():
        try:
            if not (id.isascii() and id.isdecimal() and len(id) <= KEY_ID_LETTERS_MAX):
                raise ValueError("a key's id is a number")
            yield int(id), _key(read_text(row), range(COUPON_KEY_BYTES, COUPON_KEY_BYTES + 1))
        except ValueError:
            aside.append(SetAside(kind="coupon_key", key=shown_id(id), reason="impossible"))


def named_by_hub(rows: Sequence[msgspec.Raw]) -> Iterator[SetAside]:
    for row in rows:
        yield SetAside(kind="member", key=shown_id(read_text(row)), reason="not_told")


def _cases(rows: Sequence[msgspec.Raw]) -> Iterator[CaseSnapshot]:
    """One that cannot be read is the office's all the same: this till only does not show it."""
    for row in rows:
        try:
            told = _case.decode(row)
        except (ValueError, RecursionError):
            continue
        if all(map(is_text, (told.id, told.kind, told.sale or "-", told.note or "-"))):
            yield told


def _programmes(rows: Sequence[msgspec.Raw]) -> Iterator[Published]:
    """One that cannot be read is left out: the one before it stays in force."""
    for row in rows:
        try:
            told = _programme.decode(row)
            begins_at = read_moment(told.begins_at) if told.begins_at is not None else None
        except (ValueError, RecursionError):
            log.error("A programme that the hub told of cannot be read here.")
            continue
        if is_text(told.version):
            yield Published(told.version, told.hash, begins_at)


def _settings(told: msgspec.Raw) -> Proposal | None:
    return None if bytes(told) in (b"", b"null") else read_proposal(told)


def _staff(told: msgspec.Raw, opened: Callable[[str], str]) -> StaffTold | None:
    return None if bytes(told) in (b"", b"null") else read_staff(told, opened)


def _scope(text: str) -> str:
    """What the cursor means hangs on it."""
    if text != CHAIN and not (text.startswith(SHOP) and is_text(text)):
        raise ValueError(f"scope {shown_id(text)} is none of ours")
    return text


def read_moment(text: str, years: range = YEARS) -> datetime:
    """A time of the hub's. Raises ValueError."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None or at.year not in years:
        raise ValueError(f"time {shown_id(text)} is none of ours")
    return at


def _key(text: str, sizes: range) -> bytes:
    key = bytes.fromhex(text)
    if len(key) not in sizes:
        raise ValueError(f"a key has {len(key)} bytes")
    return key
