"""New members with what is known of them, for both databases: each is written once, with his phone and his birthday in
their indexes, not first without and then anew."""

from __future__ import annotations

import json
from typing import Any

from hub.store.records import ProfileRow
from hub.store.rows import Rows

Columns = tuple[Any, ...]

_encode = json.JSONEncoder(ensure_ascii=False).encode  # `json.dumps` makes one anew for each row


def newcomers(rows: Rows) -> list[Columns]:
    """All who are new in these rows: a member's columns, and behind them his profile's."""
    known = {profile.member: profile for profile in rows.profiles}
    return [(*row, *_columns(known.get(row.member) or _unknown(row.member))[1:]) for row in rows.new_members]


def profiles_of_others(rows: Rows) -> list[Columns]:
    """Of members who are there already."""
    new = {row.member for row in rows.new_members}
    return [_columns(profile) for profile in rows.profiles if profile.member not in new]


def _columns(profile: ProfileRow) -> Columns:
    favourites = _encode(profile.favourites) if profile.favourites else "[]"
    return (profile.member, profile.phone, profile.birthday, favourites, profile.name, profile.email)


def _unknown(member: str) -> ProfileRow:
    return ProfileRow(member, None, None, ())
