"""The till's file and its hub: it asks for its lease, and is mended where one of the two was put back."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from loyalty.operation import BadOperation, Key, Operation, hash_operation, read_operation
from offline_cache.cache import Cache
from offline_cache.damages import Damage
from offline_cache.lease import FORKED, NOT_YET, Bond, Lease
from offline_cache.losses import Loss
from offline_cache.own_chain import Own, Parted, is_same
from sync.ends import Held, held_against
from sync.hub_port import HubPort, HubRefused, HubUnclear
from sync.pages import PulledPage
from sync.protocol import KNOWS_ANOTHER, LOST_MAX, NOT_HEARD, LeaseReply, LeaseRequest, Lost

log = logging.getLogger(__name__)

FORKED_SAID: Final = "Another file has worked for this till: what it did and what stands here do not go together."
COPY_TOO_OLD: Final = "copy_too_old"
COPY_TOO_OLD_SAID: Final = (
    "The hub was put back from a copy that ends with operation {hub.generation}.{hub.sequence} of this till. A newer"
    " copy has those up to {trimmed.generation}.{trimmed.sequence}, and the till has them no more: put that one back."
)
RUNS_ELSEWHERE: Final = "runs_elsewhere"
STOPS: Final = frozenset((*KNOWS_ANOTHER, *NOT_HEARD))  # this file does not speak for the till any more
OF_CHAIN: Final = frozenset(("sequence_gap", "chain_broken", "identity_conflict"))  # one of the two was put back


def is_leased(cache: Cache, bond: Bond) -> bool:
    """Has the hub said that this file works for the till, with this key, on this machine?"""
    leases = cache.leases
    return not leases.stopped and leases.lease == Lease(generation=leases.generation, bond=bond)


def ask_lease(cache: Cache, hub: HubPort, bond: Bond) -> None:
    """Raises HubRefused where a person must say that the file may go on."""
    asked = cache.generation
    astray = max(1, cache.outbox_length()) if cache.leases.stopped == FORKED else 0
    losses, damages = cache.losses.untold(), cache.damages.untold()
    lost = lost_of(losses, damages)
    wanted = cache.own_chain.wanted_generation()
    reply = hub.lease(LeaseRequest(till=cache.till, file=cache.file_id, generation=wanted, astray=astray, lost=lost))
    if lost:
        cache.losses.tell(losses)
        cache.damages.tell(damages)
    lease = Lease(generation=reply.generation, bond=bond)
    parted = _parted(cache, hub, asked, also_before=astray > 0) if asked != reply.generation else []
    if not parted:
        cache.leases.keep(lease, asked=asked)
        return
    since = parted[0].common.generation
    told = _tail(cache, hub, Key(reply.generation, 0))
    newer = [one for generation in _newer(cache, since, reply) for one in _tail(cache, hub, Key(generation, 0))]
    if cache.own_chain.go_on_as(lease, parted, told, newer, asked=asked):
        log.warning("From generation %s on, this till's file works under %s.", since, reply.generation)


def _parted(cache: Cache, hub: HubPort, asked: int, *, also_before: bool) -> list[Parted]:
    """Where file and hub part, in the generation that another has now, if there is one; `also_before`: and in each in
    which another has the places of operations that wait. The oldest first."""
    ends = {end.generation: end.sequence for end in cache.own_chain.ends()}
    found = []
    for generation in sorted({asked, *(ends if also_before else ())} - {NOT_YET}):
        one = _common(cache, hub, generation)
        if generation == asked or (one.told and one.common.sequence < ends[generation]):
            found.append(one)
    return found


def _newer(cache: Cache, since: int, reply: LeaseReply) -> list[int]:
    """Generations that came after this one of the file's, and of which it knows nothing. What waits in a file that was
    put back may have been recorded anew under one of them."""
    known = {since, reply.generation, *(end.generation for end in cache.own_chain.ends())}
    return sorted(one for one in reply.generations if one > since and one not in known)


def lost_of(losses: Sequence[Loss], damages: Sequence[Damage]) -> tuple[Lost, ...]:
    """All of which nobody knows yet whether the hub has it: a case opens there where it has not."""
    told = [Lost(generation=one.generation, first=one.first, last=one.last, at=one.at) for one in losses]
    unread = {Key(*key) for damage in damages for key in damage.unread}
    return (*told, *stretches(unread))[:LOST_MAX]


def stretches(keys: Collection[Key]) -> Iterator[Lost]:
    """Numbers that follow each other, as one."""
    begun: Key | None = None
    for key in sorted(keys):
        begun = begun or key
        if Key(key.generation, key.sequence + 1) not in keys:
            yield Lost(generation=key.generation, first=begun.sequence, last=key.sequence)
            begun = None


def mend(cache: Cache, hub: HubPort, page: PulledPage) -> bool:
    """Whether something was mended: then the page is asked for anew. Raises HubRefused where a person must say which
    of two files goes on."""
    if not page.ends:
        return False
    held = held_against(cache.own_chain.ends(), page.ends, cache.own_chain.hash_at, cache.generation)
    if any(one.relation == FORKED for one in held):
        raise HubRefused(FORKED, FORKED_SAID)
    behind = next((one for one in held if one.relation == "behind"), None)
    if behind is not None:
        _take_back(cache, hub, behind)
        return True
    ahead = [one for one in held if one.relation == "ahead"]
    _refuse_too_old(cache, ahead)
    return _send_again(cache, ahead, page.epoch)


def _refuse_too_old(cache: Cache, ahead: list[Held]) -> None:
    """What a copy of the hub has is trimmed here: an older one must not be put back. Raises HubRefused."""
    for one in ahead:
        trimmed = cache.own_chain.trimmed_to(one.own.generation)
        if one.hub.sequence < trimmed.sequence:
            raise HubRefused(COPY_TOO_OLD, COPY_TOO_OLD_SAID.format(hub=one.hub, trimmed=trimmed))


def settle_rescued(cache: Cache, hub: HubPort) -> None:
    """What the hub has of the operations that a damaged file had."""
    told = [one for end in cache.rescued.ends_before() for one in _tail(cache, hub, end)]
    for one in told:
        _read(one)
    cache.rescued.settle(told)


def _send_again(cache: Cache, ahead: list[Held], epoch: str) -> bool:
    """What the hub had answered and does not have any more; and its feed from the beginning, where this is another life
    of its ledger."""
    ends = [Key(one.hub.generation, one.hub.sequence) for one in ahead]
    lost = [key for key in ends if cache.own_chain.is_answered_behind(key)]
    known = cache.leases.epoch
    if not lost and epoch in ("", known):
        return False
    if not lost and not known:
        cache.leases.keep_epoch(epoch)
        return False
    again = ", ".join(f"{one.generation}.{one.sequence}" for one in lost)
    log.warning("The hub's ledger was put back. What is sent again comes after: %s.", again or "nothing")
    cache.own_chain.send_again(lost, epoch or known)
    cache.goods.begin_anew()
    return True


def _take_back(cache: Cache, hub: HubPort, behind: Held) -> None:
    """A page of what this file has forgotten."""
    own = behind.own
    page = hub.own(till=cache.till, generation=own.generation, after=own.sequence)
    told = [Own(one.text, one.reason) for one in page.operations]
    if not told:
        raise HubUnclear("The hub says that it has more of this till's operations, and does not give them.")
    if not cache.own_chain.take_back(list(_followed(told, own.hash))):
        raise HubRefused(FORKED, FORKED_SAID)


def _followed(told: list[Own], before: str) -> Iterator[Own]:
    """Each is the one that the next names. Raises HubUnclear, HubRefused."""
    for number, one in enumerate(told):
        if _read(one).previous_hash != before:
            raise (
                HubUnclear("The hub's own chain of this till is broken.") if number else HubRefused(FORKED, FORKED_SAID)
            )
        before = hash_operation(one.text)
        yield one


def _read(one: Own) -> Operation:
    try:
        return read_operation(one.text)
    except BadOperation as error:
        raise HubUnclear(f"An operation of this till that the hub has cannot be read here: {error}.") from error


def _tail(cache: Cache, hub: HubPort, after: Key) -> list[Own]:
    """All that the hub has behind it."""
    told: list[Own] = []
    while True:
        page = hub.own(till=cache.till, generation=after.generation, after=after.sequence + len(told))
        told += [Own(one.text, one.reason) for one in page.operations]
        if not page.more or not page.operations:
            return told


def _common(cache: Cache, hub: HubPort, generation: int) -> Parted:
    """It is looked for at what the hub answered last; where that is another there, from the beginning."""
    answered = cache.own_chain.answered_to(generation)
    for after in (max(0, answered.sequence - 1), 0):
        told = _tail(cache, hub, Key(generation, after))
        same = _same(cache, told, Key(generation, after))
        if same:
            break
    return Parted(Key(generation, after + same), told[same:])


def _same(cache: Cache, told: list[Own], after: Key) -> int:
    """How many of these are ours too."""
    for number, one in enumerate(told, start=1):
        here = cache.own_chain.hash_at(Key(after.generation, after.sequence + number))
        if not is_same(here, hash_operation(one.text)):
            return number - 1
    return len(told)
