"""A till that sells by another file of a programme than is known under its id and version (R30): a case of the first
operation that was made so. One for each till and file while it is open; settled, another one if the till goes on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Final, NamedTuple

from hub.cases.opening import case_of, told_of
from hub.cases.telling import key_of
from hub.programmes import Programmes, rules_of
from hub.store.records import CaseRow, Place, place_of
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from loyalty.operation import BadOperation, Operation, read_operation
from loyalty.possible import shown_id
from loyalty.programme import Programme

LOOKED_BACK_MAX: Final = 500  # operations of a till: its file comes a push behind what was made under it
NOTED: Final = "other_file/"  # settings: the newest case of each till and file
HASH_LETTERS: Final = 16  # enough to tell two files apart

log = logging.getLogger(__name__)


class OtherFile(NamedTuple):
    """`known`: the hash of the file that is known here."""

    till: str
    programme: Programme
    known: str

    @property
    def setting(self) -> str:
        return f"{NOTED}{self.till}/{self.programme.content_hash}"

    @property
    def note(self) -> str:
        one, other = self.programme.content_hash[:HASH_LETTERS], self.known[:HASH_LETTERS]
        return f"{self.programme.id} {self.programme.version}: hash {one}, not {other}"


def other_files(
    till: str, hashes: Iterable[str], known: Programmes, read: Callable[[str], Programme | None]
) -> Iterator[OtherFile]:
    """Of files by their hashes, those that are another than what is known under their id and version."""
    for hash in dict.fromkeys(hashes) if till else ():
        programme = None if known.is_ours(hash) else read(hash)
        other = known.other_hash(programme) if programme is not None else None
        if programme is not None and other is not None:
            yield OtherFile(till, programme, other)


def case_due(reader: Reader, file: OtherFile, now: datetime) -> CaseRow | None:
    """None where one stands already, or nothing that is in the ledger was made under the file since the last."""
    key = key_of(reader.setting(file.setting) or "")
    before = reader.cases([key]).get(key) if key is not None else None
    if before is not None and before.settled_at is None:
        return None
    since = before.settled_at if before is not None else None
    for operation in _under(reader, file):
        if since is None or datetime.fromisoformat(operation.at) > since:
            return case_of(place_of(operation), "other_file", now, operation, note=file.note)._replace(member=None)
    return None


def open_case(writer: Writer, file: OtherFile, now: datetime) -> None:
    case = case_due(writer, file, now)
    if case is None or writer.cases([case.key]):
        return
    writer.write(Rows(new_cases=[case], settings={file.setting: case.id}, changes=told_of(case)))
    log.warning(
        "Till %s sells by another file of %s. `pos-hub programme publish` puts one file in force at all tills.",
        shown_id(file.till),
        file.note,
    )


def _under(reader: Reader, file: OtherFile) -> Iterator[Operation]:
    """Of the till's last operations, those that were made under it, the oldest first."""
    end = reader.newest_ends([file.till]).get(file.till)
    if end is None:
        return
    first = max(1, end.sequence - LOOKED_BACK_MAX + 1)
    for one in reader.operations_on(Place(*end.key, first), end.sequence):
        if rules_of(one.text) == file.programme.content_hash:
            try:
                yield read_operation(one.text)
            except BadOperation:  # refused for that, and a case of its own
                continue
