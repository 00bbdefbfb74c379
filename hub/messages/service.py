"""A member is told what happened to his own account: it stands in his history, and goes to his phone too where the
programme says so. It is no advertising, needs no consent and has no link to stop it."""

from __future__ import annotations

from datetime import datetime

from hub.hub import Hub
from hub.messages.letter import Channel, Letter, new_letter
from hub.messages.rules import Service, rules_of
from hub.messages.text import Facts
from hub.messages.words import CODE
from hub.sender.sender import sends, sends_mail
from hub.store.letter_records import LetterRow
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from loyalty.utc import utc_text


def tell_member(
    hub: Hub, member: str, kind: Service, key: str, *, about: str = "", facts: Facts | None = None, to: str = ""
) -> None:
    """The same key is one message. `about`: what of, as words.py says it of this kind; `to`: where it goes besides, if
    not where he is reached now (an old phone, E.164, or mailbox). Raises StoreOff."""
    hub.within(lambda writer: tell(hub, writer, member, kind, key, about=about, facts=facts, to=to))
    hub.bell.set()


def tell(
    hub: Hub,
    writer: Writer,
    member: str,
    kind: Service,
    key: str,
    *,
    about: str = "",
    facts: Facts | None = None,
    to: str = "",
    here_alone: bool = False,
) -> bool:
    """The same within a transaction. `here_alone`: in his history; whoever calls has sent it already. Whether it is
    new."""
    row, now = writer.locked_members([member]).get(member), hub.now()
    id = hub.codes.letter_id(f"{kind}\n{member}\n{key}")
    if row is None or row.merged_into is not None or writer.letters_called([id]):
        return False
    channel: Channel = "mail" if "@" in to else "sms"
    can_go = not here_alone and (sends_mail(writer) if channel == "mail" else sends(writer))
    goes_out = can_go and kind in rules_of(writer, row.programme).service
    sealed = hub.codes.seal(id, to) if to and goes_out else ""
    told = Letter(kind=kind, channel=channel if goes_out else "inbox", about=about, facts=facts or Facts())
    writer.write(Rows(new_letters=[_row(id, member, told, sealed, now)]))
    return True


def _row(id: str, member: str, told: Letter, sealed: str, now: datetime) -> LetterRow:
    if told.channel == "inbox":
        letter = Letter(kind=told.kind, channel="inbox", about=told.about, facts=told.facts, sent_at=utc_text(now))
        return new_letter(id, member, letter, "sent", now)
    letter = Letter(kind=told.kind, channel=told.channel, about=told.about, facts=told.facts, sealed_to=sealed)
    return new_letter(id, member, letter, "waiting", now, due=now)


def code_letters(reader: Reader, id: str, member: str, purpose: str, now: datetime) -> list[LetterRow]:
    """A code that was sent to a member, in his history; without digits."""
    if not member or reader.letters_called([id]):
        return []
    letter = Letter(kind=CODE, channel="sms", about=purpose, sent_at=utc_text(now))
    return [new_letter(id, member, letter, "sent", now)]
