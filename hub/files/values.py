"""What people write into cells, as values. Every function raises BadValue, with words for whoever mends the file."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from hub.files.reasons import BadValue
from hub.members import BY_PROGRAMME, NEVER
from loyalty.emails import BadEmail, parse_email
from loyalty.names import LETTERS_MAX, given_first
from loyalty.phones import BadPhone, parse_phone
from loyalty.spellings import folded

POINTS_MAX: Final = 100_000_000  # a typing slip, not a balance
FIRST_YEAR: Final = 1900  # nobody is older
FIRST_DAY_YEAR: Final = 1970  # of what happened (hub/books/bounds.py)
FOR_EVER_YEAR: Final = 2999  # what programs write where there is no end: 31.12.2999, 3999, 9999

YES: Final = frozenset(("yes", "y", "true", "1", "+", "да", "д", "истина"))
NO: Final = frozenset(("", "no", "n", "false", "0", "нет", "н", "ложь"))  # and a dash, which says nothing

ENDS_CALLED: Final = {
    BY_PROGRAMME: BY_PROGRAMME,
    "по правилам": BY_PROGRAMME,
    "по программе": BY_PROGRAMME,
    NEVER: NEVER,
    "никогда": NEVER,
    "бессрочно": NEVER,
    "бессрочные": NEVER,
}

# a long number as a spreadsheet shows it when its column is narrow: the digits behind the first ones are gone
SCIENTIFIC: Final = re.compile(r"[+-]?\d(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)
WITH_ZERO_PARTS: Final = re.compile(r"(\d{7,15})[.,]0{1,2}")  # whole: up to fifteen digits a spreadsheet keeps

WHOLE: Final = re.compile(r"(\d{1,3}(?: \d{3})+|\d+)(?:[.,](\d+))?")  # 1 500,00
BOTH: Final = re.compile(r"(\d{1,3}(?:,\d{3})+)\.(\d+)|(\d{1,3}(?:\.\d{3})+),(\d+)")  # 1,500.00 and 1.500,00
RUBLES: Final = re.compile(r"\s*(?:₽|руб(?:\.|лей|ля)?|р\.?|rub)\s*\Z", re.IGNORECASE)
RUBLES_DIGITS_MAX: Final = 9  # more is no sum of a shop's, and may be of any length
ONE_GROUP: Final = re.compile(r"\d{1,3}(?:[.,]\d{3})+")  # 1,500: one and a half, or one thousand five hundred

MOBILE: Final = re.compile(r"(?:\+7|8|7)(9[0-24-9]\d{8})", re.ASCII)  # Russia's, in the digits alone
BETWEEN_DIGITS: Final = str.maketrans("", "", " -()")

ISO: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
DAY_FIRST: Final = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?: ?г\.?)?", re.ASCII)
FULL_DAY: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?: ?г\.?)?", re.ASCII)  # which no country writes otherwise
MIDNIGHT: Final = re.compile(r"[ T]0?0:00(?::00(?:\.0+)?)?Z?\Z")  # a day, told by a program that knows only moments
DAY_LONG: Final = re.compile(r"[ T](?:0?0:00(?::00(?:\.0+)?)?|23:59(?::59(?:\.\d+)?)?)Z?\Z")  # its first or last moment
NO_DAY: Final = frozenset(("0001-01-01", "1753-01-01", "1899-12-30", "1900-01-00"))  # how programs write none


def check_digits(text: str, column: str) -> None:
    """Raises BadValue where a spreadsheet has taken them away."""
    if SCIENTIFIC.fullmatch(text):
        raise BadValue(
            "damaged",
            f"{column} {text!r}: a spreadsheet shows it so and the digits are gone; make the column text, export again",
        )


def long_number(text: str, column: str) -> str:
    """The digits of a card or a phone that was a number for a while. Raises BadValue."""
    check_digits(text, column)
    exact = WITH_ZERO_PARTS.fullmatch(text)
    return exact[1] if exact else text


def phone(text: str) -> str | None:
    """In E.164."""
    if not text:
        return None
    plain = MOBILE.fullmatch(text.translate(BETWEEN_DIGITS))
    if plain:  # as nearly all are; loyalty/phones.py needs fifty times as long for the same answer
        return f"+7{plain[1]}"
    try:
        return parse_phone(long_number(text, "phone"))
    except BadPhone as error:
        raise BadValue("phone", f"phone {error}") from error


def email(text: str) -> str | None:
    if not text:
        return None
    try:
        return parse_email(text)
    except BadEmail as error:
        raise BadValue("email", f"email {text!r} {error}") from error


def points(text: str) -> int:
    if not text:
        return 0
    check_digits(text, "points")
    whole = _whole(text)
    if whole is None or whole > POINTS_MAX:
        why = f"must be a whole number from 0 to {POINTS_MAX}"
        if ONE_GROUP.fullmatch(text):
            why += "; with three digits behind a comma or a point nobody knows which it is"
        raise BadValue("points", f"points {text!r} {why}")
    return whole


def _whole(text: str) -> int | None:
    """None: no number, or one that is not whole."""
    digits, parts = split_number(text) or ("", "")
    return int(digits) if digits and not parts.strip("0") else None


def split_number(text: str) -> tuple[str, str] | None:
    """The digits of `1 500,00` before the comma and behind it; None: no number, or nobody knows which one."""
    if both := BOTH.fullmatch(text):
        digits, parts = both[1] or both[3], both[2] or both[4]
    elif (one := WHOLE.fullmatch(text)) and not ONE_GROUP.fullmatch(text):
        digits, parts = one[1], one[2] or ""
    else:
        return None
    digits = re.sub(r"[ .,]", "", digits)
    return (digits, parts) if digits.isascii() else None


def rubles(text: str, column: str = "rubles") -> int:
    """In kopecks; nothing is none."""
    plain = RUBLES.sub("", text)
    if not plain:
        return 0
    check_digits(plain, column)
    amount = amount_of(plain)
    if amount is None:
        why = "is no sum; write rubles, like 1500.00"
        if ONE_GROUP.fullmatch(plain):
            why = "has three digits behind a comma or a point, and nobody knows which it is; write it like 1500.00"
        raise BadValue("rubles", f"{column} {text!r} {why}")
    return amount


def amount_of(text: str) -> int | None:
    """`1 500,00` in kopecks; None: it is none, or nobody knows which one."""
    digits, parts = split_number(text) or ("", "")
    fraction = parts.rstrip("0")
    if not 0 < len(digits) <= RUBLES_DIGITS_MAX or len(fraction) > 2:
        return None
    return int(digits) * 100 + int(fraction.ljust(2, "0"))


def yes(text: str) -> bool:
    said = text.casefold()
    if said in YES:
        return True
    if said in NO:
        return False
    raise BadValue("registered", f"registered {text!r} must be yes or no")


def birthday(text: str, today: date) -> str | None:
    """YYYY-MM-DD. Two digits of a year are plain when the other century has not come yet."""
    day = MIDNIGHT.sub("", text)
    if not day:
        return None
    iso = ISO.fullmatch(day)
    if iso and day in NO_DAY:
        return None
    if iso:
        return _day(text, int(iso[1]), int(iso[2]), int(iso[3]), today)
    found = DAY_FIRST.fullmatch(day)
    if found is None:
        number = " (a spreadsheet's number of a day: make the column a date)" if re.fullmatch(r"\d{4,5}", day) else ""
        raise _no_birthday(text, f"is not a day{number}; write it like 1990-05-17 or 17.05.1990")
    if found[4] == "0001":
        return None
    return _day(text, _year(text, found[4], today), int(found[3]), int(found[1]), today, found[2])


def _year(text: str, said: str, today: date) -> int:
    if len(said) == 4:
        return int(said)
    if 2000 + int(said) > today.year:
        return 1900 + int(said)
    raise _no_birthday(text, f"may be of 19{said} or of 20{said}; write all four digits")


def _day(text: str, year: int, month: int, day: int, today: date, sign: str = "-") -> str:
    if sign == "/" and month > 12 and day <= 12:
        raise BadValue("month_first", f"birthday {text!r} has the month first; write it like 1990-05-17")
    try:
        found = date(year, month, day)
    except ValueError:
        raise _no_birthday(text, "is not a day; write it like 1990-05-17 or 17.05.1990") from None
    if not found.year >= FIRST_YEAR or found > today:
        raise _no_birthday(text, "is nobody's who lives")
    return found.isoformat()


def expires(text: str, today: date, column: str = "expires") -> str:
    """The last day of points, YYYY-MM-DD, or how they end."""
    if text.casefold() in ENDS_CALLED:
        return ENDS_CALLED[text.casefold()]
    last = _plain_day(text)
    if last is None:
        words = f"{column} {text!r} is not a day; write it like 2027-05-17 or 17.05.2027, or programme, or never"
        raise BadValue("expires", words)
    if last < today:
        raise BadValue("expires", f"{column} {text!r} is over")
    return NEVER if last.year >= FOR_EVER_YEAR else last.isoformat()


def day(text: str, column: str) -> str:
    """YYYY-MM-DD. As no country writes another: days whose month may stand first are none."""
    found = _plain_day(text)
    if found is None or not FIRST_DAY_YEAR <= found.year < FOR_EVER_YEAR:
        raise BadValue("day", f"{column} {text!r} is not a day; write it like 2026-05-17 or 17.05.2026")
    return found.isoformat()


def _plain_day(text: str) -> date | None:
    said = DAY_LONG.sub("", text)
    iso, dotted = ISO.fullmatch(said), FULL_DAY.fullmatch(said)
    parts = (iso[1], iso[2], iso[3]) if iso else (dotted[3], dotted[2], dotted[1]) if dotted else ("0", "0", "0")
    try:
        return date(*map(int, parts))
    except ValueError:
        return None


def is_doubtful(text: str) -> bool:
    """A day that would be another one in a file whose months stand first."""
    found = DAY_FIRST.fullmatch(MIDNIGHT.sub("", text))
    return found is not None and found[2] == "/" and int(found[1]) <= 12


def _no_birthday(text: str, why: str) -> BadValue:
    return BadValue("birthday", f"birthday {text!r} {why}")


def several(text: str) -> tuple[str, ...]:
    """What stands in one cell, each once."""
    return tuple(dict.fromkeys(part for one in re.split(r"[;,|]", text) if (part := one.strip())))


def name(given: str, patronymic: str, family: str, full: str) -> str | None:
    """One text with the given name first, from whichever columns there are; those of its own before a whole one's."""
    parts = f"{given} {patronymic} {family}" if given or family else ""
    whole = given_first(parts) if parts else given_first(full, family_first=True)
    return whole[:LETTERS_MAX] or None


def key_of_programme(text: str) -> str:
    return folded(text.strip("«»\"'“”„ "))
