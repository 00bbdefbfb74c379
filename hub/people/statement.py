"""A member's statement: what he had, what came and went, what he has. As text, a PDF, or a page for a browser.

It is for him, and so it says nothing that he is not to know: neither who in the office did it, nor what was refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from html import escape
from pathlib import Path
from typing import Final, NamedTuple

from hub import feed
from hub.files.whole import unfinished
from hub.hub import Hub
from hub.people.history import Act, history, shown_at
from hub.people.pdf import pdf_of
from hub.people.who import Person, person_called
from hub.store.records import ConsentRow
from loyalty.consents import SOURCES
from loyalty.consents import WORDS as CONSENTS
from loyalty.lots import balance
from loyalty.money import format_kopecks
from loyalty.programme import Language, Programme
from loyalty.wording import points_text

WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "title": ("Выписка по счёту", "Statement"),
    "of": ("Участник", "Member"),
    "cards": ("Карты", "Cards"),
    "days": ("За дни", "Days"),
    "before": ("Было", "Before"),
    "came": ("Пришло", "Came"),
    "went": ("Ушло", "Went"),
    "after": ("Стало", "After"),
    "now": ("Сейчас на счёте", "On the account now"),
    "consents": ("Согласия", "Consents"),
    "withdrawn": ("отозвано", "withdrawn"),
    "when": ("Когда", "When"),
    "what": ("Что", "What"),
    "sum": ("Сумма, ₽", "Rubles"),
    "points": ("Баллы", "Points"),
    "first": ("с начала", "from the beginning"),
    "sale": ("Покупка", "Purchase"),
    "return": ("Возврат", "Return"),
    "sale_claimed": ("Начислено по чеку", "Added by a receipt"),
    "grant": ("Подарено", "Given"),
    "adjustment": ("Исправлено", "Corrected"),
    "expiry": ("Сгорело", "Died unspent"),
    "coupon_made": ("Купон за баллы", "A coupon for points"),
    "points_to_partner": ("Обмен у партнёра", "Exchanged at a partner"),
    "points_to_charity": ("Передано в фонд", "Given to charity"),
    "member_merged": ("Счета соединены", "Accounts joined"),
}


class Statement(NamedTuple):
    """`rows`: moment, words, rubles, points. `before` and `after` in points. `consents`: one line each."""

    language: Language
    programme: Programme
    member: str
    name: str | None
    cards: tuple[str, ...]
    days: str
    before: int
    after: int
    now: int
    consents: tuple[str, ...]
    rows: tuple[tuple[str, str, str, int], ...]


def statement_of(
    hub: Hub, who: str, *, first: date | None = None, last: date | None = None, language: Language = "ru"
) -> Statement:
    """Of the days from `first` to `last` by the programme's clock. Raises NotFound."""
    with hub.store.reading() as reader:
        person = person_called(reader, hub.programmes, who)
        acts = history(reader, person.member, [card.number for card in person.cards])
        consents = reader.consents_of([person.member])
        now = balance(feed.accounts(reader, [person.member], hub.now())[person.member], hub.now())
    programme = hub.programmes[person.row.programme]
    told = tuple(_consent(row, programme, language) for row in consents)
    return _of_days(person, acts, programme, first, last, now, told, language)


def _of_days(
    person: Person,
    acts: list[Act],
    programme: Programme,
    first: date | None,
    last: date | None,
    now: int,
    consents: tuple[str, ...],
    language: Language,
) -> Statement:
    days = [programme.day(datetime.fromisoformat(act.at)) for act in acts]
    before = sum(act.points for act, day in zip(acts, days, strict=True) if first is not None and day < first)
    inside = [
        act
        for act, day in zip(acts, days, strict=True)
        if act.kind in WORDS and not act.refused and (first is None or day >= first) and (last is None or day <= last)
    ]
    return Statement(
        language=language,
        programme=programme,
        member=person.member,
        name=person.profile.name,
        cards=tuple(card.number for card in person.cards if card.status != "replaced"),
        days=f"{first or say('first', language)} — {last or (max(days) if days else '…')}",
        before=before,
        after=before + sum(act.points for act in inside),
        now=now,
        consents=consents,
        rows=tuple(
            (
                shown_at(act.at, programme.timezone),
                say(act.kind, language),
                format_kopecks(act.kopecks) if act.kopecks else "",
                act.points,
            )
            for act in inside
        ),
    )


