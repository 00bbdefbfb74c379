"""`pos-hub programme`: what may be published, what is refused, and what the hub goes by (R30)."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from config.programmes import load_source, read_source
from hub.cli import cli
from hub.programmes import WAITING_MAX
from hub.publishing import NotPublished, publish, withdraw
from hub.store.office_records import PublishedRow
from hub.store.rows import Rows
from loyalty.bodies import Grant
from loyalty.programme import Programme
from loyalty.utc import utc_text
from offline_cache.cache import Cache
from pos_agent.cli import cli as pos_agent
from pos_agent.parts import hash_of_source
from sync.client import HubClient
from sync.protocol import SOURCE_BYTES_MAX
from sync.worker import SyncWorker
from tests.hub.conftest import NOW, Office
from tests.speaking import asking

DAY = timedelta(days=1)
HEARD_S = 30.0  # a hub looks every second at what others have published


def source(version: str, id: str = "alenka", *, first_day: str = "2026-01-15", **changed: str) -> str:
    text = load_source("alenka").replace('id = "alenka"', f'id = "{id}"').replace("2026-12-01", version)
    text = text.replace("effective_from = 2026-01-15", f"effective_from = {first_day}")
    for name, value in changed.items():
        text = text.replace(name, value)
    return text


def put(office: Office, text: str, at: datetime | None = None) -> tuple[PublishedRow, bool]:
    return tuple(publish(office.hub, read_source(text), text, at))  # type: ignore[return-value]


def in_force(office: Office, id: str = "alenka") -> Programme | None:
    return office.hub.programmes.get(id)


def test_each_is_in_force_from_its_moment_until_the_next_begins(office: Office) -> None:
    shipped = in_force(office)
    assert shipped is not None
    row, new = put(office, source("spring"), NOW + DAY)
    assert new and row == PublishedRow("alenka", NOW + DAY, "spring", read_source(source("spring")).content_hash, NOW)
    put(office, source("summer"), NOW + 2 * DAY)
    versions = []
    for hours in (0, 24, 47, 48):
        office.now = NOW + timedelta(hours=hours)
        found = in_force(office)
        assert found is not None
        versions.append(found.version)
    assert versions == [shipped.version, "spring", "spring", "summer"]
    assert office.verdict().faults == ()


def test_the_same_again_is_no_change_and_another_content_under_a_version_is_refused(office: Office) -> None:
    put(office, source("spring"))
    office.now += DAY
    assert not put(office, source("spring"))[1] and not put(office, source("spring"), office.now + DAY)[1]
    dearer = source("spring", **{"rate_bp = 200": "rate_bp = 100"})
    with pytest.raises(NotPublished, match=r"Version spring of alenka is known with other content"):
        put(office, dearer, office.now + DAY)
    with pytest.raises(NotPublished, match=r"known with other content"):  # that ships with the hub
        put(office, source("2026-12-01", **{"rate_bp = 200": "rate_bp = 100"}))
    with office.hub.store.reading() as reader:
        assert len(reader.published()) == 1


@pytest.mark.parametrize(
    ("text", "at", "said"),
    [
        (source("s2"), NOW - DAY, "That moment is over"),
        (source("s2"), NOW + DAY, "Version spring begins at that moment"),
        (source("s2", first_day="2026-05-01"), NOW + 2 * DAY, "effective_from = 2026-05-01"),
        (source("s2", timezone='timezone = "Asia/Omsk" #'), NOW + 2 * DAY, "The clock of alenka is Europe/Moscow"),
        (source("s2") + "#" * SOURCE_BYTES_MAX, NOW + 2 * DAY, "longer than"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(office: Office, text: str, at: datetime, said: str) -> None:
    put(office, source("spring"), NOW + DAY)
    with pytest.raises(NotPublished, match=said):
        put(office, text, at)
    with office.hub.store.reading() as reader:
        assert [row.version for row in reader.published()] == ["spring"]


def test_so_many_wait_to_begin_and_no_more(office: Office) -> None:
    for number in range(WAITING_MAX):
        put(office, source(f"v{number}"), NOW + (number + 1) * DAY)
    with pytest.raises(NotPublished, match="still to begin"):
        put(office, source("more"), NOW + 99 * DAY)
    page = office.hub.changes(till="t1", programme="alenka", after="", limit=1)
    assert page.programmes is not None and len(page.programmes) == WAITING_MAX + 1


def test_without_a_moment_it_begins_with_the_day_that_the_file_names(office: Office) -> None:
    assert put(office, source("may", first_day="2026-05-01"))[0].begins_at == datetime(2026, 4, 30, 21, tzinfo=UTC)


def test_only_what_has_not_begun_is_withdrawn(office: Office) -> None:
    put(office, source("spring"))
    put(office, source("summer"), NOW + DAY)
    assert [row.version for row in withdraw(office.hub, "alenka", "summer")] == ["summer"]
    with pytest.raises(NotPublished, match="has begun"):
        withdraw(office.hub, "alenka", "spring")
    with pytest.raises(NotPublished, match="No version"):
        withdraw(office.hub, "alenka", "summer")


def test_a_programme_that_ships_nowhere_is_the_hubs_own(office: Office) -> None:
    """Its points are granted, expire, and are verified by its own rules; it may begin in the past."""
    late = NOW - timedelta(hours=14)  # 22:00, and the next day in Moscow
    issued, sold = office.issued("c1", "vera"), office.sale("vera", earned=7)  # nobody has said yet what it is
    assert office.take(issued, sold, programme="rodnik", at=late) == ["applied", "applied"]
    assert in_force(office, "rodnik") is None
    put(office, source("1", "rodnik"), NOW - 30 * DAY)
    found = in_force(office, "rodnik")
    assert found is not None and found.id == "rodnik"
    assert office.take(office.sale("vera", earned=7), programme="rodnik", at=late) == ["applied"]
    assert office.verdict().faults == (), "days are counted by the clock by which they were counted"
    office.restart()
    assert office.hub.zone_of("rodnik").key == "UTC" and office.verdict().faults == ()
    assert office.born(Grant(member="vera", points=5, reason="gift", active_from=utc_text(NOW)), programme="rodnik")
    (told,) = office.hub.changes(till="t1", programme="rodnik", after="", limit=9).programmes or ()
    assert (told.id, told.version) == ("rodnik", "1")


def test_tills_are_told_of_what_is_in_force_and_comes_and_get_the_file(office: Office, url: str) -> None:
    def told() -> list[Any]:
        asked = {"till": "t1", "programme": "alenka", "limit": "1"}
        rows: list[Any] = asking.get(f"{url}/v3/changes", params=asked).json()["programmes"]
        return rows

    ((shipped,),) = (told(),)
    assert "from" not in shipped, "it ships, and is there to be compared"
    put(office, source("spring"), NOW + DAY)
    assert told()[0] == shipped and told()[1]["from"] == utc_text(NOW + DAY)
    office.now = NOW + 2 * DAY
    (spring,) = told()
    file = asking.get(f"{url}/v3/programmes/{spring['hash']}")
    assert file.json() == {"hash": spring["hash"], "source": source("spring")}
    strange = asking.get(f"{url}/v3/programmes/{'f' * 64}")
    assert strange.status_code == 409 and strange.json()["code"] == "unknown_programme"
    assert asking.get(f"{url}/v3/programmes/{shipped['hash']}").status_code == 409


def test_a_file_that_is_gone_from_the_shelf_is_found(office: Office) -> None:
    with office.hub.store.writing() as writer:
        writer.write(Rows(published=[PublishedRow("alenka", NOW, "v", "h" * 64, NOW)]))
    assert office.verdict().faults == ("programme alenka, version v: its file is not on the shelf",)


# the commands


def run(office: Office, *words: str) -> Any:
    return CliRunner().invoke(cli, ["programme", *words, "--db", str(office.path)])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "rodnik.toml"
    path.write_text(source("1", "rodnik"), encoding="utf-8")
    return path


def test_a_file_is_published_listed_shown_and_withdrawn(office: Office, file: Path) -> None:
    done = run(office, "publish", str(file), "--from", "2026-02-01")
    assert done.exit_code == 0 and "in force from 2026-02-01 00:00:00 (Europe/Moscow)" in done.output
    assert "Nothing to change" in run(office, "publish", str(file)).output
    assert run(office, "show", "rodnik").output == source("1", "rodnik")
    file.write_text(source("2", "rodnik"), encoding="utf-8")
    told = json.loads(run(office, "publish", str(file), "--from", "2999-01-01T06:00", "--json").output)
    assert (told["version"], told["from"], told["new"]) == ("2", "2999-01-01T03:00:00.000000+00:00", True)
    rows = [json.loads(line) for line in run(office, "list", "--json").output.splitlines()]
    states = {(row["id"], row["version"]): row["state"] for row in rows}
    assert states == {
        ("alenka", "2026-12-01"): "in force",
        ("perekrestok", "2026-12-01"): "in force",
        ("rodnik", "1"): "in force",
        ("rodnik", "2"): "to come",
    }
    assert "from 2999-01-01 06:00:00 (Europe/Moscow)" in run(office, "list").output
    assert run(office, "show", "rodnik", "--version", "2").output == source("2", "rodnik")
    assert "was to begin at 2999-01-01 06:00:00 (Europe/Moscow)" in run(office, "withdraw", "rodnik", "2").output
    (line,) = [line for line in run(office, "list").output.splitlines() if line.startswith("rodnik  2")]
    assert "withdrawn, not published" in line, "no till has it"
    assert run(office, "withdraw", "rodnik", "1").exit_code == 1
    assert run(office, "show", "alenka").output == load_source("alenka")


def test_a_hub_that_serves_hears_of_it_and_tells_its_tills(
    office: Office, file: Path, serve: Any, tmp_path: Path
) -> None:
    """Published by another process, beside it."""
    office.hub.close()
    served = serve(office.path)
    cache, client = Cache(tmp_path / "till.db", "t1"), HubClient(served.url, asking.speaker(served.url))
    worker = SyncWorker(
        cache,
        client,
        programme="rodnik",
        jitter=lambda: 0.0,
        clock=lambda: datetime.now(UTC),
        hash_of_source=hash_of_source,
    )
    worker.step(0.0)
    assert not cache.programmes.published and worker.state.online
    assert run(office, "publish", str(file)).exit_code == 0
    hash = read_source(source("1", "rodnik")).content_hash
    ends = time.monotonic() + HEARD_S
    while cache.programmes.source(hash) is None and time.monotonic() < ends:
        worker.step(0.0)
    assert cache.programmes.source(hash) == source("1", "rodnik")
    assert [one.hash for one in cache.programmes.published] == [hash]
    client.close()
    cache.close()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--from", "soon"], "'soon' is no time"),
        (["--from", "2025-01-01"], "effective_from = 2026-01-15"),
    ],
)
def test_a_mistake_is_told(office: Office, file: Path, words: list[str], said: str) -> None:
    done = run(office, "publish", str(file), *words)
    assert done.exit_code != 0 and said in done.output and run(office, "list", "--json").output.count("rodnik") == 0


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_check_says_the_same_words_everywhere(office: Office, file: Path, language: str) -> None:
    words = ["programme", "check", str(file), "--language", language]
    at_the_till, at_the_hub = (CliRunner().invoke(program, words) for program in (pos_agent, cli))
    assert at_the_till.output == at_the_hub.output and at_the_till.exit_code == at_the_hub.exit_code == 0
    assert at_the_hub.output in run(office, "publish", str(file), "--language", language).output
    file.write_text("id = 5", encoding="utf-8")
    bad = [str(CliRunner().invoke(program, words).exception or "") for program in (cli,)]
    assert bad[0].endswith(str(CliRunner().invoke(pos_agent, words).output).removeprefix("Error: ").strip())


def test_the_example_of_a_chain_that_ships_nowhere_is_published_as_the_readme_says(office: Office) -> None:
    done = run(office, "publish", "docs/examples/rodnik.toml", "--from", "2026-04-01", "--json")
    assert json.loads(done.output)["from"] == utc_text(datetime(2026, 3, 31, 21, tzinfo=UTC))
    found = in_force(office, "rodnik")
    office.restart()
    assert found is None and in_force(office, "rodnik") is not None, "another process has published it"
