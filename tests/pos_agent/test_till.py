"""A whole agent as a process, spoken to over HTTP: who may talk to it, what it answers, how it refuses to start."""

from __future__ import annotations

import fcntl
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests

from config.settings import SettingsError, load_settings
from pos_agent.build import Till
from pos_agent.client import AgentClient
from pos_agent.house import SalePaper
from pos_agent.protocol import BasketLine, Cancel, Pay, SetBasket
from pos_agent.route import EVERYWHERE
from pos_agent.tokens import make_token
from storage import engine
from tests.pos_agent.running import TIMEOUT_S, settings, started
from tests.there import there


@pytest.fixture
def till(tmp_path: Path) -> Iterator[tuple[str, str, Path]]:
    """(url, token, settings file) of a running agent whose hub is away."""
    path = settings(tmp_path)
    child, url = started(path)
    yield url, (tmp_path / "data" / "api-token").read_text(encoding="ascii"), path
    child.terminate()
    assert child.wait(TIMEOUT_S) in (0, -15)


def with_goods(tmp_path: Path, text: str) -> Path:
    path = settings(tmp_path)
    path.write_text('goods = "goods.csv"\n' + path.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "goods.csv").write_text(text, encoding="utf-8")
    return path


def test_r31_the_shops_goods_file_is_read_at_the_start(tmp_path: Path) -> None:
    till = Till(load_settings(with_goods(tmp_path, "article,category\n777,tobacco\n")))
    (item,) = till.checkout.house.goods.find("777", None)
    assert item.category == "tobacco"
    assert till.checkout.house.least_prices, "the law's tables come with the program"
    till.listener.close()
    till.cache.close()
    assert till.told is not None
    till.told.close()


def test_r31_a_goods_file_that_is_wrong_stops_the_start_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        Till(load_settings(with_goods(tmp_path, "article,category\n777,moon\n")))
    assert str(caught.value).startswith(f"goods: {tmp_path / 'goods.csv'}, row 2, category: 'moon' is no category")


def call(url: str, token: str, **how: Any) -> requests.Response:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"} | how.pop("headers", {})
    method, path = how.pop("method", "POST"), how.pop("path", "/v1/commands")
    body = how.pop("body", b'{"do": "cancel"}' if method == "POST" else None)
    return requests.request(method, url + path, headers=headers, data=body, timeout=TIMEOUT_S)


def test_a_command_is_answered(till: tuple[str, str, Path]) -> None:
    url, token, _ = till
    answer = call(url, token)
    assert (answer.status_code, answer.json()["code"]) == (200, "cancelled")


def test_each_pos_has_a_token_and_a_name_of_its_own(till: tuple[str, str, Path], tmp_path: Path) -> None:
    """Two POS may use the same numbers; a token counts from the moment it is made, and no longer than it lies there."""
    url, _, path = till
    tokens = {}
    for name in ("left", "right"):
        command = [sys.executable, "-m", "pos_agent", "token", name, "--config", str(path)]
        made = subprocess.run(command, capture_output=True, text=True, check=True)
        tokens[name] = made.stdout.strip()
        again = subprocess.run(command, capture_output=True, text=True, check=True)
        assert again.stdout == made.stdout
    assert (
        call(url, tokens["left"], body=b'{"do": "basket", "sale": "1", "lines": []}').json()["code"] == "basket_empty"
    )
    line = '{"id": "1", "name": "Tea", "price": "100.00"}'
    for name, price in (("left", "100.00"), ("right", "300.00")):
        body = f'{{"do": "basket", "sale": "1", "lines": [{line.replace("100.00", price)}]}}'
        assert call(url, tokens[name], body=body.encode()).json()["told"]["to_pay"] == price
    assert call(url, tokens["left"], body=b'{"do": "pay", "sale": "1"}').json()["told"]["to_pay"] == "100.00"
    assert call(url, tokens["right"], body=b'{"do": "pay", "sale": "1"}').json()["told"]["to_pay"] == "300.00"
    left = tmp_path / "data" / "pos-tokens" / "left"
    left.write_text("")  # a disk that was full: nothing in the file opens the till to nobody's token
    assert call(url, "").status_code == call(url, tokens["left"]).status_code == 401
    left.unlink()
    assert call(url, tokens["left"]).status_code == 401
    bad = subprocess.run([*command[:4], "../left", *command[5:]], capture_output=True, text=True, check=False)
    assert bad.returncode == 1 and "cannot name a POS" in bad.stderr and "Traceback" not in bad.stderr


