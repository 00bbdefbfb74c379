"""What the office brings from the system before, in files: points with a life of their own, purchases, receipts."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from io import BytesIO
from typing import Final

from hub.brought.kind import Around
from hub.brought.kinds import BROUGHT
from hub.brought.reading import read_brought
from hub.brought.taking import Bringing
from hub.hub import Hub
from hub.members import BadMembers
from loyalty.points_life import beginning_of, end_of
from simulator.away.matter import Ask, Errand, Matter

POINTS_MAX: Final = 300
DAYS: Final = 2  # so many later points begin at the latest


def lots(matter: Matter) -> Errand:
    """Points that begin today or in some days, and end with a day too."""
    rules, person, chance = matter.world.rules, matter.person, matter.chance
    today = rules.day(matter.world.moments.now)
    first = today + timedelta(days=chance.choice((0, 1, DAYS)))
    last = first + timedelta(days=chance.choice((0, 1, 30)))
    points = chance.randint(1, POINTS_MAX)
    told = yield _file(matter, "lots", f"card;points;from;until\n{person.card};{points};{first};{last}\n")
    if told == 1:
        matter.given(person, points, begins=beginning_of(rules, first), ends=end_of(rules, last))


def turnover(matter: Matter) -> Errand:
    """What he bought before; said twice of the same days it is refused."""
    last = matter.world.rules.day(matter.world.moments.now) - timedelta(days=matter.chance.randint(1, 300))
    kopecks = matter.chance.randint(1, 90_000)
    text = f"card;rubles;from;until\n{matter.person.card};{kopecks};{last};{last}\n"
    yield _file(matter, "turnover", text)


def receipts(matter: Matter) -> Errand:
    chance = matter.chance
    day = matter.world.rules.day(matter.world.moments.now) - timedelta(days=chance.randint(1, 30))
    text = f"store;date;number;card;name;sum\ns-before;{day};{chance.randint(1, 9_999)};{matter.person.card};Чай;100\n"
    yield _file(matter, "receipts", text)


def _file(matter: Matter, kind: str, text: str) -> Ask:
    """How many of its rows are taken, once."""
    data, programme = text.encode(), matter.world.programme

    def do(hub: Hub, key: str) -> int:
        around = Around(programmes=hub.programmes, now=hub.now(), programme=programme)
        table = read_brought(BytesIO(data), BROUGHT[kind], around)
        digest = hashlib.sha256(data + key.encode()).hexdigest()
        try:
            bringing = Bringing(hub, BROUGHT[kind], table.rows, digest, around, by="Ольга")
        except BadMembers:
            return 0
        for _ in bringing.steps():
            pass
        return bringing.progress.rows

    return Ask(what=f"brings {kind}", do=do)
