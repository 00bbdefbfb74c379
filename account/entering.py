"""Whoever has shown who he is, by whatever way, comes in here: who may not is told why, and what to do."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from starlette.responses import Response

from account.visit import MARK, Visit
from loyalty.utc import utc_text
from sync.account.whose import AskEntrance, Entrance
from web.figures import when
from web.language import is_here

CAME_BY = "network"  # remembered: the network that he came by and is asked about when he is in (account/networks.py)
FIRST = "/profile?first=1"  # where somebody goes who has never been in before
CONFIRM = "/profile/confirm"  # where a form on paper waits no more
PROVED = "proved"  # remembered: when he told a code back in this session


def let_in(visit: Visit, member: str, *, next: str = "", proved: bool = False) -> Response:
    """From now on the browser is the member's. `next`: where he was going; `proved`: by a code that came to his phone.
    Raises HubSaysNo: member_gone, too_young."""
    told = entrance_of(visit, member)
    came_by = visit.remembered(CAME_BY)
    facts = {MARK: told.mark} | ({CAME_BY: came_by} if came_by else {})
    if proved:
        facts[PROVED] = utc_text(visit.house.now())
    visit.sign_in(told.member, **facts)
    is_first = _is_first(visit, told.member)
    if came_by:
        return visit.go("/profile/social")
    otherwise = FIRST if is_first else "/"
    if told.waits_until:
        return visit.go(CONFIRM, words_on_entering(visit, told))
    return visit.go(next if is_here(next) else otherwise, words_on_entering(visit, told))


def _is_first(visit: Visit, member: str) -> bool:
    """Once (P22)."""
    with visit.house.store.writing() as book:
        return bool(book.do("lead_once", member=member, led_at=utc_text(visit.house.now())))


def stay_in(visit: Visit) -> None:
    """He has changed his phone himself, here: this browser is his all the same."""
    visit.remember(**{MARK: entrance_of(visit, visit.member).mark})


def entrance_of(visit: Visit, member: str) -> Entrance:
    return visit.house.desk.ask("entrance", AskEntrance(), Entrance, member=member, key=visit.key)


def words_on_entering(visit: Visit, told: Entrance) -> str:
    """What he has to know before anything else; "": nothing."""
    if told.waits_until:
        zone = ZoneInfo(visit.house.programme().timezone)
        return visit.say("entering_form_waits", day=when(told.waits_until, visit.language, zone, day=True))
    return visit.say("entering_all_blocked") if told.all_blocked else ""