def test_a_self_checkouts_token_calls_a_person(till: tuple[str, str, Path]) -> None:
    url, token, path = till
    made = asked(path, "token", "kiosk", "--channel", "self")
    assert made.returncode == 0
    card = {"path": "/v1/issue_card", "body": b'{"card": "2600000000116"}'}
    refused = call(url, made.stdout.strip(), **card)
    assert (refused.status_code, refused.json()["code"]) == (403, "needs_person")
    assert call(url, token, **card).json()["code"] == "not_now_idle", "the till's own page has a person before it"


@pytest.mark.parametrize(
    "how, status",
    [
        ({"headers": {"Authorization": ""}}, 401),
        ({"headers": {"Authorization": "Bearer wrong"}}, 401),
        ({"headers": {"Host": "evil.example"}}, 421),
        ({"headers": {"Host": "127.0.0.1.evil.example:80"}}, 421),
        ({"headers": {"Content-Type": "text/plain"}}, 415),
        ({"method": "GET", "path": "/v1/status", "headers": {"Authorization": ""}}, 401),
        ({"method": "GET", "path": "/v1/visit", "headers": {"Host": "evil.example"}}, 421),
        ({"method": "GET", "path": "/v1/visit?after=x"}, 400),
        ({"method": "GET", "path": "/v1/visit?wait_s=soon"}, 400),
        ({"method": "GET"}, 405),
        ({"body": b"{"}, 400),
        ({"body": b"[]"}, 400),
        ({"body": b'{"do": "fly"}'}, 400),
        ({"body": b'{"do": "pay"}'}, 400),
        ({"body": b'{"do": "redeem", "points": 1.5}'}, 400),
        ({"body": b'{"do": "cancel", "really": true}'}, 400),
        ({"body": b'{"do": "code", "text": "' + b"x" * 1_000_001 + b'"}'}, 413),
        ({"body": b"[" * 100_000}, 400),
        ({"body": b"\xff\xfe"}, 400),
    ],
)
def test_what_may_not_or_cannot_be_asked_is_refused(
    till: tuple[str, str, Path], how: dict[str, Any], status: int
) -> None:
    url, token, _ = till
    answer = call(url, token, **how)
    assert answer.status_code == status
    told = answer.json()
    assert told["code"] in (*EVERYWHERE, "bad_query")
    assert told["status"] == status and told["text"]
    assert call(url, token).status_code == 200


@pytest.mark.parametrize(
    ("command", "status", "code"),
    [
        ({"do": "basket", "sale": "1", "lines": [{"id": "1", "name": "Tea", "price": "1.00"}]}, 200, None),
        ({"do": "basket", "lines": [{"id": "1", "name": "Tea", "price": "-5"}]}, 422, "bad_basket"),
        ({"do": "basket", "lines": [{"id": "1", "name": "Tea", "price": 5}]}, 400, "bad_command"),
        ({"do": "redeem", "points": 5}, 409, "not_now_idle"),
        ({"do": "balance", "text": "2600000000017"}, 503, "no_cards_yet"),
        ({"do": "paper", "paper": 7, "came_out": True}, 404, "no_paper_question"),
        ({"do": "reissue_card", "new_card": "2600000000017"}, 409, "not_now_idle"),
    ],
)
def test_n15_what_is_not_done_has_one_shape_and_a_status_that_says_whose_turn_it_is(
    till: tuple[str, str, Path], command: dict[str, Any], status: int, code: str | None
) -> None:
    """A refused basket was 200, a bad command 400, a busy till 200 again."""
    url, token, _ = till
    answer = call(url, token, body=json.dumps(command).encode())
    told = answer.json()
    assert (answer.status_code, told["ok"]) == (status, code is None)
    if code is not None:
        assert (told["code"], told["status"], told["type"]) == (code, status, f"urn:pos-agent:problem:{code}")
        assert told["title"] == told["text"] and answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("left", ["", "\n", "short", "x" * 23])
