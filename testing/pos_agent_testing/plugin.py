"""The fixtures. Each test has a shop of its own, in a folder of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_agent_testing.programs import ProgramFailed, ProgramMissing
from pos_agent_testing.shop import Faults, Hub, Member, Printer, Scanner, Shop, Till

MEMBERS = {
    "alenka": [
        Member("2600000000017", "+79161234567", 150),
        Member("2600000000024", "+79161234568", 1_500),
    ],
    "perekrestok": [Member("2700000000014", "+79161234569", 5_000)],
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini("pos_agent_bin", "The folder with pos-agent and pos-hub (or the variable POS_AGENT_BIN).", default="")
    parser.addini("pos_agent_programme", "The loyalty programme of the till.", default="alenka")
    parser.addini("pos_agent_language", "What the cashier is told in: ru, en.", default="en")


def _programs(config: pytest.Config) -> str:
    """Where they are; "" for PATH. A folder in the settings is beside them."""
    told = str(config.getini("pos_agent_bin")) or os.environ.get("POS_AGENT_BIN", "")
    return str(config.rootpath / Path(told).expanduser()) if told else ""


@pytest.fixture
def pos_members(pytestconfig: pytest.Config) -> list[Member]:
    """Who is a member when the shop opens; a fixture of this name in your own tests says it otherwise."""
    return MEMBERS.get(str(pytestconfig.getini("pos_agent_programme")), [])


@pytest.fixture
def pos_shop(pytestconfig: pytest.Config, tmp_path: Path, pos_members: list[Member]) -> Iterator[Shop]:
    """All of it; the other fixtures are its parts."""
    folder = tmp_path / "shop"
    folder.mkdir()
    programme = str(pytestconfig.getini("pos_agent_programme"))
    language = str(pytestconfig.getini("pos_agent_language"))
    try:
        shop = Shop(folder, _programs(pytestconfig), programme, language, pos_members)
    except (ProgramMissing, ProgramFailed) as error:
        pytest.fail(str(error), pytrace=False)
    yield shop
    shop.close()


@pytest.fixture
def pos_hub(pos_shop: Shop) -> Hub:
    return pos_shop.hub


@pytest.fixture
def pos_till(pos_shop: Shop) -> Till:
    return pos_shop.till


@pytest.fixture
def pos_printer(pos_shop: Shop) -> Printer:
    return pos_shop.printer


@pytest.fixture
def pos_scanner(pos_shop: Shop) -> Scanner:
    return pos_shop.scanner


@pytest.fixture
def pos_faults(pos_shop: Shop) -> Faults:
    return pos_shop.faults
