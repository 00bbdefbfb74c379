"""What a desk asks the hub for while a person waits: the command is put by, the hub is asked in a thread of its own,
and the command comes again with what came of it. The till goes on with everybody else meanwhile.

A desk says `counter.ask_hub(act, body, reply_type)` before it changes anything. The first time that raises `Errand`,
which the agent carries out; the second time it is there. So a desk with errands reads from top to bottom like any
other, and is looked at again from its top: the receipts may be others by then.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

import msgspec

from pos_agent.errand_words import HUB_REFUSALS
from pos_agent.in_time import Questions
from pos_agent.refused import Refused
from pos_agent.staff.proving import PinSaid
from sync import certificates, coupons
from sync.client import HubClient, Patience
from sync.desk import DeskReply, DeskRequest
from sync.hub_port import HubRefused, HubUnreachable
from sync.identity import Speaker

ERRAND_S: Final = 5.0  # for the whole of it: a person at a desk waits longer than a customer for his points
QUEUE_S: Final = 2.0  # where people stand behind a receipt: what is not heard by then, the rules of without decide
OPEN_MAX: Final = 4  # errands that the hub has not answered yet
PATIENT: Final = Patience(connect_s=ERRAND_S, read_s=ERRAND_S, total_s=ERRAND_S)

SILENT: Final = "desk_hub_silent"
IN_A_QUEUE: Final = frozenset(
    (coupons.HOLD, certificates.HOLD, certificates.LOOK, "bring_receipt")
)  # acts of a receipt in front
# acts that change nothing at the hub: one without an answer may be asked again, and nothing of it is in doubt
LOOKS: Final = frozenset(
    (
        *("case", "cases", "certificate_history", "certificate_look", "coupon_by_code", "day", "find_member"),
        *("find_sale", "look_at_claim", "look_at_merge", "member", "member_sales"),
    )
)

log = logging.getLogger(__name__)


class HubSaid(NamedTuple):
    """`body`: the reply; None: it was refused, and `code` says why. `sent` false: it has not left this till. `of`: what
    it was asked about, where a command asks several times."""

    act: str
    body: bytes | None = None
    code: str = SILENT
    tries_left: int = 0
    sent: bool = True
    of: str = ""


class Desk(NamedTuple):
    """What the hub's desk has `said` for a command, and what came of its PINs. `key`: under which it was asked; "": it
    may not be asked, and PINs are checked at once. `asked`: what whoever asks calls the command, each time he tells it;
    None: nothing."""

    key: str = ""
    said: tuple[HubSaid, ...] = ()
    pins: tuple[PinSaid, ...] = ()
    asked: str | None = None


NO_DESK: Final = Desk()


@dataclass(frozen=True, slots=True)
class Errand(Exception):
    """The command is not answered yet: this is to be asked of the hub first."""

    act: str
    key: str
    person: str
    body: bytes
    of: str = ""


class Asking(NamedTuple):
    """A command about a coupon, put by until the hub has spoken. `turn`: the visit that it was about; `serial` "": of
    one whose code was typed."""

    turn: str
    serial: str
    at: datetime


RunsErrand = Callable[[Errand, Callable[[HubSaid], None]], None]
# Starts asking and comes back at once; calls back exactly once, from whatever thread, within ERRAND_S. Raises nothing.


def desk_client(url: str, speaker: Speaker | None) -> HubClient:
    """A client that gives up when the person does."""
    return HubClient(url, speaker, PATIENT)


class HubErrands:
    """`connect` makes a client for one errand; `till`, `programme`: as whom it asks. `queue_s`: the wait of what a
    queue waits for; `wait_s`: of everything else."""

    def __init__(
        self,
        connect: Callable[[], HubClient],
        till: str,
        programme: str,
        wait_s: float = ERRAND_S,
        queue_s: float = QUEUE_S,
    ) -> None:
        self._connect = connect
        self._till = till
        self._programme = programme
        self._queue_s = queue_s
        self.questions = Questions[HubSaid]("errand", OPEN_MAX, wait_s)

    def wait_s(self, act: str) -> float:
        """So long somebody waits for it."""
        return self._queue_s if act in IN_A_QUEUE else self.questions.wait_s

    def run(self, errand: Errand, answered: Callable[[HubSaid], None]) -> None:
        late, full = HubSaid(errand.act), HubSaid(errand.act, sent=False)
        wait_s = self.wait_s(errand.act)
        self.questions.ask(lambda: self._asked(errand), answered, late=late, full=full, wait_s=wait_s)

    def tell(self, errand: Errand) -> None:
        """Where nobody waits for the answer, and nothing is lost without it."""
        self.run(errand, lambda said: None)

    def _asked(self, errand: Errand) -> HubSaid:
        try:
            return HubSaid(errand.act, self._of_hub(errand))
        except HubRefused as refused:
            return HubSaid(errand.act, code=refused.code, tries_left=refused.tries_left)
        except HubUnreachable as error:
            log.info("desk %s: %s", errand.act, error)
            return HubSaid(errand.act, sent=error.sent)

    def _of_hub(self, errand: Errand) -> bytes:
        client = self._connect()
        try:
            reply: DeskReply = client.desk(
                DeskRequest(
                    till=self._till,
                    programme=self._programme,
                    act=errand.act,
                    key=errand.key,
                    person=errand.person,
                    body=msgspec.Raw(errand.body),
                )
            )
        finally:
            client.close()
        return bytes(reply.body)


def _silent(said: HubSaid) -> str:
    """What may have been done where no answer came."""
    if not said.sent:
        return "desk_not_sent"
    return "desk_look_unanswered" if said.act in LOOKS else SILENT


def refused_by(said: HubSaid) -> Refused:
    """Why the hub did not do it, or that nothing is known of it. A code that this till has no words for is shown."""
    if said.code == SILENT:
        return Refused(SILENT, words=_silent(said))
    hub_code = said.code if said.code in HUB_REFUSALS else "desk_refused"
    refused = Refused(hub_code)
    refused.facts = {"why": said.code, "tries": str(said.tries_left)}
    return refused
