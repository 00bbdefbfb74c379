"""Who in the shop has a word of a member's points while the hub is away. Pure: `now` is an argument, nothing waits.

Why two tills never get the same points, when all have answered. Each claim has a rank: its turn, then its id. A till
writes its claim down, asks everybody, and decides when all have answered; it takes off what claims of a lower rank
want, and what is held. Let X rank below Y. When Y decides, it knows of X:

* X was written down before its till answered Y: then X stands in that answer; or
* it was written down after. Then X's till had heard Y's turn, and took a greater one: X would rank above Y.

So each takes off at least what everybody below it gets (nobody gets more than he wants), and all together get no more
than there is. This needs no clock, and no order in which messages come. It is not enough to compare two at a time by
their ids: of three tills each would then wait for the next, in a ring, and each take what the third has.

A claim ends with its receipt, or by its time; the word of the till whose claim it is counts before what others know of
it. A paid receipt's hold stands among what its till has spent, and is counted there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from msgspec.structs import replace

from pos_agent.neighbours.wire import CLAIMS_MAX, Claim, Told
from sync.protocol import COUNTER_MAX, HOLD_LASTS_MAX_S

MEMBERS_MAX: Final = 5_000  # with claims at one moment: more customers than any shop's tills have in two hours
LASTS_MAX: Final = timedelta(seconds=HOLD_LASTS_MAX_S)


class Held(NamedTuple):
    """What an open receipt of this till has reserved, here or at the hub."""

    member: str
    points: int
    until: datetime


class Granted(NamedTuple):
    """`active`: what the newest word leaves after all that was spent; `elsewhere`: of that, what others claim."""

    points: int
    active: int
    elsewhere: int


class Claims:
    """Those that one till knows of: its own, and what others told it."""

    def __init__(self, till: str) -> None:
        self.till = till
        self.turn = 0
        self._of: dict[str, dict[str, Claim]] = {}
        self._wanted: set[str] = set()  # own ones that others were told of

    # own ones

    def want(self, member: str, hold: str, points: int, until: datetime, now: datetime) -> Claim:
        """Written down before anybody is asked."""
        claim = Claim(hold=hold, till=self.till, points=points, turn=self._next_turn(now), until=_bounded(until, now))
        self._keep(member, claim, now)
        self._wanted.add(hold)
        return claim

    def decide(
        self, member: str, hold: str, replaces: str | None, own: Told, others: Sequence[Told], earned: int = 0
    ) -> Granted | None:
        """What the claim gets now that all have answered, or no more answers come; it is held from here on. What it
        `replaces` is held as well until the receipt says otherwise: a till that dies now is back with the one before,
        and with what was told under it. `own`: what this till would tell at this moment; `earned`: points that came
        here since its word. None: the claim has ended meanwhile."""
        mine = self._of.get(member, {}).get(hold)
        if mine is None:
            return None
        active = active_in(own, others, earned)
        elsewhere = sum(claim.points for claim in counted(mine, replaces, own, others))
        granted = Granted(min(mine.points, max(0, active - elsewhere)), active, min(active, elsewhere))
        self._of[member][hold] = replace(mine, state="held", points=granted.points)
        return granted

    def own(self, held: Mapping[str, Held], reserving: Collection[str], now: datetime) -> list[tuple[str, str]]:
        """This till's open receipts and what they have reserved; `reserving`: what is being asked for. Whatever else it
        had claimed has ended: member and hold of each that others were told of."""
        ended = [
            (member, claim.hold)
            for member, claims in self._of.items()
            for claim in claims.values()
            if claim.till == self.till and claim.hold not in held and claim.hold not in reserving
        ]
        told = [(member, hold) for member, hold in ended if hold in self._wanted]
        for member, hold in ended:
            self._drop(member, (hold,))
        for hold, (member, points, until) in held.items():
            known = self._of.get(member, {}).get(hold)
            if known is None or (known.points, known.state) != (points, "held"):
                turn = known.turn if known is not None else self._next_turn(now)
                until = _bounded(until, now)
                claim = Claim(hold=hold, till=self.till, points=points, turn=turn, until=until, state="held")
                self._keep(member, claim, now)
        return told

    # others'

    def heard(self, member: str, claim: Claim, now: datetime) -> bool:
        """Another till asks. From now on this one's turns are greater. False: there is no room for its claim."""
        if claim.till == self.till:
            return True
        known = self._of.get(member, {}).get(claim.hold)
        if (known is not None and known.till != claim.till) or not self._has_room(member, now):
            return False
        self.turn = max(self.turn, claim.turn)
        self._keep(member, replace(claim, until=_bounded(claim.until, now)), now)
        return True

    def ended(self, member: str, till: str, holds: Collection[str]) -> None:
        """Another till says so of its own."""
        mine = self._of.get(member, {})
        self._drop(member, [hold for hold in holds if hold in mine and mine[hold].till == till != self.till])

    def on(self, member: str, now: datetime) -> tuple[Claim, ...]:
        self._forget(member, now)
        return tuple(self._of.get(member, {}).values())

    # how they are kept

    def _next_turn(self, now: datetime) -> int:
        """Greater than all that was heard. It follows the clock as far as that goes, so that a till that was started
        anew does not begin below what it had before."""
        self.turn = min(COUNTER_MAX, max(self.turn + 1, int(now.timestamp() * 1_000)))
        return self.turn

    def _has_room(self, member: str, now: datetime) -> bool:
        if member not in self._of and len(self._of) >= MEMBERS_MAX:
            for other in list(self._of):
                self._forget(other, now)
        return len(self.on(member, now)) < CLAIMS_MAX and (member in self._of or len(self._of) < MEMBERS_MAX)

    def _keep(self, member: str, claim: Claim, now: datetime) -> None:
        self._forget(member, now)
        self._of.setdefault(member, {})[claim.hold] = claim

    def _forget(self, member: str, now: datetime) -> None:
        claims = self._of.get(member, {})
        self._drop(member, [claim.hold for claim in claims.values() if claim.until <= now])

    def _drop(self, member: str, holds: Iterable[str]) -> None:
        claims = self._of.get(member, {})
        for hold in holds:
            claims.pop(hold, None)
            self._wanted.discard(hold)
        if not claims:
            self._of.pop(member, None)


