"""Much, a little at a time: so many rows of one look, or of one transaction for which a till has to wait."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batches(all_of_them: Iterable[T], most: int) -> Iterator[list[T]]:
    """Each is taken when it is asked for."""
    rest = iter(all_of_them)
    while some := list(islice(rest, most)):
        yield some
