"""What a shop's day came to, in counts that are only ever added: of a till, of a person, of a store.

Whoever keeps them (offline_cache/days.py, hub/watching.py) adds what one operation counts, once, and looks through
none again. A count is known by its name; `hour/09`, `goods/ARTICLE`, `refused/REASON` have what they count behind
the stroke. The same at till and hub, so that both say the same of the same operations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from loyalty.bodies import CertificateRefunded, CertificateSold, Return, Sale, SaleNumber, SoldLine, Tender
from loyalty.certificates import CERTIFICATE
from loyalty.kinds import row_for
from loyalty.operation import Operation
from loyalty.programme import UNKNOWN
from loyalty.spellings import EAN13
from loyalty.stickers import given_count, spent_count, told_back

Counts = dict[str, int]

NAMED_MAX: Final = 200  # of one kind of names in a day: with more articles it is the goods file that is missing
REST: Final = "…"  # all others of that kind
HOUR, GOODS, REFUSED, SAID = "hour/", "goods/", "refused/", "said/"  # the last: refused at the till, by its word
KINDS_NAMED: Final = (GOODS, REFUSED, SAID)

_decode = msgspec.json.Decoder(dict[str, int])


# what a till asks of the hub (sync/desk.py)


class AskDay(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`store`: of the office alone; a till's own is known."""

    day: str
    store: str = ""


class PartOfDay(msgspec.Struct, frozen=True, kw_only=True):
    """What one till did, by whose hands."""

    till: str
    by: str
    counts: dict[str, int]


class StoreDay(msgspec.Struct, frozen=True, kw_only=True):
    store: str
    day: str
    parts: tuple[PartOfDay, ...]


def counts_of(operation: Operation, zone: ZoneInfo) -> Counts:
    """What an operation of a till adds to its day. `zone`: by whose clock the shop lives."""
    counts = dict(row_for("day", COUNTED, operation.body)(operation.body))
    if isinstance(operation.body, Sale):
        counts[f"{HOUR}{datetime.fromisoformat(operation.at).astimezone(zone):%H}"] = operation.body.paid_kopecks
    return {name: count for name, count in counts.items() if count}


def refused_of(operation: Operation | None, reason: str) -> Counts:
    """What the hub's refusal adds: what was told to the customer came to nobody."""
    body = operation.body if operation is not None else None
    lost = {"lost_earned": body.accrued.points, "lost_spent": body.redeemed.points} if isinstance(body, Sale) else {}
    return {name: count for name, count in {f"{REFUSED}{reason}": 1, **lost}.items() if count}


def day_of_operation(operation: Operation, zone: ZoneInfo) -> str:
    """YYYY-MM-DD: of the receipt's number, where it has one, else by the clock of the shop: what is refunded names the
    receipt of another day."""
    body = operation.body
    number: SaleNumber | None = None if isinstance(body, CertificateRefunded) else getattr(body, "sale", None)
    return number.day if number is not None else f"{datetime.fromisoformat(operation.at).astimezone(zone):%Y-%m-%d}"


def added(counts: Mapping[str, int], more: Mapping[str, int]) -> Counts:
    """The sum. Of names that have no end only so many are kept apart."""
    summed = dict(counts)
    for name, count in more.items():
        name = _kept_as(summed, name)
        summed[name] = summed.get(name, 0) + count
    return summed


def summed(many: Iterable[Mapping[str, int]]) -> Counts:
    total: Counts = {}
    for counts in many:
        total = added(total, counts)
    return total


def read_counts(text: str | None) -> Counts:
    """As it was written; nothing where nothing was, or what cannot be read: it is counted beside a sale, and stops
    none."""
    try:
        return _decode.decode(text) if text else {}
    except ValueError:
        return {}


def write_counts(counts: Mapping[str, int]) -> str:
    return msgspec.json.encode({name: counts[name] for name in sorted(counts) if counts[name]}).decode()


