"""A case as the office reads it: what it is, whom it is about, what became of it; as lines, or as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any, Final, cast

from hub.blanks.odd import ODD_WORDS, Odd
from hub.cases import certificate_words, velocity_words
from hub.cases.about import About, Adjusted, Spent
from hub.cases.kinds import KINDS, REMEDIES
from hub.cases.rules_words import in_words
from hub.people.who import Person
from hub.store.records import CaseRow
from loyalty.money import format_kopecks
from loyalty.utc import utc_text

CARDS_MAX: Final = 3  # of a member in a line
REFUSED: Final[Mapping[str, str]] = {
    "unknown_card": "nobody has its card",
    "unknown_member": "nobody is known as its member",
    "card_taken": "its card is somebody else's already",
    "card_already_replaced": "its card was replaced already",
    "card_not_blocked": "its card is not blocked",
    "member_exists": "its new member is there already",
    "unknown_sale": "the receipt that it is of is not in the books",
    "not_whose_sale": "the receipt that it is of is another member's",
    "more_than_was_sold": "more came back than was sold",
    "more_than_was_redeemed": "more points came back than were spent",
    "more_than_was_used": "more came back onto a certificate than had paid for it",
    "certificate_unknown": "nobody has sold its certificate",
    "certificate_sold_before": "its certificate was sold before",
    "certificate_more_than_left": "there was less on its certificate",
    "certificate_given": "its certificate was given, and nobody had paid for it",
    "certificate_blocked": "its certificate is blocked",
    "certificate_replaced": "its certificate was replaced by another",
    "certificate_ended": "its certificate had ended",
    "certificate_empty": "nothing was on its certificate",
}


def kind_words(case: CaseRow) -> str:
    """A refusal with its reason, which is what it is about."""
    kind = KINDS.get(case.kind)
    says = kind.says if kind else case.kind
    return f"{says}: {why}" if (why := _why(case)) else says


def _why(case: CaseRow) -> str | None:
    return REFUSED.get(case.note) if case.kind == "refused" else None


def line_of(case: CaseRow, about: About, zone: tzinfo) -> str:
    parts = [at_words(case.opened_at, zone), case.id, f"refused: {why}" if (why := _why(case)) else kind_words(case)]
    parts += [f"receipt {case.sale}"] if case.sale else []
    parts += filter(None, [_cost(case), _promised(about), _whose(case, about), _card_in_line(about)])
    if case.state != "open":
        parts.append("; ".join([f"settled: {case.remedy}", *map(adjusted_words, about.adjusted)]))
    return "  ".join(parts)


def lines_of(case: CaseRow, about: About, before: Sequence[Spent], zone: tzinfo) -> Iterator[str]:
    kind = KINDS.get(case.kind)
    yield f"{case.id}: {kind_words(case)}"
    yield f"  opened   {at_words(case.opened_at, zone, seconds=True)}"
    facts = (
        ("receipt", case.sale),
        ("member", _whose(case, about).removeprefix("member ")),
        ("card", _card(about)),
        ("promised", _promised(about).removeprefix("promised ")),
        ("note", _note(case)),
        ("cost", _cost(case)),
    )
    yield from (f"  {name:<8} {value}" for name, value in facts if value)
    for one in before:
        points = f"{one.points} points by receipt {one.receipt} at {one.place.chain} ({one.place.id})"
        yield f"  spent    {at_words(one.at, zone)}: {points}"
    yield from (f"  see also {place.id}" for place in case.others)
    if case.settled_at is not None:
        why = f" ({case.settled_note})" if case.settled_note else ""
        yield f"  settled  {at_words(case.settled_at, zone, seconds=True)} by {case.settled_by}: {case.remedy}{why}"
        yield from (f"  booked   {adjusted_words(one)}" for one in about.adjusted)
        return
    yield from (f"  remedy   {remedy}: {REMEDIES[remedy]}" for remedy in (kind.remedies if kind else ()))


def told_of(case: CaseRow, about: About, before: Sequence[Spent]) -> dict[str, Any]:
    """For programs; moments in UTC, phones masked."""
    told: dict[str, Any] = {"id": case.id, **case._asdict(), "opened_at": utc_text(case.opened_at)}
    told |= {
        "others": [place.id for place in case.others],
        "settled_at": case.settled_at and utc_text(case.settled_at),
        "person": _told_person(about.person),
        "card": about.card,
        "card_owner": _told_person(about.owner),
        "promised": {"redeemed": about.redeemed, "earned": about.earned},
        "spent_before": [
            {"operation": one.place.id, "at": utc_text(one.at), "points": one.points, "sale": one.receipt}
            for one in before
        ],
        "adjusted": [{"member": one.member, "points": one.points} for one in about.adjusted],
    }
    return told


def person_words(person: Person) -> str:
    """Whom to look for: his id, the cards that are his now, his phone masked."""
    cards = [card.number for card in person.cards if card.status != "replaced"]
    more = f" and {len(cards) - CARDS_MAX} more" if len(cards) > CARDS_MAX else ""
    parts = [person.member, f"card {', '.join(cards[:CARDS_MAX])}{more}" if cards else "no card"]
    parts += [f"phone {masked_phone(person.profile.phone)}"] if person.profile.phone else []
    return ", ".join(parts)


def masked_phone(phone: str) -> str:
    """+7916***4567: enough for whoever has the form in his hand, and no number to call."""
    return f"{phone[:5]}***{phone[-4:]}"


def at_words(at: datetime, zone: tzinfo, *, seconds: bool = False) -> str:
    """By the programme's clock, which is named."""
    then = at.astimezone(zone)
    return f"{then:%Y-%m-%d %H:%M:%S %Z}" if seconds else f"{then:%Y-%m-%d %H:%M %Z}"


