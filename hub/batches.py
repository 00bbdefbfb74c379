"""Much, a little at a time: so many rows of one look, or of one transaction for which a till has to wait."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def batches(all_of_them: Sequence[T], most: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(all_of_them), most):
        yield all_of_them[start : start + most]
