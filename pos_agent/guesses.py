"""Whoever tries numbers at a till, to find a member, has to wait longer and longer (SEC9).

A guess is a whole card number of the programme or a phone that nobody has, typed, or asked for by a program that names
no scanner; another each time, for whoever types one twice only repeats himself. What a scanner has read is none: it
was on something in somebody's hand, and cashiers scan goods all day; nor is a number with a wrong check digit, which a
slip of the finger makes. Where the hub was asked about it, it is one when the hub knows nobody either. A card that is
offered as a blank one and is somebody's is a guess too: that it is taken is what a thief wants to know.

While the pause lasts nothing that is typed is looked up, be it a member's: else the pause itself would tell.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil
from typing import Final

from pos_agent.protocol import KEYBOARD, Balance, Code, Command, IssueCard, Phone, ReissueCard
from pos_agent.protocol_cards import BlockCard, CardOnPhone, MakeVirtual, SwapCard, UnblockCard

FREE: Final = 5  # slips of a busy cashier
PAUSES_S: Final = (20, 40, 80, 160, 300)  # at the last, a day is good for 288 numbers
WITHIN: Final = timedelta(minutes=10)
TELLING: Final = frozenset(("unknown_card", "unknown_phone", "stranger", "card_not_blank"))  # codes of answers


class Guesses:
    """Of one till, whoever types: its page, its POS and the guest's display together. A pause is longer than the one
    before until nobody has guessed for as long as `within`."""

    def __init__(self, within: timedelta = WITHIN) -> None:
        self._within = within
        self._tried: dict[str, datetime] = {}
        self._pauses = 0
        self._until: datetime | None = None

    def pause_s(self, now: datetime) -> int:
        """How long nothing typed is looked up, in whole seconds; 0: it is."""
        return max(0, ceil((self._until - now).total_seconds())) if self._until is not None else 0

    def note(self, number: str, now: datetime) -> int | None:
        """Nobody has it. The pause that begins now; None for one that was tried before."""
        self._tried = {one: at for one, at in self._tried.items() if now - at < self._within}
        if not self._tried:
            self._pauses = 0
        is_new = number not in self._tried
        self._tried[number] = now
        return self._pause(now) if is_new else None

    def _pause(self, now: datetime) -> int:
        if not self._pauses and len(self._tried) < FREE:
            return 0
        pause = PAUSES_S[min(self._pauses, len(PAUSES_S) - 1)]
        self._pauses += 1
        self._until = now + timedelta(seconds=pause)
        return pause


def typed_number(command: Command) -> str:
    """What a person typed to find somebody; empty for every other command."""
    match command:
        case Phone(number=number) | Balance(phone=str(number)):
            return number
        case Code(text=text, scanner=scanner) | Balance(text=str(text), scanner=scanner) if scanner == KEYBOARD:
            return text
        case IssueCard(card=card) | ReissueCard(new_card=card) | SwapCard(card=card):
            return card
        case BlockCard(phone=str(number)) | MakeVirtual(phone=str(number)):
            return number
        case BlockCard(card=str(card)) | UnblockCard(card=card) | MakeVirtual(card=str(card)) | CardOnPhone(card=card):
            return card
    return ""


def is_guess(command: Command, code: str, *, asked: bool) -> bool:
    """`asked`: the hub was, and its answer tells."""
    return code in TELLING and not asked and bool(typed_number(command))
