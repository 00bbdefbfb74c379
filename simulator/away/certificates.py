"""Certificates that the office gives, blocks and replaces; and those that end because nobody had paid."""

from __future__ import annotations

from typing import Final

from hub.desk.certificate_acts import CertificateOrdered, GiveAsked
from simulator.away.matter import Ask, Errand, Matter, Refused

KOPECKS: Final = (20_000, 100_000)


CLERKS: Final = 8  # of the office: a day of each has only so many rubles
THE_DAY_BEFORE: Final = 2  # so many were given then, and end tonight


def gives(matter: Matter) -> Errand:
    """One that nobody paid for; what becomes of it is seen in a while."""
    chance = matter.chance
    told = yield _given(matter)
    what = chance.choice(("", "", "certificate_block", "certificate_replace"))
    if what and not isinstance(told, Refused):
        yield matter.office(what, CertificateOrdered(certificate=told.number, reason="Потерян"))


def of_before(matter: Matter) -> Errand:
    yield _given(matter)


def _given(matter: Matter) -> Ask:
    clerk = matter.chance.randint(1, CLERKS)
    body = GiveAsked(kopecks=matter.chance.randint(*KOPECKS), reason="Конкурс")
    return matter.office("certificate_give", body, (f"c{clerk}", f"Кассир {clerk}"))
