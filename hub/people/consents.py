"""Orders for what a member agreed to: given, withdrawn. What was given is kept for ever with its document, for whoever
asks by what right something was sent; operations name neither the person nor where he can be reached."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from hub.hub import Hub
from hub.people.orders import Deed, Done, NotDone, Order, check_not_erased, ordered
from hub.people.who import Person
from hub.store.records import ConsentRow
from hub.store.seam import Reader, Writer
from loyalty.bodies import ConsentGiven, ConsentWithdrawn
from loyalty.consents import DOCUMENT_LETTERS_MAX, WORDS, ConsentSource, ConsentTo
from loyalty.points_life import beginning_of
from loyalty.possible import is_text
from loyalty.programme import Programme
from loyalty.utc import utc_text

ENGLISH: Final = 1  # of the words in both languages: the office's commands speak it


def give_consent(
    hub: Hub,
    whom: str,
    what: ConsentTo,
    order: Order,
    *,
    given: date | None = None,
    document: str = "",
    source: ConsentSource = "paper",
) -> Done:
    """`given`: its day by the shop's clock; None: now."""
    if document and not is_text(document, DOCUMENT_LETTERS_MAX):
        raise NotDone(f"A document's version is one line of at most {DOCUMENT_LETTERS_MAX} letters: --document TEXT.")

    def decide(writer: Writer, person: Person, now: datetime) -> Deed:
        check_not_erased(writer, person)
        at = _moment(hub.programmes[person.row.programme], given, now)
        said = f"Member {person.member} agreed to {WORDS[what][ENGLISH]}"
        of_it = [row for row in writer.consents_of([person.member]) if row.what == what]
        there = next((row for row in of_it if row.given_at == at), None)
        if there is not None and there.withdrawn_at is not None:
            raise NotDone("He withdrew the consent of that day. If he agrees anew, say it without --given: since now.")
        if there is not None:
            return Deed(f"{said} then: it is known already.")
        if (ended := ended_after(of_it, at)) is not None:
            day = hub.programmes[person.row.programme].day(ended)
            raise NotDone(
                f"He withdrew it on {day}, after that: an older paper does not bring it back. If he agrees anew, say it"
                " without --given: since now."
            )
        body = ConsentGiven(member=person.member, what=what, given_at=utc_text(at), document=document, source=source)
        return Deed(f"{said}.", [body])

    return ordered(hub, whom, order, decide)


def withdraw_consent(hub: Hub, whom: str, what: ConsentTo, order: Order, *, on: date | None = None) -> Done:
    """All that he gave of this and that stands. `on`: the day; None: now."""

    def decide(writer: Writer, person: Person, now: datetime) -> Deed:
        at = _moment(hub.programmes[person.row.programme], on, now)
        standing = [row for row in standing_consents(writer, person.member) if row.what == what]
        name = WORDS[what][ENGLISH]
        if not standing:
            return Deed(f"Member {person.member} has no consent to {name} that stands.")
        programme = hub.programmes[person.row.programme]
        early = [row for row in standing if programme.day(row.given_at) > programme.day(at)]
        if early:
            raise NotDone(f"He agreed on {programme.day(early[0].given_at)}: it cannot have been withdrawn before.")
        return Deed(f"Member {person.member} withdrew his consent to {name}.", withdrawn(standing, at))

    return ordered(hub, whom, order, decide)


def withdrawn(standing: list[ConsentRow], at: datetime) -> list[ConsentWithdrawn]:
    """What ends them all; on the very day of the consent, never before it."""
    return [
        ConsentWithdrawn(
            member=row.member,
            what=row.what,
            given_at=utc_text(row.given_at),
            withdrawn_at=utc_text(max(at, row.given_at)),
        )
        for row in standing
    ]


def ended_after(of_it: Sequence[ConsentRow], given_at: datetime) -> datetime | None:
    """The last withdrawal of the same thing, if it came after a consent of that moment: it has ended that one too."""
    last = max((row.withdrawn_at for row in of_it if row.withdrawn_at is not None), default=None)
    return last if last is not None and given_at < last else None


def standing_consents(reader: Reader, member: str) -> list[ConsentRow]:
    return [row for row in reader.consents_of([member]) if row.withdrawn_at is None]


def _moment(programme: Programme, day: date | None, now: datetime) -> datetime:
    """A day of which no more is known begins with it. Raises NotDone."""
    if day is None:
        return now
    if day > programme.day(now):
        raise NotDone(f"{day} is not yet: today is {programme.day(now)}.")
    return beginning_of(programme, day)
