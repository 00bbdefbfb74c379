"""New members with what is known of them, for both databases: each is written once, with his phone and his birthday in
their indexes, not first without and then anew."""

from __future__ import annotations

from typing import NamedTuple

from hub.store.records import MemberRow, ProfileRow
from hub.store.rows import Rows


class Newcomer(NamedTuple):
    row: MemberRow
    profile: ProfileRow


def newcomers(rows: Rows) -> list[Newcomer]:
    """All who are new in these rows."""
    known = {profile.member: profile for profile in rows.profiles}
    return [Newcomer(row, known.get(row.member) or _unknown(row.member)) for row in rows.new_members]


def profiles_of_others(rows: Rows) -> list[ProfileRow]:
    """Of members who are there already."""
    new = {row.member for row in rows.new_members}
    return [profile for profile in rows.profiles if profile.member not in new]


def _unknown(member: str) -> ProfileRow:
    return ProfileRow(member, None, None, ())
