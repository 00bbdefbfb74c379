"""Settings from the office: a till keeps them as a proposal, shows the difference, and goes by them once somebody there
has agreed. From `pos-hub till settings` to the agent's next start, over the real wire."""

from __future__ import annotations

import json
import string
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import requests
from click.testing import CliRunner
from msgspec import UNSET

from config.accepted import FILE as ACCEPTED
from config.accepted import Accepted
from config.settings import Settings, load_settings
from hub.build import build_hub, build_programmes
from hub.cli import cli as hub_cli
from hub.face.tills import hub_app
from hub.tills.joining import invite
from hub.tills.settings import say
from pos_agent.build import Till as Built
from pos_agent.cli import cli
from pos_agent.joining import join
from pos_agent.office_settings import PROPOSED, OfficeSettings
from pos_agent.settings_difference import Change, difference, is_decided
from pos_agent.settings_told import lines, look
from pos_agent.settings_words import SETTINGS_WORDS, said_of
from pos_agent.status import OfficeSettingsState
from sync.joining import secret_of
from sync.proposal import UNREAD, Proposal
from sync.protocol import ToldSetting
from tests.one_port import Server
from tests.pos_agent.running import TIMEOUT_S, started
from tests.there import there

CODE = "K7QX2MPD"


class Shop:
    """A hub, and a till of store omsk-7 that has joined it."""

    def __init__(self, folder: Path, server: Server) -> None:
        self.folder = folder
        self.hub = build_hub(folder / "hub.db", build_programmes(), serving=True)
        server.app = hub_app(self.hub)
        self.url = server.url
        self.built: Built | None = None
        self.seconds = 0.0
        self.file = folder / "pos-agent.toml"
        self.write()
        secret = secret_of(CODE, "till-1")
        self.hub.within(lambda writer: invite(writer, "till-1", secret, self.hub.now(), store="omsk-7", by="Olga"))
        join(load_settings(self.file), CODE)

    def write(self, *lines: str) -> None:
        top = 'till = "till-1"\nprogramme = "alenka"\ndata = "data"\nlanguage = "en"\nidle_minutes = 30\n'
        tables = f'[store]\nid = "omsk-7"\n[hub]\nurl = "{self.url}"\n[api]\nport = 0\n'
        self.file.write_text("\n".join([top, *lines, tables]), encoding="utf-8")

    def office(self, *words: str) -> None:
        """`pos-hub till settings …`, by Olga."""
        done = CliRunner().invoke(
            hub_cli, ["till", "settings", *words, "--db", str(self.folder / "hub.db"), "--by", "Olga"]
        )
        assert done.exit_code == 0, done.output

    def command(self, *words: str) -> str:
        """`pos-agent settings …`."""
        done = CliRunner().invoke(cli, ["settings", "--config", str(self.file), *words])
        assert done.exit_code == 0, (done.output, done.exception)
        return done.output

    def start(self) -> Built:
        """As `pos-agent run` does, after the agent of before has ended."""
        self.stop()
        self.built = Built(load_settings(self.file), own=load_settings(self.file, accepted=False))
        return self.built

    def stop(self) -> None:
        if self.built is not None:
            self.built.listener.close()
            self.built.cache.close()
            there(self.built.told).close()
            self.built._lock.close()
            self.built = None

    def sync(self) -> None:
        """Until there is nothing more to hear."""
        built = there(self.built)
        self.seconds += 3_600
        while built.sync.step(self.seconds) <= self.seconds:
            pass
        assert built.sync.state.online, built.sync.state

    def codes(self) -> list[str]:
        return [one.code for one in there(self.built).status().troubles if one.code.startswith("settings_")]

    def kept(self) -> OfficeSettings:
        return OfficeSettings(self.folder / "data")

    def close(self) -> None:
        self.stop()
        self.hub.close()


@pytest.fixture
def shop(tmp_path: Path, server: Server) -> Iterator[Shop]:
    shop = Shop(tmp_path, server)
    yield shop
    shop.close()


