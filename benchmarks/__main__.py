"""`make bench`: every benchmark, one after the other. Each prints ratios against an opponent in the same run."""

from __future__ import annotations

from benchmarks import paper, quote, scan

BENCHMARKS = (quote, scan, paper)

for benchmark in BENCHMARKS:
    print(f"## {benchmark.__name__}")
    benchmark.main()
