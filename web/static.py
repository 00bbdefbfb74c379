"""Scripts, styles and pictures of a web face, as they lie in its folders: of ours the newest, of others the release
that their path names (`vendor/NAME-VERSION/`, with its licence and SHA-256)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import cache
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


def static_files(*folders: Path) -> Callable[[Request], Awaitable[Response]]:
    """Names are those that lie there, whatever is asked for; the first folder that has one gives it."""

    @cache
    def files() -> dict[str, Path]:
        return {
            file.relative_to(folder).as_posix(): file
            for folder in reversed(folders)
            for file in folder.rglob("*")
            if file.suffix in SUFFIXES
        }

    async def static_file(request: Request) -> Response:
        name = request.path_params["path"]
        file = files().get(name)
        if file is None:
            raise HTTPException(404)
        cached = FOR_EVER if name.startswith("vendor/") else "no-cache"
        return Response(file.read_bytes(), media_type=SUFFIXES[file.suffix], headers={"Cache-Control": cached})

    return static_file