def test_from_the_office_to_the_tills_next_start(shop: Shop) -> None:
    till = shop.start()
    shop.sync()
    assert shop.codes() == [] and till.status().settings is UNSET
    assert "The office proposes no change" in shop.command()

    shop.office("set", "--store", "*", "idle_minutes=20", "language=en")
    shop.office("set", "--store", "omsk-7", "idle_minutes=10")
    shop.office("set", "--store", "tomsk-1", "retell_hours=1")
    shop.sync()
    assert till.status().settings == OfficeSettingsState(waiting=("idle_minutes",)), "language holds as it is"
    assert shop.codes() == ["settings_wait"]
    assert load_settings(shop.file).idle_minutes == 30, "nothing holds that nobody here agreed to"
    shown = shop.command()
    assert "idle_minutes: now 30, proposed 10 (Olga, " in shown and "to store omsk-7)" in shown

    accepted = shop.command("accept")
    assert "idle_minutes: now 30, proposed 10" in accepted and "Accepted. It holds when" in accepted
    assert shop.codes() == ["settings_restart"] and till.settings.idle_minutes == 30
    till = shop.start()
    assert till.settings.idle_minutes == 10
    shop.sync()
    assert shop.codes() == []
    shown = shop.command()
    assert "proposes no change" in shown and "idle_minutes = 10: accepted from the office" in shown and "(30)" in shown


def test_what_is_refused_is_left_and_asked_again_only_when_the_office_says_something_else(shop: Shop) -> None:
    shop.office("set", "--store", "omsk-7", "idle_minutes=10")
    shop.start()
    shop.sync()
    assert "Refused: all stays" in shop.command("refuse")
    shop.sync()
    assert shop.codes() == []
    assert "This was refused here on" in shop.command() and load_settings(shop.file).idle_minutes == 30
    shop.office("set", "--store", "omsk-7", "retell_hours=6")
    shop.sync()
    assert shop.codes() == ["settings_wait"]
    shop.command("accept")
    assert (load_settings(shop.file).idle_minutes, load_settings(shop.file).retell_hours) == (10, 6)


def test_whoever_refused_may_still_accept(shop: Shop) -> None:
    shop.office("set", "--store", "omsk-7", "idle_minutes=10")
    shop.start()
    shop.sync()
    shop.command("refuse")
    shop.command("accept")
    assert load_settings(shop.file).idle_minutes == 10
    assert "proposes no change" in shop.command("accept") == shop.command("refuse"), "there is nothing to decide on"


def test_what_was_accepted_goes_back_to_the_tills_own_file_without_the_hub(shop: Shop) -> None:
    shop.office("set", "--store", "omsk-7", "idle_minutes=10")
    shop.start()
    shop.sync()
    shop.command("accept")
    shop.start()
    assert "the till's own file" in shop.command("refuse", "--all")
    assert shop.codes() == ["settings_restart"]
    assert shop.start().settings.idle_minutes == 30
    assert shop.codes() == [], "the same word does not come again"


def test_what_the_office_takes_back_goes_back_when_somebody_agrees(shop: Shop) -> None:
    shop.office("set", "--store", "omsk-7", "idle_minutes=10")
    shop.start()
    shop.sync()
    shop.command("accept")
    shop.start()
    shop.office("unset", "--store", "omsk-7", "idle_minutes")
    shop.sync()
    assert shop.codes() == ["settings_wait"] and load_settings(shop.file).idle_minutes == 10
    assert "idle_minutes: now 10, the till's own file says 30" in shop.command()
    shop.command("accept")
    assert load_settings(shop.file).idle_minutes == 30


def test_a_till_of_an_older_version_sets_aside_what_it_cannot_take_and_says_so(shop: Shop) -> None:
    """The hub is upgraded first: its office may say what this till does not know."""
    news: dict[str, Any] = {"sleep_hours": 3, "idle_minutes": 0, "retell_hours": 6}
    shop.hub.within(lambda writer: say(writer, "omsk-7", news, by="Olga", now=shop.hub.now()))
    till = shop.start()
    shop.sync()
    state = OfficeSettingsState(waiting=("retell_hours",), aside=("idle_minutes", "sleep_hours"))
    assert till.status().settings == state and shop.codes() == ["settings_wait", "settings_aside"]
    shown = shop.command()
    assert "sleep_hours: this version of the till cannot take it (`sleep_hours` is no setting" in shown
    assert "idle_minutes is 0; write a whole number from 1 to 1440" in shown
    shop.command("accept")
    till = shop.start()
    assert (till.settings.retell_hours, till.settings.idle_minutes) == (6, 30) and shop.codes() == []


