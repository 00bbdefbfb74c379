"""Tills are invited, join, and are sent away. Each is one transaction on the till's row."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, NamedTuple

import msgspec

from hub.books.holds import AskRefused
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from hub.tills.till import (
    HEARD_MINUTES,
    JOIN_MINUTES,
    JOIN_TRIES,
    Invitation,
    Till,
    generation_for,
    till_of,
    with_lease,
)
from loyalty.operation import utc_text
from loyalty.utc import moment
from sync.joining import JoinReply, JoinRequest, proof_of_hub, proof_of_till, same

NO_CODE: Final = "no till of this name is invited now: `pos-hub till add` gives a code, good for some minutes"


def found(reader: Reader, till: str) -> Till | None:
    row = reader.tills([till]).get(till)
    return till_of(row) if row is not None else None


def held(writer: Writer, till: str) -> Till | None:
    """The till, which nobody else changes until the transaction ends."""
    row = writer.locked_tills([till]).get(till)
    return till_of(row) if row is not None else None


def invite(
    writer: Writer,
    till: str,
    secret: bytes,
    now: datetime,
    *,
    store: str | None,
    by: str,
    lasts: timedelta = timedelta(minutes=JOIN_MINUTES),
) -> Till:
    """A code for it, by the secret that it comes to; the one of before is none any more. `store`: None leaves what was
    said before."""
    known = held(writer, till) or Till(till=till, state="invited", added_at=utc_text(now), by=by)
    invitation = Invitation(secret=secret.hex(), ends_at=utc_text(now + lasts), tries_left=JOIN_TRIES)
    invited = msgspec.structs.replace(
        known,
        state="joined" if known.state == "joined" else "invited",
        invitation=invitation,
        store=known.store if store is None else store,
        by=by,
    )
    writer.write(Rows(tills=[invited.row]))
    return invited


def join(writer: Writer, request: JoinRequest, now: datetime, *, ledger: str, hub_key: str) -> JoinReply | AskRefused:
    """The till joins with its new key; a wrong proof costs a try, and so is no exception: it is to be written."""
    till = held(writer, request.till)
    if till is not None and (again := _joined_by(till, request)) is not None:
        return _reply(till, again.generation, again.secret, request, ledger=ledger, hub_key=hub_key)
    invitation = till.invitation if till is not None else None
    ends_at = moment(invitation.ends_at) if invitation is not None else None
    if till is None or invitation is None or ends_at is None or ends_at <= now or invitation.tries_left <= 0:
        return AskRefused("no_code", NO_CODE)
    secret = bytes.fromhex(invitation.secret)
    if not same(proof_of_till(secret, request), request.proof):
        left = msgspec.structs.replace(invitation, tries_left=invitation.tries_left - 1)
        writer.write(Rows(tills=[msgspec.structs.replace(till, invitation=left).row]))
        return AskRefused("wrong_code", f"the code is another; {left.tries_left} more tries", left.tries_left)
    used = [end.generation for end in writer.ends_of([request.till])]
    generation = generation_for(till, request.file, request.generation, used)
    at = utc_text(now)
    joined = msgspec.structs.replace(
        till,
        state="joined",
        key=request.key,
        next_key=None,
        hub_key_known="",
        new_key_wanted=False,
        invitation=None,
        joined_by=invitation,
        joined_at=at,
        revoked_at=None,
        why="",
        waiting=None,
    )
    writer.write(Rows(tills=[with_lease(joined, request.file, generation, at).row]))
    return _reply(till, generation, secret, request, ledger=ledger, hub_key=hub_key)


class _Joined(NamedTuple):
    generation: int
    secret: bytes


def _joined_by(till: Till, request: JoinRequest) -> _Joined | None:
    """How this very key of this very file has joined already: the till has not heard the answer."""
    by, lease = till.joined_by, till.lease
    if by is None or lease is None or (till.key, lease.file) != (request.key, request.file):
        return None
    secret = bytes.fromhex(by.secret)
    is_it = same(proof_of_till(secret, request), request.proof)
    return _Joined(lease.generation, secret) if is_it else None


def _reply(till: Till, generation: int, secret: bytes, request: JoinRequest, *, ledger: str, hub_key: str) -> JoinReply:
    reply = JoinReply(
        till=till.till, store=till.store, ledger=ledger, hub_key=hub_key, generation=generation, proof="0" * 64
    )
    return msgspec.structs.replace(reply, proof=proof_of_hub(secret, reply, request))


def want_key(writer: Writer, till: str) -> Till | None:
    """It is to make a new key at the next exchange; None: there is no such till, or it has not joined."""
    known = held(writer, till)
    if known is None or known.state != "joined":
        return None
    wanted = msgspec.structs.replace(known, new_key_wanted=True)
    writer.write(Rows(tills=[wanted.row]))
    return wanted


def take_key(writer: Writer, till: str, key: str) -> None:
    """Its next key, which it has told with the one that it has. Raises AskRefused for one that nobody asked for: the
    till must not go over to it."""
    known = held(writer, till)
    if known is None or not known.new_key_wanted:
        raise AskRefused("no_key_wanted", "nobody has asked for a new key of this till")
    writer.write(Rows(tills=[msgspec.structs.replace(known, next_key=key).row]))


def go_over(writer: Writer, till: str, key: str) -> None:
    """The till was heard with its next key; the one of before is heard no more."""
    known = held(writer, till)
    if known is not None and known.next_key == key:
        row = msgspec.structs.replace(known, key=key, next_key=None, new_key_wanted=False).row
        writer.write(Rows(tills=[row]))


def note_hub_key(writer: Writer, till: str, key: str) -> None:
    known = held(writer, till)
    if known is not None and known.hub_key_known != key:
        writer.write(Rows(tills=[msgspec.structs.replace(known, hub_key_known=key).row]))


def heard(writer: Writer, till: str, now: datetime) -> None:
    """It has said something; written now and then."""
    known = held(writer, till)
    if known is not None and is_news(known, now):
        writer.write(Rows(tills=[msgspec.structs.replace(known, heard_at=utc_text(now), joined_by=None).row]))


def is_news(till: Till, now: datetime) -> bool:
    """That it is there: after a while, or for the first time since it joined."""
    heard_at = moment(till.heard_at) if till.heard_at else None
    return till.joined_by is not None or heard_at is None or now - heard_at >= timedelta(minutes=HEARD_MINUTES)


def revoke(writer: Writer, till: str, now: datetime, *, by: str, why: str) -> Till | None:
    """From now on nothing of it is heard; None: there is no such till."""
    known = held(writer, till)
    if known is None:
        return None
    revoked = msgspec.structs.replace(
        known,
        state="revoked",
        key=None,
        next_key=None,
        new_key_wanted=False,
        invitation=None,
        joined_by=None,
        revoked_at=utc_text(now),
        by=by,
        why=why,
    )
    writer.write(Rows(tills=[revoked.row]))
    return revoked