def adjusted_words(one: Adjusted) -> str:
    return f"{one.points:+} points, member {person_words(one.person) if one.person else one.member}"


def _told_person(person: Person | None) -> dict[str, Any] | None:
    if person is None:
        return None
    phone = person.profile.phone
    cards = [card.number for card in person.cards]
    return {"member": person.member, "cards": cards, "phone": masked_phone(phone) if phone else None}


def _whose(case: CaseRow, about: About) -> str:
    """One who went into another is that one, and his old id is named too."""
    if about.person is not None:
        was = f", {case.member} before" if case.member != about.person.member else ""
        return f"member {person_words(about.person)}{was}"
    return f"member {case.member}, whom the ledger does not know" if case.member else ""


def _is_anothers(about: About) -> bool:
    return about.owner is not None and (about.person is None or about.owner.member != about.person.member)


def _card(about: About) -> str:
    if about.card is None:
        return ""
    if about.owner is None:
        return f"{about.card}, which nobody has"
    return f"{about.card}, which is member {person_words(about.owner)}" if _is_anothers(about) else about.card


def _card_in_line(about: About) -> str:
    """Where the member does not tell it by himself."""
    return f"card {_card(about)}" if about.card and (about.owner is None or _is_anothers(about)) else ""


def _promised(about: About) -> str:
    parts = [f"{about.redeemed} points spent"] if about.redeemed else []
    parts += [f"{about.earned} points earned"] if about.earned else []
    return f"promised {', '.join(parts)}" if parts else ""


def _note(case: CaseRow) -> str:
    if case.kind == "odd_blank":
        return ODD_WORDS.get(cast(Odd, case.note), case.note)
    if case.kind == "velocity":
        return velocity_words.in_words(case.note)
    if case.kind == "certificate_beyond":
        return certificate_words.in_words(case.note)
    if case.kind == "audit":
        return velocity_words.audit_in_words(case.note)
    return in_words(case.note) if case.kind == "not_by_rules" else case.note


def _cost(case: CaseRow) -> str:
    parts = [f"{case.cost_points} points"] if case.cost_points else []
    parts += [f"{format_kopecks(case.cost_kopecks)} rubles"] if case.cost_kopecks else []
    return ", ".join(parts)
