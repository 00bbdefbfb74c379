"""What must happen sometimes: a run of a minute in which one of these never did is not one that proves much.

Each is a name under which the world counts (`World.count`). Every kind of fault must have struck, and every kind of
operation must have come to the hub.
"""

from __future__ import annotations

from typing import Final

from loyalty.kinds import KINDS
from simulator.faults.table import FAULTS

SITUATIONS: Final = (
    # the way between a till and the hub
    "a request was lost",
    "a request was held up",
    "a request came twice",
    "a late request came after a newer one",
    "an answer was lost",
    "the hub was away when it was asked",
    "operations were told again",
    "operations were told again after a restart",
    "some operations were told again, and some for the first time",
    "many operations waited together",
    # a till and whoever stands there
    "restarts",
    "a till died in the middle of a visit",
    "a till died before it had answered",
    "a command was said again",
    "midnight came between telling and paying",
    "news came between telling and paying",
    "a paid receipt was told again",
    "a member stood at two tills at once",
    "two tills had something of one member to tell",
    "a balance was compared",
    "Cancel cancelled",
    "Pay no_member",
    # points
    "a hold was answered",
    "a hold was not answered in time",
    "a hold was bound: held_elsewhere",
    "a hold was over before its receipt came",
    "a hold was not heard of, and points were spent all the same",
    "points were spent that the hub kept",
    "points were spent without the hub's word",
    "a limit for hub_silent",
    "a limit for not_registered",
    "a member owed points",
    "points died unspent",
    "case debt",
    # goods that come back
    "ReturnGoods return_recorded",
    "ReturnGoods return_recorded_twice",
    "a return was told again",
    "the hub put right what tills could not know",
    "case came_back_twice",
    # rights
    "a blocked card was shown",
    "case deviation",
)
COUNTERS: Final = (
    *SITUATIONS,
    *(f"fault {kind}" for kind, row in FAULTS.items() if row.an_hour),
    *(f"kind {kind.name}" for kind in KINDS.values() if not kind.reserved),
)
