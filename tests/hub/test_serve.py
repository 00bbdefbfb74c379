"""`pos-hub` as processes: killed in the middle of pushes, started again, and its office beside it."""

from __future__ import annotations

import contextlib
import json
import os
import random
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from loyalty.coupon_token import open_coupon
from tests.hub.conftest import PROGRAMMES, Office, Pen
from tests.speaking import asking

TILLS = 3
OPERATIONS_EACH = 60
KILLS = 4
MEMBERS = "programme,card,points,member\n" + "".join(f"alenka,c{n},100,m{n}\n" for n in range(3))


@pytest.fixture
def ledger(tmp_path: Path, pos_hub: Any) -> Path:
    """A ledger with three members, made by the office."""
    (tmp_path / "members.csv").write_text(MEMBERS, encoding="utf-8-sig")
    done = pos_hub("import", "members.csv")
    assert done.returncode == 0 and "\nMembers imported into hub.db: 3.\n" in done.stdout
    return tmp_path / "hub.db"


@pytest.fixture
def chance() -> random.Random:
    """Chance that can be had again: POS_TEST_SEED=… with the number that a failed test shows."""
    seed = int(os.environ.get("POS_TEST_SEED") or random.SystemRandom().randrange(10**9))
    print(f"POS_TEST_SEED={seed}")
    return random.Random(seed)


class RestlessTill(threading.Thread):
    """Pushes its operations in batches, oldest first, the same again until they are answered; to whichever hub is
    there. Every answer it ever got is kept."""

    def __init__(self, till: str, texts: list[str], where: list[str], stop: threading.Event, seed: int) -> None:
        super().__init__(daemon=True)
        self.till, self.texts, self._where, self._stop_it = till, texts, where, stop
        self._chance = random.Random(seed)
        self.answered = 0
        self.answers: dict[int, set[str]] = {}

    def run(self) -> None:
        while self.answered < len(self.texts) and not self._stop_it.is_set():
            batch = self.texts[self.answered : self.answered + self._chance.randrange(1, 4)]
            body = json.dumps({"till": self.till, "operations": batch}).encode()
            try:
                response = asking.post(self._where[-1] + "/v3/operations", data=body)
                told = response.json()["answers"]
            except (requests.RequestException, ValueError):
                continue
            for answer in told:
                self.answers.setdefault(answer["sequence"], set()).add(json.dumps(answer))
            if self._chance.random() < 0.8:  # else the answer was lost on the way
                self.answered += len(batch)


