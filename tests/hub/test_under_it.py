"""B6: what lies under a running hub is replaced, deleted, overwritten; and its disk is full. Real processes."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests

from hub.build import build_hub
from loyalty.bodies import Accrued, MemberJoined, Sale, SaleNumber
from storage import engine
from tests.hub.conftest import DAY, PROGRAMMES, Pen
from tests.speaking import asking

ENDS_S = 15.0  # a busy machine; it takes a moment
SPARE_BYTES = 20_000  # on the disk, before it is full: a sale or two


@pytest.fixture(scope="module")
def new_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with one member, made once; and its keys."""
    path = tmp_path_factory.mktemp("new") / "hub.db"
    hub = build_hub(path, PROGRAMMES, serving=False)
    hub.bear("alenka", MemberJoined(member="m0", card="c0", registered=False))
    hub.close()
    return path


@pytest.fixture
def ledger(new_ledger: Path, tmp_path: Path) -> Path:
    shutil.copytree(f"{new_ledger}.keys", tmp_path / "hub.db.keys")
    return Path(shutil.copyfile(new_ledger, tmp_path / "hub.db"))


@pytest.fixture
def another(new_ledger: Path, tmp_path: Path) -> Path:
    """A ledger that knows nobody's sales."""
    return Path(shutil.copyfile(new_ledger, tmp_path / "another.db"))


def test_b6_what_was_deleted_is_not_begun_anew_by_whoever_starts_the_hub_again(tmp_path: Path, pos_hub: Any) -> None:
    """A machine starts it, say. The ledger of before lies beside, under another name."""
    path = tmp_path / "hub.db"
    kept = tmp_path / "hub.db.gone-2026-03-02"
    kept.write_bytes(b"")
    for words in (("serve", "--port", "0"), ("import", "members.csv")):
        (tmp_path / "members.csv").write_text("programme,card\nalenka,1\n", encoding="utf-8")
        done = pos_hub(*words, "--db", str(path))
        assert done.returncode == 1 and f"{kept.name} beside it is what was there" in done.stderr
    assert not path.exists()
    kept.rename(path)
    done = pos_hub("verify", "--db", str(path))
    assert done.returncode == 1 and "is an empty file, no ledger" in done.stderr
    assert path.read_bytes() == b""


class Till:
    """Sends sales of one point each, one by one; the same again until it is answered."""

    def __init__(self) -> None:
        self.pen = Pen("t1")
        self.waiting: str | None = None
        self.answered = 0

    def send(self, url: str, *, comment: str = "") -> requests.Response:
        if self.waiting is None:
            sale = SaleNumber(day=DAY, number=str(self.answered + 1))
            body = Sale(
                sale=sale,
                member="m0",
                lines=(),
                total_kopecks=0,
                paid_kopecks=0,
                accrued=Accrued(points=1),
                quote=comment,
            )
            self.waiting = self.pen.write(body)
        answer = asking.post(url + "/v3/operations", json={"till": "t1", "operations": [self.waiting]})
        if answer.status_code == 200:
            assert [one["result"] for one in answer.json()["answers"]] == ["applied"]
            self.waiting, self.answered = None, self.answered + 1
        return answer


def sales(path: Path) -> int:
    """How many there are, read by nobody of ours."""
    with closing(engine.connect(path)) as connection:
        (whole,) = connection.execute("PRAGMA integrity_check").fetchone()
        assert whole == "ok"
        (count,) = connection.execute("SELECT count(*) FROM operations WHERE chain = 't1'").fetchone()
        return int(count)


def ends(served: Any) -> str:
    """It stops by itself, with one line."""
    assert served.process.wait(timeout=ENDS_S) == 1
    (line,) = served.log().splitlines()
    assert line.startswith("pos-hub: ")
    return str(line)


def refused(answer: requests.Response) -> bool:
    return answer.status_code == 503 and answer.json()["code"] == "ledger_replaced"


def kept(path: Path) -> Path:
    (found,) = path.parent.glob(path.name + ".gone-*")
    return found


def test_b6_a_ledger_replaced_by_another_ends_the_server_before_it_answers(
    ledger: Path, another: Path, serve: Any, pos_hub: Any
) -> None:
    served, till = serve(ledger), Till()
    for _ in range(5):
        assert till.send(served.url).status_code == 200
    os.replace(another, ledger)
    assert refused(till.send(served.url))
    line = ends(served)
    assert f"{ledger} was replaced by another file" in line and str(kept(ledger)) in line and "start again" in line

    again = serve(ledger)  # the newcomer is whole, and the old one is too
    assert requests.get(again.url + "/v1/health", timeout=20).status_code == 200
    assert again.stop() in (0, -15)
    assert sales(ledger) == 0 and sales(kept(ledger)) == 5
    assert pos_hub("verify", "--db", str(ledger)).returncode == 0


