"""`make bench`: every benchmark, one after the other. Each prints ratios against an opponent in the same run."""

from __future__ import annotations

from benchmarks import (
    advice,
    bootstrap,
    commit,
    decode,
    face,
    goods,
    hub,
    imports,
    lookup,
    page,
    paper,
    quote,
    scan,
    share,
    shops,
    signatures,
    slow_disk,
    tokens,
    waiting,
)

BENCHMARKS = (
    quote,
    advice,
    goods,
    commit,
    lookup,
    scan,
    share,
    paper,
    face,
    waiting,
    hub,
    signatures,
    imports,
    shops,
    bootstrap,
    page,
    slow_disk,
    tokens,
    decode,
)  # decode last: it keeps the process on one core

for benchmark in BENCHMARKS:
    print(f"## {benchmark.__name__}")
    benchmark.main()
