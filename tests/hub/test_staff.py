"""The book of staff: who may sign in where, what tills are told of it, and what the office answers for."""

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
from hub.office.staff_door import StaffDoor
from hub.staff import book
from sync.protocol import ToldStaff
from sync.staff_codes import answer_code, badge_hash, pin_fits
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
    def run(*words: str, typed: str | None = None) -> Result:
        return CliRunner().invoke(cli, ["staff", *words, "--db", str(tmp_path / "hub.db")], input=typed)

    return run


def told(hub: Hub, store: str, known: str = "") -> ToldStaff | None:
    with hub.store.reading() as reader:
        return book.told_if_news(reader, store, known, hub.pepper)


def ids(hub: Hub, store: str) -> list[str]:
    news = told(hub, store)
    return [one.id for one in news.people] if news is not None else []


def test_a_till_hears_of_its_store_s_people_and_of_nobody_else(hub: Hub, office: Run) -> None:
    assert told(hub, "s1") is None and told(hub, "") is None, "no list"
    office("add", "petrova", "--store", "s1", "--role", "manager")
    office("add", "ivanov", "--store", "s1", "--store", "s2")
    office("add", "vera", "--role", "office")
    assert ids(hub, "s1") == ["ivanov", "petrova", "vera"]
    assert ids(hub, "s2") == ["ivanov", "vera"]
    assert ids(hub, "") == ["vera"], "a till without a store"
    edition = there(told(hub, "s2")).edition
    assert told(hub, "s2", edition) is None
    office("revoke", "petrova")
    assert told(hub, "s2", edition) is None, "nothing of its own has changed"
    assert ids(hub, "s1") == ["ivanov", "vera"]
    office("restore", "petrova")
    office("change", "petrova", "--store", "s2")
    assert ids(hub, "s1") == ["ivanov", "vera"] and ids(hub, "s2") == ["ivanov", "petrova", "vera"]
    office("change", "petrova", "--all-stores", "--name", "Петрова А.")
    assert {one.name for one in there(told(hub, "s1")).people} == {"ivanov", "Петрова А.", "vera"}


def test_a_list_of_which_all_were_sent_away_is_still_one(hub: Hub, office: Run) -> None:
    office("add", "petrova")
    office("revoke", "petrova")
    news = there(told(hub, "s1"))
    assert news.edition and news.people == ()


def test_pins_badges_and_keys_are_shown_once_and_kept_as_hashes(hub: Hub, office: Run, tmp_path: Path) -> None:
    office("add", "petrova", "--role", "manager", "--name", "Петрова А.")
    pin = there(re.search(r"PIN: (\d{6})", office("pin", "petrova").output)).group(1)
    badge = office("badge", "petrova").output.strip()
    key = office("key", "petrova").output.strip()
    (person,) = there(told(hub, "s1")).people
    assert pin_fits(hub.pepper, pin, person.pin) and not pin_fits(bytes(32), pin, person.pin)
    assert badge_hash(hub.pepper, badge.lower()) == person.badge
    door = StaffDoor(hub)
    assert there(door.by_pin("петрова  а.", pin)).id == there(door.by_key(key)).id == "petrova"
    assert door.by_pin("petrova", "0000") is None and door.by_key(key + "x") is None
    kept = b"".join(file.read_bytes() for file in tmp_path.glob("hub.db*") if file.is_file())
    assert not [secret for secret in (badge[3:], key, hub.pepper.hex()) if secret.encode() in kept]
    office("revoke", "petrova")
    assert door.by_pin("petrova", pin) is None and door.by_key(key) is None and door.still("petrova") is None


@pytest.mark.parametrize(("typed", "code"), [("4711\n4711\n", 0), ("471\n471\n", 1), ("47a1\n47a1\n", 1)])
def test_a_pin_of_one_s_own_is_asked_for_twice(office: Run, typed: str, code: int) -> None:
    office("add", "petrova")
    done = office("pin", "petrova", "--own", typed=typed)
    assert done.exit_code == code and "4711" not in done.output


def test_a_badge_that_there_is_is_read_in(hub: Hub, office: Run) -> None:
    office("add", "petrova")
    text = book.random_badge()
    assert office("badge", "petrova", "--read", typed=f"{text}\n").exit_code == 0
    assert there(told(hub, "")).people[0].badge == badge_hash(hub.pepper, text)
    assert office("badge", "petrova", "--read", typed="ps:short\n").exit_code == 1


def test_who_did_what_with_whom_and_when_is_kept(office: Run) -> None:
    office("add", "petrova", "--by", "vera")
    office("pin", "petrova", "--by", "olga")
    office("revoke", "petrova", "--by", "vera")
    (line,) = office("list", "--json").output.splitlines()
    deeds = [(one["what"], one["by"]) for one in json.loads(line)["deeds"]]
    assert deeds == [("added as cashier", "vera"), ("PIN", "olga"), ("revoked", "vera")]
    assert "argon2" not in line


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["add", "petrova"], "petrova is there already"),
        (["add", "Петрова"], "an id has small letters"),
        (["pin", "nobody"], "Nobody is called nobody"),
        (["revoke", "nobody"], "Nobody is called nobody"),
        (["answer", "K7Q2"], "A challenge has 8 letters"),
        (["add", "ivanov", "--store", "*"], "a store's id"),
    ],
)
def test_what_cannot_be_is_told_in_a_line(office: Run, words: list[str], why: str) -> None:
    office("add", "petrova")
    done = office(*words)
    assert done.exit_code != 0 and why in done.output and "Traceback" not in done.output


def test_the_office_answers_for_a_step_and_it_is_kept_who(hub: Hub, office: Run) -> None:
    office("add", "vera", "--name", "Вера К.", "--role", "manager")
    office("add", "anna", "--name", "Анна", "--role", "cashier")
    answered = ("answer", "k7q2-m4xd", "--about", "return of 500")
    code = office(*answered, "--as", "vera").output[:6]
    assert code == answer_code(hub.pepper, "K7Q2M4XD", "vera")
    (line,) = office("answer", "--list").output.splitlines()
    assert "K7Q2M4XD  Вера К.  return of 500" in line
    assert "anna may answer for no step" in office(*answered, "--as", "anna").output
    assert "Who answers?" in office(*answered).output
    office("revoke", "vera")
    assert "vera may answer for no step" in office(*answered, "--as", "vera").output


def test_after_a_theft_no_pin_holds_and_tills_get_another_pepper(hub: Hub, office: Run) -> None:
    pin = there(re.search(r"PIN: (\d{6})", office("add", "petrova", "--pin").output)).group(1)
    before = there(told(hub, ""))
    assert office("rotate", "--yes").output == "1 people need a new PIN or badge.\n"
    after = there(told(hub, "", before.edition))
    assert after.pepper != before.pepper and after.people[0].pin == ""
    assert StaffDoor(hub).by_pin("petrova", pin) is None
