"""Letters of somebody who is erased, and of somebody who goes into another."""

from __future__ import annotations

from collections.abc import Collection

from hub.store.letter_records import LetterKey
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer


def letters_to(reader: Reader, members: Collection[str]) -> list[LetterKey]:
    """All that were written to them: they go with who they were."""
    return [row.key for row in reader.letters_of(members)]


def carry(writer: Writer, gone: str, into: str) -> None:
    """What one was written stands with the other; of a mailing that both are of, the other's own."""
    rows = writer.letters_of([gone])
    if not rows:
        return
    mailings = {row.mailing for row in writer.letters_of([into]) if row.mailing}
    kept = [row._replace(member=into) for row in rows if not row.mailing or row.mailing not in mailings]
    writer.write(Rows(gone_letters=[row.key for row in rows], new_letters=kept))
