"""The job that writes a mailing's letters: a page of members after the other, each once, however often it is stopped.

How far it has come stands in the mailing, and is written with the letters. Whoever cannot be reached or has not agreed
is counted and not written to; the others are asked about again when their letter goes out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime

import msgspec

from hub.hub import Hub
from hub.jobs.turn import Turn
from hub.messages.facts import facts_of
from hub.messages.letter import MAILING, Letter, new_letter
from hub.messages.mailing import Mailing, held_mailing, mailing_row, mailings_of
from hub.messages.month import left_this_month
from hub.messages.reach import reaches
from hub.messages.rules import allowed_from, rules_of
from hub.people.where import fitting, parse_where
from hub.store.letter_records import LetterRow
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from loyalty.utc import utc_text


def make(turn: Turn) -> Iterator[int]:
    with turn.hub.store.reading() as reader:
        due = [one.id for one in mailings_of(reader) if one.is_due(turn.until)]
    for id in due:
        yield from _made(turn, id)


def _made(turn: Turn, id: str) -> Iterator[int]:
    is_on = True
    while is_on:
        written, is_on = turn.hub.within(lambda writer: _page(turn, writer, id))
        yield written


def _page(turn: Turn, writer: Writer, id: str) -> tuple[int, bool]:
    """How many letters were written, and whether there may be more."""
    mailing = held_mailing(writer, id)
    if not mailing.is_due(turn.until):
        return 0, False
    members = writer.members_behind(mailing.programme, mailing.after, turn.page)
    if not members or mailing.is_late(turn.until):
        writer.write(Rows(mailings=[mailing_row(_ended(mailing, turn.until))]))
        return 0, False
    letters, left_out = _letters(turn.hub, writer, mailing, members, turn.until)
    counted = msgspec.structs.replace(
        mailing,
        after=members[-1],
        letters=mailing.letters + sum(row.state != "control" for row in letters),
        control=mailing.control + sum(row.state == "control" for row in letters),
        left_out=dict(Counter(mailing.left_out) + Counter(left_out)),
    )
    writer.write(Rows(mailings=[mailing_row(counted)], new_letters=letters))
    turn.hub.bell.set()
    return len(letters), True


def _ended(mailing: Mailing, now: datetime) -> Mailing:
    return msgspec.structs.replace(mailing, listed_at=utc_text(now))


def _letters(
    hub: Hub, writer: Writer, mailing: Mailing, members: list[str], now: datetime
) -> tuple[list[LetterRow], Mapping[str, int]]:
    rules = hub.programmes[mailing.programme]
    chosen = fitting(writer, rules, [parse_where(one) for one in mailing.where], members, now)
    held = sorted(writer.locked_members(chosen)) if chosen else []
    reach = reaches(writer, held, mailing.channel)
    left_out = Counter(one.why for one in reach.values() if one.why is not None)
    reached = [member for member in held if reach[member].why is None]
    letters = [_letter(hub, writer, mailing, member, now) for member in reached]
    return letters, {str(why): count for why, count in left_out.items()}


def _letter(hub: Hub, writer: Writer, mailing: Mailing, member: str, now: datetime) -> LetterRow:
    id = hub.codes.letter_id(f"mailing\n{mailing.id}\n{member}")
    letter = Letter(kind=MAILING, channel=mailing.channel)
    if mailing.keeps_out(member):
        return new_letter(id, member, letter, "control", now, mailing=mailing.id)
    if mailing.channel == "inbox":
        return _in_the_account(hub, writer, mailing, member, id, letter, now)
    zone = hub.programmes[mailing.programme].timezone
    due = allowed_from(rules_of(writer, mailing.programme), zone, now)
    return new_letter(id, member, letter, "waiting", now, mailing=mailing.id, due=due)


def _in_the_account(
    hub: Hub, reader: Reader, mailing: Mailing, member: str, id: str, letter: Letter, now: datetime
) -> LetterRow:
    """There at once: it rings nowhere."""
    if not left_this_month(hub, reader, mailing.programme, member, now):
        why = msgspec.structs.replace(letter, why="month")
        return new_letter(id, member, why, "left_out", now, mailing=mailing.id)
    facts = facts_of(hub, reader, mailing.programme, member, now)
    sent = msgspec.structs.replace(letter, facts=facts, sent_at=utc_text(now))
    return new_letter(id, member, sent, "sent", now, mailing=mailing.id)
