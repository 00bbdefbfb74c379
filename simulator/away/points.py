"""The office puts points right, and gives some."""

from __future__ import annotations

from typing import Final

from hub.desk.correct_acts import ApproveGift, CorrectPoints, RefuseGift
from hub.people.alone import alone_each_max
from loyalty.points_life import end_of
from simulator.away.matter import SECOND, Errand, Matter, Refused

LITTLE: Final = 200  # points that one person gives by himself


def corrects(matter: Matter) -> Errand:
    """More, or less; also into debt."""
    chance = matter.chance
    points = chance.choice((1, 1, -1)) * chance.randint(1, LITTLE)
    into_debt = points < 0 and chance.random() < 0.2
    body = CorrectPoints(who=matter.person.card, points=points, reason="Ошибка кассира", into_debt=into_debt)
    told = yield matter.office("correct_points", body)
    if not isinstance(told, Refused):
        matter.given(matter.person, points)


def until_tonight(matter: Matter) -> Errand:
    """Points that die at midnight, spent or not."""
    rules = matter.world.rules
    today = rules.day(matter.world.moments.now)
    points = matter.chance.randint(1, LITTLE)
    body = CorrectPoints(who=matter.person.card, points=points, reason="Только сегодня", last_day=today)
    told = yield matter.office("correct_points", body)
    if not isinstance(told, Refused):
        matter.given(matter.person, points, ends=end_of(rules, today))


def gives(matter: Matter) -> Errand:
    """So many that a second person has to answer for it, who does or does not."""
    points = alone_each_max(matter.world.rules) + matter.chance.randint(1, LITTLE)
    told = yield matter.office("correct_points", CorrectPoints(who=matter.person.card, points=points, reason="Подарок"))
    if isinstance(told, Refused):
        return
    if matter.chance.random() < 0.2:
        yield matter.office("refuse_gift", RefuseGift(id=told.gift, why="За что?"), SECOND)
        return
    given = yield matter.office("approve_gift", ApproveGift(id=told.gift), SECOND)
    if not isinstance(given, Refused):
        matter.given(matter.person, points)
