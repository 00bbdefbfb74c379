"""May a member be sent advertising by a channel, and where is he reached? As it stands at this moment."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from hub.merges import erased_of
from hub.messages.letter import CONSENT, Channel, Why
from hub.store.records import ProfileRow
from hub.store.seam import Reader


class Reach(NamedTuple):
    """`why`: he is not to be reached; `to`: a phone or a mailbox, "" for his account."""

    to: str = ""
    why: Why | None = None


def reaches(reader: Reader, members: Collection[str], channel: Channel) -> dict[str, Reach]:
    """Of each."""
    profiles, erased = reader.profiles(members), erased_of(reader, members)
    wanted = CONSENT.get(channel)
    standing = {row.member for row in reader.consents_of(members) if row.what == wanted and row.withdrawn_at is None}
    return {
        member: _reach(profiles.get(member), channel, member in erased, wanted is None or member in standing)
        for member in members
    }


def _reach(profile: ProfileRow | None, channel: Channel, is_erased: bool, agreed: bool) -> Reach:
    if is_erased:
        return Reach(why="gone")
    if not agreed:
        return Reach(why="no_consent")
    to = address_of(profile, channel)
    return Reach(to) if to or channel == "inbox" else Reach(why="no_address")


def address_of(profile: ProfileRow | None, channel: Channel) -> str:
    if profile is None or channel == "inbox":
        return ""
    return (profile.phone if channel == "sms" else profile.email) or ""
