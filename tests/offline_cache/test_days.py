"""Days are counted when operations begin to exist and when the hub refuses them; trimming changes nothing."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

from loyalty.bodies import Sale, SaleNumber
from loyalty.day import summed
from loyalty.operation import Operation, hash_operation, write_operation
from offline_cache.own_chain import Own
from offline_cache.records import Answer
from tests.offline_cache.conftest import DAY, NOW, RULES, Till

DAYS = (DAY, "2026-03-03")
PEOPLE = (None, "Петрова А.", "Орлова О.")


def test_random_days_are_counted_exactly(till: Till, chance: random.Random) -> None:
    dice = chance
    sold: Counter[tuple[str, str]] = Counter()
    earned: Counter[tuple[str, str]] = Counter()
    refused: Counter[tuple[str, str]] = Counter()
    made: list[Operation] = []
    for number in range(40):
        day, by, points = dice.choice(DAYS), dice.choice(PEOPLE), dice.randint(0, 50)
        sale = till.sale(number, earned=points, sale=SaleNumber(day=day, number=str(number)))
        made += till.cache.record([sale], sale=sale.sale, rules=RULES, papers=lambda _: [], at=NOW, by=by)
        key = (day, by or "")
        sold[key] += 1
        earned[key] += points
    for operation in made:
        no = dice.random() < 0.3
        assert isinstance(operation.body, Sale)
        refused[operation.body.sale.day, operation.by or ""] += no
        answer = Answer(
            key=operation.key,
            hash=hash_operation(write_operation(operation)),
            result="refused" if no else "applied",
            reason="unknown_card" if no else None,
        )
        for _ in range(2):  # an answer that comes again counts once
            till.cache.answered([answer])

    def check() -> None:
        for day in DAYS:
            for by, counts in till.cache.days.of(day).items():
                key = (day, by)
                assert (counts.get("sales", 0), counts.get("earned", 0)) == (sold[key], earned[key])
                assert counts.get("refused/unknown_card", 0) == refused[key]
        assert summed(counts for day in DAYS for counts in till.cache.days.of(day).values())["sales"] == 40

    check()
    till.page(covered=40, watermark=40)
    while till.cache.trimming.some(NOW + timedelta(days=60), timedelta(days=30)):
        pass
    assert len(till.rows("operations")) < 40
    check()
    till.restart()
    check()


def test_what_comes_back_from_the_hub_is_counted_too(till: Till) -> None:
    made = [till.sell(number, earned=3) for number in range(3)]
    texts = [write_operation(one) for one in made]
    with till.cache.file.transaction() as connection:
        for table in ("outbox", "print_jobs", "operations", "days"):
            connection.execute(f"DELETE FROM {table}")
    told = [Own(text, "unknown_card" if number == 2 else None) for number, text in enumerate(texts)]
    assert till.cache.own_chain.take_back(told)
    counts = till.cache.days.of(DAY)[""]
    assert (counts["sales"], counts["earned"], counts["refused/unknown_card"], counts["lost_earned"]) == (3, 9, 1, 3)
