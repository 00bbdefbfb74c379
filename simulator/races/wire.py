"""Between a till and a hub of the same process: what is sent takes its time, and is lost while the network is away."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import msgspec

from hub.books.holds import AskRefused
from hub.goods_feed import tell_goods
from hub.hub import Hub
from offline_cache.ready import Part
from pos_agent.holds import RESERVE_S, HoldAnswer, answer_of
from simulator.moments import Moments
from sync.goods_page import PulledGoods, read_goods
from sync.hub_port import HubRefused, HubUnreachable
from sync.pages import PulledPage, read_page
from sync.protocol import HoldReply, HoldRequest, LeaseReply, LeaseRequest, OwnPage, PushReply, PushRequest, ReadyFile

ONE_WAY_S = 0.12  # at most, while all is well: there and back in time for a cashier
LATE_S = 20.0  # so late a request still comes that was under way when the network came back


class Wire:
    """`silent_s`: from when until when nobody is answered in time. `granted`: what the hub reserved under each id, be
    it heard of or not."""

    def __init__(self, moments: Moments, hub: Hub, chance: random.Random) -> None:
        self._moments = moments
        self._hub = hub
        self._chance = chance
        self.silent_s = (0.0, 0.0)
        self.granted: dict[str, int] = {}
        self.unanswered: set[str] = set()

    def is_silent(self) -> bool:
        begins_s, ends_s = self.silent_s
        return begins_s <= self._moments.now_s < ends_s

    def _reach(self) -> None:
        if self.is_silent():
            raise HubUnreachable("the request was lost")

    # the worker's exchanges: an answer may be lost when all is done

    def push(self, request: PushRequest) -> PushReply:
        lost = self.is_silent()
        if lost and self._chance.random() < 0.5:
            raise HubUnreachable("the request was lost")
        taken = self._hub.take(request.till, request.operations)
        if lost:
            raise HubUnreachable("the answer was lost")
        if taken.stopped is not None:
            raise HubRefused(taken.stopped.code, taken.stopped.message)
        return PushReply(answers=taken.answers)

    def changes(self, **asked: Any) -> PulledPage:
        self._reach()
        return read_page(msgspec.json.encode(self._hub.changes(**asked)))

    def goods(self, **asked: Any) -> PulledGoods:
        self._reach()
        return read_goods(msgspec.json.encode(tell_goods(self._hub, **asked)))

    def ready(self, **asked: Any) -> ReadyFile:
        """Its feed tells all."""
        self._reach()
        return ReadyFile(file="")

    def block(self, **asked: Any) -> Part | None:
        raise AssertionError("nobody asks for what there is not")

    def lease(self, request: LeaseRequest) -> LeaseReply:
        self._reach()
        return self._hub.tills.lease(request)

    def own(self, **asked: Any) -> OwnPage:
        self._reach()
        return self._hub.tills.own(**asked)

    def programme(self, hash: str) -> str:
        self._reach()
        return self._hub.published_source(hash) or ""

    # points for a receipt, while somebody waits

    def ask(self, request: HoldRequest, answered: Callable[[HoldAnswer], None]) -> None:
        """As pos_agent/hub_holds.py: the first of answer and silence is told."""
        waits = [answered]

        def first(answer: HoldAnswer) -> None:
            if waits:
                if answer.points is None:
                    self.unanswered.add(request.hold)
                waits.pop()(answer)

        now_s = self._moments.now_s
        self._moments.at(now_s + RESERVE_S, lambda: first(HoldAnswer(request.hold)))
        lost, late = self._fate()
        if not lost:
            arrives_s = now_s + self._chance.uniform(0.0, ONE_WAY_S) + late
            self._moments.at(arrives_s, lambda: self._arrived(request, first))

    def _fate(self) -> tuple[bool, float]:
        """Is it lost, and if not, how late is it?"""
        if not self.is_silent():
            return False, 0.0
        return self._chance.choice(((True, 0.0), (False, 0.0), (False, self._chance.uniform(RESERVE_S, LATE_S))))

    def _arrived(self, request: HoldRequest, first: Callable[[HoldAnswer], None]) -> None:
        lost = self.is_silent()
        try:
            reply = self._hub.hold(request)
        except AskRefused:
            answer = HoldAnswer(request.hold)
        else:
            self._note(reply)
            answer = answer_of(request, reply)
        if not lost:
            back_s = self._moments.now_s + self._chance.uniform(0.0, ONE_WAY_S)
            self._moments.at(back_s, lambda: first(answer))

    def _note(self, reply: HoldReply) -> None:
        self.granted[reply.hold] = reply.points
