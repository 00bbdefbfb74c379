"""What the till shows of a device that it shares with the shop's POS: the share's own word, as the face's values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import UNSET, UnsetType

from pos_agent.status import ShareState

POS_THERE = "there"


def share_of_scanner(door: str, told: Mapping[str, Any]) -> ShareState | UnsetType:
    """UNSET while the process that holds the scanner has not been heard."""
    if not told:
        return UNSET
    return ShareState(door=door, pos=told["pos"] or POS_THERE, counts=dict(told["tally"]))


def share_of_printer(door: str, told: Mapping[str, Any], *, waits: bool) -> ShareState | UnsetType:
    """`waits`: a paper of ours waits for its turn."""
    if not told:
        return UNSET
    turn = "waits" if waits and told["turn"] == "pos" else told["turn"]
    return ShareState(door=door, pos=told["pos"] or POS_THERE, turn=turn, counts={"forced": told["forced"]})
