"""From a seed to a plan: how large the world is, and which faults strike it. Each seed leaves some kinds out, so that
no kind hides behind another."""

from __future__ import annotations

from random import Random
from typing import Final

from simulator.chance import stream
from simulator.faults.table import FAULTS, Kind
from simulator.plan import HUB, Fault, Plan, Shape, till_names

LEFT_OUT: Final = 0.25  # of the kinds, in each seed
DEVICES_EVERY: Final = 4  # chains, so that each minute has some; small ones: a paper takes as long as a visit
AWAY: Final = 0.5  # what happens away from the tills costs as much as a visit, and is read by every till
SLOW: Final = 0.7  # of the looks: most of what a till says waits for more of it
BEGINS_S: Final = 60.0  # the shop has opened


def planned(seed: int, shape: Shape | None = None) -> Plan:
    shape = shape or shaped(stream(seed, "shape"), devices=seed % DEVICES_EVERY == 0)
    chance = stream(seed, "swarm")
    kinds = shape.kinds or [name for name in FAULTS if chance.random() >= LEFT_OUT]
    kinds = [name for name in kinds if shape.devices >= FAULTS[name].of_devices]
    faults = [fault for name in kinds for fault in _drawn(seed, shape, name, FAULTS[name])]
    return Plan(seed=seed, shape=shape, faults=tuple(sorted(faults, key=lambda one: (one.at_s, one.kind, one.node))))


def shaped(chance: Random, *, devices: bool = False) -> Shape:
    return Shape(
        programme=chance.choice(("alenka", "perekrestok")),
        tills=chance.choice((2, 4)) if devices else chance.choice((2, 4, 8)),
        hours=24.0,
        people=chance.choice((3, 10, 40)),
        visits_an_hour=chance.choice((2.05, 2.2)),
        skew=chance.choice((0.0, 1.0, 2.0)),
        devices=devices,
        away=AWAY,
        slow=SLOW,
    )


def _drawn(seed: int, shape: Shape, name: str, kind: Kind) -> list[Fault]:
    nodes = till_names(shape) if kind.strikes == "till" else (HUB,)
    return [fault for node in nodes for fault in _at(stream(seed, f"faults/{name}/{node}"), shape, name, kind, node)]


def _at(chance: Random, shape: Shape, name: str, kind: Kind, node: str) -> list[Fault]:
    faults, at_s, end_s = [], BEGINS_S, shape.hours * 3_600
    while (at_s := at_s + chance.expovariate(kind.an_hour * shape.struck / 3_600)) < end_s:
        lasts_s = round(chance.uniform(*kind.lasts_s), 3)
        faults.append(Fault(at_s=round(at_s, 3), kind=name, node=node, lasts_s=lasts_s, how=round(chance.random(), 6)))
    return faults
