"""Whoever has shown who he is, by whatever way, comes in here: who may not is told why, and what to do."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from starlette.responses import Response

from account.visit import Visit
from loyalty.utc import utc_text
from sync.account.whose import AskEntrance, Entrance
from web.figures import when
from web.language import is_here

CAME_BY = "network"  # remembered: the network that he came by and is asked about when he is in (account/networks.py)
SETTINGS = "/profile"
PROVED = "proved"  # remembered: when he told a code back in this session


def let_in(visit: Visit, member: str, *, next: str = "", proved: bool = False) -> Response:
    """From now on the browser is the member's. `next`: where he was going; `proved`: by a code that came to his phone.
    Raises HubSaysNo: member_gone, too_young."""
    told = entrance_of(visit, member)
    came_by = visit.remembered(CAME_BY)
    facts = {CAME_BY: came_by} if came_by else {}
    if proved:
        facts[PROVED] = utc_text(visit.house.now())
    visit.sign_in(told.member, **facts)
    if came_by:
        return visit.go("/profile/social")
    return visit.go(_where(visit, told.member, next), words_on_entering(visit, told))


def _where(visit: Visit, member: str, next: str) -> str:
    """Where he was going; else the first time to his settings (P22), and home ever after."""
    with visit.house.store.writing() as book:
        is_first = bool(book.do("lead_once", member=member, led_at=utc_text(visit.house.now())))
    has_settings = any(link.path == SETTINGS for link in visit.links)
    if is_here(next):
        return next
    return SETTINGS if is_first and has_settings else "/"


def entrance_of(visit: Visit, member: str) -> Entrance:
    return visit.house.desk.ask("entrance", AskEntrance(), Entrance, member=member, key=visit.key)


def words_on_entering(visit: Visit, told: Entrance) -> str:
    """What he has to know before anything else; "": nothing."""
    if told.waits_until:
        zone = ZoneInfo(visit.house.programme().timezone)
        return visit.say("entering_form_waits", day=when(told.waits_until, visit.language, zone, day=True))
    return visit.say("entering_all_blocked") if told.all_blocked else ""
