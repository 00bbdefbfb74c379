"""What members agreed to, by whichever system knew it before: a row a consent.

card;consent;given;document;source;withdrawn
2600000000017;personal_data;01.09.2025;ПДн-2025-09;анкета;
2600000000017;смс;01.09.2025;;сайт;31.12.2025
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from hub.brought.kind import WHO, Around, Found, Kind, OfMember, Stands, Took, Verdict
from hub.brought.whose import WHO_CALLED, who, who_readers
from hub.files import values
from hub.files.checked import Fate
from hub.files.headings import Headings, key_of
from hub.files.reasons import BadValue, Fault
from hub.people.consents import ended_after, withdrawn
from hub.store.records import ConsentKey, ConsentRow, EntryRow
from hub.store.seam import Reader
from loyalty.bodies import Body, ConsentGiven, ConsentWithdrawn
from loyalty.consents import DOCUMENT_LETTERS_MAX, SOURCES, WORDS, ConsentSource, ConsentTo
from loyalty.points_life import beginning_of
from loyalty.programme import Programme
from loyalty.utc import moment, utc_text

CALLED: Final = {
    **WHO_CALLED,
    "consent": (
        *("what", "consent to", "kind", "type", "consent type"),
        *("согласие", "согласие на", "вид согласия", "тип согласия", "вид", "на что", "тип"),
    ),
    "given": (
        *("given on", "date", "consent date", "given at", "agreed", "since"),
        *("дата", "дата согласия", "дано", "дата получения", "получено", "с", "дата подписания"),
    ),
    "document": (
        *("version", "text", "form", "document version"),
        *("документ", "версия", "версия документа", "текст", "редакция", "версия текста", "форма"),
    ),
    "source": ("channel", "where", "from", "источник", "канал", "откуда", "где дано", "способ"),
    "withdrawn": (
        *("withdrawn on", "revoked", "withdrawal date", "revoked on", "until"),
        *("отозвано", "дата отзыва", "отзыв", "отозвано с", "по"),
    ),
}
SPELLED: Final[Mapping[ConsentTo, Sequence[str]]] = {
    "personal_data": ("personal data", "пдн", "персональные данные", "обработка пдн", "обработка данных"),
    "mailing_sms": ("sms", "смс", "рассылка смс", "смс рассылка", "sms рассылка"),
    "mailing_email": ("email", "e-mail", "mail", "почта", "эл почта", "рассылка по почте", "email рассылка"),
    "mailing_push": ("push", "пуш", "пуши", "push уведомления", "пуш уведомления"),
    "profiling": ("профилирование", "анализ покупок", "персонализация"),
    "programme_rules": ("rules", "правила", "оферта", "правила клуба"),
}
SAID_AS: Final[Mapping[ConsentSource, Sequence[str]]] = {
    "paper": ("анкета", "бумага", "на бумаге", "касса", "магазин", "form", "shop"),
    "site": ("web", "веб", "интернет", "website", "lk", "лк", "личный кабинет"),
    "app": ("мобильное приложение", "mobile", "mobile app"),
    "phone": ("телефон", "звонок", "call"),
    "file": ("файл", "импорт", "import", "прежняя программа"),
}


def _spelled(words: Mapping[Any, tuple[str, str]], more: Mapping[Any, Sequence[str]]) -> dict[str, Any]:
    """By what people write: our own name, our words in both languages, and others'."""
    return {key_of(text): name for name, both in words.items() for text in (name, *both, *more[name])}


WHAT: Final[Mapping[str, ConsentTo]] = _spelled(WORDS, SPELLED)
WHERE: Final[Mapping[str, ConsentSource]] = _spelled(SOURCES, SAID_AS)


class Consent(OfMember, frozen=True, kw_only=True, array_like=True, gc=False):
    """Days are YYYY-MM-DD by the programme's clock; `withdrawn` None: it stands."""

    what: ConsentTo
    given: str
    document: str
    source: ConsentSource
    withdrawn: str | None


def _readers(around: Around) -> Mapping[str, Callable[[str], Any]]:
    return {
        **who_readers(around),
        "consent": _what,
        "given": lambda text: values.day(text, "given"),
        "document": _document,
        "source": _source,
        "withdrawn": lambda text: values.day(text, "withdrawn") if text else None,
    }


def _what(text: str) -> ConsentTo:
    found = WHAT.get(key_of(text))
    if found is None:
        raise BadValue("consent", f"consent {text!r} is none that is known; there are {', '.join(WORDS)}")
    return found


def _document(text: str) -> str:
    if len(text) > DOCUMENT_LETTERS_MAX:
        raise BadValue("text", f"document must be at most {DOCUMENT_LETTERS_MAX} characters: its version, not its text")
    return text


def _source(text: str) -> ConsentSource:
    found = WHERE.get(key_of(text)) if text else "file"
    if found is None:
        raise BadValue("source", f"source {text!r} is none that is known; there are {', '.join(SOURCES)}")
    return found


def _made(line: int, said: Mapping[str, Any]) -> Consent:
    given, withdrawn = said["given"], said["withdrawn"]
    if withdrawn is not None and withdrawn < given:
        raise BadValue("day", f"withdrawn {withdrawn} lies before given {given}")
    named = who(said)
    words = {name: said[name] for name in ("document", "source")}
    return Consent(line=line, **named._asdict(), what=said["consent"], given=given, withdrawn=withdrawn, **words)


