"""Every kind of fault: where it strikes, how often it is drawn, how long it lasts, and what it does.

Structural are those after which something has to be put right; the others are a worse network.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from simulator.faults import (
    clocks,
    disks,
    ledgers,
    links,
    machines,
    printers,
    processes,
    programmes,
    scanners,
    versions,
)

if TYPE_CHECKING:
    from simulator.plan import Fault
    from simulator.world import World

Strikes = Literal["till", "hub"]


class Kind(NamedTuple):
    """`an_hour`: at each node, on average; `lasts_s`: from, to. `of_devices`: only where tills have
    some."""

    strikes: Strikes
    an_hour: float
    lasts_s: tuple[float, float]
    begin: Callable[[World, Fault], None]
    structural: bool = True
    of_devices: bool = False


FAULTS: Final = {
    "crash": Kind("till", 0.3, (1.0, 120.0), processes.till_crashes),
    "hub_crash": Kind("hub", 0.2, (1.0, 300.0), processes.hub_crashes),
    "dies_in_commit": Kind("till", 0.5, (1_800.0, 7_200.0), disks.dies_in_commit),
    "power_loss": Kind("till", 0.2, (1_800.0, 7_200.0), disks.power_loss),
    "commit_unknown": Kind("till", 1.0, (1_800.0, 7_200.0), disks.commit_unknown),
    "io_error": Kind("till", 1.0, (1_800.0, 7_200.0), disks.io_error),
    "disk_full": Kind("till", 0.1, (1_800.0, 5_400.0), disks.disk_full),
    "hub_dies_in_batch": Kind("hub", 0.5, (60.0, 3_600.0), disks.dies_in_commit),
    "hub_power_loss": Kind("hub", 0.3, (60.0, 3_600.0), disks.power_loss),
    "hub_io_error": Kind("hub", 0.3, (60.0, 3_600.0), disks.io_error),
    "hub_commit_unknown": Kind("hub", 0.3, (60.0, 3_600.0), disks.commit_unknown),
    "cut": Kind("till", 0.5, (1.0, 600.0), links.is_cut),
    "cut_in_talk": Kind("till", 2.2, (1.0, 600.0), links.is_cut_in_talk),
    "cut_long": Kind("till", 0.1, (600.0, 7_200.0), links.is_cut),
    "disk_new": Kind("till", 0.02, (60.0, 3_600.0), machines.disk_is_new),
    "disk_new_before_hub": Kind("till", 0.02, (600.0, 7_200.0), machines.disk_is_new_before_hub),
    "put_back": Kind("till", 0.03, (60.0, 14_400.0), machines.is_put_back),
    "cloned": Kind("till", 0.02, (600.0, 14_400.0), machines.is_cloned),
    "hub_put_back": Kind("hub", 0.08, (60.0, 2_400.0), ledgers.ledger_is_put_back),
    "clock_jumps": Kind("till", 0.05, (600.0, 7_200.0), clocks.till_clock_jumps),
    "clock_is_slow": Kind("till", 0.03, (3_600.0, 14_400.0), clocks.till_clock_is_slow),
    "hub_clock": Kind("hub", 0.05, (600.0, 7_200.0), clocks.hub_clock_steps),
    "hub_is_older": Kind("hub", 0.02, (600.0, 5_400.0), versions.hub_is_older),
    "programme_at_noon": Kind("hub", 0.05, (0.0, 3_600.0), programmes.another_programme),
    "loses": Kind("till", 0.3, (60.0, 1_800.0), links.loses, structural=False),
    "doubles": Kind("till", 0.3, (60.0, 1_800.0), links.doubles, structural=False),
    "holds_up": Kind("till", 0.3, (60.0, 1_800.0), links.holds_up, structural=False),
    "printer_stops": Kind("till", 0.2, (20.0, 900.0), printers.stops, of_devices=True),
    "printer_dark": Kind("till", 0.2, (600.0, 3_600.0), printers.goes_dark, of_devices=True),
    "printer_unplugged": Kind("till", 0.1, (5.0, 600.0), printers.is_unplugged, of_devices=True),
    "printer_silent": Kind("till", 0.1, (10.0, 300.0), printers.says_nothing, of_devices=True),
    "scanner_loose": Kind("till", 0.1, (600.0, 7_200.0), scanners.is_loose, of_devices=True),
    "scanner_bounces": Kind("till", 0.1, (600.0, 7_200.0), scanners.bounces, structural=False, of_devices=True),
    "scanner_noisy": Kind("till", 0.1, (600.0, 7_200.0), scanners.is_noisy, structural=False, of_devices=True),
    "printer_late": Kind("till", 0.1, (60.0, 900.0), printers.answers_late, of_devices=True),
    "printer_slow": Kind("till", 0.1, (600.0, 3_600.0), printers.is_slow, structural=False, of_devices=True),
}
