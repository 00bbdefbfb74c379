"""Which settings may be said from afar, by the office for many tills at once, and why each other may not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple, get_type_hints

import msgspec

from config.setting_checks import BadSetting, check_value, meant

# How a till speaks and how long it waits: the same at all tills of a shop, and a wrong one harms nothing that is
# recorded.
MAY: Final = (
    "language",
    "receipt_language",
    "receipt_lines",
    "tail_width",
    "sales",
    "clock_tolerance_minutes",
    "quote_max_age_minutes",
    "idle_minutes",
    "staff_idle_minutes",
    "second_person_over_kopecks",
    "second_person_over_points",
    "lease_days",
    "return_days",
    "guess_minutes",
    "balance_by_phone",
    "retell_hours",
)
OWN: Final[Mapping[str, str]] = {
    "till": "its name is each till's own, and its key is bound to it",
    "programme": "rules come by `pos-hub programme publish`, with the day from which they are in force",
    "data": "where a till keeps its file is its machine's own",
    "reserve_mb": "how much a disk can spare is its machine's own",
    "join": "an invitation is for this machine alone",
    "keys": "where a till keeps its key is its machine's own",
    "hub": "whom a till believes is settled at the till: by another address somebody else would be its hub",
    "paper": "whether the POS prints the end of its receipt is known where the POS is",
    "training": "a till that only practises records nothing for the shop: somebody at it must want that",
    "store": "in which store a till stands decides what is said to it",
    "goods": "it names a file on the till's machine; `pos-hub goods import` reaches all tills",
    "api": "ports are the machine's own, and the POS there knows them",
    "guest": "addresses are the machine's own",
    "printer": "devices are the machine's own",
    "scanners": "devices are the machine's own",
    "emulator": "devices are the machine's own, and a till in a shop emulates none",
    "neighbours": "addresses are the shop's own, and its secret is told to nobody else",
}

Value = bool | int | str


class Checked(NamedTuple):
    """Values that can be settings here, and of the others what is wrong."""

    good: dict[str, Value]
    bad: dict[str, str]


def check_from_afar(name: str, value: object, kind: type[msgspec.Struct]) -> None:
    """`kind`: the settings. Raises BadSetting, with the words that the same line of a till's own file gets."""
    check_name(name)
    check_value(value, get_type_hints(kind, include_extras=True)[name], (name,))


def check_name(name: str) -> None:
    """Raises BadSetting for what nobody may say from afar."""
    own = OWN.get(name.partition(".")[0])
    if own is not None:
        raise BadSetting((name,), f"`{name}` is said at the till alone: {own}")
    if name not in MAY:
        raise BadSetting((name,), f"`{name}` is no setting; {meant(name, MAY)}")


def checked(values: Mapping[str, Any], kind: type[msgspec.Struct]) -> Checked:
    """Each by itself: one that this version does not know takes none of the others along."""
    found = Checked({}, {})
    for name, value in values.items():
        try:
            check_from_afar(name, value, kind)
        except BadSetting as bad:
            found.bad[name] = str(bad)
        else:
            found.good[name] = value
    return found
