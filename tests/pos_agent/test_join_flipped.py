"""SEC3: somebody changes one bit of what a till and its hub say to each other while it joins. Neither signs anything
yet that the other could look at: what each proves with the code is all that counts."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.tills.joining import invite
from pos_agent.identity import bond_of
from pos_agent.invited import Invited, JoinFailed
from pos_agent.joining import joined
from pos_agent.parts import own_cache
from sync.identity import Identity
from tests.one_port import Server
from tests.pos_agent.inviting import Chain
from tests.sync.flipping import HARMLESS, Change, Side, Way, is_framing, places, seeded, what_is

PROVED = "an answer's headers are nobody's; its body has the proof"
NO_HEADER = ("the body", "the status", "the method", "the target", "a space")


class Ceremony:
    def __init__(self, chain: Chain) -> None:
        self.chain = chain
        self.way = Way(chain.url)
        self.settings = chain.settings(url=self.way.url)
        self.settings.kept_in.mkdir(parents=True, exist_ok=True)
        self.cache = own_cache(self.settings)
        self.kept: list[Identity] = []

    def invited(self) -> Invited:
        secret = secrets.token_bytes(32)
        self.chain.hub.within(lambda writer: invite(writer, "till-1", secret, self.chain.now, store="s1", by="olga"))
        return Invited(secret, self.chain.hub.keys.public)

    def join(self, invited: Invited, change: Change | None = None) -> str:
        """Why not."""
        self.way.begin(change)
        self.kept.clear()
        try:
            joined(self.settings, self.cache, invited, "here", self.kept.append)
        except JoinFailed as failed:
            return failed.text("en")
        return ""

    def is_right(self) -> bool:
        """What both sides know of each other."""
        (mine,), till = self.kept, self.chain.till()
        known = (till.key, mine.hub_key, mine.ledger)
        return known == (bond_of(mine, "here").key, self.chain.hub.keys.public, self.chain.hub.ledger)

    def close(self) -> None:
        self.cache.close()
        self.way.close()


@pytest.fixture
def ceremony(tmp_path: Path, server: Server) -> Iterator[Ceremony]:
    chain = Chain(tmp_path, server)
    ceremony = Ceremony(chain)
    yield ceremony
    ceremony.close()
    chain.hub.close()


@pytest.mark.parametrize("side", ["request", "answer"])
def test_sec3_of_a_changed_message_nobody_joins_as_another_or_another_hub(ceremony: Ceremony, side: Side) -> None:
    assert ceremony.join(ceremony.invited()) == "" and ceremony.is_right()
    found: Counter[str] = Counter()
    for place, bit in places(ceremony.way.first(side), seeded()):
        invited, change = ceremony.invited(), Change(side, place, bit)
        why = ceremony.join(invited, change)
        if why:
            assert ceremony.kept == []
            unheard = side == "request" and not is_framing(side, ceremony.way.first(side), change)
            assert not unheard or ceremony.chain.till().invitation is not None, change
            assert ceremony.join(invited) == "", "the next try is as it should be"
        else:
            found[harmless(ceremony.way.first(side), change)] += 1
        assert ceremony.is_right(), change
        found["refused"] += bool(why)
    print(side, dict(found))
    assert found["refused"] > 0


def harmless(message: bytes, change: Change) -> str:
    what = what_is(change.side, message, change.place, change.bit)
    if change.side == "answer" and what not in NO_HEADER:
        return PROVED
    assert what in HARMLESS[change.side] and not what.endswith("content-type"), (what, change)
    return HARMLESS[change.side][what]
