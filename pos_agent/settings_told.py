"""What a person reads of the settings that the office proposes, line by line; and programs, as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from config.accepted import Accepted
from config.from_afar import Value, checked
from config.settings import Settings, load_settings
from loyalty.programme import Language
from pos_agent.office_settings import OfficeSettings
from pos_agent.settings_difference import Change, Difference, difference, is_decided
from pos_agent.settings_words import say_settings
from sync.proposal import Proposal


class Look(NamedTuple):
    """A till's settings and the office's word of them, as they are at one moment. `own`: what its file says alone."""

    file: Path
    now: Settings
    own: Settings
    proposal: Proposal
    accepted: Accepted

    @property
    def office(self) -> OfficeSettings:
        return OfficeSettings(Path(self.now.data))

    @property
    def found(self) -> Difference:
        return difference(self.now, self.own, self.proposal, self.accepted)


def look(file: Path) -> Look:
    """Raises SettingsError."""
    now, own = load_settings(file), load_settings(file, accepted=False)
    office = OfficeSettings(Path(now.data))
    return Look(file, now, own, office.proposal, office.accepted)


def lines(seen: Look) -> Iterator[str]:
    language, found, till = seen.now.language, seen.found, seen.now.till
    if found.changes or found.aside:
        yield _heading(seen)
        yield from changed(found, language)
        yield say_settings("how", language)
    else:
        yield say_settings("nothing_waits", language, till=till)
    for name, value in sorted(checked(seen.accepted.holds, Settings).good.items()):
        own = shown(getattr(seen.own, name))
        yield say_settings("holds", language, name=name, value=shown(value), own=own)


def _heading(seen: Look) -> str:
    language = seen.now.language
    if is_decided(seen.proposal, seen.accepted) and seen.accepted.decided == "refused":
        return say_settings("refused_before", language, at=_local(seen.accepted.at))
    return say_settings("proposed", language, till=seen.now.till)


def changed(found: Difference, language: Language) -> Iterator[str]:
    for change in found.changes:
        yield _change(change, language)
    for name, why in found.aside.items():
        why = why or say_settings("aside_unread", language)
        yield say_settings("aside", language, name=name, why=why)


def _change(change: Change, language: Language) -> str:
    facts = {"name": change.name, "now": shown(change.now), "then": shown(change.then)}
    if change.said is None:
        return say_settings("change_back", language, **facts)
    whom = _whom(change.said.store, language)
    return say_settings("change", language, by=change.said.by, at=_local(change.said.at), whom=whom, **facts)


def _whom(store: str, language: Language) -> str:
    return say_settings("to_all", language) if store == "*" else say_settings("to_store", language, store=store)


def _local(text: str) -> str:
    """By this machine's clock."""
    return f"{datetime.fromisoformat(text).astimezone():%d.%m.%Y %H:%M}"


def shown(value: Value) -> str:
    """As it stands in a settings file."""
    return json.dumps(value, ensure_ascii=False)


def fields(seen: Look) -> dict[str, Any]:
    """For programs."""
    found = seen.found
    return {
        "till": seen.now.till,
        "decided": seen.accepted.decided if is_decided(seen.proposal, seen.accepted) else None,
        "changes": [_fields(change) for change in found.changes],
        "aside": dict(found.aside),
        "accepted": seen.accepted.holds,
    }


def _fields(change: Change) -> dict[str, Any]:
    said = change.said
    who = {"store": said.store, "by": said.by, "at": said.at} if said is not None else {}
    return {"name": change.name, "now": change.now, "proposed": change.then, **who}
