"""Rights by who knows of their use: that of a coupon is known at a till that did it itself, and at one that has heard
all since the first till told the hub."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field


@dataclass(slots=True)
class Use:
    """At a till, as the so-and-so-manieth thing that was said to anybody; `told`: the hub knows of it since."""

    till: str
    number: int
    what: str  # the quote it was used under
    amount: int = 1
    told: int | None = None


@dataclass(frozen=True, slots=True)
class Knew:
    """What a till knew at a moment: its own until then, and all that the hub had been told by then."""

    till: str
    number: int
    synced: int

    def has(self, use: Use) -> bool:
        own = use.till == self.till and use.number < self.number
        return own or (use.told is not None and use.told <= self.synced)


@dataclass(slots=True)
class Uses:
    """`of`: by the right; what came back is taken away again."""

    of: defaultdict[str, list[Use]] = field(default_factory=lambda: defaultdict(list))
    _open: defaultdict[str, list[Use]] = field(default_factory=lambda: defaultdict(list))

    def used(self, right: str, use: Use) -> None:
        self.of[right].append(use)
        if use.told is None:
            self._open[use.till].append(use)

    def known(self, right: str, knew: Knew) -> Iterator[Use]:
        return (use for use in self.of.get(right, ()) if knew.has(use))

    def synced(self, till: str, moment: int) -> None:
        """What it did is told."""
        for use in self._open.pop(till, ()):
            use.told = moment

    def put_back(self, tills: Collection[str]) -> None:
        """The hub may have forgotten what these told it; they tell it again."""
        for uses in self.of.values():
            for use in uses:
                if use.told is not None and use.till in tills:
                    use.told = None
                    self._open[use.till].append(use)

    def lost(self, till: str) -> None:
        """What it did, and told nobody, is gone."""
        gone = self._open.pop(till, [])
        for right in self.of:
            self.of[right] = [use for use in self.of[right] if not any(use is one for one in gone)]

    def forgotten(self, till: str) -> None:
        """Its disk is another: it knows what it has heard since."""
        for use in (use for of in self.of.values() for use in of):
            if use.till == till:
                use.till = f"{till} before"

    def undone(self, what: str) -> None:
        """Lost, or come back."""
        for right in self.of:
            self.of[right] = [use for use in self.of[right] if use.what != what]
