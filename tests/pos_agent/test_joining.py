"""A till joins its hub: the ceremony whole, over HTTP, and every way in which it can fail."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.types import Receive, Scope, Send

from config.settings import Settings
from hub.face.tills import hub_app
from hub.face.wire import answer
from hub.tills.joining import revoke
from hub.tills.till import JOIN_MINUTES, JOIN_TRIES
from pos_agent.doctor import till as doctor
from pos_agent.invited import JoinFailed
from pos_agent.join_words import JOIN_WORDS
from pos_agent.joining import join
from pos_agent.keys import IDENTITY as FILE
from storage.lock import hold
from sync.hub_port import HubRefused
from sync.joining import JoinReply
from sync.sealed import NotSealed, opened
from tests.one_port import Server
from tests.pos_agent.inviting import CODE, NOW, TYPED, Chain, carried, run

WAIT_S = 20.0  # on the slowest machine; a moment is usual


@pytest.fixture
def chain(tmp_path: Path, server: Server) -> Iterator[Chain]:
    chain = Chain(tmp_path, server)
    yield chain
    chain.hub.close()


def until(true: Callable[[], bool]) -> None:
    """The hub writes it after its answer."""
    deadline = time.monotonic() + WAIT_S
    while not true():
        assert time.monotonic() < deadline


def why_not(settings: Settings, code: str) -> tuple[str, str]:
    with pytest.raises(JoinFailed) as failed:
        join(settings, code)
    assert not (Path(settings.keys) / FILE).exists()
    return failed.value.code, failed.value.text("en")


def test_a_till_joins_with_the_code_and_is_heard(chain: Chain) -> None:
    chain.invite()
    settings = chain.settings()
    identity = join(settings, TYPED)
    assert (identity.till, identity.store, identity.ledger) == ("till-1", "s1", chain.hub.ledger)
    assert identity.hub_key == chain.hub.keys.public and chain.till().state == "joined"
    kept = Path(settings.keys) / FILE
    assert kept.stat().st_mode & 0o077 == 0 and kept.parent.stat().st_mode & 0o077 == 0
    assert Path(settings.data) not in kept.parents, "who copies the data has no key"
    chain.push(settings)
    until(lambda: chain.till().heard_at is not None)


def test_neither_the_code_nor_a_private_key_goes_over_the_wire_or_into_the_ledger(chain: Chain) -> None:
    chain.invite()
    settings = chain.settings()
    key = join(settings, TYPED).key
    with chain.hub.store.reading() as reader:
        row = reader.tills(["till-1"])["till-1"].body
    assert CODE not in row and key not in row and json.loads(row)["key"] != key


def test_a_code_is_good_once(chain: Chain) -> None:
    chain.invite()
    join(chain.settings(), TYPED)
    chain.folder.joinpath("till-1.keys", FILE).unlink()
    code, text = why_not(chain.settings(), TYPED)
    assert code == "not_invited" and "pos-hub till add till-1" in text


def test_a_code_is_good_for_minutes(chain: Chain) -> None:
    chain.invite()
    chain.now += timedelta(minutes=JOIN_MINUTES)
    assert why_not(chain.settings(), TYPED)[0] == "not_invited"


def test_wrong_codes_are_counted_and_then_the_right_one_is_none_either(chain: Chain) -> None:
    chain.invite()
    for left in reversed(range(JOIN_TRIES)):
        code, text = why_not(chain.settings(), "K7QX-2MPE")
        assert code == "wrong_code" and f"Tries left: {left}" in text
    assert why_not(chain.settings(), TYPED)[0] == "not_invited"


@pytest.mark.parametrize("code", ["", "K7QX", "K7QX-2MPDD", "K7QX-2MPÜ", "U" * 8])
def test_what_is_no_code_asks_nobody(chain: Chain, code: str) -> None:
    chain.invite()
    assert why_not(chain.settings(url="http://127.0.0.1:9"), code)[0] == "no_code"


def test_a_code_of_another_till_is_none(chain: Chain) -> None:
    chain.invite("till-2")
    assert why_not(chain.settings(), TYPED)[0] == "not_invited"
    assert chain.till("till-2").state == "invited"


def test_a_hub_that_is_away_is_said_so(chain: Chain) -> None:
    assert why_not(chain.settings(url="http://127.0.0.1:9"), TYPED)[0] == "hub_away"


def test_sec3_a_hub_that_does_not_know_the_code_is_not_believed(chain: Chain, tmp_path: Path, server: Server) -> None:
    """It sits at the hub's address and takes whatever proof comes."""
    told = JoinReply(till="till-1", store="", ledger="0" * 32, hub_key="1" * 64, generation=1, proof="2" * 64)

    async def takes_all(scope: Scope, receive: Receive, send: Send) -> None:
        await answer(told)(scope, receive, send)

    server.app = takes_all
    assert why_not(chain.settings(), TYPED)[0] == "wrong_hub"


