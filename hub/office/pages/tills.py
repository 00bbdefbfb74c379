"""Tills: which are heard, which lie behind, what waits at them for a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from typing import Final, NamedTuple

from starlette.responses import Response

from hub.office.visit import Page, View, Visit, Words
from hub.tills.till import Till, till_of
from loyalty.operation import OFFICE_CHAIN, OWN_CHAINS

QUIET_AFTER: Final = timedelta(minutes=30)  # it is written every ten that a till is there

WORDS: Final[Words] = {
    "tills": ("Кассы", "Tills"),
    "tills_till": ("Касса", "Till"),
    "tills_store": ("Магазин", "Store"),
    "tills_state": ("Состояние", "State"),
    "tills_heard": ("Слышали", "Last heard"),
    "tills_behind": ("Что не так", "What is amiss"),
    "tills_cases": ("Случаи", "Cases"),
    "tills_never": ("ещё ни разу", "never yet"),
    "tills_invited": ("приглашена", "invited"),
    "tills_joined": ("работает", "works"),
    "tills_revoked": ("отозвана", "revoked"),
    "tills_silent": ("молчит с {at}", "silent since {at}"),
    "tills_reading": ("ещё читает участников", "still reads its members"),
    "tills_waiting": ("ждёт решения: операций {count}", "waits for a word: {count} operations"),
    "tills_none": ("Касс нет. Пригласить: pos-hub till add.", "There are no tills. Invite one: pos-hub till add."),
    "tills_counts": ("Касс: {count}, молчат: {silent}", "Tills: {count}, silent: {silent}"),
}


class Row(NamedTuple):
    till: Till
    heard: datetime | None
    amiss: tuple[str, ...]
    cases: int


def _list(visit: Visit) -> Response:
    now = visit.hub.now()
    with visit.hub.store.reading() as reader:
        known = (till for till in map(till_of, reader.all_tills()) if till.till not in OWN_CHAINS)
        tills = [till for till in known if visit.clerk.sees(till.store)]
        cases = Counter(case.chain for case in reader.all_open_cases() if case.chain != OFFICE_CHAIN)
    rows = [_row(till, cases[till.till], now) for till in sorted(tills, key=lambda one: (one.store, one.till))]
    silent = sum(is_silent(row.till, now) for row in rows)
    return visit.show("tills.html", title="tills", rows=rows, silent=silent, zone=_zone(visit))


def _row(till: Till, cases: int, now: datetime) -> Row:
    heard = datetime.fromisoformat(till.heard_at) if till.heard_at else None
    return Row(till, heard, tuple(_amiss(till, now)), cases)


def _amiss(till: Till, now: datetime) -> Iterator[str]:
    if is_silent(till, now):
        yield "silent"
    if till.told is not None and not till.told.whole:
        yield "reading"
    if till.waiting is not None:
        yield "waiting"


def is_silent(till: Till, now: datetime) -> bool:
    """One that works here and was not heard for a while."""
    if till.state != "joined" or till.heard_at is None:
        return False
    return now - datetime.fromisoformat(till.heard_at) > QUIET_AFTER


def _zone(visit: Visit) -> tzinfo:
    return visit.hub.zone_of(next(iter(visit.hub.programmes), ""))


TILLS: Final = Page(path="/tills", title="tills", right="see_day", words=WORDS, views=(View("GET", "/tills", _list),))
