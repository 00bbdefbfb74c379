"""A receipt in a till's file, for whoever only looks: the file may belong to an agent that is running."""

from __future__ import annotations

from pathlib import Path

from offline_cache.packed import unpack
from storage.sqlite_file import FileError, SqliteFile


class NoReceipt(LookupError):
    """There is none; the message says whether there was such a sale at all."""


def stored_receipt(path: Path, day: str, number: str) -> bytes:
    """The document of a sale's receipt, of whichever POS, the newest. Raises NoReceipt, FileError."""
    if not path.exists():  # opening would make one
        raise FileError(f"{path} is not there. Has the agent run with these settings?")
    file = SqliteFile(path, Path(__file__).parent, checkpoints=False)
    try:
        with file.reading() as connection:
            sales = list(file.sql.sales_of_day(connection, day=day, number=number))
            jobs = [file.sql.receipt_of(connection, generation=sale[3], sequence=sale[4]) for sale in sales]
    finally:
        file.close()
    if not sales:
        raise NoReceipt(f"no receipt of sale {number} on {day}")
    papers = [unpack(job[5]) for job in jobs if job]
    if not papers:
        why = "it was sold without a card, or the POS printed its points"
        raise NoReceipt(f"no receipt of sale {number} on {day}: {why}")
    return papers[0]
