"""What 30 lines are (`loyalty.goods.decided`): without a goods file, and with one of 200,000 rows; and reading it.

python -m benchmarks.goods
"""

from __future__ import annotations

import sys
import timeit
from datetime import date
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time

from stdnum import ean

from config.goods import ROWS_MAX, load_goods
from config.law import load_law
from config.programmes import load_programme
from loyalty.basket import Line, LineFacts
from loyalty.goods import NO_GOODS, Goods, decided

DAY = date(2026, 6, 1)
DECIDED_MOST_US = 1_000  # a basket is answered in milliseconds
READ_MOST_S = 10  # the till's start


def goods_file(path: Path) -> None:
    rows = ["article,barcode,category"]
    for number in range(ROWS_MAX):
        body = f"46{number:010}"
        rows.append(f"{number},{body}{ean.calc_check_digit(body)},{('dairy', 'bread', 'grocery')[number % 3]}")
    path.write_text("\n".join(rows), encoding="utf-8")


def lines(goods: Goods) -> list[Line]:
    known = list(goods.articles)[::6_001][
        :30
    ]  # of every category: most lines are decided otherwise than they were told
    return [
        Line(id=str(number), name="goods", price_kopecks=9_990, category="dairy", facts=LineFacts(article=article))
        for number, article in enumerate(known or map(str, range(30)))
    ]


def decided_us(goods: Goods, repeats: int = 9, calls: int = 200) -> float:
    """Microseconds for 30 lines; the median of turns, processor time."""
    programme, prices, basket = load_programme("perekrestok"), load_law(), lines(goods)
    timer = timeit.Timer(lambda: [decided(line, programme, goods, prices, DAY) for line in basket], timer=process_time)
    return median(timer.repeat(repeats, calls)) / calls * 1e6


def main() -> int:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "goods.csv"
        goods_file(path)
        begun = process_time()
        goods = load_goods(path, load_programme("perekrestok").categories)
        read_s = process_time() - begun
    plain_us, known_us = decided_us(NO_GOODS), decided_us(goods)
    good = known_us <= DECIDED_MOST_US and read_s <= READ_MOST_S
    print(
        f"30 lines: {plain_us:.0f} µs; with a file of {ROWS_MAX:,} rows {known_us:.0f} µs (target {DECIDED_MOST_US}); "
        f"reading it {read_s:.1f} s (target {READ_MOST_S}) {'good' if good else 'MISSED'}"
    )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