def active_in(own: Told, others: Sequence[Told], earned: int = 0) -> int:
    """Points that the newest word of the hub leaves, less all that the tills did without it. What a newer word knows
    already may be taken off twice: then a customer gets less, never more. So what was `earned` here counts only where
    no other till has a newer word, which may have it already."""
    told = (own, *others)
    words = [one.word for one in told if one.word is not None]
    newest = max((word.at for word in words), default=None)
    active = min((word.active for word in words if word.at == newest), default=0)
    gained = earned if own.word is not None and own.word.at == newest else 0
    return max(0, active + gained - sum(one.spent.points for one in told))


def counted(mine: Claim, replaces: str | None, own: Told, others: Sequence[Told]) -> list[Claim]:
    """The claims of other receipts that come before this one."""
    sold = {hold for one in (own, *others) for hold in one.spent.holds}
    answered = {one.till for one in others}
    return [
        claim
        for hold, claim in known(own, others).items()
        if hold not in sold
        and hold not in (mine.hold, replaces)
        and (claim.state == "held" or _rank(claim) < _rank(mine) or claim.till not in answered)
    ]


def known(own: Told, others: Sequence[Told]) -> dict[str, Claim]:
    """All claims. What a till says of its own counts, and that it says nothing of one that it had; of those who are
    silent, what anybody knows."""
    turns = {one.till: one.turn for one in others}
    found = {claim.hold: claim for one in others for claim in one.claims if claim.till not in (*turns, own.till)}
    # one that came here after its till had answered is not in that answer, and is told by its turn
    found |= {claim.hold: claim for claim in own.claims if claim.turn > turns.get(claim.till, -1)}
    found |= {claim.hold: claim for one in others for claim in one.claims if claim.till == one.till}
    return found


def _rank(claim: Claim) -> tuple[int, str]:
    return claim.turn, claim.hold


def _bounded(until: datetime, now: datetime) -> datetime:
    return min(until, now + LASTS_MAX)
