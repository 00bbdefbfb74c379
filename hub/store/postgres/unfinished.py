"""How far the feed can be read: up to the earliest of our own writers that has not ended, whoever else works there.

Why no change is passed over: (1) a writer holds a lock on the table of changes from before it draws its number until
after it has ended. (2) BOUND has a snapshot, and looks at the locks only then; it says the least number that runs in
that snapshot and whose transaction holds such a lock, else the first number above all that the snapshot knows. (3) A
writer with a number below that either had ended before that snapshot, or ran in it and had let go of its lock when
the locks were looked at; and whoever has let go has ended for every later snapshot. (4) The reader takes its snapshot
later, in a transaction of its own, and so sees all that such a writer committed. (5) So below the bound nothing can
come any more; whoever draws a number after BOUND's snapshot draws a higher one.

A number is drawn a moment before its own lock shows: while one of our writers shows none, every number that nobody
shows counts as his. Locks are everybody's to see, of any role. A table is one ledger's, so ledgers in other schemas
and databases count as strangers do. A savepoint has a number of its own, and changes have the transaction's. A writer
that somebody prepared (two-phase commit) keeps its lock and counts until it is decided. On a standby there would be
no writers to see; no ledger is opened there. Whoever writes to `changes` by other means begins with HOLD too.
"""

from __future__ import annotations

from typing import Any, Final

import psycopg

# Any number of writers hold it at once, and it keeps no reader out; inserting takes it anyway, but too late for us.
HOLD: Final = "LOCK TABLE changes IN ROW EXCLUSIVE MODE"

BOUND: Final = """
WITH held AS MATERIALIZED (
  SELECT virtualtransaction AS writer, transactionid AS number FROM pg_locks
  WHERE granted AND (
    locktype = 'transactionid' AND mode = 'ExclusiveLock'
    OR locktype = 'relation' AND mode = 'RowExclusiveLock' AND relation = 'changes'::regclass
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  )
), ours AS MATERIALIZED (
  SELECT numbers.number FROM held AS locks
  LEFT JOIN held AS numbers ON numbers.writer = locks.writer AND numbers.number IS NOT NULL
  WHERE locks.number IS NULL
)
SELECT coalesce(min(running::text::bigint), pg_snapshot_xmax(pg_current_snapshot())::text::bigint)
FROM pg_snapshot_xip(pg_current_snapshot()) AS running
WHERE running::xid IN (SELECT number FROM ours WHERE number IS NOT NULL)
  OR (EXISTS (SELECT FROM ours WHERE number IS NULL)
      AND running::xid NOT IN (SELECT number FROM held WHERE number IS NOT NULL))
"""

# In one message: it costs no way there and back.
FIRST: Final = f"BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; {BOUND}; COMMIT"


def bound(begun: psycopg.Cursor[tuple[Any, ...]]) -> int:
    """The number below which all is there, of what was begun with FIRST."""
    begun.nextset()  # past its BEGIN
    row = begun.fetchone()
    assert row is not None
    return int(row[0])
