"""Why a ledger cannot be read or written, the same for every database."""

from __future__ import annotations


class StoreOff(Exception):
    """The database cannot be used now: disk full, server gone, file locked. Nothing was written. The message says
    what was tried, why it failed and what helps."""


class OutcomeUnknown(StoreOff):
    """A commit reported an error: it may have happened. Look the operations up; never write them anew."""


class Clash(Exception):
    """Somebody else wrote the same rows meanwhile (deadlock, a key that exists by now). Nothing was written: read
    anew and decide anew."""


class LedgerReplaced(Exception):
    """What is under the ledger's name is not the ledger that was opened. Nothing may be written to it any more."""


class BadCursor(ValueError):
    """The cursor is none that this database gave."""
