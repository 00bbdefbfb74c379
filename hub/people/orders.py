"""What somebody in the office orders for one member: operations of the chain `office`, with who said so and a key.

All that an order does is one transaction: its operations, what is known of the person, and the key under which the same
order given again does nothing. An order that would change nothing writes nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

import msgspec

from hub.bearing import NotApplied, Said
from hub.hub import Hub
from hub.people.who import Person, is_erased, person_called
from hub.store.records import OnceRow, ProfileRow
from hub.store.seam import Reader, Writer
from loyalty.bodies import Body
from loyalty.operation import OFFICE_CHAIN
from loyalty.possible import is_text
from loyalty.utc import utc_text

BY_LETTERS_MAX: Final = 100  # a person's name
KEY_LETTERS_MAX: Final = 100
REASON_LETTERS_MAX: Final = 200
ORDERED: Final = "ordered/"  # settings: what was done under a key


class NotDone(Exception):
    """Why an order is not carried out, and what helps; nothing was written. `code`: for a till's words."""

    def __init__(self, message: str, *, code: str = "not_done") -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Who gives it. `key`: under which it is done once; None: as often as it is given. `person`: his id, where he has
    signed in; two ids are two people, and two names may be one. `chain`: `office`, or `account` for what a member
    orders in his account."""

    by: str
    key: str | None = None
    person: str = ""
    chain: str = OFFICE_CHAIN


class Deed(NamedTuple):
    """What is to be done, and how it is told. `known`: what is known of people from now on."""

    words: str
    bodies: Sequence[Body] = ()
    known: Sequence[ProfileRow] = ()
    once: Sequence[OnceRow] = ()


class Done(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What came of an order. `changed`: something was written now; `before`: who gave the same order when, where it was
    done before."""

    member: str
    words: str
    changed: bool
    before: str | None = None


class _Kept(msgspec.Struct, frozen=True):
    member: str
    words: str
    by: str
    at: str


def ordered(hub: Hub, whom: str, order: Order, decide: Callable[[Writer, Person, datetime], Deed]) -> Done:
    """Carry an order out for whoever is called so. `decide` sees the ledger as it is when it is written. Raises
    NotDone, NotFound."""
    check_order(order)
    with hub.store.reading() as reader:
        programme = person_called(reader, hub.programmes, whom).row.programme
    check_programme(hub, programme)
    done: Done | None = None

    def work(writer: Writer) -> Said:
        nonlocal done
        before = done_before(writer, order)
        if before is not None:
            done = before
            return Said(())
        writer.locked_members([person_called(writer, hub.programmes, whom).member])
        person = person_called(writer, hub.programmes, whom)  # as he stays until this is written
        if person.row.programme != programme:
            raise NotDone(f"{whom} is another member's by now. Look again, and give the order anew.", code="look_again")
        deed = decide(writer, person, hub.now())
        changes = bool(deed.bodies)
        done = Done(member=person.member, words=deed.words, changed=changes)
        settings = kept_under(order, done, hub.now()) if changes else {}
        return Said(deed.bodies, settings=settings, once=deed.once, known=deed.known, whole=True)

    bear(hub, programme, work, key_of_its_own(order), order.by, chain=order.chain)
    assert done is not None
    return done


def bear(
    hub: Hub,
    programme: str,
    decide: Callable[[Writer], Said],
    asked: str | None,
    by: str | None,
    *,
    chain: str = OFFICE_CHAIN,
    code: Callable[[str], str] = lambda reason: "not_done",
) -> None:
    """Operations that people order, all of them or none, under the key `asked`. `code`: of the ledger's reason. Raises
    NotDone."""
    try:
        hub.bear_after(programme, decide, chain=chain, asked=asked, by=by)
    except NotApplied as error:
        raise NotDone(f"The ledger refuses it: {error.reason}.", code=code(error.reason)) from error


def key_of_its_own(order: Order) -> str:
    """Under which its operations are asked for: the order's, else one that nobody gives again."""
    return order.key or secrets.token_hex(8)


def check_order(order: Order) -> None:
    """Raises NotDone."""
    if not is_text(order.by, BY_LETTERS_MAX):
        raise NotDone(f"Say who orders it, in at most {BY_LETTERS_MAX} letters: --by NAME.")
    if order.key is not None and not is_text(order.key, KEY_LETTERS_MAX):
        raise NotDone(f"The key is one line of at most {KEY_LETTERS_MAX} letters: --asked KEY.", code="key")


def check_reason(reason: str) -> None:
    """Raises NotDone."""
    if not is_text(reason, REASON_LETTERS_MAX):
        raise NotDone(f"Say why, in at most {REASON_LETTERS_MAX} letters: --reason TEXT.", code="reason")


def check_not_erased(reader: Reader, person: Person) -> None:
    """Raises NotDone."""
    if is_erased(reader, person.member):
        raise NotDone(f"Member {person.member} was erased: nothing more is done for him.", code="member_erased")


def check_programme(hub: Hub, programme: str) -> None:
    """Raises NotDone."""
    if programme not in hub.programmes:
        raise NotDone(f"The member's programme {programme!r} is not one of this hub: nothing can be done for him here.")


def was_ordered(reader: Reader, order: Order) -> bool:
    return done_before(reader, order) is not None


def done_before(reader: Reader, order: Order) -> Done | None:
    """What was done under this key."""
    kept = None if order.key is None else reader.setting(ORDERED + order.key)
    if kept is None:
        return None
    was = msgspec.json.decode(kept, type=_Kept)
    at = f"{datetime.fromisoformat(was.at):%Y-%m-%d %H:%M} UTC"
    return Done(member=was.member, words=was.words, changed=False, before=f"{at} by {was.by}")


def kept_under(order: Order, done: Done, at: datetime) -> Mapping[str, Any]:
    if order.key is None:
        return {}
    kept = _Kept(done.member, done.words, order.by, utc_text(at))
    return {ORDERED + order.key: msgspec.json.encode(kept).decode()}