def test_a_till_where_people_practise_takes_none(shop: Shop) -> None:
    shop.office("set", "--store", "omsk-7", "idle_minutes=10")
    shop.start()
    shop.sync()
    shop.command("accept")
    (shop.folder / "data" / PROPOSED).unlink()
    shop.write("training = true")
    till = shop.start()
    shop.sync()
    assert till.settings.idle_minutes == 30 and shop.codes() == []
    assert not (shop.folder / "data" / PROPOSED).exists(), "it is not even told"
    done = CliRunner().invoke(cli, ["settings", "--config", str(shop.file), "accept"])
    assert done.exit_code == 1 and "goes by its own file alone" in str(done.exception)


def test_a_proposal_on_a_disk_that_somebody_spoiled_is_asked_for_again(shop: Shop) -> None:
    shop.office("set", "--store", "omsk-7", "idle_minutes=10")
    shop.start()
    for content in (b"", b"{", b"\xff\x00", b"[" * 5_000, b'{"edition":7}'):
        (shop.folder / "data" / PROPOSED).write_bytes(content)
        assert shop.kept().proposal == Proposal() and "proposes no change" in shop.command()
        shop.sync()
        assert shop.codes() == ["settings_wait"]


def test_a_disk_that_takes_nothing_stops_no_exchange_and_is_tried_again(shop: Shop, tmp_path: Path) -> None:
    shop.office("set", "--store", "omsk-7", "idle_minutes=10")
    till = shop.start()
    (shop.folder / "data" / PROPOSED).mkdir()  # nothing can be put in its place
    shop.sync()
    assert till.sync.state.online and shop.codes() == []
    (shop.folder / "data" / PROPOSED).rmdir()
    shop.sync()
    assert shop.codes() == ["settings_wait"]


def test_a_decision_that_cannot_be_written_says_what_helps(shop: Shop) -> None:
    shop.office("set", "--store", "omsk-7", "idle_minutes=10")
    shop.start()
    shop.sync()
    (shop.folder / "data" / ACCEPTED).mkdir()
    for word in ("accept", "refuse"):
        done = CliRunner().invoke(cli, ["settings", "--config", str(shop.file), word])
        assert done.exit_code == 1 and "the decision cannot be written" in str(done.exception)


def test_programs_get_the_same_as_json(shop: Shop) -> None:
    shop.office("set", "--store", "omsk-7", "idle_minutes=10")
    shop.start()
    shop.sync()
    told = json.loads(shop.command("--json"))
    assert told["till"] == "till-1" and told["decided"] is None and told["accepted"] == {}
    (change,) = told["changes"]
    assert (change["name"], change["now"], change["proposed"]) == ("idle_minutes", 30, 10)
    assert (change["store"], change["by"]) == ("omsk-7", "Olga")


def test_the_agent_that_runs_says_it_to_whoever_asks(shop: Shop) -> None:
    """As a process: it was started with what had been accepted, and knows what its own file says besides."""
    shop.office("set", "--store", "omsk-7", "idle_minutes=10")
    shop.start()
    shop.sync()
    shop.command("accept")
    shop.stop()
    shop.office("unset", "--store", "omsk-7", "idle_minutes")
    child, url = started(shop.file)
    try:
        token = (shop.folder / "data" / "api-token").read_text(encoding="ascii")
        headers, deadline = {"Authorization": f"Bearer {token}"}, time.monotonic() + TIMEOUT_S
        status: dict[str, Any] = {}
        while "settings" not in status and time.monotonic() < deadline:  # until it has met the hub
            status = requests.get(f"{url}/v1/status", headers=headers, timeout=TIMEOUT_S).json()
    finally:
        child.terminate()
        child.communicate(timeout=TIMEOUT_S)
    assert status["settings"]["waiting"] == ["idle_minutes"]


def test_what_was_accepted_under_another_version_is_not_said_to_hold(shop: Shop) -> None:
    kept = Accepted(edition="ab", decided="accepted", at="", holds={"sleep_hours": 3, "retell_hours": 6})
    shop.start()
    (shop.folder / "data" / ACCEPTED).write_bytes(msgspec.json.encode(kept))
    shown = shop.command()
    assert "retell_hours = 6: accepted from the office" in shown and "sleep_hours" not in shown


# the difference


@pytest.fixture
def own(tmp_path: Path) -> Settings:
    file = tmp_path / "pos-agent.toml"
    file.write_text(
        'till = "till-1"\nprogramme = "alenka"\ndata = "data"\nidle_minutes = 30\n[hub]\nurl = "http://h"\n', "utf-8"
    )
    return load_settings(file)


