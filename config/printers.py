"""The printer models we know: config/printers/NAME.toml, or a TOML file of the shop's own, as a PrinterProfile."""

from __future__ import annotations

import json
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from config.toml_file import read_toml
from drivers.printer.profile import PrinterProfile

FOLDER = Path(__file__).with_name("printers")
DEFAULT = "default"


def printer_names() -> list[str]:
    """The models that ship with us."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def load_printer(name: str = DEFAULT) -> PrinterProfile:
    """A model by its name, or by the path of a .toml file. ValueError says in one line what is wrong."""
    path = Path(name) if name.endswith(".toml") else FOLDER / f"{name}.toml"
    try:
        values = read_toml(path)
    except OSError as error:
        known = ", ".join(printer_names())
        raise ValueError(f"printer {name!r}: {path}: {error.strerror}. Known models: {known}.") from None
    try:
        return profile_of(path.stem, values)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None


def profile_of(name: str, values: dict[str, Any]) -> PrinterProfile:
    """Strict: an unknown key or a wrong type is a mistake, not a default."""
    known = {field.name: field for field in fields(PrinterProfile) if field.name != "name"}
    for key, value in values.items():
        if key not in known:
            raise ValueError(f"there is no {key!r}; a printer has {', '.join(known)}")
        default = known[key].default
        assert default is not MISSING
        if type(value) is not type(default):
            raise ValueError(f"{key} is {value!r}, which is not a {type(default).__name__}")
    return PrinterProfile(name=name, **values)


def toml_of(profile: PrinterProfile) -> str:
    """The file that `load_printer` reads as this profile. The values are whole numbers, flags and plain words."""
    values = ((field.name, getattr(profile, field.name)) for field in fields(profile) if field.name != "name")
    return "".join(f"{name} = {json.dumps(value)}\n" for name, value in values)
