"""A form with files: its fields, and each file whole, never more than a view allows for all of it together."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Final, NamedTuple

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from web.body import BODY_BYTES_MAX, TooLarge, body_of
from web.form import FIELDS_MAX, Form, form_of

MULTIPART: Final = "multipart/form-data"


class Upload(NamedTuple):
    """`files`: of every field; a field for a file into which nothing was put is none."""

    typed: Form
    files: tuple[bytes, ...]


class _Longer(MultiPartException):
    """Than is read: the parser closes its files with one of these."""


async def upload_of(request: Request, bytes_max: int, files_max: int) -> Upload:
    """A longer one is left where it is, unread, as soon as it says so. Raises TooLarge, also for what is no form."""
    if not request.headers.get("content-type", "").startswith(MULTIPART):
        text = (await body_of(request)).decode("utf-8", errors="replace")
        return Upload(form_of(text), ())
    if _says(request) > bytes_max:
        raise TooLarge
    parser = MultiPartParser(
        request.headers,
        _pieces(request, bytes_max),
        max_files=files_max + 1,  # the empty one of a browser's
        max_fields=FIELDS_MAX,
        max_part_size=BODY_BYTES_MAX,
    )
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise TooLarge from error
    typed, files = Form(), list[bytes]()
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            files.append(await value.read())
        else:
            typed.setdefault(name, []).append(value)
    await form.close()
    return Upload(typed, tuple(filter(None, files)))


def _says(request: Request) -> int:
    """How long it is to be; 0: it does not say."""
    said = request.headers.get("content-length", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 20 else 0


async def _pieces(request: Request, bytes_max: int) -> AsyncGenerator[bytes, None]:
    """Raises _Longer."""
    read = 0
    async for piece in request.stream():
        read += len(piece)
        if read > bytes_max:
            raise _Longer(f"more than {bytes_max} bytes")
        yield piece
