"""What PostgreSQL says, once: who clashed, who is off, and what is our own mistake and stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg

from hub.store.errors import Clash, StoreOff

# SQLSTATE, or the beginning of it → what helps
CLASHES: Final = ("40001", "40P01", "23505")  # serialization, deadlock, a key that is there by now
HELP: Final = {
    "3D000": "Make it with CREATE DATABASE, or correct the name in the URL.",
    "28000": "There is no such user: make him with CREATE ROLE … LOGIN, or correct the name in the URL.",
    "28": "Are the user and the password in the URL right, and does pg_hba.conf let him in?",
    "25006": "The server takes no writes: it is a standby, or was made read-only. Name the one that writes.",
    "42501": "Give the hub's user the right to it: it needs its own tables, and CREATE on their schema to make them.",
    "53100": "The server's disk is full. Make room there.",
    "53300": "Raise max_connections there, or stop what holds them.",
    "53": "The server is short of memory, disk or connections.",
    "55P03": "Somebody holds these rows for long. Look into pg_stat_activity there.",
    "57014": "It took too long. Is the server overloaded, or are its statistics old (ANALYZE)?",
    "57P": "The server is starting or stopping.",
    "XX001": "The server's files are damaged. Stop, and restore a backup.",
    "XX002": "An index is damaged there: REINDEX it, and find out why.",
    "58": "The server's disk or system failed. Look into its log.",
    "": "Is the server there, and can it be reached?",
}

# Whoever is refused at the door gets no SQLSTATE: what the server says there → as if it had
AT_THE_DOOR: Final = {
    "role": "28000",
    "does not exist": "3D000",
    "authentication": "28",
    "pg_hba.conf": "28",
    "no password supplied": "28",
    "too many": "53300",
    "connection slots": "53300",
    "starting up": "57P",
    "shutting down": "57P",
    "not yet accepting": "57P",
    "recovery mode": "57P",
}


def translated(error: psycopg.Error, doing: str) -> Exception:
    """The error as the seam names it; one of our own mistakes comes back as it is."""
    state = error.sqlstate or next((state for words, state in AT_THE_DOOR.items() if words in str(error)), "")
    if state in CLASHES:
        return Clash(f"{doing}: {_line(error)}")
    if isinstance(error, (psycopg.OperationalError, psycopg.InternalError, psycopg.InterfaceError)) or state in HELP:
        return StoreOff(f"{doing} failed: {_line(error)}. {_help(state)}")
    return error


def _help(state: str) -> str:
    return next(HELP[state[:length]] for length in (5, 3, 2, 0) if state[:length] in HELP)


def _line(error: psycopg.Error) -> str:
    """One line of it, without what is asked for twice."""
    said = error.diag.message_primary or str(error)
    return " ".join(said.split()).rstrip(".") or type(error).__name__


@contextmanager
def translating(doing: str) -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        if (told := translated(error, doing)) is error:
            raise
        raise told from error
