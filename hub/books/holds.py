"""Holds: points that a till reserves for a receipt before it tells them, so that nobody else spends them meanwhile.

A hold moves nothing and no operation says it: it is a promise. The sale that names it confirms it and `hold_voided`
ends it (hub/books/postings.py); else its time is over by itself. An id that was ended is kept as long as a request for
it may still be on its way.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from hub.books.accounts import account_from
from hub.merges import stands_for
from hub.store.records import ChainEnd, ChainKey, HoldRow, MemberRow
from hub.store.rows import Rows
from hub.store.seam import Writer
from loyalty.lots import Account, active_points
from loyalty.utc import utc_text
from sync.protocol import HOLD_LASTS_MAX_S, HoldReply, HoldRequest, Unsent

LASTS_MAX: Final = timedelta(seconds=HOLD_LASTS_MAX_S)


class AskRefused(Exception):
    """What a till asked for while somebody waits is not to be had; nothing was written. `code` is the protocol's."""

    def __init__(self, code: str, message: str, tries_left: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.tries_left = tries_left


class Standing(NamedTuple):
    """What stands of a member at a moment by the hub's clock. `holds`: by id, in every state; `ends`: of the asking
    till's chains."""

    account: Account
    holds: Mapping[str, HoldRow]
    ends: Mapping[ChainKey, ChainEnd]
    at: datetime


def reserve(writer: Writer, request: HoldRequest, at: datetime, lasts_max: timedelta = LASTS_MAX) -> HoldReply:
    """Reserve what there is, in this transaction. Raises AskRefused; ValueError where `until` is no moment."""
    until = _end_of(request, at, lasts_max)
    member = _member(writer, request)
    standing = Standing(
        account=account_from(member, writer.open_lots([member.member], at)),
        holds={row.hold: row for row in writer.holds_of([member.member])},
        ends=writer.chain_ends({ChainKey(request.till, one.generation) for one in request.unsent}),
        at=at,
    )
    known = standing.holds.get(request.hold)
    if known is not None:
        _check_again(known, request, at)
        return reply_of(standing, request, known.points)
    points = granted(standing, request)
    put = _replaced(standing, request, member.member)
    if points:
        put.append(HoldRow(member.member, request.hold, request.till, points, until))
    if put:
        there = standing.holds.keys()
        writer.write(
            Rows(new_holds=[row for row in put if row.hold not in there], holds=[r for r in put if r.hold in there])
        )
    return reply_of(standing, request, points)


def _end_of(request: HoldRequest, at: datetime, lasts_max: timedelta) -> datetime:
    """A request that comes after its own end reserves nothing: whoever asked has gone on without it."""
    until = datetime.fromisoformat(request.until)
    if until <= at:
        raise AskRefused("hold_over", f"hold {request.hold}: its time was over at {request.until}")
    return min(until, at + lasts_max)


def _member(writer: Writer, request: HoldRequest) -> MemberRow:
    """Whoever answers to this id now, locked: holds and sales of one member come one after the other."""
    row = stands_for(lambda id: writer.locked_members([id]).get(id), request.member)
    if row is None or row.programme != request.programme:
        raise AskRefused("unknown_member", f"{request.programme} has no member {request.member}")
    return row


def _check_again(known: HoldRow, request: HoldRequest, at: datetime) -> None:
    """Asked again: the answer is the same as long as the hold stands."""
    if known.till != request.till:
        raise AskRefused("hold_of_another", f"hold {known.hold} is another till's")
    if known.state != "open":
        raise AskRefused("hold_ended", f"hold {known.hold} is {known.state}")
    if known.until <= at:
        raise AskRefused("hold_over", f"hold {known.hold}: its time was over at {utc_text(known.until)}")


# decided


def granted(standing: Standing, request: HoldRequest) -> int:
    """How many points this receipt may have: what is active, less what others hold, less what the till has spent
    already in sales that are not here yet."""
    return min(request.points, _free(standing, request))


def _free(standing: Standing, request: HoldRequest) -> int:
    unsent = _still_unsent(standing, request)
    taken = _held_by_others(standing, request, unsent) + sum(one.points for one in unsent)
    return active_points(standing.account, standing.at, taken)


def reply_of(standing: Standing, request: HoldRequest, points: int) -> HoldReply:
    active = active_points(standing.account, standing.at)
    held = _held_by_others(standing, request, _still_unsent(standing, request))
    return HoldReply(
        hold=request.hold,
        points=points,
        active=active,
        at=utc_text(standing.at),
        held=min(active, held),
        free=max(points, _free(standing, request)),
    )


def _still_unsent(standing: Standing, request: HoldRequest) -> Collection[Unsent]:
    """Of the sales that the till told of, those behind the end of its chain, each once."""
    told = {(one.generation, one.sequence): one for one in request.unsent}
    return [one for one in told.values() if one.sequence > _end(standing, request.till, one.generation)]


def _end(standing: Standing, till: str, generation: int) -> int:
    end = standing.ends.get(ChainKey(till, generation))
    return end.sequence if end is not None else 0


def _held_by_others(standing: Standing, request: HoldRequest, unsent: Collection[Unsent]) -> int:
    """Other receipts' holds. The one that this one replaces is its own; points of a sale that is on its way count
    once, as spent."""
    own = {request.hold, request.replaces, *(one.hold for one in unsent)}
    others = (row for row in standing.holds.values() if row.till != request.till or row.hold not in own)
    return sum(row.holds_at(standing.at) for row in others)


def _replaced(standing: Standing, request: HoldRequest, member: str) -> list[HoldRow]:
    """The hold that ends with this one, also where its own request is still on its way."""
    if request.replaces is None or request.replaces == request.hold:
        return []
    row = voided(standing.holds.get(request.replaces), member, request.replaces, request.till, standing.at)
    return [] if row is None else [row]


# how a hold ends


def voided(known: HoldRow | None, member: str, hold: str, till: str, at: datetime) -> HoldRow | None:
    """The row that says so; None: nothing changes. A till ends its own, and what was confirmed stays so."""
    if known is None:
        return HoldRow(member, hold, till, 0, at + LASTS_MAX, "voided")
    return known._replace(state="voided") if known.state == "open" and known.till == till else None


def freed(known: HoldRow | None) -> HoldRow | None:
    """By the office, whichever till's it is; None: nothing changes."""
    return known._replace(state="voided") if known is not None and known.state == "open" else None


def confirmed(known: HoldRow | None, till: str) -> HoldRow | None:
    """By the sale that names it, however late; None: nothing changes."""
    if known is None or known.state == "confirmed" or known.till != till:
        return None
    return known._replace(state="confirmed")
