"""The till's pages as documents: templates of ours filled with the words of one language, scripts and styles as they
lie in `static/`. No other host is asked for anything, and the browser is told to see to it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Awaitable, Callable, Mapping
from functools import cache, lru_cache
from html import escape
from pathlib import Path
from string import Template
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from loyalty.programme import Language

STATIC: Final = Path(__file__).with_name("static")
SUFFIXES: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {"Content-Security-Policy": CSP, "Referrer-Policy": "no-referrer"}

PACKED_KEPT: Final = 32  # texts: some documents and all scripts and styles

Words = Mapping[str, tuple[str, str]]


def in_language(words: Words, language: Language) -> dict[str, str]:
    return {key: pair[0 if language == "ru" else 1] for key, pair in words.items()}


def page(name: str, words: Words, language: Language, setup: Mapping[str, Any]) -> Response:
    """The document NAME.html. `$word` in it stands for a word of ours; `setup` is what its script finds beside them."""
    return html(_document(name, language, json.dumps([in_language(words, language), setup], ensure_ascii=False)))


@cache
def _document(name: str, language: Language, told: str) -> str:
    words, setup = json.loads(told)
    template = Template((STATIC / f"{name}.html").read_text(encoding="utf-8"))
    facts = {key: escape(text) for key, text in words.items()}
    return template.substitute(facts, language=language, setup=_script(setup | {"words": words, "language": language}))


def _script(value: object) -> str:
    """As JSON that no markup in it can end."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")


def html(document: str | bytes, status: int = 200) -> Response:
    return Response(document, status_code=status, media_type="text/html", headers=HEADERS)


def static(name: str) -> Response | None:
    """A script or a style; None: there is none such. Names are those that lie there, whatever is asked for."""
    file = _statics().get(name)
    if file is None:
        return None
    return Response(file.read_bytes(), media_type=SUFFIXES[file.suffix], headers=HEADERS)


@cache
def _statics() -> Mapping[str, Path]:
    return {file.name: file for file in STATIC.iterdir() if file.suffix in SUFFIXES}


def packed(answer: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """The same answer in fewer bytes, for whoever can read it so: browsers."""

    async def answering(request: Request) -> Response:
        response = await answer(request)
        if "gzip" in request.headers.get("accept-encoding", ""):
            response.body = _gzip(bytes(response.body))
            response.headers.update({"Content-Encoding": "gzip", "Content-Length": str(len(response.body))})
        return response

    return answering


@lru_cache(maxsize=PACKED_KEPT)
def _gzip(text: bytes) -> bytes:
    return gzip.compress(text, mtime=0)
