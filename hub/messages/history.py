"""What a member was written, as he sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hub.hub import Hub
from hub.messages.composing import text_of
from hub.messages.letter import CONSENT, MAILING, Letter, letter_of
from hub.messages.mailing import Mailing, mailing_of
from hub.messages.words import CODE, code_text, service_text
from hub.store.letter_records import LetterRow
from hub.store.seam import Reader
from loyalty.programme import Language, Programme
from loyalty.utc import utc_text
from sync.account.messages import MESSAGES_MAX, ChannelHere, MessageHere, MessagesTold

SEEN: Mapping[str, bool] = {"sent": False, "failed": True, "sending": False}  # by him; and whether it failed


def messages_of(
    hub: Hub, reader: Reader, member: str, programme: Programme, seen: str = "", most: int = MESSAGES_MAX
) -> MessagesTold:
    """`seen`: UTC; those up to then are not new. At most so many, the newest."""
    newest = sorted(_rows(reader, member), key=_at, reverse=True)
    found = reader.mailings({row.mailing for row in newest[:most] if row.mailing})
    mailings = {id: mailing_of(row) for id, row in found.items()}
    shown = [_here(row, mailings.get(row.mailing), programme, seen) for row in newest[:most]]
    return MessagesTold(
        messages=tuple(shown),
        channels=channels_of(reader, member),
        new=sum(_is_new(row, seen) for row in newest),
    )


def new_of(reader: Reader, member: str, seen: str) -> int:
    """How many he has not seen."""
    return sum(_is_new(row, seen) for row in _rows(reader, member))


def _rows(reader: Reader, member: str) -> list[LetterRow]:
    return [row for row in reader.letters_of([member]) if row.state in SEEN]


def _is_new(row: LetterRow, seen: str) -> bool:
    """A code never is: he has asked for it and typed it."""
    return _at(row) > seen and letter_of(row).kind != CODE


def channels_of(reader: Reader, member: str) -> tuple[ChannelHere, ...]:
    standing = [row for row in reader.consents_of([member]) if row.withdrawn_at is None]
    since = {row.what: utc_text(row.given_at) for row in standing}
    return tuple(ChannelHere(channel=channel, since=since.get(what, "")) for channel, what in CONSENT.items())


def _here(row: LetterRow, mailing: Mailing | None, programme: Programme, seen: str) -> MessageHere:
    letter, at = letter_of(row), _at(row)
    texts = [_text(letter, mailing, programme, language) for language in _LANGUAGES]
    return MessageHere(
        id=row.id,
        at=at,
        kind=letter.kind,
        channel=letter.channel,
        text=(texts[0], texts[1]),
        failed=SEEN[row.state],
        new=_is_new(row, seen),
    )


_LANGUAGES: Sequence[Language] = ("ru", "en")


def _text(letter: Letter, mailing: Mailing | None, programme: Programme, language: Language) -> str:
    if letter.kind == MAILING:
        return text_of(mailing, letter.facts, programme.currency, language) if mailing is not None else ""
    if letter.kind == CODE:
        return code_text(letter.about, language)
    return service_text(letter.kind, letter.about, letter.facts, programme, language)


def _at(row: LetterRow) -> str:
    return letter_of(row).sent_at or utc_text(row.made_at)
