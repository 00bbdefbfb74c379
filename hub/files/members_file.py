"""A file of members as people have it: how it is written, which column is which, and its rows.

    programme,card,phone,points,registered,birthday,favourites,member
    alenka,2600000000017,+79161234567,150,yes,1990-05-17,chocolate;cookies,

Only a card is required, and a programme, which may be said beside. `member` is an id of the shop's own, else one is
made. How good rows come into the ledger is in hub/importing.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from functools import partial
from typing import BinaryIO

from hub.files.checked import CheckedRows
from hub.files.dialect import BadFile
from hub.files.members_headings import MEMBERS, fitted
from hub.files.read_table import ReadTable, below, outlined
from hub.files.rows import Rows
from hub.members import BY_PROGRAMME, BadMembers, NewMember, new_ids
from loyalty.programme import Programme

MembersFile = ReadTable[CheckedRows[NewMember]]


def read_members(
    file: BinaryIO,
    programmes: Mapping[str, Programme],
    *,
    programme: str | None = None,
    said: Mapping[str, str] | None = None,
    remembered: Callable[[str], Mapping[str, str] | None] = lambda key: None,
    sheet: str = "",
    today: date | None = None,
    ids: Callable[[], Iterator[str]] = new_ids,
    registered: bool = False,
    expires: str = BY_PROGRAMME,
) -> MembersFile:
    """Look at a file and check its rows. `programme`, `registered`, `expires`: of all rows that say none. `said`:
    columns by their headings, as people said; None: as they said it before of the same set of headings. Raises
    BadMembers for a file that is no table of members; what is wrong with its rows is in `rows`."""
    totals: list[int] = []
    rows = CheckedRows(NewMember)
    try:
        outline = outlined(file, MEMBERS, partial(fitted, needs_programme=programme is None), said, remembered, sheet)
        reading = Rows(
            outline.columns,
            programmes,
            programme,
            today or datetime.now(UTC).date(),
            ids(),
            registered=registered,
            expires=expires,
        )
        rows.put(map(reading.row, below(file, outline, totals)))
    except BadFile as error:
        raise BadMembers([str(error)]) from error
    return ReadTable(*outline, rows, tuple(totals))
