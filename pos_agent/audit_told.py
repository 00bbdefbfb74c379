"""What of the audit log is done outside of the agent: by commands of the till."""

from __future__ import annotations

import getpass
from datetime import datetime
from typing import Final

from config.settings import Settings
from loyalty.audit import AuditRow
from offline_cache.audit import AUDIT, AuditLog

MACHINE: Final = "machine:"  # and the name under which somebody has logged in to it


def log_of(settings: Settings) -> AuditLog:
    return AuditLog(settings.kept_in / AUDIT)


def note_accepted(settings: Settings, changes: int, at: datetime) -> None:
    """The office's settings hold from the next start."""
    log_of(settings).note(at, f"{MACHINE}{_user()}", "settings", "accepted", {"changes": str(changes)})


def row_words(row: AuditRow) -> str:
    fields = " ".join(f"{name}={value}" for name, value in sorted(row.fields.items()))
    return f"{row.number:>6}  {row.at[:19]}  {row.who or '—':<12}  {row.act} {row.code}  {fields}".rstrip()


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no name has this number
        return ""
