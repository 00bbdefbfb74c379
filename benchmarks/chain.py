"""A chain of operations in the making, at no till."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from loyalty.bodies import Body
from loyalty.operation import FIRST_HASH, VERSION, Operation, Store, hash_operation, write_operation
from loyalty.programme import Programme
from loyalty.utc import utc_text


@dataclass(slots=True)
class Chain:
    name: str
    sequence: int = field(default=0, init=False)
    last_hash: str = field(default=FIRST_HASH, init=False)

    def written(
        self,
        body: Body,
        at: datetime,
        store: Store,
        programme: Programme,
        *,
        clock_off_s: int = 0,
        asked: str | None = None,
    ) -> tuple[Operation, str]:
        """The next one, and its canonical text."""
        operation = Operation(
            v=VERSION,
            chain=self.name,
            generation=1,
            sequence=self.sequence + 1,
            previous_hash=self.last_hash,
            at=utc_text(at),
            clock_off_s=clock_off_s,
            store=store,
            programme=programme.id,
            programme_hash=programme.content_hash,
            asked=asked,
            body=body,
        )
        text = write_operation(operation)
        self.sequence, self.last_hash = operation.sequence, hash_operation(text)
        return operation, text
