"""Which symbologies a camera reads: `camera:0?symbologies=usual,upce`. Strict: a word that is none is told at once.

An address over HTTP may have settings of its own, which are the camera's and stay as they stand.
"""

from __future__ import annotations

from difflib import get_close_matches
from urllib.parse import unquote

from drivers.errors import DeviceError
from drivers.scanner.scan import SYMBOLOGIES
from drivers.scanner.symbology import SHIPPED

SETTING = "symbologies"
USUAL = "usual"  # as shipped
NEAR = 0.75  # of difflib's likeness: a slip of the fingers
NEAR_WORD = 0.5  # "upc-e" for "upce"; the words are short
WORDS = (USUAL, *sorted(SYMBOLOGIES))


def wanted_of(url: str) -> tuple[str, frozenset[str]]:
    """The address without the setting, and the symbologies."""
    address, _, query = url.partition("?")
    settings = query.split("&") if query else []
    ours = [each for each in settings if each.partition("=")[0] == SETTING]
    others = [each for each in settings if each not in ours]
    for each in others:
        _refuse_unknown(url, each.partition("=")[0])
    if len(ours) > 1:
        raise _wrong(url, f"{SETTING} stands there twice")
    wanted = _listed(url, ours[0].partition("=")[2]) if ours else SHIPPED
    return "?".join([address, "&".join(others)] if others else [address]), wanted


def _refuse_unknown(url: str, setting: str) -> None:
    near = get_close_matches(setting, [SETTING], cutoff=NEAR)
    if near or not url.startswith(("camera:http", "camera:rtsp")):
        raise _wrong(url, f"there is no setting {setting!r}" + (f" (did you mean {SETTING}?)" if near else ""))


def listed(written: str) -> frozenset[str]:
    """`usual,upce` → symbologies. ValueError names a word that is none, and what may be meant."""
    found: frozenset[str] = frozenset()
    for word in written.split(","):
        if word not in WORDS:
            near = get_close_matches(word, WORDS, n=1, cutoff=NEAR_WORD)
            meant = f"did you mean {near[0]}?" if near else f"there are {', '.join(WORDS)}"
            raise ValueError(f"there is no symbology {word!r} ({meant})")
        found |= SHIPPED if word == USUAL else {word}
    return found


def _listed(url: str, written: str) -> frozenset[str]:
    try:
        return listed(unquote(written))
    except ValueError as error:
        raise _wrong(url, str(error)) from error


def _wrong(url: str, cause: str) -> DeviceError:
    hint = f"Write camera:0?{SETTING}={USUAL},upce: the usual ones and UPC-E; or only those that the shop has."
    return DeviceError(tried="reading the address", device=url, cause=cause, hint=hint)
