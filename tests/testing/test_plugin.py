"""pos-agent-testing as others have it: the wheel in an environment of its own, a project of theirs, our programs."""

from __future__ import annotations

import re
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

TESTING = Path(__file__).parent.parent.parent / "testing"
PROGRAMS = Path(sys.executable).parent
PROJECT = """
import pytest
from pos_agent_testing.shop import Member

TEA = {"id": "1", "name": "Tea", "price": "412.50", "category": "tea"}
BORIS = "2600000000024"


@pytest.fixture
def pos_members():
    return [Member(BORIS, "+79161234568", 1_500)]


def sold(till, sale):
    assert till.call("basket", sale=sale, lines=[TEA]).status_code == 200
    assert till.call("code", sale=sale, text=BORIS).json()["code"] == "member_found"
    return till.call("pay", sale=sale).json()["told"]["accrued"]["points"]


def test_a_sale(pos_till, pos_hub, pos_printer, pos_scanner):
    coupon = pos_hub.coupon()
    assert pos_scanner.type(BORIS)["code"] == "member_found"
    assert pos_till.call("basket", sale="1", lines=[TEA]).json()["told"]["to_pay"] == "412.50"
    told = pos_till.call("redeem", sale="1", points=100).json()["told"]
    pos_till.kill()
    pos_till.start()
    paid = pos_till.call("pay", sale="1", quote=told["quote"]).json()
    assert (paid["code"], paid["told"]["to_pay"]) == ("recorded", "312.50")
    assert len(pos_printer.wait_for(1)) == 1
    assert pos_hub.points(BORIS) == 1_400 + paid["told"]["accrued"]["points"]
    assert pos_till.session.get(pos_till.url + "/v1/status").json()["till"] == "till-1"
    assert coupon
    pos_hub.verify()


def test_faults(pos_till, pos_hub, pos_printer, pos_faults):
    pos_faults.cut_link()
    pos_faults.paper_out()
    points = sold(pos_till, "1")
    pos_till.wait("the link to be missed", lambda status: not status["hub"]["online"])
    pos_till.wait("the paper to be missed", lambda status: status["printer"]["state"] == "paper_out")
    assert pos_till.status()["outbox"] == 1 and pos_printer.papers() == []
    pos_faults.paper_in()
    pos_faults.mend_link()
    assert len(pos_printer.wait_for(1)) == 1
    assert pos_hub.points(BORIS) == 1_500 + points
"""


def pip(python: Path, *words: str) -> None:
    command = [str(python), "-m", "pip", "--disable-pip-version-check", *words]
    subprocess.run(command, check=True, capture_output=True, text=True)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip(Path(sys.executable), "wheel", "-q", "--no-deps", "-w", str(folder), str(TESTING))
    (found,) = folder.glob("*.whl")
    return found


def test_the_wheel_has_one_package_that_imports_none_of_ours(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.partition("/")[0] for name in names if ".dist-info" not in name} == {"pos_agent_testing"}
    for path in (TESTING / "pos_agent_testing").glob("*.py"):
        imported = set(re.findall(r"^(?:from|import) (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE))
        assert imported - sys.stdlib_module_names <= {"pytest", "requests", "pos_agent_testing"}, path.name


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_project_of_somebody_elses_runs_against_our_programs(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / "bin" / "python"
    pip(python, "install", "-q", str(wheel))
    (tmp_path / "test_their_pos.py").write_text(PROJECT, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text(f"[pytest]\npos_agent_bin = {PROGRAMS}\n", encoding="utf-8")
    done = subprocess.run([python, "-m", "pytest", "-q"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "2 passed" in done.stdout, done.stdout
    (tmp_path / "pytest.ini").write_text("[pytest]\npos_agent_bin = nowhere\n", encoding="utf-8")
    lost = subprocess.run([python, "-m", "pytest", "-q"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "2 failed" in lost.stdout or "2 errors" in lost.stdout
    assert "no pos-hub in" in lost.stdout and "pos_agent_bin" in lost.stdout and "Traceback" not in lost.stdout
