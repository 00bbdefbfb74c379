"""A member looked up at the till by his card or by his phone, among a million, against the same statements run bare.

    python -m benchmarks.lookup [--short]

Ours: `Members.card` or `by_phone` with `cards`, and then `member`, which reads what the hub told of him and what this
till did since. The opponent runs the same statements with the same keys on a connection of its own to the same file,
and does nothing with the rows. Then the whole answer of the checkout to a code and to a phone, without HTTP. In turns
in the same run, the members by chance. The last line is a JSON object of the figures.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any, Final

from config.programmes import load_programme
from drivers.printer.document import ean13_check_digit
from loyalty.operation import Key, utc_text
from loyalty.phones import phone_key
from loyalty.snapshot import CardSnapshot, LotSnapshot, MemberSnapshot
from offline_cache.cache import Cache
from offline_cache.records import Page
from pos_agent.checkout import Checkout
from pos_agent.protocol import Cancel, Code, Phone
from storage import engine

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
MEMBERS, MEMBERS_SHORT = 1_000_000, 20_000
LOOKS = 3_000
PAGE_MEMBERS = 5_000
RATIO_MOST = 2.0  # of the medians, ours to bare
ANSWER_MOST_MS = 1.0  # of a hundred whole answers the slowest but one
PHONE_KEY: Final = bytes(32)


def card_of(number: int) -> str:
    body = f"26{number:010}"
    return f"{body}{ean13_check_digit(body)}"


def phone_of(number: int) -> str:
    return f"+7916{number:07}"


def member(number: int) -> MemberSnapshot:
    begun = utc_text(NOW - timedelta(days=30))
    return MemberSnapshot(
        member=f"m{number}",
        cards=(CardSnapshot(number=card_of(number), status="active"),),
        lots=(LotSnapshot(id=f"l{number}", points=500, active_from=begun),),
        phone_key=phone_key(PHONE_KEY, phone_of(number)).hex(),
    )


def filled(path: Path, members: int) -> Cache:
    cache = Cache(path, "t1")
    for start in range(0, members, PAGE_MEMBERS):
        cache.changes.apply(
            Page(
                members=[member(number) for number in range(start, min(members, start + PAGE_MEMBERS))],
                used_coupons=(),
                coupon_keys={},
                phone_hash_key=PHONE_KEY,
                watermark=Key(0, 0),
                cursor=str(start + 1),
                pulled_at=NOW,
            )
        )
    return cache


class Bare:
    """The statements that a lookup is made of, with nothing around them."""

    def __init__(self, cache: Cache, path: Path) -> None:
        self._sql: Any = cache.file.sql
        self.connection = engine.connect(path, "ro")

    def _rows(self, name: str, **wanted: Any) -> list[tuple[Any, ...]]:
        return self.connection.execute(getattr(self._sql, name).sql, wanted).fetchall()

    def by_card(self, number: int) -> None:
        ((_, member, *_),) = self._rows("find_card", number=card_of(number))
        self._member(member)

    def by_phone(self, number: int) -> None:
        ((member,),) = self._rows("members_by_phone", phone_key=phone_key(PHONE_KEY, phone_of(number)))
        self._rows("cards_of_member", member=member)
        self._member(member)

    def _member(self, member: str) -> None:
        ((_, generation, sequence),) = self._rows("find_member", member=member)
        self._rows("own_operations", member=member, generation=generation, sequence=sequence)


class Ours:
    def __init__(self, cache: Cache) -> None:
        self._members = cache.members

    def by_card(self, number: int) -> None:
        card = self._members.card(card_of(number))
        assert card is not None and self._members.member(card.member) is not None

    def by_phone(self, number: int) -> None:
        (member,) = self._members.by_phone(phone_key(PHONE_KEY, phone_of(number)))
        assert self._members.cards(member) and self._members.member(member) is not None


class Answers:
    """Of the checkout: the member is on the receipt, and the cashier is told."""

    def __init__(self, cache: Cache) -> None:
        programme = load_programme("alenka")
        self._checkout = Checkout(cache, programme, language="en", receipt_language="ru", is_online=lambda: False)

    def by_card(self, number: int) -> None:
        assert self._checkout.handle(Code(text=card_of(number)), NOW).ok

    def by_phone(self, number: int) -> None:
        assert self._checkout.handle(Phone(number=phone_of(number)), NOW).ok

    def again(self) -> None:
        self._checkout.handle(Cancel(), NOW)


def measured(cache: Cache, path: Path, members: int, looks: int) -> dict[str, list[float]]:
    """Microseconds of each, taken in turns."""
    bare, ours, answers = Bare(cache, path), Ours(cache), Answers(cache)
    acts: Mapping[str, Callable[[int], None]] = {
        f"{name} by {how}": getattr(who, f"by_{how}")
        for how in ("card", "phone")
        for name, who in (("bare", bare), ("ours", ours), ("answer", answers))
    }
    chance, took = random.Random(1), {name: list[float]() for name in acts}
    with closing(bare.connection):
        for _ in range(looks):
            for name, act in acts.items():
                took[name].append(_us(act, chance.randrange(members)))
                answers.again()
    return took


def _us(act: Callable[[int], None], number: int) -> float:
    begun = perf_counter()
    act(number)
    return (perf_counter() - begun) * 1e6


def figures(took: Mapping[str, list[float]]) -> Iterator[tuple[str, float]]:
    for name, values in took.items():
        yield f"{name}, p50 µs", median(values)
        yield f"{name}, p99 µs", quantiles(values, n=100)[98]


def main() -> int:
    members = MEMBERS_SHORT if "--short" in sys.argv else MEMBERS
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "till.db"
        with closing(filled(path, members)) as cache:
            found = dict(figures(measured(cache, path, members, LOOKS)))
    good = True
    for how in ("card", "phone"):
        ratio = found[f"ours by {how}, p50 µs"] / found[f"bare by {how}, p50 µs"]
        answer_ms = found[f"answer by {how}, p99 µs"] / 1_000
        good = good and ratio <= RATIO_MOST and answer_ms <= ANSWER_MOST_MS
        print(
            f"by {how} among {members}: {found[f'ours by {how}, p50 µs']:.0f} µs, bare"
            f" {found[f'bare by {how}, p50 µs']:.0f} µs, ratio {ratio:.2f} (target {RATIO_MOST});"
            f" whole answer p99 {answer_ms:.2f} ms (target {ANSWER_MOST_MS})"
        )
    print("good" if good else "MISSED")
    print(json.dumps({name: round(value, 1) for name, value in found.items()}))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
