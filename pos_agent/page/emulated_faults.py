"""The faults of emulated devices, as buttons of the emulated till: what is ordered, and by what it is seen."""

from __future__ import annotations

from typing import Final

import msgspec

from pos_agent.page.emulators import Device


class Fault(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`shown_by` is true in the device's state while the fault is there, and then `remedy` ends it. Without both, it
    happens in a moment."""

    order: str
    remedy: str = ""
    shown_by: str = ""


FAULTS: Final[dict[Device, tuple[Fault, ...]]] = {
    "printer": (
        Fault(order="paper out", remedy="paper in", shown_by="paper_out"),
        Fault(order="at line 5 paper out"),  # in the middle of a receipt; by hand that is a lottery
        Fault(order="paper low", remedy="paper in", shown_by="paper_low"),
        Fault(order="cover open", remedy="cover close", shown_by="cover_open"),
        Fault(order="cutter jam", remedy="cutter free", shown_by="cutter_jam"),
        Fault(order="overheat on", remedy="overheat off", shown_by="overheat"),
        Fault(order="unplug", remedy="plug", shown_by="unplugged"),
        Fault(order="silent on", remedy="silent off", shown_by="silent"),
        Fault(order="constant on", remedy="constant off", shown_by="constant"),
        Fault(order="baud 9600", remedy="baud 0", shown_by="slow"),
        Fault(order="tear"),
        Fault(order="power cycle"),
        Fault(order="power cycle kept"),
    ),
    "scanner": (Fault(order="!unplug", remedy="!plug", shown_by="unplugged"),),
    "camera": (
        Fault(order="!unplug", remedy="!plug", shown_by="unplugged"),
        Fault(order="!hang", remedy="!recover", shown_by="hung"),
        Fault(order="!tear"),
        Fault(order="!cut"),
    ),
    "network": (Fault(order="cut", remedy="mend", shown_by="unplugged"),),
}