def test_sigkill_in_the_middle_of_pushes_applies_every_operation_exactly_once(
    ledger: Path, serve: Any, new_pen: type[Pen], office_of: Callable[[Path], Any], chance: random.Random
) -> None:
    writer = office_of(ledger)
    expected = dict.fromkeys(("m0", "m1", "m2"), 100)
    tills, stop, where = [], threading.Event(), [""]
    for number in range(TILLS):
        pen, texts = new_pen(f"t{number}"), []
        for _ in range(OPERATIONS_EACH):
            member, earned, spent = f"m{chance.randrange(3)}", chance.randrange(20), chance.randrange(20)
            texts.append(pen.write(writer.sale(member, earned=earned, spent=spent)))
            expected[member] += earned - spent
        tills.append(RestlessTill(pen.till, texts, where, stop, chance.randrange(10**9)))
    writer.hub.close()

    served = serve(ledger)
    where.append(served.url)
    for till in tills:
        till.start()
    try:
        for _ in range(KILLS):
            goal = sum(till.answered for till in tills) + chance.randrange(1, TILLS * OPERATIONS_EACH // (KILLS + 2))
            while sum(till.answered for till in tills) < goal and any(till.is_alive() for till in tills):
                with contextlib.suppress(requests.RequestException):
                    requests.get(served.url + "/v1/health", timeout=20)
            served.kill()
            served = serve(ledger)
            where.append(served.url)
        for till in tills:
            till.join(60)
            assert not till.is_alive()
    finally:
        stop.set()
    assert all(len(answers) == 1 for till in tills for answers in till.answers.values()), "one answer for ever"
    assert served.stop() in (0, -15) and "Traceback" not in served.log()

    office = office_of(ledger)
    assert office.hub.balances("alenka") == expected
    assert office.verdict().faults == ()
    assert office.rows("SELECT chain, count(*), max(sequence) FROM operations WHERE chain <> 'hub' GROUP BY chain") == [
        (f"t{number}", OPERATIONS_EACH, OPERATIONS_EACH) for number in range(TILLS)
    ]


@pytest.fixture
def office_of(open_office: Any) -> Callable[[Path], Any]:
    def make(path: Path) -> Any:
        office = open_office(path)
        office.now = datetime.now(UTC)
        return office

    return make


def test_an_answer_survives_the_process_byte_for_byte(
    ledger: Path, serve: Any, push: Any, new_pen: type[Pen], office: Office
) -> None:
    pen = new_pen("t1")
    texts = [pen.write(office.sale("m0", spent=5)), pen.write(office.sale("nobody"))]
    first = serve(ledger)
    answer = push(first.url, "t1", *texts).content
    first.kill()
    assert push(serve(ledger).url, "t1", *texts).content == answer


@pytest.fixture
def office(open_office: Any, tmp_path: Path) -> Any:
    """Only to write sales with."""
    return open_office(tmp_path / "other.db")


def test_the_office_works_beside_a_serving_hub(ledger: Path, serve: Any, pos_hub: Any, push: Any) -> None:
    served = serve(ledger)
    done = pos_hub("register", "--card", "c1", "--programme", "alenka", "--json")
    assert json.loads(done.stdout) == {"card": "c1", "granted": 150} and done.stderr == ""
    page = asking.get(served.url + "/v3/changes", params={"programme": "alenka"}).json()
    assert {one["member"]: sum(lot["points"] for lot in one["lots"]) for one in page["members"]} == {
        "m0": 100,
        "m1": 250,
        "m2": 100,
    }
    coupon = pos_hub("coupon", "mint", "--programme", "alenka", "--campaign", "ten-percent").stdout.strip()
    keys = {int(number): bytes.fromhex(key) for number, key in page["coupon_keys"].items()}
    assert open_coupon(coupon, keys, PROGRAMMES["alenka"], datetime.now(UTC)).campaign == "ten-percent"
    assert json.loads(pos_hub("member", "--card", "c1", "--json").stdout)["points"] == 250
    assert pos_hub("verify").returncode == 0 and served.log() == ""


def fails(done: Any) -> str:
    """One clear line, exit code not 0, no traceback."""
    assert done.returncode != 0 and done.stdout == ""
    assert "Traceback" not in done.stderr
    return str(done.stderr)


def test_two_hubs_do_not_serve_one_ledger(ledger: Path, serve: Any, pos_hub: Any) -> None:
    serve(ledger)
    assert "Another hub is using" in fails(pos_hub("serve", "--db", str(ledger), "--port", "0"))


def test_an_occupied_port_is_one_clear_line(ledger: Path, pos_hub: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"cannot listen on 127.0.0.1:{port}: Address already in use" in fails(
            pos_hub("serve", "--port", str(port))
        )


def test_a_port_that_is_none_is_refused(pos_hub: Any) -> None:
    assert "99999" in fails(pos_hub("serve", "--port", "99999"))


def test_bad_files_are_one_clear_line_each(ledger: Path, tmp_path: Path, pos_hub: Any) -> None:
    (tmp_path / "broken.csv").write_bytes((MEMBERS + "alenka,x,1,Аня\n").encode().replace(b"\xd1", b""))
    assert "no member was imported:\nthe file is UTF-8, but for 1" in fails(pos_hub("import", "broken.csv"))
    (tmp_path / "bad.csv").write_text("programme,card\nalenka,c1\nalenka,c9\n", encoding="utf-8")
    assert "line 2: card c1 is in the ledger already" in fails(pos_hub("import", "bad.csv"))
    assert "No such file" in fails(pos_hub("import", "none.csv"))
    (tmp_path / "note.db").write_text("not a ledger, but long enough to be read as one by whoever tries\n" * 20)
    for command in (["verify"], ["member", "--card", "1"], ["serve", "--port", "0"]):
        assert "file is not a database" in fails(pos_hub(*command, "--db", "note.db"))
    assert "Making the folder" in fails(pos_hub("import", "bad.csv", "--db", "note.db/hub.db"))
