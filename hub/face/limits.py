"""How much of the hub one stranger, one address or one till may take.

Connections: so many in all and from one address (sync/connection.py). Requests: a till's by a bucket that fills evenly;
whoever is past it is told when to come again. Strangers (nobody's signature, a wrong one) wait for their answer longer
each time, so that a flood costs the hub as many answers as it has connections, and no more.
"""

from __future__ import annotations

import resource
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from web.rates import Filled, bound

CONNECTIONS_MAX: Final = 8_000  # two for each of some thousand tills, and strangers'
CONNECTIONS_MIN: Final = 200
FILES_BESIDE: Final = 200  # that the process has open besides: the ledger, its log, programmes, pipes
OF_ADDRESS_MAX: Final = 256  # a large shop's tills, four for each, behind one address
HEADER_BYTES_MAX: Final = 16_384
HEADERS_S: Final = 5.0
WHOLE_S: Final = 15.0  # then a till has given it up, too (sync/client.py)
KEEP_ALIVE_S: Final = 30

REQUESTS_A_SECOND: Final = 50.0  # of one till: batches after an outage come one after the other, 20 to 30 a second
REQUESTS_AT_ONCE: Final = 200.0
ACCOUNT_A_SECOND: Final = 400.0  # of all members together, some requests a page
ACCOUNT_AT_ONCE: Final = 2_000.0
STRANGE_FREE: Final = 5  # requests of an address that nobody signed, in a while, answered at once: somebody's mistake
STRANGE_STEP_S: Final = 0.5  # so much longer for each one more
STRANGE_FORGOTTEN_S: Final = 60.0
STRANGE_WAIT_MAX_S: Final = 10.0


def connections_max() -> int:
    """As many as the system lets this process have."""
    with suppress(ValueError, OSError):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        soft = hard
        if soft != resource.RLIM_INFINITY:
            return max(CONNECTIONS_MIN, min(CONNECTIONS_MAX, soft - FILES_BESIDE))
    return CONNECTIONS_MAX


class Strangers:
    """How long an address whose requests nobody signed waits for its answer."""

    def __init__(self, now_s: Callable[[], float]) -> None:
        self._now_s = now_s
        self._seen: OrderedDict[str, Filled] = OrderedDict()

    def wait_s(self, address: str) -> float:
        """For one more of them."""
        now_s = self._now_s()
        before = self._seen.pop(address, Filled(0.0, now_s))
        count = max(0.0, before.level * (1 - (now_s - before.at_s) / STRANGE_FORGOTTEN_S)) + 1.0
        self._seen[address] = Filled(count, now_s)
        bound(self._seen)
        return max(0.0, min(STRANGE_WAIT_MAX_S, (count - STRANGE_FREE) * STRANGE_STEP_S))
