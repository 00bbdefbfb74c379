"""A hub in the same process as its tills, who hear of it as over the wire: through the protocol's bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import msgspec

from hub.books.holds import AskRefused
from hub.desk.acts import ACTS, ActRefused, Asked
from hub.goods_feed import tell_goods
from hub.hub import Hub
from hub.jobs.running import Running
from hub.jobs.table import JOBS
from offline_cache.ready import Part
from sync.desk import DeskReply, DeskRequest
from sync.goods_page import PulledGoods, read_goods
from sync.hub_port import HubRefused
from sync.pages import PulledPage, read_page
from sync.protocol import (
    HoldReply,
    HoldRequest,
    LeaseReply,
    LeaseRequest,
    MemberNow,
    MemberRequest,
    OwnPage,
    PushReply,
    PushRequest,
    ReadyFile,
)

RETELL = [job for job in JOBS if job.name == "retell"]


@dataclass
class HubHere:
    """`link` is called before each journey, and raises HubUnreachable where it ends on the way."""

    hub: Hub
    link: Callable[[], None] = lambda: None

    def push(self, request: PushRequest) -> PushReply:
        self.link()
        self.hub.keep_programmes(request.programmes)
        answers, stopped = self.hub.take(request.till, request.operations)
        self.link()
        if stopped is not None and not answers:
            raise HubRefused(stopped.code, stopped.message)
        wanted = self.hub.programmes_wanted(request.operations[: len(answers)])
        return PushReply(answers=answers, programmes_wanted=wanted, stopped=stopped)

    def changes(self, **asked: Any) -> PulledPage:
        self.link()
        self._retell()
        told = self.hub.changes(**asked)
        return read_page(msgspec.json.encode(told))

    def ready(self, **asked: Any) -> ReadyFile:
        """Its feed tells all."""
        self.link()
        return ReadyFile(file="")

    def block(self, **asked: Any) -> Part | None:
        raise AssertionError("nobody asks for what there is not")

    def lease(self, request: LeaseRequest) -> LeaseReply:
        with self._asking():
            return self.hub.tills.lease(request)

    def own(self, **asked: Any) -> OwnPage:
        self.link()
        return self.hub.tills.own(**asked)

    def goods(self, **asked: Any) -> PulledGoods:
        self.link()
        return read_goods(msgspec.json.encode(tell_goods(self.hub, **asked)))

    def programme(self, hash: str) -> str:
        self.link()
        source = self.hub.published_source(hash)
        assert source is not None, "tills ask for what they were told of"
        return source

    def hold(self, request: HoldRequest) -> HoldReply:
        with self._asking():
            return self.hub.hold(request)

    def member(self, request: MemberRequest) -> MemberNow:
        with self._asking():
            return self.hub.member_now(request)

    def desk(self, told: DeskRequest) -> DeskReply:
        """Of a till where nobody has signed in, in no store."""
        with self._asking():
            act = ACTS[told.act]
            body = msgspec.json.decode(told.body, type=act.takes)
            asked = Asked(told.person, told.till, told.till, "", told.programme, f"{told.till}/{told.key}")
            return DeskReply(body=msgspec.Raw(msgspec.json.encode(act.do(self.hub, asked, body))))

    @contextmanager
    def _asking(self) -> Iterator[None]:
        self.link()
        try:
            yield
        except (AskRefused, ActRefused) as refused:
            raise HubRefused(refused.code, str(refused), tries_left=refused.tries_left) from refused
        finally:
            self.link()

    def _retell(self) -> None:
        """The hub's thread has been there meanwhile."""
        running, now = Running(self.hub, jobs=RETELL), self.hub.now()
        while running.step(now) <= now:
            pass
