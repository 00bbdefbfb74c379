"""How many requests of tills may be in the hub at once: whoever comes when it is full is told so, and comes again.

After an outage all tills of a chain come at once. If all were let in, each would wait for minutes and hold half a
megabyte here; tills hang up after seconds (sync/client.py) and send the same again, and the hub would work for answers
that nobody waits for, and never be done.
"""

from __future__ import annotations

PUSHES_MAX = 30  # of 50 ms each, with the pages before them: answered within half of what a till waits
PAGES_MAX = 10  # of 120 ms at most
