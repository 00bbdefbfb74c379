"""The import of a file that brings no members: whose each row is, what its kind makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from hub.batches import batches
from hub.bearing import Said
from hub.brought.kind import Around, Found, Kind, Verdict
from hub.brought.whose import Held, owners
from hub.files.checked import CheckedRows
from hub.files.reasons import Fault
from hub.hub import Hub
from hub.store.seam import Reader, Writer
from hub.taking import Decided, Taking

LOOKED_UP_AT_ONCE: Final = 1_000  # rows, while the file is checked


class Bringing(Taking[Any]):
    """One file of one kind. `by`: who brings it."""

    kept_as = "rows_taken/"

    def __init__(
        self,
        hub: Hub,
        kind: Kind[Any],
        rows: CheckedRows[Any],
        digest: str,
        around: Around,
        *,
        by: str | None = None,
        skip: bool = False,
    ) -> None:
        self.kind = kind
        self.chain = kind.chain
        self.by = by
        self._around = around
        super().__init__(hub, rows, f"{kind.name}/{digest}", skip=skip)

    def _look_up(self, reader: Reader) -> None:
        for batch in batches(self.rows.still_open(), LOOKED_UP_AT_ONCE):
            found, faults = self._found(reader, batch)
            verdicts = self.kind.judge(reader, found, self._around)
            owned = [(one.number, self._programme(one), one.owner.member if one.owner else None) for one in found]
            self.rows.place(owned)
            wrong = [(one.number, said) for one, said in zip(found, verdicts, strict=True) if isinstance(said, Fault)]
            self.rows.leave_out([*faults, *wrong])
        if self.kind.together is not None:
            for some in self.rows.beside_each_other():
                self.rows.leave_out(self.kind.together(some))

    def _programme(self, found: Found[Any]) -> str:
        return found.owner.programme if found.owner is not None else self._around.programme or ""

    def _decide(self, writer: Writer, programme: str, batch: Sequence[tuple[int, Any]]) -> Decided:
        found, faults = self._found(writer, batch, writer.locked_members)
        verdicts = self.kind.judge(writer, found, self._around)
        fates: dict[int, Verdict] = dict(faults)
        fates |= {one.number: said for one, said in zip(found, verdicts, strict=True)}
        ordered = [(number, fates[number]) for number, _ in batch]
        bodies = [body for _, one in ordered if not isinstance(one, Fault) for body in one.bodies]
        taken = [(number, one if isinstance(one, Fault) else one.fate) for number, one in ordered]
        return Decided(taken, Said(bodies))

    def _found(
        self, reader: Reader, batch: Sequence[tuple[int, Any]], held: Held | None = None
    ) -> tuple[list[Found[Any]], list[tuple[int, Fault]]]:
        whose = owners(reader, [row for _, row in batch], self._around, held)
        found: list[Found[Any]] = []
        faults: list[tuple[int, Fault]] = []
        for (number, row), owner in zip(batch, whose, strict=True):
            if owner is None and self._around.programme is None:
                owner = Fault("programme", "no member is named, and no programme: --programme alenka says one")
            if isinstance(owner, Fault):
                faults.append((number, owner))
            else:
                found.append(Found(number, row, owner))
        return found, faults
