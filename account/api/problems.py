"""What was not done, as a program reads it (RFC 9457): a `code` for itself and a `text` for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec
from starlette.responses import Response

from web.language import Language, Words, say

MEDIA_TYPE: Final = "application/problem+json"
PROBLEM_TYPE: Final = "urn:pos-account:problem:"  # and the code
REFUSED: Final = 409  # by the hub, for a reason that its code names
STATUS: Final[Mapping[str, int]] = {
    "bad_request": 400,
    "wrong_token": 401,
    "not_found": 404,
    "wrong_method": 405,
    "too_large": 413,
    "wrong_content_type": 415,
    "too_many": 429,
    "code_too_early": 429,
    "code_limit": 429,
    "fault": 500,
    "hub_silent": 503,
}
EVERY_CALL: Final = ("bad_request", "too_many", "hub_silent", "fault")  # what any of them may be refused with
TITLES: Final[Mapping[int, str]] = {
    400: "Not a request of this face",
    401: "Nobody is signed in",
    404: "Nothing is here",
    405: "Not this way",
    409: "Not done",
    413: "Too long",
    415: "Not JSON",
    429: "Too often",
    500: "A fault of the account",
    503: "Not now",
}


class ProblemTold(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`text`: what helps, in the language that was asked for; `detail`: for whoever writes the program."""

    type: str
    title: str
    status: int
    code: str
    text: str
    detail: str = ""
    tries_left: int | None = None


def problem(
    code: str, words: Words, language: Language, *, detail: str = "", tries_left: int | None = None, word: str = ""
) -> Response:
    """`word`: which of `words` says it, where that is another than the code's own."""
    status = STATUS.get(code, REFUSED)
    told = ProblemTold(
        type=PROBLEM_TYPE + code,
        title=TITLES[status],
        status=status,
        code=code,
        text=_text(word or f"no_{code}", words, language, tries_left),
        detail=detail,
        tries_left=tries_left,
    )
    return Response(msgspec.json.encode(told), status_code=status, media_type=MEDIA_TYPE, headers=_headers(status))


def _text(word: str, words: Words, language: Language, tries_left: int | None) -> str:
    known = word if word in words else "no_other"
    return say(words, language, known, tries_left=tries_left or 0)


def _headers(status: int) -> dict[str, str]:
    if status == 401:
        return {"WWW-Authenticate": "Bearer"}
    return {"Retry-After": "10"} if status in (429, 503) else {}
