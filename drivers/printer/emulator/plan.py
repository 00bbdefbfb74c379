"""A fault plan: a TOML file of what goes wrong with a virtual printer, and when.

[[fault]]
at_byte = 300          # or at_line = 12, or after_s = 2.5; counted from the start
do = "paper out"       # any order
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from drivers.printer.emulator.orders import ANSWER_AFTER, ORDERS, SECONDS_MAX, order_of

FAULTS_MAX = 1000
COUNT_MAX = 1 << 40  # bytes or lines
# key of the file → (the words of the order, what the value must be)
MOMENTS: dict[str, tuple[str, str]] = {
    "at_byte": ("at", "a whole number, 0 or more"),
    "at_line": ("at line", "a whole number, 0 or more"),
    "after_s": ("after", f"seconds, from 0 to {SECONDS_MAX}"),
}


class PlanError(Exception):
    """What is wrong with a plan, and what is allowed there."""


@dataclass(frozen=True, slots=True)
class Fault:
    moment: str
    count: float
    do: str

    @property
    def order(self) -> str:
        return f"{MOMENTS[self.moment][0]} {self.count:g} {self.do}" if self.moment == "after_s" else self._counted

    @property
    def _counted(self) -> str:
        return f"{MOMENTS[self.moment][0]} {int(self.count)} {self.do}"


def plan_of(table: dict[str, Any]) -> tuple[Fault, ...]:
    """The faults in what a plan's file says."""
    unknown = sorted(set(table) - {"fault"})
    if unknown:
        raise PlanError(f"unknown key {unknown[0]!r}; allowed: [[fault]]")
    faults = table.get("fault", [])
    if not isinstance(faults, list) or not all(isinstance(fault, dict) for fault in faults):
        raise PlanError("fault must be a list of tables, each under [[fault]]")
    if len(faults) > FAULTS_MAX:
        raise PlanError(f"{len(faults)} faults are more than {FAULTS_MAX}")
    return tuple(fault_of(number, fault) for number, fault in enumerate(faults, 1))


def fault_of(number: int, table: dict[str, Any]) -> Fault:
    where = f"fault {number}"
    allowed = ("do", *MOMENTS)
    unknown = sorted(set(table) - set(allowed))
    if unknown:
        raise PlanError(f"{where}: unknown key {unknown[0]!r}; allowed: {', '.join(allowed)}")
    if not isinstance(table.get("do"), str) or order_of(table["do"].split()) is None:
        raise PlanError(
            f"{where}: do = {table.get('do')!r} is no order; there are: {', '.join((*ORDERS, ANSWER_AFTER))}"
        )
    moments = [key for key in MOMENTS if key in table]
    if len(moments) != 1:
        raise PlanError(f"{where}: exactly one of {', '.join(MOMENTS)} is needed, there are {len(moments)}")
    return Fault(moments[0], count_of(where, moments[0], table[moments[0]]), table["do"])


def count_of(where: str, moment: str, value: object) -> float:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    limit = SECONDS_MAX if moment == "after_s" else COUNT_MAX
    if not number or not 0 <= value <= limit or (moment != "after_s" and not isinstance(value, int)):  # type: ignore[operator]
        raise PlanError(f"{where}: {moment} = {value!r} must be {MOMENTS[moment][1]}")
    return float(value)  # type: ignore[arg-type]
