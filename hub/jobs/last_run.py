"""The last run of a job that did anything: the next one, a few minutes later, mostly finds nothing to do."""

from __future__ import annotations

from typing import Final

import msgspec

from hub.store.records import JobRow
from hub.store.seam import Reader
from loyalty.utc import utc_text

DID: Final = "job_did/"  # a setting of each job


class LastRun(msgspec.Struct, frozen=True):
    """`at`: up to when it did what was due."""

    did: int
    at: str


def kept_run(job: str, run: LastRun) -> dict[str, str]:
    """The setting."""
    return {DID + job: msgspec.json.encode(run).decode()}


def last_run(reader: Reader, row: JobRow) -> LastRun | None:
    """None: it never did anything, or a program did it that did not keep this."""
    kept = reader.setting(DID + row.job)
    try:
        return msgspec.json.decode(kept, type=LastRun) if kept is not None else _of_row(row)
    except msgspec.DecodeError:  # somebody wrote what it cannot be
        return _of_row(row)


def _of_row(row: JobRow) -> LastRun | None:
    return LastRun(row.did, utc_text(row.done_until)) if row.did and row.done_until is not None else None