def told(*unread: str, edition: str = "ab", **values: Any) -> Proposal:
    rows = [
        ToldSetting(name=name, value=value, store="*", by="Olga", at="2026-03-02T12:00:00+00:00")
        for name, value in values.items()
    ]
    return Proposal(edition=edition, settings=tuple(rows), unread=unread)


def changes(own: Settings, proposal: Proposal, **holds: Any) -> list[tuple[str, Any, Any]]:
    now = msgspec.structs.replace(own, **holds)
    found = difference(now, own, proposal, Accepted(decided="accepted", holds=holds))
    return [(change.name, change.now, change.then) for change in found.changes]


def test_a_difference_is_what_would_change_and_nothing_else(own: Settings) -> None:
    assert changes(own, told()) == []
    assert changes(own, told(idle_minutes=30, language="ru")) == [], "as it is by the file"
    assert changes(own, told(idle_minutes=10)) == [("idle_minutes", 30, 10)]
    assert changes(own, told(idle_minutes=10), idle_minutes=10) == [], "as it was accepted"
    assert changes(own, told(idle_minutes=20), idle_minutes=10) == [("idle_minutes", 10, 20)]
    assert changes(own, told(), idle_minutes=10) == [("idle_minutes", 10, 30)], "said no more"
    assert changes(own, told(idle_minutes=30), idle_minutes=10) == [("idle_minutes", 10, 30)]


def test_what_cannot_be_read_or_taken_takes_nothing_back_that_was_accepted(own: Settings) -> None:
    assert changes(own, told(UNREAD, edition=""), idle_minutes=10, language="en") == []
    assert changes(own, told("idle_minutes"), idle_minutes=10, language="en") == [("language", "en", "ru")]
    assert changes(own, told(idle_minutes=0), idle_minutes=10) == []


@pytest.mark.parametrize("decided", ["accepted", "refused"])
def test_a_decision_is_of_one_edition_and_of_what_could_be_read(decided: Any) -> None:
    assert is_decided(told(edition="ab"), Accepted(edition="ab", decided=decided))
    assert is_decided(Proposal(), Accepted(decided=decided)), "the office says nothing any more, and that is agreed"
    assert not is_decided(told(edition="cd"), Accepted(edition="ab", decided=decided))
    assert not is_decided(told(UNREAD, edition=""), Accepted(decided=decided))
    assert not is_decided(Proposal(), Accepted())


def test_whose_word_it_is_stands_beside_each_change(own: Settings) -> None:
    proposal = told(idle_minutes=10)
    found = difference(own, own, proposal, Accepted())
    assert found.changes == (Change("idle_minutes", 30, 10, proposal.settings[0]),)


# words


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("code", SETTINGS_WORDS)
def test_both_languages_name_the_same_facts(code: str) -> None:
    russian, english = SETTINGS_WORDS[code]
    assert fields(russian) == fields(english)
    assert any("а" <= letter <= "я" for letter in russian.lower())
    assert not any("а" <= letter <= "я" for letter in english.lower())


@pytest.mark.parametrize(
    "state, said",
    [
        (UNSET, []),
        (OfficeSettingsState(waiting=("language",)), ["settings_wait"]),
        (OfficeSettingsState(restart=True), ["settings_restart"]),
        (
            OfficeSettingsState(waiting=("a", "b"), aside=("c",), restart=True),
            ["settings_wait", "settings_aside", "settings_restart"],
        ),
    ],
)
def test_what_whoever_only_looks_is_told(state: Any, said: list[str]) -> None:
    for language in ("ru", "en"):
        assert [code for code, _ in said_of(state, language)] == said


def test_a_russian_till_says_it_in_russian(shop: Shop) -> None:
    shop.office("set", "--store", "omsk-7", "language=ru")
    shop.start()
    shop.sync()
    shop.command("accept")
    shop.office("set", "--store", "*", "idle_minutes=20")
    shop.start()
    shop.sync()
    (trouble,) = [one for one in there(shop.built).status().troubles if one.code == "settings_wait"]
    assert trouble.text.startswith("Офис предлагает новые настройки (idle_minutes).")
    assert [
        line for line in lines(look(shop.file)) if "сейчас 30, предлагается 20" in line and "всем магазинам" in line
    ]
