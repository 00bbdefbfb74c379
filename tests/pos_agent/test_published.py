"""R30: what the chain publishes is in force at its moment at every till that has it, and the others say so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from config.programmes import load_source, read_source
from config.settings import SettingsError
from hub.publishing import publish, unpublished, withdraw
from loyalty.bodies import Sale, SaleNumber
from loyalty.operation import Operation
from loyalty.paper.words import PaperWords
from loyalty.programme import Programme
from offline_cache.cache import Cache
from offline_cache.published import Published
from pos_agent.answers import Reply
from pos_agent.case_words import say_case
from pos_agent.hub_state import programme_in_force
from pos_agent.in_force import is_ahead
from pos_agent.parts import programme_before
from pos_agent.protocol import BasketLine, Code, Command, Pay, PointsReport, Prepare, SetBasket
from pos_agent.status import HubStatus, ProgrammeInForce, ProgrammeVersion
from pos_agent.troubles import troubles
from tests.one_port import Server
from tests.pos_agent.joined import ALENKA, NOW, Here, Till, later

CARD = "2600000000017"
MIDNIGHT = datetime(2026, 3, 2, 21, 0, tzinfo=UTC)  # in Moscow
SECOND = timedelta(seconds=1)
GOODS = SetBasket(lines=(BasketLine(id="1", name="Чай", price="1000.00", category="chocolate"),))


def source(version: str = "spring", rate: int = 400, **other: str) -> str:
    """Алёнка's own file with another version and another first rate."""
    text = load_source("alenka").replace('version = "2026-12-01"', f'version = "{version}"')
    for before in (200, 300, 500):  # none below the one before
        text = text.replace(f"rate_bp = {before} ", f"rate_bp = {max(rate, before)} ")
    for name, value in other.items():
        text = text.replace(f"{name} = 2026-01-15", f"{name} = {value}")
    return text


SPRING = read_source(source())


def put(here: Here, text: str, begins_at: datetime | None = None) -> Programme:
    programme = read_source(text)
    publish(here.hub, programme, text, begins_at)
    return programme


@pytest.fixture
def here(tmp_path: Path, server: Server) -> Iterator[Here]:
    here = Here(tmp_path, server)
    here.join("anna", CARD, points=100)
    yield here
    here.close()


@pytest.fixture
def tills(here: Here) -> list[Till]:
    tills = [here.till(name, "s1") for name in ("t1", "t2", "t3")]
    for till in tills:
        till.sync()
    return tills


def do(till: Till, command: Command) -> Reply:
    return till.checkout.handle(command, till.here.now)


def sell(till: Till, number: str) -> tuple[Operation, Sale]:
    do(till, Code(text=CARD))
    do(till, GOODS)
    return paid(till, number)


def paid(till: Till, number: str) -> tuple[Operation, Sale]:
    day = till.here.now.astimezone(ALENKA.timezone).date().isoformat()
    assert do(till, Pay(sale=number, day=day)).code == "recorded"
    stored = till.cache.sale(SaleNumber(day=day, number=number))
    assert stored is not None
    operation = stored.operations[-1]
    assert isinstance(operation.body, Sale)
    return operation, operation.body


def under(till: Till) -> ProgrammeInForce:
    found = till.checkout.house.in_force(till.here.now)
    return programme_in_force(till.cache, found, till.checkout.house.programme)


def said(till: Till) -> list[str]:
    hub = HubStatus(url="http://h", online=True, cause="", code="", pulled_at=None, clock_off_s=0)
    found = till.checkout.house.in_force(till.here.now)
    words = PaperWords(found.programme, "en", None)
    told = troubles(words, hub, 0, (), None, (), in_force=under(till), now=till.here.now, clock_tolerance_s=60)
    return [one.code for one in told]


def test_all_tills_change_at_midnight_to_the_second_and_one_that_is_away_says_it_has_not(
    here: Here, tills: list[Till]
) -> None:
    first, second, away = tills
    put(here, source(), MIDNIGHT)
    for till in (first, second):
        till.sync()
        coming = under(till).coming
        assert isinstance(coming, ProgrammeVersion) and coming.version == "spring" and coming.here
        assert under(till).hash == ALENKA.content_hash and said(till) == []
    here.now = MIDNIGHT - SECOND
    for number, till in enumerate(tills):
        operation, sale = sell(till, f"a{number}")
        assert (operation.programme_hash, sale.accrued.points) == (ALENKA.content_hash, 20)
    here.now = MIDNIGHT
    for till in (first, second):
        operation, sale = sell(till, "b")
        assert (operation.programme_hash, sale.accrued.points) == (SPRING.content_hash, 40)
        assert (under(till).version, under(till).since) == ("spring", "2026-03-02T21:00:00.000000+00:00")
    away.online = False
    operation, sale = sell(away, "b")
    assert (operation.programme_hash, sale.accrued.points) == (ALENKA.content_hash, 20), "right under the older one"
    away.online = True
    away.sync()
    assert sell(away, "c")[0].programme_hash == SPRING.content_hash
    for till in tills:
        till.sync()
        assert till.cache.outbox_length() == 0 and till.cache.refused() == []
    assert here.points("anna") == 100 + 3 * 20 + 2 * 40 + 20 + 40


class Unfetched:
    """The hub, but for files: the line breaks whenever one is asked for."""

    def __init__(self, hub: Any) -> None:
        self._hub = hub

    def __getattr__(self, name: str) -> Any:
        return getattr(self._hub, name)

    def programme(self, hash: str) -> str:
        return "this is no programme"


