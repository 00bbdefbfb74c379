"""A receipt in a till's file, for whoever only looks: the file may belong to an agent that is running."""

from __future__ import annotations

from pathlib import Path

from storage.sqlite_file import FileError, SqliteFile


def stored_receipt(path: Path, day: str, number: str) -> bytes | None:
    """The document of a sale's receipt, None when there is none. Raises FileError."""
    if not path.exists():  # opening would make one
        raise FileError(f"{path} is not there. Has the agent run with these settings?")
    file = SqliteFile(path, Path(__file__).parent, checkpoints=False)
    try:
        with file.reading() as connection:
            rows = list(file.sql.operations_of_sale(connection, day=day, number=number, pos="", shift="", again=""))
            job = file.sql.receipt_of(connection, generation=rows[-1][0], sequence=rows[-1][1]) if rows else None
    finally:
        file.close()
    return bytes(job[5]) if job else None
