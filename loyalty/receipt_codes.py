"""The codes of a receipt that a customer brings back: our own paper's, and the fiscal receipt's QR."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl

from loyalty.money import BadNumber, parse_kopecks
from loyalty.operation import Key

LINK = r"(?:https?://[A-Za-z0-9.:/~_-]{1,200}/claim\?code=)?"  # to the members' account, where the programme has one
MARK = re.compile(r"po:([a-z0-9][a-z0-9-]{0,31}):([1-9][0-9]{0,9}):([1-9][0-9]{0,17}):([0-9a-f]{16})")
LINKED = re.compile(LINK + MARK.pattern)
FISCAL_MAX = 200  # characters; a fiscal QR has about 70
FISCAL_SALE = "1"  # «приход»; 2 is the return of one, 3 and 4 are purchases by the shop
FISCAL_FORMS = {15: "%Y%m%dT%H%M%S", 13: "%Y%m%dT%H%M"}  # by length: read loosely, 1506 would be 15:00:06


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Which operation of which till a paper of ours is of, and the start of its hash."""

    chain: str
    key: Key
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FiscalCode:
    """What the QR of a fiscal receipt says (FNS order ED-7-20/662): when by the shop's clock, how much, the fiscal
    storage, the document's number and its sign; `kind` 1 is a sale."""

    at: datetime
    kopecks: int
    storage: str
    document: str
    sign: str
    kind: str


def read_mark(text: str) -> Mark | None:
    """The code of a paper of ours, also as a link; None for anything else."""
    found = LINKED.fullmatch(text.strip())
    if found is None:
        return None
    chain, generation, sequence, digest = found.groups()
    return Mark(chain=chain, key=Key(int(generation), int(sequence)), digest=digest)


def claim_link(account: str, mark: str) -> str:
    """What a paper's QR says: the mark, as a link of the members' account where there is one."""
    return f"{account}/claim?code={mark}" if account else mark


def read_fiscal(text: str) -> FiscalCode | None:
    """The QR of a fiscal receipt, its fields in any order; None for anything else."""
    if len(text) > FISCAL_MAX:
        return None
    fields = {name.lower(): value for name, value in parse_qsl(text.strip())}
    if fields.keys() < {"t", "s", "fn", "i", "fp"}:
        return None
    at, kopecks = _moment(fields.get("t", "")), _kopecks(fields.get("s", ""))
    numbers = [fields.get(name, "") for name in ("fn", "i", "fp")]
    if at is None or kopecks is None or not all(number.isascii() and number.isdigit() for number in numbers):
        return None
    storage, document, sign = numbers
    kind = fields.get("n", FISCAL_SALE).lstrip("0")
    return FiscalCode(at=at, kopecks=kopecks, storage=storage, document=document, sign=sign, kind=kind)


def _moment(text: str) -> datetime | None:
    form = FISCAL_FORMS.get(len(text))
    if form is None:
        return None
    try:
        return datetime.strptime(text, form)  # noqa: DTZ007 - the QR has no zone: the shop's clock
    except ValueError:
        return None


def _kopecks(text: str) -> int | None:
    try:
        return parse_kopecks(text.replace(",", "."))
    except BadNumber:
        return None
