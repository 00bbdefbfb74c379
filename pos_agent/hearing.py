"""The hub is asked about somebody, and heard: what it said is kept in the till's file, and told where it changes the
receipt in front."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from pos_agent.answers import Reply
from pos_agent.counter import Counter
from pos_agent.desks import hub_word
from pos_agent.guesses import typed_number
from pos_agent.house import House
from pos_agent.inquiry import Heard, Inquiry
from pos_agent.placing import name_of
from pos_agent.protocol import Balance, Code, Command, OfReceipt
from pos_agent.refused import Refused
from pos_agent.replying import refusal, reply_of
from pos_agent.visit import Visit
from storage.sqlite_file import FileError
from sync.asked import keep_member


def inquire(counter: Counter, command: Command, inquiry: Inquiry | None) -> None:
    """Returns at once."""
    if inquiry is not None and counter.house.inquire is not None and counter.may_inquire:
        name = name_of(counter, command) if isinstance(command, OfReceipt) else None
        counter.house.inquire(replace(inquiry, receipt=name, typed=bool(typed_number(command))))


def reply_of_heard(
    house: House, visit: Visit, heard: Heard, now: datetime, clock_off_s: int
) -> tuple[Visit, Reply | None]:
    """`visit`: the receipt in front, and as it is then. None: there is nothing to say."""
    was = hub_word.came_to(Counter(house, now, clock_off_s), visit)
    if heard.now is not None:
        with suppress(FileError):  # a disk that cannot be written: then what was known stands
            keep_member(house.cache, heard.now)
        if heard.now.member is None and heard.inquiry.card is not None:
            house.note_nobodys(heard.inquiry.card, now)
        if heard.now.member is None and heard.inquiry.typed:
            house.guessed(heard.inquiry.card or heard.inquiry.phone or "", now)
    counter, about = Counter(house, now, clock_off_s), _about(heard.inquiry)
    try:
        fresh, done = hub_word.answered(counter, visit, heard, was)
    except Refused as refused:
        return visit, refusal(counter, visit, about, refused)
    return fresh, reply_of(counter, about, done) if done is not None else None


def _about(inquiry: Inquiry) -> Command:
    """What somebody has asked for."""
    return Balance(text=inquiry.card) if inquiry.balance else Code(text=inquiry.card or "")