def _consent(row: ConsentRow, programme: Programme, language: Language) -> str:
    """What he agreed to, since when, by which document and where, and when it ended."""
    which = 0 if language == "ru" else 1
    signed = ", ".join(filter(None, [row.document, SOURCES[row.source][which]]))
    told = f"{CONSENTS[row.what][which]}: {programme.day(row.given_at)} ({signed})"
    return f"{told}, {say('withdrawn', language)} {programme.day(row.withdrawn_at)}" if row.withdrawn_at else told


def say(code: str, language: Language) -> str:
    return WORDS[code][0 if language == "ru" else 1]


def write_statement(statement: Statement, out: Path) -> None:
    """As its name ends, whole or not at all. Raises OSError."""
    with unfinished(out) as half:
        half.write_bytes(WRITTEN_AS[out.suffix.lower()](statement))


def _head(statement: Statement) -> list[tuple[str, str]]:
    language = statement.language

    def told(points: int) -> str:
        return points_text(points, statement.programme.currency, language)

    came = sum(row[3] for row in statement.rows if row[3] > 0)
    went = sum(row[3] for row in statement.rows if row[3] < 0)
    rows = [
        ("of", f"{statement.name or ''} ({statement.member})".strip()),
        ("cards", ", ".join(statement.cards)),
        ("days", statement.days),
        ("before", told(statement.before)),
        ("came", told(came)),
        ("went", told(-went)),
        ("after", told(statement.after)),
        ("now", told(statement.now)),
    ]
    rows += [("consents", text) for text in statement.consents]
    return [(say(code, language), text) for code, text in rows if text]


def text_of(statement: Statement) -> str:
    title = f"{statement.programme.name(statement.language)} · {say('title', statement.language)}"
    lines = [title, "", *(f"{name:<18} {text}" for name, text in _head(statement)), ""]
    lines += [f"{at}  {what:<18} {rubles:>12} {points:>+8}" for at, what, rubles, points in statement.rows]
    return "\n".join(lines)


def page_of(statement: Statement) -> str:
    language = statement.language
    title = escape(f"{statement.programme.name(language)} · {say('title', language)}")
    head = "".join(f"<tr><th>{escape(name)}</th><td>{escape(text)}</td></tr>" for name, text in _head(statement))
    columns = "".join(f"<th>{escape(say(code, language))}</th>" for code in ("when", "what", "sum", "points"))
    rows = "".join(
        f"<tr><td>{escape(at)}</td><td>{escape(what)}</td><td>{escape(rubles)}</td><td>{points:+}</td></tr>"
        for at, what, rubles, points in statement.rows
    )
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style><h1>{title}</h1><table>{head}</table>"
        f'<table class="acts"><thead><tr>{columns}</tr></thead><tbody>{rows}</tbody></table></html>'
    )


_STYLE: Final = (
    "body{font:11pt sans-serif;margin:2cm}th{text-align:left;font-weight:normal;color:#555;padding-right:1em}"
    "table{border-collapse:collapse;margin-bottom:1em}.acts{width:100%}.acts td,.acts th{border-bottom:1px solid #ccc;"
    "padding:2px 6px}.acts td:nth-child(n+3),.acts th:nth-child(n+3){text-align:right}thead{display:table-header-group}"
)
WRITTEN_AS: Final[Mapping[str, Callable[[Statement], bytes]]] = {
    ".txt": lambda statement: f"{text_of(statement)}\n".encode(),
    ".html": lambda statement: f"{page_of(statement)}\n".encode(),
    ".pdf": lambda statement: pdf_of(text_of(statement)),
}