def named(counts: Mapping[str, int], kind: str) -> Counts:
    """What stands behind the stroke, the most first."""
    found = {name.removeprefix(kind): count for name, count in counts.items() if name.startswith(kind)}
    return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))


def _kept_as(counts: Mapping[str, int], name: str) -> str:
    kind = next((kind for kind in KINDS_NAMED if name.startswith(kind)), None)
    if kind is None or name in counts:
        return name
    full = sum(one.startswith(kind) for one in counts) >= NAMED_MAX
    return f"{kind}{REST}" if full else name


def called(line: SoldLine) -> str:
    """What goods are known by; a label of a scale has the weight in its number, and is another each time."""
    barcode = line.barcode or ""
    of_scale = len(barcode) == EAN13 and barcode.startswith("2")
    return line.article or ("" if of_scale else barcode) or line.name


def _sale(sale: Sale) -> Iterator[tuple[str, int]]:
    has_member = sale.member is not None or sale.card is not None
    if has_member:
        yield from (("sales", 1), ("paid", sale.paid_kopecks), ("earned", sale.accrued.points))
        yield from (("spent", sale.redeemed.points), ("spent_worth", sale.redeemed.kopecks))
        yield "strangers", int(sale.member is None)
    else:
        yield from (("sales_without_card", 1), ("paid_without_card", sale.paid_kopecks))
    if has_member and sale.link == "offline":
        yield from (("offline", 1), ("offline_spent", sale.redeemed.points))
        yield "offline_worth", sale.redeemed.kopecks
    yield "coupons_used", len(sale.coupons)
    yield from (("stickers_given", given_count(sale.stickers)), ("stickers_spent", spent_count(sale.stickers)))
    yield from _certificates("used", sale.tenders)
    unknown = [called(line) for line in sale.lines if line.category == UNKNOWN]
    yield from ((f"{GOODS}{name}", unknown.count(name)) for name in dict.fromkeys(unknown))


def _return(back: Return) -> Iterator[tuple[str, int]]:
    yield from (
        ("returns", 1),
        ("refunded", _money(back)),
        ("coupons_returned", len(back.coupons)),
    )
    yield from (("given_back", back.restored.points), ("taken_back", back.clawed_back.points))
    stickers = told_back(back)
    yield from (("stickers_restored", stickers.restored), ("stickers_taken_back", stickers.taken_back))
    yield from _certificates("back", back.tenders)


def _money(back: Return) -> int:
    """Of the refund, without what went back to certificates."""
    return back.refund_kopecks - sum(tender.kopecks for tender in back.tenders if tender.kind == CERTIFICATE)


def _certificates(what: str, tenders: Iterable[Tender]) -> Iterator[tuple[str, int]]:
    kopecks = [tender.kopecks for tender in tenders if tender.kind == CERTIFICATE]
    yield from ((f"certificates_{what}", len(kopecks)), (f"certificates_{what}_worth", sum(kopecks)))


def _certificate(what: str) -> Callable[[CertificateSold | CertificateRefunded], Iterator[tuple[str, int]]]:
    return lambda body: iter([(f"certificates_{what}", 1), (f"certificates_{what}_worth", body.kopecks)])


def _one(name: str) -> Callable[[Any], Iterator[tuple[str, int]]]:
    return lambda body: iter([(name, 1)])


COUNTED: Final[Mapping[str, Callable[[Any], Iterable[tuple[str, int]]]]] = {
    "sale": _sale,
    "return": _return,
    "fiscal_added": lambda added: (),
    "hold_voided": lambda voided: (),
    "card_issued": _one("cards_issued"),
    "card_reissued": _one("cards_reissued"),
    "card_made_virtual": _one("cards_made_virtual"),
    "card_blocked": _one("cards_blocked"),
    "card_unblocked": _one("cards_unblocked"),
    "certificate_sold": _certificate("sold"),
    "certificate_refunded": _certificate("refunded"),
    "certificate_blocked": _one("certificates_blocked"),
    "certificate_replaced": _one("certificates_replaced"),
}  # by the kind of operation (loyalty/kinds.py)