def test_a_till_that_was_told_and_has_not_got_the_file_stays_under_the_one_before_and_says_so(
    here: Here, tills: list[Till]
) -> None:
    till = tills[0]
    put(here, source("winter", 300))
    till.sync()
    assert under(till).version == "winter"
    later(here, 60)
    put(here, source(), here.now)
    till.worker._hub = Unfetched(till.worker._hub)
    till.sync()
    shown = under(till)
    assert shown.version == "winter" and shown.missing is not None and said(till) == ["programme_missing"]
    assert sell(till, "1")[1].accrued.points == 30
    again = Cache(here.folder / "t1.db", "t1")
    assert [one.version for one in again.programmes.published] == ["winter", "spring"], "over a restart, too"
    again.close()
    till.cache.programmes.keep(SPRING.content_hash, source())
    assert under(till).version == "spring" and said(till) == []


def test_what_was_told_before_midnight_is_kept_and_recorded_under_its_rules(here: Here, tills: list[Till]) -> None:
    till = tills[0]
    put(here, source(), MIDNIGHT)
    till.sync()
    here.now = MIDNIGHT - SECOND
    do(till, Code(text=CARD))
    do(till, GOODS)
    assert do(till, Prepare()).code == "prepared"
    here.now = MIDNIGHT
    operation, sale = paid(till, "7")
    assert (operation.programme_hash, sale.accrued.points) == (ALENKA.content_hash, 20)
    (kept,) = [one for one in sale.deviations if one.kind == "quote_kept"]
    assert kept.note.split(",") == ["programme", "day"]


def test_before_the_money_the_new_rules_are_told(here: Here, tills: list[Till]) -> None:
    till = tills[0]
    put(here, source(), MIDNIGHT)
    till.sync()
    here.now = MIDNIGHT - SECOND
    do(till, Code(text=CARD))
    do(till, GOODS)
    here.now = MIDNIGHT
    assert do(till, Prepare()).code == "changed_programme"
    assert do(till, Prepare()).code == "prepared"
    assert paid(till, "7")[0].programme_hash == SPRING.content_hash


def test_a_file_that_a_page_tells_of_is_fetched_at_once_and_only_once(here: Here, tills: list[Till]) -> None:
    till = tills[0]
    put(here, source(), MIDNIGHT)
    here.told_anew()
    assert till.worker.step(0.0) == 0.0 and till.cache.programmes.source(SPRING.content_hash) is None
    assert till.worker.step(0.0) == 0.0 and till.cache.programmes.source(SPRING.content_hash) == source()
    assert till.worker.step(0.0) > 0.0, "then there is nothing to do"


def test_one_that_is_withdrawn_never_begins(here: Here, tills: list[Till]) -> None:
    till = tills[0]
    put(here, source(), MIDNIGHT)
    till.sync()
    withdraw(here.hub, "alenka", "spring")
    till.sync()
    here.now = MIDNIGHT
    assert under(till).hash == ALENKA.content_hash and under(till).since is None and said(till) == []


def test_a_till_with_another_file_under_the_same_version_is_told_and_so_is_the_hub(
    here: Here, tills: list[Till], caplog: pytest.LogCaptureFixture
) -> None:
    till = tills[0]
    text = source("2026-12-01", 700)
    other = read_source(text)
    till.checkout.house.programme = other
    till.cache.programmes.keep(other.content_hash, text)
    assert said(till) == ["programme_differs"]
    assert sell(till, "1")[1].accrued.points == 70, "it goes by its own: nobody is stopped"
    till.sync()
    till.sync()
    assert f"another file of alenka 2026-12-01: hash {other.content_hash[:16]}" in caplog.text
    (case,) = till.cache.cases.newest_open(5)
    assert (case.id, case.kind, case.sale, case.cost_kopecks) == ("other_file/t1/1/1", "other_file", "1", 0)
    assert say_case(case, ALENKA, "ru") == "чек 1: касса считает по другому файлу программы, чем сеть"
    assert [one.content_hash for one in unpublished(here.hub)] == [other.content_hash]
    put(here, source())
    till.sync()
    assert under(till).version == "spring" and said(till) == [], "from then on it goes by the hub's"


def test_a_report_is_under_what_is_in_force(here: Here, tills: list[Till]) -> None:
    till = tills[0]
    put(here, source().replace('few = "бонуса"', 'few = "сладкоежки"').replace('other = "bonuses"', 'other = "sweets"'))
    till.sync()
    sell(till, "1")
    assert "sweets" in (do(till, PointsReport(show=True)).text or "")


def test_a_file_whose_first_day_lies_ahead_is_not_in_force_before(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "till.db", "t1")
    ahead = replace(SPRING, effective_from=date(2030, 1, 1))
    with pytest.raises(SettingsError, match="effective_from = 2030-01-01"):
        programme_before(cache, ahead, NOW)
    cache.programmes.keep(ALENKA.content_hash, load_source("alenka"))
    assert programme_before(cache, ALENKA, NOW) is None
    assert programme_before(cache, ahead, NOW) == ALENKA
    assert is_ahead(ahead, NOW) and not is_ahead(ahead, datetime(2029, 12, 31, 21, tzinfo=UTC))
    cache.close()


def test_the_newest_that_has_begun_is_in_force_whatever_the_order(here: Here, tills: list[Till]) -> None:
    till = tills[0]
    winter, summer = source("winter", 300), source("summer", 600)
    put(here, winter)
    later(here, 5)
    put(here, summer, MIDNIGHT)
    put(here, source(), NOW + timedelta(hours=1))
    till.sync()
    moments = (here.now, NOW + timedelta(hours=1), MIDNIGHT - SECOND, MIDNIGHT)
    versions = [till.checkout.house.programme_at(at).version for at in moments]
    assert versions == ["winter", "spring", "spring", "summer"]
    assert all(isinstance(one, Published) for one in till.cache.programmes.published)
