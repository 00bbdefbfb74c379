"""The makes of scanners we can give orders to: config/scanners/NAME.toml, or a TOML file of the shop's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from config.strict_table import Table
from config.toml_file import read_toml
from drivers.scanner.profile import HABITS, NO_PROFILE, ScannerProfile

FOLDER = Path(__file__).with_name("scanners")
ORDER_LENGTH_MAX = 200  # characters; the longest of the manuals has some forty


def scanner_models() -> list[str]:
    """The makes that ship with us."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def load_scanner(name: str) -> ScannerProfile:
    """A make by its name, or by the path of a .toml file. ValueError says in one line what is wrong."""
    path = Path(name) if name.endswith(".toml") else FOLDER / f"{name}.toml"
    try:
        values = read_toml(path)
    except OSError as error:
        known = ", ".join(scanner_models())
        raise ValueError(f"scanner {name!r}: {path}: {error.strerror}. Known models: {known}.") from None
    try:
        return profile_of(path.stem, values)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None


def make_of(model: str | None) -> ScannerProfile:
    """The profile of a scanner of the settings, which may name no model. Raises ValueError."""
    return NO_PROFILE if model is None else load_scanner(model)


def profile_of(name: str, values: dict[str, Any]) -> ScannerProfile:
    """Strict: an unknown key or a wrong type is a mistake, not a default. A make may have letters and habits and take
    no orders."""
    table = Table(values)
    takes_orders = "orders" in values
    profile = ScannerProfile(
        name=name,
        taken=table.text("taken") if takes_orders else "",
        refused=table.texts("refused") if takes_orders else (),
        silent=table.texts("silent", ()) if takes_orders else (),
        flow=table.choice("flow", ("none", "rtscts", "xonxoff"), "none"),
        orders=_orders(table, values) if takes_orders else {},
        identifiers=_identifiers(table, values),
        habits=_habits(table),
    )
    table.close()
    return profile


def _identifiers(table: Table, values: dict[str, Any]) -> dict[str, str]:
    letters = table.optional_table("identifiers")
    return {} if letters is None else {key: letters.text(key) for key in values["identifiers"]}


def _habits(table: Table) -> dict[str, str]:
    habits = table.optional_table("habits")
    if habits is None:
        return {}
    found = {name: habits.text(name) for name in HABITS if habits.has(name)}
    habits.close()
    return found


def _orders(table: Table, values: dict[str, Any]) -> dict[str, str]:
    orders = table.table("orders")
    return {key: orders.text(key, longest=ORDER_LENGTH_MAX) for key in values["orders"]}
