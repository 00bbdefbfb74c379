"""The jobs: what the clock makes due, whatever tills do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from hub.jobs.birthday import give
from hub.jobs.card_orders import close
from hub.jobs.certificates import end
from hub.jobs.expiry import expire
from hub.jobs.holds import forget
from hub.jobs.pending import confirm
from hub.jobs.retell import JOB, retell
from hub.jobs.rules import judge
from hub.jobs.seen import let_go
from hub.jobs.squared import square
from hub.jobs.taking_up import again
from hub.jobs.turn import Turn
from hub.jobs.watch import watch
from hub.messages.dying import warn
from hub.messages.making import make


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """`run` does one page from one `next` to the next, each in one transaction, and says how many it did; killed at any
    moment and run again, it does nothing twice."""

    name: str
    every: timedelta
    run: Callable[[Turn], Iterator[int]]
    does: str  # for people
    counts: tuple[str, str]  # what `did` is a number of: of one, of many

    def counted(self, number: int) -> str:
        return f"{number} {self.counts[number != 1]}"


JOBS: Final = (
    Job(
        name="expiry",
        every=timedelta(minutes=10),  # points die at midnight of some zone
        run=expire,
        does="books points that died unspent",
        counts=("member", "members"),
    ),
    Job(
        name="birthday",
        every=timedelta(hours=1),  # midnight is at another hour in each zone
        run=give,
        does="gives points for birthdays",
        counts=("member", "members"),
    ),
    Job(
        name="pending",
        every=timedelta(hours=1),  # tills count them as active by themselves
        run=confirm,
        does="makes cards of paper forms active",
        counts=("card", "cards"),
    ),
    Job(
        name=JOB,
        every=timedelta(minutes=10),  # points die at midnight of some zone, and all living lots are looked at
        run=retell,
        does="tells tills again whose many lots have changed",
        counts=("member", "members"),
    ),
    Job(
        name="rules",
        every=timedelta(minutes=10),  # a till that is wrong is wrong with every receipt
        run=judge,
        does="works sales out again by their programme's rules",
        counts=("sale that is not by them", "sales that are not by them"),
    ),
    Job(
        name="watch",
        every=timedelta(minutes=2),  # whoever looks at a day sees it whole so long after it came
        run=watch,
        does="counts days, and finds cards and people that are used more than is ordinary",
        counts=("case", "cases"),
    ),
    Job(
        name="returns",
        every=timedelta(minutes=10),
        run=square,
        does="puts right what came back of one sale at several tills",
        counts=("sale", "sales"),
    ),
    Job(
        name="taking_up",
        every=timedelta(minutes=10),  # most are taken up when their card comes
        run=again,
        does="takes up sales that came before the hub knew their card",
        counts=("sale", "sales"),
    ),
    Job(
        name="holds",
        every=timedelta(minutes=1),  # they hold nothing by themselves: this keeps few of them to be looked through
        run=forget,
        does="takes holds away whose time is over",
        counts=("hold", "holds"),
    ),
    Job(
        name="certificates",
        every=timedelta(minutes=10),  # they end at midnight of some zone
        run=end,
        does="ends certificates that were given and not paid for",
        counts=("certificate", "certificates"),
    ),
    Job(
        name="card_orders",
        every=timedelta(hours=1),  # they wait for weeks
        run=close,
        does="takes back cards that were ordered and that nobody has come for",
        counts=("card", "cards"),
    ),
    Job(
        name="seen",
        every=timedelta(hours=1),  # shops keep members for days
        run=let_go,
        does="tells shops whom they have not seen for long",
        counts=("member", "members"),
    ),
    Job(
        name="mailings",
        every=timedelta(minutes=1),  # somebody waits to see his mailing go
        run=make,
        does="writes to members what a mailing says",
        counts=("message", "messages"),
    ),
    Job(
        name="dying",
        every=timedelta(hours=6),
        run=warn,
        does="tells members what dies in a week, where the office wants it",
        counts=("member", "members"),
    ),
)