def test_a_token_that_was_not_written_whole_opens_nothing(till: tuple[str, str, Path], left: str) -> None:
    """The power went between making the file and writing it: an empty token is not everybody's."""
    url, token, path = till
    file = path.parent / "data" / "api-token"
    file.write_text(left)
    for given in ("", left.strip(), token):
        assert call(url, given).status_code == 401
    file.unlink()
    assert call(url, "").status_code == 401
    file.write_text(left)
    made = make_token(file)
    assert len(made) > len(left) and call(url, made).status_code == 200
    assert file.stat().st_mode & 0o077 == 0
    assert make_token(file) == made


def test_a_token_that_cannot_be_written_whole_is_not_there(tmp_path: Path) -> None:
    def full() -> str:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        make_token(tmp_path / "api-token", full)
    assert not (tmp_path / "api-token").exists()


def test_who_does_not_read_what_the_agent_says_does_not_stop_it(tmp_path: Path) -> None:
    """A supervisor that keeps the pipe and never reads it."""
    child, url = started(settings(tmp_path))
    try:
        assert child.stdout is not None
        size = fcntl.fcntl(child.stdout, fcntl.F_SETPIPE_SZ, 4_096)
        token = (tmp_path / "data" / "api-token").read_text(encoding="ascii")
        said = sum(len(call(url, token).json()["text"]) for _ in range(300))
        assert said > size
    finally:
        child.terminate()
        assert child.wait(TIMEOUT_S) in (0, -15)


def test_the_token_is_its_owners_alone(till: tuple[str, str, Path]) -> None:
    _, _, path = till
    assert (path.parent / "data" / "api-token").stat().st_mode & 0o077 == 0


