"""What people are told of a shop: what it is called, where it is, when it is open, by which phones it is reached.

It stands in the shop's row as JSON (hub/store/office_records.py). Whoever says something of it, by a command, a file or
the office's page, says texts; `told` reads them all in one way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from hub.store.office_records import StoreRow
from loyalty.opening import BadHours, Hours, days_of, week_of, written
from loyalty.phones import BadPhone, parse_phone
from loyalty.possible import is_text

NAME_LETTERS_MAX: Final = 80
ADDRESS_LETTERS_MAX: Final = 200
PHONES_MAX: Final = 4
NOTHING: Final = "-"  # takes away what was known
FIELDS: Final[tuple[str, ...]] = (
    "name",
    "city",
    "address",
    "phones",
    "hours",
    "days",
    "latitude",
    "longitude",
    "closed",
    "programmes",
)
YES: Final = frozenset(("yes", "true", "1", "+", "да"))
NO: Final = frozenset(("no", "false", "0", "нет"))
DEGREE_DIGITS: Final = 6  # some ten centimetres
_DEGREES: Final = re.compile(r"-?\d{1,3}(?:[.,]\d{1,20})?", re.ASCII)


class BadPlace(ValueError):
    """`field`: what is wrong; the message says it with the field's name, for whoever mends it."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field} {why}")
        self.field = field


class ShopPlace(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`latitude`, `longitude`: degrees, both or neither. `closed`: for good. `programmes`: whose members are told of
    it; (): all."""

    name: str = ""
    city: str = ""
    address: str = ""
    phones: tuple[str, ...] = ()  # E.164
    hours: Hours = Hours()
    latitude: float | None = None
    longitude: float | None = None
    closed: bool = False
    programmes: tuple[str, ...] = ()


NOWHERE: Final = ShopPlace()


def place_of(row: StoreRow) -> ShopPlace:
    return msgspec.json.decode(row.place, type=ShopPlace) if row.place else NOWHERE


def with_place(row: StoreRow, place: ShopPlace) -> StoreRow:
    return row._replace(place=msgspec.json.encode(place).decode() if place != NOWHERE else "")


def told(place: ShopPlace, said: Mapping[str, str], programmes: Mapping[str, Any]) -> ShopPlace:
    """With what is said of it, by `FIELDS`: an empty text says nothing, a dash takes it away. Raises BadPlace."""
    known = as_fields(place) | {
        field: "" if text.strip() == NOTHING else text.strip() for field, text in said.items() if text.strip()
    }
    latitude, longitude = _degrees("latitude", known["latitude"], 90), _degrees("longitude", known["longitude"], 180)
    if (latitude is None) != (longitude is None):
        raise BadPlace("latitude", "and longitude are said together")
    return ShopPlace(
        name=_text("name", known["name"], NAME_LETTERS_MAX),
        city=_text("city", known["city"], NAME_LETTERS_MAX),
        address=_text("address", known["address"], ADDRESS_LETTERS_MAX),
        phones=_phones(known["phones"]),
        hours=Hours(week=_hours("hours", known["hours"], week_of), days=_hours("days", known["days"], days_of)),
        latitude=latitude,
        longitude=longitude,
        closed=_closed(known["closed"]),
        programmes=_programmes(known["programmes"], programmes),
    )


def as_fields(place: ShopPlace) -> dict[str, str]:
    """As it may be said again."""
    hours, days = written(place.hours)
    return {
        "name": place.name,
        "city": place.city,
        "address": place.address,
        "phones": ", ".join(place.phones),
        "hours": hours,
        "days": days,
        "latitude": "" if place.latitude is None else f"{place.latitude:.{DEGREE_DIGITS}f}",
        "longitude": "" if place.longitude is None else f"{place.longitude:.{DEGREE_DIGITS}f}",
        "closed": "yes" if place.closed else "",
        "programmes": ", ".join(place.programmes),
    }


def _text(field: str, text: str, longest: int) -> str:
    plain = " ".join(text.split())
    if plain and not is_text(plain, longest):
        raise BadPlace(field, f"has at most {longest} letters, and no control characters")
    return plain


def _phones(text: str) -> tuple[str, ...]:
    said = [part for one in re.split(r"[;,|\n]", text) if (part := one.strip())]
    try:
        found = tuple(dict.fromkeys(map(parse_phone, said)))
    except BadPhone as error:
        raise BadPlace("phones", f"{error}") from error
    if len(found) > PHONES_MAX:
        raise BadPlace("phones", f"are at most {PHONES_MAX}")
    return found


def _hours(field: str, text: str, read: Callable[[str], Any]) -> Any:
    try:
        return read(text)
    except BadHours as error:
        raise BadPlace(field, str(error)) from error


def _degrees(field: str, text: str, most: int) -> float | None:
    if not text:
        return None
    if _DEGREES.fullmatch(text) is None or abs(found := float(text.replace(",", "."))) > most:
        raise BadPlace(field, f"{text!r} is none; degrees from -{most} to {most}, like 55.755864")
    return round(found, DEGREE_DIGITS)


def _closed(text: str) -> bool:
    said = text.casefold()
    if said and said not in YES | NO:
        raise BadPlace("closed", f"{text!r} is yes or no: is it closed for good?")
    return said in YES


def _programmes(text: str, known: Mapping[str, Any]) -> tuple[str, ...]:
    named = tuple(dict.fromkeys(part for one in re.split(r"[;,|\s]", text) if (part := one.strip())))
    if wrong := [one for one in named if one not in known]:
        raise BadPlace("programmes", f"{', '.join(wrong)}: there are {', '.join(sorted(known))}")
    return named


def is_for(place: ShopPlace, programme: str) -> bool:
    """Are its members told of it?"""
    return (not place.programmes or programme in place.programmes) and bool(place.name or place.address)
