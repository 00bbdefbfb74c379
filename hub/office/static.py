"""Scripts and styles of the office's desk, as they lie in `static/`: of ours the newest, of others the release that
their path names (`vendor/NAME-VERSION/`, with its licence and SHA-256)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

STATIC: Final = Path(__file__).with_name("static")
SUFFIXES: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FOR_EVER: Final = "public, max-age=31536000, immutable"


async def static_file(request: Request) -> Response:
    """Names are those that lie there, whatever is asked for."""
    name = request.path_params["path"]
    file = _files().get(name)
    if file is None:
        raise HTTPException(404)
    cached = FOR_EVER if name.startswith("vendor/") else "no-cache"
    return Response(file.read_bytes(), media_type=SUFFIXES[file.suffix], headers={"Cache-Control": cached})


@cache
def _files() -> dict[str, Path]:
    return {file.relative_to(STATIC).as_posix(): file for file in STATIC.rglob("*") if file.suffix in SUFFIXES}
