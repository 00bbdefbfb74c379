"""What the office says of tills' settings: whose word goes before whose, who said it, and what is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hub.build import build_hub
from hub.cli import cli
from hub.hub import Hub
from hub.tills.settings import ALL_STORES, Value, edition_of, said_everywhere, said_to, say, told_if_news
from sync.protocol import ToldSetting
from tests.there import there

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
Run = Callable[..., Result]


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    hub = build_hub(tmp_path / "hub.db", {}, serving=False, now=lambda: NOW)
    yield hub
    hub.close()


@pytest.fixture
def office(hub: Hub, tmp_path: Path) -> Run:
    def run(*words: str) -> Result:
        return CliRunner().invoke(cli, ["till", "settings", *words, "--db", str(tmp_path / "hub.db")])

    return run


def says(hub: Hub, store: str = ALL_STORES, **values: Value | None) -> None:
    hub.within(lambda writer: say(writer, store, values, by="Olga", now=NOW))


def told(hub: Hub, store: str) -> dict[str, Value]:
    with hub.store.reading() as reader:
        return {one.name: one.value for one in said_to(reader, store)}


def test_a_stores_word_goes_before_the_chains_whichever_came_first(hub: Hub) -> None:
    says(hub, "s1", idle_minutes=10)
    says(hub, idle_minutes=20, language="en")
    says(hub, "s2", language="ru")
    assert told(hub, "s1") == {"idle_minutes": 10, "language": "en"}
    assert told(hub, "s2") == {"idle_minutes": 20, "language": "ru"}
    assert told(hub, "") == {"idle_minutes": 20, "language": "en"}, "a till without a store"


def test_what_is_taken_back_leaves_the_chains_word_and_who_took_it_back(hub: Hub) -> None:
    says(hub, idle_minutes=20)
    says(hub, "s1", idle_minutes=10)
    says(hub, "s1", idle_minutes=None)
    assert told(hub, "s1") == {"idle_minutes": 20}
    says(hub, idle_minutes=None)
    assert told(hub, "s1") == {}
    with hub.store.reading() as reader:
        assert said_everywhere(reader) == []
        bodies = [json.loads(row.body) for row in reader.all_till_settings()]
    assert [(body["value"], body["by"]) for body in bodies] == [(None, "Olga")] * 2


def test_a_till_is_told_only_what_is_news_to_it_and_nothing_where_it_takes_none(hub: Hub) -> None:
    says(hub, idle_minutes=20)
    with hub.store.reading() as reader:
        news = there(told_if_news(reader, "s1", ""))
        assert news.settings == (
            ToldSetting(name="idle_minutes", value=20, store="*", by="Olga", at="2026-03-02T12:00:00.000000+00:00"),
        )
        assert told_if_news(reader, "s1", news.edition) is None
        assert told_if_news(reader, "s1", None) is None
    says(hub, idle_minutes=None)
    with hub.store.reading() as reader:
        back = there(told_if_news(reader, "s1", news.edition))
        assert (back.edition, back.settings) == ("", ())
        assert told_if_news(reader, "s1", "") is None, "where nothing is said, every page is as short as before"


def test_an_edition_is_another_for_another_word_or_person(hub: Hub) -> None:
    row = ToldSetting(name="idle_minutes", value=20, store="*", by="Olga", at="2026-03-02T12:00:00+00:00")
    others = [
        ToldSetting(**{**{name: getattr(row, name) for name in row.__struct_fields__}, **change})
        for change in ({"value": 21}, {"by": "Ira"}, {"store": "s1"}, {"name": "retell_hours"}, {"at": row.at + "Z"})
    ]
    assert len({edition_of((one,)) for one in (row, *others)}) == 6 and edition_of(()) == ""


def test_the_office_says_shows_and_takes_back(office: Run) -> None:
    said = office("set", "--store", "omsk-7", "idle_minutes=10", "language=en", 'receipt_language="en"', "--by", "Olga")
    assert said.exit_code == 0 and "No store omsk-7 is listed" in said.output
    assert 'idle_minutes = 10\nlanguage = "en"\nreceipt_language = "en"\nSaid to the tills of store' in said.output
    office("set", "--store", "*", "balance_by_phone=true", "--by", "Ira")
    shown = office("show", "--store", "omsk-7").output.splitlines()
    assert [line.partition("  ")[0] for line in shown] == [
        "balance_by_phone = true",
        "idle_minutes = 10",
        'language = "en"',
        'receipt_language = "en"',
    ]
    assert re.fullmatch(r"balance_by_phone = true  all stores, said by Ira, [0-9-]{10} [0-9:]{5} UTC", shown[0])
    assert len(office("show").output.splitlines()) == 4
    assert office("unset", "--store", "omsk-7", "language", "idle_minutes").exit_code == 0
    assert [json.loads(line)["name"] for line in office("show", "--store", "omsk-7", "--json").output.splitlines()] == [
        "balance_by_phone",
        "receipt_language",
    ]
    nothing = office("unset", "--store", "omsk-7", "balance_by_phone")
    assert (
        nothing.exit_code == 1 and "Of balance_by_phone nothing is said to the tills of store omsk-7" in nothing.output
    )


def test_a_file_says_the_same_as_its_lines_do(office: Run, tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('language = "en"\nidle_minutes = 10\n', encoding="utf-8")
    assert office("set", "--store", "s1", "--file", str(file), "idle_minutes=15").exit_code == 0
    assert office("show", "--store", "s1").output.splitlines()[0].startswith("idle_minutes = 15")
    file.write_text('language = "en"\n[api]\nport = 1\n', encoding="utf-8")
    refused = office("set", "--store", "s2", "--file", str(file))
    assert refused.exit_code == 1 and "`api` is said at the till alone" in refused.output
    assert "Nothing is said" in office("show", "--store", "s2").output


@pytest.mark.parametrize(
    "words, why",
    [
        (["idle_minutes=0", "language=en"], "idle_minutes is 0; write a whole number from 1 to 1440, without quotes."),
        (["langage=en"], "`langage` is no setting; perhaps `language` is meant."),
        (["api.port=7"], "`api.port` is said at the till alone: ports are the machine's own"),
        (["language=en\nidle_minutes = 3"], "language is 'en\\nidle_minutes = 3'; it may be 'ru' or 'en'"),
        (["language="], "language is ''; it may be"),
        (["language"], "'language' says no value: write it like idle_minutes=10."),
        ([], "Say NAME=VALUE, or give --file."),
        (["--file", "nowhere.toml"], "nowhere.toml cannot be read: No such file or directory. Nothing is said."),
        (["language=en", "--by", "x" * 61], "a name has 1 to 60 letters"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_of_it_is_said(office: Run, words: list[str], why: str) -> None:
    done = office("set", "--store", "s1", *words)
    assert done.exit_code != 0 and why in done.output
    assert office("show").output.startswith("Nothing is said: every till goes by its own file.")
