"""A member stops a channel's advertising: by the link in a message, without signing in, or in his account.

A link is the message's own id, which nobody guesses and which says nothing of whose it is. That is all it can do.
"""

from __future__ import annotations

from typing import NamedTuple

from hub.hub import Hub
from hub.messages.letter import CONSENT, MAILING, Channel, letter_of
from hub.people.consents import withdraw_consent
from hub.people.orders import Done, NotDone, Order
from hub.people.who import standing
from hub.store.seam import Reader
from loyalty.consents import WORDS


class Stop(NamedTuple):
    member: str
    channel: Channel


def stop_called(reader: Reader, token: str, programme: str) -> Stop:
    """Raises NotDone: it leads nowhere, or to nobody any more."""
    for row in reader.letters_called([token]):
        letter = letter_of(row)
        member = standing(reader, row.member)
        if letter.kind == MAILING and letter.channel in CONSENT and member and member.programme == programme:
            return Stop(member.member, letter.channel)
    raise NotDone("This link is known to nobody.", code="stop_unknown")


def stop(hub: Hub, member: str, channel: Channel, order: Order) -> Done:
    """No more of it, from the next message on. Raises NotDone."""
    what = CONSENT.get(channel)
    if what is None:
        raise NotDone(f"{channel} needs no consent: there is none to withdraw.", code="no_such_channel")
    return withdraw_consent(hub, member, what, order)


def said(channel: Channel, language: int) -> str:
    """«рассылка по SMS»"""
    return WORDS[CONSENT[channel]][language]
