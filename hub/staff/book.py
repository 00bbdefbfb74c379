"""The book of staff: who may sign in where, and what a store's tills are told of it.

Each person stands under the list of every store in which he works ("*": all stores), so that a till's question reads
its own shop's and nothing else; and once more in the list of all. What stands under a store where he works no more
says so, and stays.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Final

import msgspec

from hub.staff.person import Person, changed
from hub.store.office_records import StaffRow
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from loyalty.possible import is_text
from loyalty.staff import Role, may
from loyalty.utc import utc_text
from sync.protocol import ToldPerson, ToldStaff
from sync.staff_codes import BADGE, BADGE_LETTERS, LETTERS, answer_code, badge_hash, pin_fits, pin_hash, plain_challenge

ALL_STORES: Final = "*"  # no store is called so
EVERYBODY: Final = ""  # the list of all
ANSWERS: Final = "answers:"  # what the office has answered for; no store is called so
EDITION_LETTERS: Final = 16  # of a hash
KEY: Final = "pk"  # how the key of a person's programs begins; behind it his id and the secret, with dots
KEY_BYTES: Final = 24

_read = msgspec.json.Decoder(Person).decode


class NoSuchPerson(Exception):
    """Nobody is called so."""


class PersonExists(Exception):
    """Somebody is called so already."""


class MayNotAnswer(Exception):
    """Whoever is called so answers for no step: he was revoked, or his role does not let him."""


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """The office has read out the code for a step at a till. `about`: as whoever asked said it."""

    challenge: str
    by: str
    at: str
    about: str = ""


# looking


def find(reader: Reader, id: str) -> Person | None:
    row = reader.staff_called([id]).get(id)
    return _read(row.body) if row is not None else None


def everybody(reader: Reader) -> list[Person]:
    return [_read(row.body) for row in reader.staff([EVERYBODY])]


def by_pin(reader: Reader, pepper: bytes, name: str, pin: str) -> Person | None:
    """By his id or his name; of several of one name, whose PIN it is."""
    known = find(reader, name)
    called = [known] if known is not None else [one for one in everybody(reader) if _same(one.name, name)]
    there = [one for one in called if is_here(one) and one.pin]
    if not there:
        pin_hash(pepper, pin)  # it takes as long as somebody's: the time tells no names
    return next((one for one in there if pin_fits(pepper, pin, one.pin)), None)


def by_key(reader: Reader, key: str) -> Person | None:
    """Whose programs show it."""
    kind, _, rest = key.partition(".")
    id, _, _ = rest.rpartition(".")
    person = find(reader, id) if kind == KEY and is_text(id) else None
    if person is None or not is_here(person) or not hmac.compare_digest(_key_hash(key), person.key):
        return None
    return person


def is_here(person: Person) -> bool:
    return person.revoked_at is None


def _same(name: str, other: str) -> bool:
    return " ".join(name.casefold().split()) == " ".join(other.casefold().split())


def _key_hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


# what tills are told


def told_if_news(reader: Reader, store: str, known: str | None, pepper: bytes) -> ToldStaff | None:
    """`known`: the edition that the till has; None: it takes none. Nothing is read out of the rows where it is that."""
    if known is None:
        return None
    rows = reader.staff({ALL_STORES, store or ALL_STORES})
    edition = _edition(rows)
    if edition == known:
        return None
    people = {one.id: one for one in map(_person, rows) if is_here(one) and one.works_in(store)}
    told = tuple(_told(people[id]) for id in sorted(people))
    return ToldStaff(edition=edition, pepper=pepper.hex(), people=told)


def _person(row: StaffRow) -> Person:
    return _read(row.body)


def _told(one: Person) -> ToldPerson:
    return ToldPerson(id=one.id, name=one.name, role=one.role, pin=one.pin, badge=one.badge)


def _edition(rows: Iterable[StaffRow]) -> str:
    """The same for the same rows; "": there is none, not even of somebody who was sent away."""
    text = "\n".join(f"{row.list} {row.id} {row.body}" for row in rows)
    return hashlib.sha256(text.encode()).hexdigest()[:EDITION_LETTERS] if text else ""


# what the office does


def add(writer: Writer, id: str, *, name: str, role: Role, stores: tuple[str, ...], by: str, now: datetime) -> Person:
    """Raises PersonExists."""
    if find(writer, id) is not None:
        raise PersonExists(id)
    made = changed(Person(id=id, name=name, role=role, stores=stores), f"added as {role}", by, now)
    keep(writer, made)
    return made


def held(writer: Writer, id: str) -> Person:
    """Raises NoSuchPerson."""
    person = find(writer, id)
    if person is None:
        raise NoSuchPerson(id)
    return person


def set_pin(writer: Writer, id: str, pin: str, pepper: bytes, *, by: str, now: datetime) -> Person:
    return _with(writer, id, "PIN", by, now, pin=pin_hash(pepper, pin))


def new_badge(writer: Writer, id: str, text: str, pepper: bytes, *, by: str, now: datetime) -> Person:
    """The one of before is none any more."""
    return _with(writer, id, "badge", by, now, badge=badge_hash(pepper, text))


def new_key(writer: Writer, id: str, key: str, *, by: str, now: datetime) -> Person:
    return _with(writer, id, "key", by, now, key=_key_hash(key))


def revoke(writer: Writer, id: str, *, by: str, now: datetime) -> Person:
    """At tills he is out with their next page."""
    return _with(writer, id, "revoked", by, now, revoked_at=utc_text(now))


def restore(writer: Writer, id: str, *, by: str, now: datetime) -> Person:
    return _with(writer, id, "restored", by, now, revoked_at=None)


def change(
    writer: Writer, id: str, *, name: str, role: Role, stores: tuple[str, ...], by: str, now: datetime
) -> Person:
    person = held(writer, id)
    were = tuple(sorted({*person.were, *_lists(person)} - {*_lists(msgspec.structs.replace(person, stores=stores))}))
    what = f"{role} in {', '.join(stores) or 'all stores'}"
    return _with(writer, id, what, by, now, name=name, role=role, stores=stores, were=were)


def _with(writer: Writer, id: str, what: str, by: str, now: datetime, **values: object) -> Person:
    person = changed(held(writer, id), what, by, now, **values)
    keep(writer, person)
    return person


def keep(writer: Writer, person: Person) -> None:
    body = msgspec.json.encode(person).decode()
    writer.write(Rows(staff=[StaffRow(one, person.id, body) for one in (EVERYBODY, *_lists(person), *person.were)]))


def _lists(person: Person) -> tuple[str, ...]:
    return person.stores or (ALL_STORES,)


def answer(writer: Writer, challenge: str, pepper: bytes, *, person: str, about: str, now: datetime) -> str:
    """The code to be read out, which is good for this person's answer alone: the till that asks takes none of whoever
    has signed in there. Who answered for what is kept. Raises NoSuchPerson, MayNotAnswer."""
    plain, answers = plain_challenge(challenge), held(writer, person)
    if answers.revoked_at is not None or not may(answers.role, "be_second"):
        raise MayNotAnswer(person)
    kept = Answered(challenge=plain, by=answers.name, at=utc_text(now), about=about)
    body = msgspec.json.encode(kept).decode()
    writer.write(Rows(staff=[StaffRow(ANSWERS, f"{kept.at}/{plain}", body)]))
    return answer_code(pepper, plain, person)


def answers(reader: Reader) -> list[Answered]:
    """The oldest first."""
    return [msgspec.json.decode(row.body, type=Answered) for row in reader.staff([ANSWERS])]


# what is drawn by lot


def random_pin() -> str:
    return f"{secrets.randbelow(10**6):06}"


def random_badge() -> str:
    return BADGE + "".join(secrets.choice(LETTERS) for _ in range(BADGE_LETTERS))


def random_key(id: str) -> str:
    return f"{KEY}.{id}.{secrets.token_urlsafe(KEY_BYTES)}"
