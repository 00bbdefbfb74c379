"""Pictures that a form has brought, as the hub takes them: drawn anew, and no more of them than one may send."""

from __future__ import annotations

import base64
from typing import Final

from account.codes import place_of
from account.pictures import PICTURES_MAX, NoPicture, redrawn
from account.tries import Guessed
from account.visit import Refused, Visit

A_DAY: Final = 40  # of one member or browser, before each one more waits: to draw one takes a second
FROM_ADDRESS: Final = 200


def brought(visit: Visit) -> tuple[str, ...]:
    """JPEGs as base64. Raises Refused."""
    return tuple(base64.b64encode(one).decode() for one in drawn(visit, visit.files))


def drawn(visit: Visit, files: tuple[bytes, ...]) -> list[bytes]:
    """Raises Refused."""
    if len(files) > PICTURES_MAX:
        raise Refused("no_picture_many", status=413)
    for _ in files:
        _count(visit)
    try:
        return [redrawn(one) for one in files]
    except NoPicture as error:
        raise Refused(error.word, status=503 if error.word == "no_picture_busy" else 409) from error


def _count(visit: Visit) -> None:
    """Raises Refused."""
    guessed = (
        Guessed("pictures of one", visit.member or visit.browser_id(), A_DAY),
        Guessed("pictures from address", place_of(visit.address), FROM_ADDRESS),
    )
    if visit.house.tries.begin(*guessed):
        raise Refused("no_picture_often", status=429)