def test_a_running_agent_keeps_its_key(chain: Chain) -> None:
    chain.invite()
    settings = chain.settings()
    Path(settings.data).mkdir()
    with hold(Path(settings.data) / "till.lock", "agent"):
        code, text = why_not(settings, TYPED)
    assert code == "agent_runs" and "Stop it" in text


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_takes_no_key_is_said_so(chain: Chain) -> None:
    chain.invite()
    settings = chain.settings()
    Path(settings.keys).mkdir(mode=0o500)
    assert why_not(settings, TYPED)[0] == "not_written"


def test_joining_again_keeps_the_file_and_the_old_key_holds_until_then(chain: Chain) -> None:
    chain.invite()
    settings = chain.settings()
    first = join(settings, TYPED)
    before = chain.till().lease
    chain.invite(code="00000000")
    chain.push(settings)
    second = join(settings, "0000-0000")
    assert second.key != first.key and chain.till().lease == before
    chain.push(settings)


def test_what_was_sent_away_is_not_heard_until_it_is_invited_anew(chain: Chain) -> None:
    chain.invite()
    settings = chain.settings()
    join(settings, TYPED)
    chain.hub.within(lambda writer: revoke(writer, "till-1", NOW, by="Olga", why="stolen"))
    server_again(chain)
    with pytest.raises(HubRefused) as refused:
        chain.push(settings)
    assert refused.value.code == "revoked"
    chain.invite()
    join(settings, TYPED)
    chain.push(settings)


def test_the_doctor_asks_as_the_till_and_says_by_name_why_it_is_not_heard(chain: Chain) -> None:
    settings = chain.settings()

    def found() -> str:
        return next(finding.code for finding in doctor.hub(settings) if finding.about == "hub")

    assert found() == "hub_not_joined"
    chain.invite()
    join(settings, TYPED)
    with hold(Path(settings.data) / "till.lock", "agent"):
        assert found() == "hub_there", "beside a running agent, of which it takes nothing"
    chain.hub.within(lambda writer: revoke(writer, "till-1", NOW, by="Olga", why="stolen"))
    server_again(chain)
    assert found() == "hub_refused"
    Path(settings.keys, FILE).write_text("{}", "utf-8")
    assert found() == "hub_key_bad"


def server_again(chain: Chain) -> None:
    """What the hub remembered of tills for two seconds is gone."""
    chain.server.app = hub_app(chain.hub)


# files that are carried


def test_many_tills_join_with_files_each_once(chain: Chain) -> None:
    folder = carried(chain, "till-1", "till-2")
    for till in ("till-1", "till-2"):
        file = folder / f"{till}.join"
        assert file.stat().st_mode & 0o077 == 0
        join(chain.settings(till), str(file))
        assert chain.till(till).state == "joined" and chain.till(till).store == "s1"
    Path(chain.settings().keys, FILE).unlink()
    assert why_not(chain.settings(), str(folder / "till-1.join"))[0] == "file_spent"


def test_a_file_of_another_till_of_another_hub_or_changed_is_said_so(chain: Chain) -> None:
    folder = carried(chain, "till-1")
    file = folder / "till-1.join"
    assert why_not(chain.settings("till-2"), str(file))[0] == "file_of_another"
    assert why_not(chain.settings(url="http://hub.example:8070"), str(file))[0] == "file_of_another_hub"
    assert why_not(chain.settings(), str(folder / "none.join"))[0] == "file_bad"
    content = file.read_bytes()
    for at in range(0, len(content), 7):
        with pytest.raises(NotSealed):
            opened(content[:at] + bytes([content[at] ^ 2]) + content[at + 1 :])
    file.write_bytes(content.replace(b"till-1", b"till-9"))
    assert why_not(chain.settings(), str(file))[0] == "file_bad"


@pytest.mark.parametrize("rows", ["", "hub,\n", "Till,\n", "till-1,s1\ntill-1,s1\n"])
def test_of_a_list_with_a_bad_row_nobody_is_invited(chain: Chain, rows: str) -> None:
    file = chain.folder / "tills.csv"
    file.write_text("till,store\nok,s1\n" + rows if rows else "till,store\n", encoding="utf-8")
    done = run(chain, "add", "--csv", str(file), "--to", str(chain.folder / "usb"), "--url", chain.url)
    assert done.exit_code == 1 and chain.hub.tills.find("ok") is None


def test_both_languages_name_the_same_facts() -> None:
    import string

    for russian, english in JOIN_WORDS.values():
        russians, english_ones = ({f for _, f, _, _ in string.Formatter().parse(text)} for text in (russian, english))
        assert russians == english_ones