def test_status_tells_what_is_off_in_words(till: tuple[str, str, Path]) -> None:
    url, token, path = till
    client = AgentClient(url, token)
    while client.status().hub.cause == "not asked yet":
        pass
    settings(path.parent, port=url.rpartition(":")[2])
    shown = subprocess.run(
        [sys.executable, "-P", "-m", "pos_agent", "status", "--config", str(path)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "http://127.0.0.1:9 OFFLINE: this till has not joined" in shown and "asked again in" in shown
    assert "outbox   0" in shown
    assert "printer  none" in shown


def test_a_till_whose_pos_prints_the_points_needs_no_printer(tmp_path: Path) -> None:
    path = settings(tmp_path)
    path.write_text(
        'paper = "tail"\nreceipt_lines = true\ntail_width = 48\n' + path.read_text(encoding="utf-8"), "utf-8"
    )
    till = Till(load_settings(path))
    try:
        assert till.printing is None
        assert till.listener.proto == socket.IPPROTO_TCP, "without it every reply waits 40 ms for an acknowledgement"
        assert till.checkout.house.paper == SalePaper(kind="tail", lines=True, tail_width=48)
    finally:
        till.listener.close()
        till.cache.close()
        assert till.told is not None
        till.told.close()


def test_the_settings_of_the_desks_reach_them(tmp_path: Path) -> None:
    path = settings(tmp_path, more='[printer]\nurl = "tcp://127.0.0.1:9"\n')
    path.write_text("balance_by_phone = true\n" + path.read_text("utf-8"), "utf-8")
    till = Till(load_settings(path))
    try:
        assert till.checkout.house.balance_by_phone
        assert till.printing is not None and till.checkout.house.drawer is till.printing
    finally:
        till.listener.close()
        till.cache.close()
        there(till.told).close()


def asked(path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "pos_agent", *words, "--config", str(path)]
    return subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)


def test_the_commands_for_papers_ask_the_running_agent(till: tuple[str, str, Path]) -> None:
    url, token, path = till
    settings(path.parent, port=url.rpartition(":")[2])
    shown = asked(path, "report", "--day", "2026-03-02", "--show")
    assert (shown.returncode, "02.03.2026" in shown.stdout) == (0, True)
    assert AgentClient(url, token).status().papers == {}
    without = asked(path, "report")
    assert without.returncode == 1 and "has no printer" in without.stderr, "and nothing waits for one"
    assert AgentClient(url, token).status().papers == {}
    refused = asked(path, "reprint", "17", "--day", "2026-03-02")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "no receipt 17 of 02.03.2026" in refused.stderr
    assert "Check" in asked(path, "reprint", "17").stderr


def test_without_an_agent_the_commands_say_so(tmp_path: Path) -> None:
    done = asked(settings(tmp_path), "report")
    assert done.returncode == 1 and "Has the agent run with these settings?" in done.stderr


def test_a_long_look_waits_for_the_next_event(till: tuple[str, str, Path]) -> None:
    url, token, _ = till
    client = AgentClient(url, token)
    before = client.visit().handled
    client.do(Cancel())
    assert client.visit(after=before, wait_s=TIMEOUT_S).handled == before + 1


def refused(path: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "pos_agent", "run", "--config", str(path)],
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    mended = "Others could read the till's files"  # what the test has put there itself
    lines = [line for line in done.stderr.strip().splitlines() if not line.startswith(mended)]
    assert len(lines) == 1, done.stderr
    return lines[0]


def test_an_occupied_port_is_told_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        assert port in refused(settings(tmp_path, port=port))


@pytest.mark.parametrize(
    "changes, told",
    [
        ({"programme": "magnit"}, "magnit"),
        ({"more": "[printer"}, "not TOML"),
        ({"more": '[printer]\nurl = "fax:1"'}, "fax"),
        ({"more": '[printer]\nurl = "tcp://127.0.0.1:9"\nmodel = "tardis"'}, "tardis"),
        ({"more": '[[scanners]]\nname = "a"\nurl = "telepathy:1"'}, "telepathy"),
        ({"hub": "nowhere"}, "hub.url"),
    ],
)
def test_broken_settings_are_told_in_one_line(tmp_path: Path, changes: dict[str, str], told: str) -> None:
    assert told in refused(settings(tmp_path, **changes))


def test_a_second_agent_on_the_same_data_is_refused(till: tuple[str, str, Path]) -> None:
    _, _, path = till
    assert "Another agent" in refused(path)


def test_another_programs_file_is_not_put_aside_and_told_in_one_line(tmp_path: Path) -> None:
    """One that is damaged is put aside (test_damaged_till.py); this one is whole, and somebody's."""
    (tmp_path / "data").mkdir()
    path = tmp_path / "data" / "till.db"
    with closing(engine.connect(path)) as connection:
        connection.execute("CREATE TABLE diary (text)")
    assert "till.db" in refused(settings(tmp_path)) and not list(path.parent.glob("till.db.damaged-*"))


def test_run_begins_with_connecting_and_no_false_alarm(tmp_path: Path) -> None:
    """A scanner's node may come a moment after the agent."""
    path = settings(tmp_path, more=f'[[scanners]]\nname = "counter"\nurl = "serial://{tmp_path}/nobody"\n')
    child, _ = started(path)
    assert child.stdout is not None
    lines = [child.stdout.readline().strip() for _ in range(3)]
    child.terminate()
    child.wait(TIMEOUT_S)
    of_scanner = [line for line in lines if "Scanner counter" in line]
    assert of_scanner[0] == "» Scanner counter: connecting."
    assert of_scanner[1].startswith("✗ Scanner counter does not answer"), "later, when it is true"
    assert any(line.startswith("✗ This till has not joined the hub at http://127.0.0.1:9") for line in lines)


def test_after_kill_9_in_the_middle_of_a_visit_the_visit_is_there_again(tmp_path: Path) -> None:
    """Goods, card, wish and promise; the payment says which receipt it was. One that the till does not know, too."""
    path = settings(tmp_path)
    child, url = started(path)
    client = AgentClient(url, (tmp_path / "data" / "api-token").read_text(encoding="ascii"))
    tea = BasketLine(id="1", name="Чай", price="400.00", category="tea")
    told = there(client.do(SetBasket(lines=(tea,), sale="1042")).told)
    child.kill()
    child.wait(TIMEOUT_S)
    child, url = started(path)
    client = AgentClient(url, (tmp_path / "data" / "api-token").read_text(encoding="ascii"))
    shown = client.visit().visit
    assert (shown.receipt, shown.state, shown.quote, shown.to_pay_kopecks) == ("1042", "basket", told.quote, 40_000)
    assert client.do(Pay(sale="1043")).text == "Receipt 1043 is not at the till: send its goods and card again."
    paid = client.do(Pay(sale="1042", quote=told.quote))
    child.terminate()
    child.wait(TIMEOUT_S)
    assert (paid.code, there(paid.told).quote) == ("no_member", told.quote)
    assert paid.text == "Receipt 1042 is recorded: a sale without a card, no points."
