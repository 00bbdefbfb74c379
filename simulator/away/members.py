"""Somebody becomes a member, or says something of himself; two members are found to be one."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Final

from hub.desk.member_acts import OfCard
from simulator.away.matter import Ask, Errand, Matter, Refused
from simulator.people import Person, away_blank
from sync.account.cards import BlockCard, LinkCard
from sync.account.consents import GiveConsent, WithdrawConsent
from sync.account.profile import ChangeName
from sync.registration import Agreed, LinkBody, MergeBody, NewcomerBody, ProfileBody, RegisterBody

NAMES: Final = ("Анна", "Борис", "Вера", "Глеб", "Дарья")
BORN: Final = "1980-09-17"  # no birthday of these weeks: its points are nobody's word
LOST_S: Final = (600.0, 14_400.0)  # so long somebody looks for his card before he finds it again
CARDS_MAX: Final = 4  # of one person: more, and nobody has so many


def joins(matter: Matter) -> Errand:
    """On the telephone, without a card; and often it is somebody who was a member already."""
    newcomer = yield from _joined(matter)
    if newcomer is not None and matter.chance.random() < 0.6:
        yield from _merges(matter, newcomer, matter.person)


def registers(matter: Matter) -> Errand:
    """By a form for his card; whoever is registered already is told so."""
    person = matter.person
    form = RegisterBody(
        card=person.card, phone=person.phone, name=matter.chance.choice(NAMES), birthday=BORN, consents=_agreed(matter)
    )
    told = yield matter.office("register", form)
    if not isinstance(told, Refused) and told.granted:
        matter.given(person, told.granted)


def merges(matter: Matter) -> Errand:
    """Two who come to the shop are one, until a chain has few people left."""
    everybody = matter.world.people
    others = [one for one in everybody if one.member != matter.person.member]
    if len({one.member for one in others}) * 2 < len(everybody):
        return
    yield from _merges(matter, matter.chance.choice(others), matter.person)


def links(matter: Matter) -> Errand:
    """One more card that nobody had: at the office, or in the account."""
    person, card = matter.person, away_blank(matter.world.rules, matter.name)
    if len(person.has("cards")) >= CARDS_MAX:
        return
    if matter.chance.random() < 0.5:
        told = yield matter.office("link_card", LinkBody(card=card, to=person.card))
    else:
        told = yield matter.account("card_link", LinkCard(card=card))
    if not isinstance(told, Refused):
        _takes(matter, person, card)


def loses_card(matter: Matter) -> Errand:
    """He blocks it in his account, or has the office do it; and finds it again."""
    card, chance = matter.person.card, matter.chance
    if chance.random() < 0.5:
        told = yield matter.account("card_block", BlockCard(card=card))
    else:
        told = yield matter.office("block_card", OfCard(card=card, reason="Потеряна"))
    if isinstance(told, Refused):
        return
    oracle = matter.world.oracle
    oracle.blocked(card)
    matter.world.desks.undone_by(lambda: oracle.freed(card))
    found = matter.office("unblock_card", OfCard(card=card, reason="Нашлась"))
    yield found.later(chance.uniform(*LOST_S), lambda: oracle.freed(card))


def says(matter: Matter) -> Errand:
    """What he is called, and when he was born."""
    name, chance = f"{matter.chance.choice(NAMES)} {matter.chance.randint(1, 99)}", matter.chance
    if chance.random() < 0.5:
        yield matter.account("profile_name", ChangeName(name=name))
    else:
        yield matter.office("change_profile", ProfileBody(card=matter.person.card, field="name", value=name))


def agrees(matter: Matter) -> Errand:
    """To messages about sales; and has enough of them."""
    document = matter.world.rules.consent("mailing_sms")
    assert document is not None
    told = yield matter.account("consent_give", GiveConsent(what="mailing_sms", version=document.version))
    if not isinstance(told, Refused) and matter.chance.random() < 0.7:
        wait_s = matter.chance.uniform(*LOST_S)
        yield matter.account("consent_withdraw", WithdrawConsent(what="mailing_sms")).later(wait_s)


# the pieces


def _joined(matter: Matter) -> Generator[Ask, Any, Person | None]:
    number = matter.world.desks.next_phone()
    phone = f"+7917000{number:04}"
    form = NewcomerBody(phone=phone, name=matter.chance.choice(NAMES), birthday=BORN, consents=_agreed(matter))
    told = yield matter.office("register_new", form)
    if isinstance(told, Refused):
        return None
    newcomer = Person(member=told.member, card=told.card, phone=phone)
    matter.given(newcomer, told.granted)
    return newcomer


def _merges(matter: Matter, gone: Person, into: Person) -> Errand:
    """Whatever the one has is the other's; he keeps his card in his pocket."""
    if not gone.card or gone.member == into.member:
        return
    matter.concerns(gone)
    told = yield matter.office("merge", MergeBody(gone=gone.card, into=into.card, reason="Один человек"))
    if isinstance(told, Refused) or gone.member == into.member:
        return
    matter.world.desks.merged(gone, into)
    _takes(matter, into, gone.card)


def _takes(matter: Matter, person: Person, card: str) -> None:
    person.has("cards").append(card)
    matter.world.desks.undone_by(lambda: person.has("cards").remove(card))


def _agreed(matter: Matter) -> tuple[Agreed, ...]:
    return tuple(Agreed(what=one.what, document=one.version) for one in matter.world.rules.consents)