def _judge(reader: Reader, found: Sequence[Found[Consent]], around: Around) -> list[Verdict]:
    owners = {one.owner.member for one in found if one.owner is not None}
    known = {row.key: row for row in reader.consents_of(sorted(owners))}
    verdicts = []
    for one in found:
        verdict = _verdict(one, around, known)
        verdicts.append(verdict)
        known |= _known_after(known, verdict)
    return verdicts


def _verdict(found: Found[Consent], around: Around, known: Mapping[ConsentKey, ConsentRow]) -> Verdict:
    assert found.owner is not None, "its row names somebody"
    programme, row, member = around.programmes[found.owner.programme], found.row, found.owner.member
    if (late := max(row.given, row.withdrawn or "")) > programme.day(around.now).isoformat():
        return Fault("later", f"{late} is not yet")
    given_at = _begin(programme, row.given)
    withdrawn_at = _begin(programme, row.withdrawn) if row.withdrawn else None
    there = known.get(ConsentKey(member, row.what, given_at))
    of_it = [one for one in known.values() if (one.member, one.what) == (member, row.what)]
    if there is None and withdrawn_at is None and (ended := ended_after(of_it, given_at)) is not None:
        day = programme.day(ended)
        return Fault("consent_ended", f"{row.what} of {row.given} was given before it was withdrawn on {day}")
    others = _others_ended(of_it, given_at, withdrawn_at)
    if there is None:
        return Took(Fate.TAKEN, [_given(row, member, given_at, withdrawn_at), *others])
    if (there.document, there.source) != (row.document, row.source):
        return Fault("consent_there", f"{row.what} of {row.given} is in the ledger by another document or another way")
    if there.withdrawn_at == withdrawn_at or withdrawn_at is None:
        return Took(Fate.UNCHANGED)
    if there.withdrawn_at is not None:
        return Fault("consent_there", f"{row.what} of {row.given} was withdrawn at another time, says the ledger")
    return Took(Fate.UPDATED, [_withdrawn(row, member, given_at, withdrawn_at), *others])


def _others_ended(of_it: Sequence[ConsentRow], given_at: datetime, at: datetime | None) -> list[ConsentWithdrawn]:
    """Whoever withdraws withdraws all that he gave of it before: other papers too."""
    if at is None:
        return []
    standing = [one for one in of_it if one.withdrawn_at is None and one.given_at != given_at and one.given_at < at]
    return withdrawn(standing, at)


def _known_after(known: Mapping[ConsentKey, ConsentRow], verdict: Verdict) -> dict[ConsentKey, ConsentRow]:
    """What rows behind it in the batch find of the consents that it changes."""
    after: dict[ConsentKey, ConsentRow] = {}
    for body in verdict.bodies if isinstance(verdict, Took) else ():
        assert isinstance(body, ConsentGiven | ConsentWithdrawn), "a row of consents makes these"
        key = ConsentKey(body.member, body.what, datetime.fromisoformat(body.given_at))
        if isinstance(body, ConsentGiven):
            after[key] = ConsentRow(*key, body.document, body.source, moment(body.withdrawn_at))
        else:
            after[key] = known[key]._replace(withdrawn_at=moment(body.withdrawn_at))
    return after


def _is_of_row(first: Body, body: Body) -> bool:
    """Another consent that the same withdrawal ended. No row of its own ends it: it finds it ended."""
    if not isinstance(first, ConsentGiven | ConsentWithdrawn) or not isinstance(body, ConsentWithdrawn):
        return False
    return (first.member, first.what, first.withdrawn_at) == (body.member, body.what, body.withdrawn_at)


def _begin(programme: Programme, day: str) -> datetime:
    return beginning_of(programme, date.fromisoformat(day))


def _given(row: Consent, member: str, given_at: datetime, withdrawn_at: datetime | None) -> ConsentGiven:
    return ConsentGiven(
        member=member,
        what=row.what,
        given_at=utc_text(given_at),
        document=row.document,
        source=row.source,
        withdrawn_at=utc_text(withdrawn_at) if withdrawn_at else None,
    )


def _withdrawn(row: Consent, member: str, given_at: datetime, withdrawn_at: datetime) -> ConsentWithdrawn:
    return ConsentWithdrawn(
        member=member, what=row.what, given_at=utc_text(given_at), withdrawn_at=utc_text(withdrawn_at)
    )


def _together(rows: Sequence[tuple[int, Consent]]) -> Iterable[tuple[int, Fault]]:
    """One member agrees to one thing once a day."""
    first: dict[tuple[str, str], int] = {}
    for number, row in rows:
        line = first.setdefault((row.what, row.given), row.line)
        if line != row.line:
            yield (
                number,
                Fault("consent_twice", f"{row.what} of {row.given} stands on line {line} too"),
            )


def _says(row: Consent) -> Stands:
    return Stands(what=_shown(row.what, ended=row.withdrawn is not None))


def _stands(body: Body, entries: Sequence[EntryRow]) -> Stands:
    assert isinstance(body, ConsentGiven | ConsentWithdrawn), "a row of consents makes these"
    return Stands(what=_shown(body.what, ended=body.withdrawn_at is not None))


def _shown(what: str, *, ended: bool) -> str:
    return f"{what}, withdrawn" if ended else what


CONSENTS: Final = Kind(
    name="consents",
    what="consents",
    headings=Headings(CALLED, lambda columns: bool(WHO & columns) and {"consent", "given"} <= columns),
    needs=(WHO, frozenset(("consent",)), frozenset(("given",))),
    row=Consent,
    readers=_readers,
    made=_made,
    judge=_judge,
    says=_says,
    stands=_stands,
    continues=_is_of_row,
    together=_together,
)
