"""Scripts, styles and pictures of a web face, as they lie in its folders: of ours the newest, of others the release
that their path names (`vendor/NAME-VERSION/`, with its licence and SHA-256)."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from functools import cache, partial
from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

SHARED_STATIC: Final = Path(__file__).with_name("static")  # what all faces have
SUFFIXES: Final = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
}
FOR_EVER: Final = "public, max-age=31536000, immutable"
ANEW: Final = "no-cache"
EDITION: Final = "@"  # how the part of a path begins that names a file's edition


def static_files(*folders: Path) -> Callable[[Request], Awaitable[Response]]:
    """Names are those that lie there, whatever is asked for; the first folder that has one gives it."""

    async def static_file(request: Request) -> Response:
        edition, name = _asked(request.path_params["path"])
        file = _files(folders).get(name)
        if file is None:
            raise HTTPException(404)
        is_this = name.startswith("vendor/") or edition == edition_of(file)
        cached = FOR_EVER if is_this else ANEW
        return Response(file.read_bytes(), media_type=SUFFIXES[file.suffix], headers={"Cache-Control": cached})

    return static_file


def addresses(*folders: Path) -> Callable[[str], str]:
    """Where a page finds a file: by an address that is another's once the file is another, so that no browser asks for
    it twice. Raises KeyError for one that is not there."""
    return partial(_address, folders)


@cache
def edition_of(file: Path) -> str:
    return EDITION + hashlib.sha256(file.read_bytes()).hexdigest()[:12]


def _address(folders: tuple[Path, ...], name: str) -> str:
    file = _files(folders)[name]
    return f"/static/{name}" if name.startswith("vendor/") else f"/static/{edition_of(file)}/{name}"


def _asked(path: str) -> tuple[str, str]:
    """Edition and name; "" where the path names none."""
    first, _, rest = path.partition("/")
    return (first, rest) if first.startswith(EDITION) else ("", path)


@cache
def _files(folders: tuple[Path, ...]) -> dict[str, Path]:
    return {
        file.relative_to(folder).as_posix(): file
        for folder in reversed(folders)
        for file in folder.rglob("*")
        if file.suffix in SUFFIXES
    }