def test_b6_nobody_asks_and_it_is_noticed_all_the_same(ledger: Path, another: Path, serve: Any) -> None:
    """A log that lies beside another ledger overnight would be read as that one's in the morning."""
    served, till = serve(ledger), Till()
    assert till.send(served.url).status_code == 200
    os.replace(another, ledger)
    ends(served)
    assert sales(ledger) == 0 and sales(kept(ledger)) == 1


def test_b6_a_deleted_ledger_is_kept_and_no_new_one_is_made(ledger: Path, serve: Any) -> None:
    served, till = serve(ledger), Till()
    assert till.send(served.url).status_code == 200
    ledger.unlink()
    assert refused(till.send(served.url))
    assert "was deleted or moved away" in ends(served)
    assert not ledger.exists() and sales(kept(ledger)) == 1


def test_b6_a_ledger_overwritten_by_a_backup_ends_the_server(ledger: Path, serve: Any, tmp_path: Path) -> None:
    """Of another day: the main file has grown since."""
    backup = tmp_path / "backup.db"
    shutil.copyfile(ledger, backup)
    first, till = serve(ledger), Till()
    assert till.send(first.url).status_code == 200
    first.kill()
    with closing(engine.connect(ledger)) as connection:  # the last one to close it checkpoints
        connection.execute("SELECT count(*) FROM operations").fetchone()

    served = serve(ledger)
    assert till.send(served.url).status_code == 200
    subprocess.run(["cp", str(backup), str(ledger)], check=True)
    assert refused(till.send(served.url))
    assert "was overwritten" in ends(served)
    assert sales(ledger) == 0


def test_b6_a_log_that_is_deleted_costs_nothing(ledger: Path, serve: Any) -> None:
    served, till = serve(ledger), Till()
    for _ in range(3):
        assert till.send(served.url).status_code == 200
    os.unlink(f"{ledger}-wal")
    assert refused(till.send(served.url))
    assert "Nothing was lost" in ends(served)
    again = serve(ledger)
    assert till.send(again.url).status_code == 200
    again.kill()
    assert sales(ledger) == till.answered == 4


HONEST = """
import os, shutil, sqlite3, sys
ledger, other = sys.argv[1:]
os.utime(ledger)
shutil.copyfile(ledger, other + ".copied")
connection = sqlite3.connect(ledger)
connection.execute("SELECT count(*) FROM operations").fetchall()
connection.execute("VACUUM INTO ?", (other + ".vacuumed",))
connection.close()
"""


def test_honest_neighbours_do_not_end_it(ledger: Path, serve: Any, pos_hub: Any, tmp_path: Path) -> None:
    served, till = serve(ledger), Till()
    for command in (("member", "--card", "c0"), ("verify",), ("register", "--card", "c0", "--programme", "alenka")):
        assert till.send(served.url).status_code == 200
        assert pos_hub(*command).returncode == 0
    subprocess.run([sys.executable, "-c", HONEST, str(ledger), str(tmp_path / "other")], check=True)
    assert till.send(served.url).status_code == 200
    served.kill()
    assert served.log() == "" and sales(ledger) == 4 and sales(tmp_path / "other.vacuumed") == 3


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + ENDS_S
    while not true():
        assert time.monotonic() < deadline


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="the system bounds nobody else's files")
def test_a_full_disk_answers_503_takes_nothing_and_goes_on_by_itself(ledger: Path, serve: Any) -> None:
    """The kernel's limit on the size of this process's files: like a disk that is full, and gives way again."""
    served, till = serve(ledger), Till()
    pid = served.process.pid
    health = served.url + "/v1/health"
    assert till.send(served.url).status_code == 200
    limit = os.path.getsize(f"{ledger}-wal") + SPARE_BYTES
    _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (limit, hard))
    until(lambda: till.send(served.url, comment="x" * 5_000).status_code != 200)
    before = till.answered
    for _ in range(3):
        answer = till.send(served.url)
        assert answer.status_code == 503 and answer.json()["code"] in ("ledger_off", "outcome_unknown")
    told = requests.get(health, timeout=20)
    assert told.status_code == 503 and "hub.db" in told.json()["message"]

    resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))
    assert till.send(served.url).status_code == 200
    assert requests.get(health, timeout=20).status_code == 200
    assert till.answered == before + 1 and "Traceback" not in served.log()
    served.kill()
    assert sales(ledger) == till.answered
