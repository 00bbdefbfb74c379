"""Pictures that come with an errand: looked at before they are kept, and shown to whoever may see the errand."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence

from hub.people.orders import NotDone
from hub.store.errand_records import ErrandRow, PictureRow
from hub.store.seam import Reader
from loyalty.jpegs import NoJpeg, check_jpeg


def picture_rows(errand: str, bodies: Sequence[str]) -> list[PictureRow]:
    """Of JPEGs as base64; the same picture of the same errand is kept once. Raises NotDone."""
    for body in bodies:
        _check(body)
    return [PictureRow(_id(errand, body), errand, body) for body in dict.fromkeys(bodies)]


def _check(body: str) -> None:
    """It was drawn by the account; whoever speaks in its name may send anything. Raises NotDone."""
    try:
        check_jpeg(base64.b64decode(body, validate=True))
    except (binascii.Error, ValueError, NoJpeg) as error:
        raise NotDone(f"That is no picture of ours: {error}", code="picture_broken") from error


def _id(errand: str, body: str) -> str:
    return hashlib.sha256(f"{errand}\n{body}".encode()).hexdigest()[:24]


def picture_with_errand(reader: Reader, id: str) -> tuple[PictureRow, ErrandRow] | None:
    picture = reader.pictures([id]).get(id)
    errand = reader.errands([picture.of]).get(picture.of) if picture is not None else None
    return (picture, errand) if picture is not None and errand is not None else None
