"""What somebody has asked for that takes more than one step, and the pictures that came with it (hub/errands.py)."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple


class ErrandRow(NamedTuple):
    """`member` "": nobody's; `about`: by what else it is known, "" for nothing; `due_at`: when somebody has to look at
    it again; `at`: since when it is in its state; `body`: JSON of its kind."""

    id: str
    kind: str
    member: str
    about: str
    state: str
    due_at: datetime | None
    at: datetime
    body: str


class PictureRow(NamedTuple):
    """`of`: an errand; `body`: a JPEG as base64."""

    id: str
    of: str
    body: str
