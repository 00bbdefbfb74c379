"""`pos-agent status`, `token` and what they say when nobody answers: each line of one language."""

from __future__ import annotations

import ast
import dataclasses
import re
import string
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args, get_type_hints

import msgspec
import pytest
from click.testing import CliRunner

from config.settings import load_settings
from drivers.life import DeviceState
from drivers.scanner.handing import Tally
from loyalty.programme import Grants, Language, LifeKind, PercentAccrual, Redemption
from loyalty.utc import utc_text
from offline_cache.print_jobs import PaperState
from offline_cache.records import RowKind
from pos_agent import office_words
from pos_agent.cli import cli
from pos_agent.client import AgentUnreachable
from pos_agent.commands.status import HUB_CODES, WEAKER_PROOFS, _lines
from pos_agent.office_words import office_codes
from pos_agent.status import (
    Bootstrap,
    DiskState,
    DiskStatus,
    HubStatus,
    LastReply,
    Neighbours,
    NeighbourState,
    PrinterState,
    ProgrammeInForce,
    ProgrammeVersion,
    RefusedOperation,
    RowSetAside,
    RowsSetAside,
    ScannerCounts,
    ScannerState,
    ShownVisit,
    Status,
)
from pos_agent.visit import VisitState

HERE = Path(office_words.__file__).parent
PARTS = {
    "disk_": list(get_args(DiskState)),
    "paper_": [state.value for state in PaperState],
    "device_": [state.value for state in DeviceState],
    "visit_": [state.value for state in VisitState],
    "scan_": [field.name for field in msgspec.structs.fields(ScannerCounts)],
    "proof_": list(WEAKER_PROOFS),
    "hub_": list(HUB_CODES),
    "rules_": ["missing", "coming", "differs"],
    "phone_": list(get_args(get_type_hints(Redemption)["by_phone"])),
    "metric_": list(get_args(get_type_hints(PercentAccrual)["tier_metric"])),
    "life_": list(get_args(LifeKind)),
    "share_": [field.name for field in dataclasses.fields(Tally)] + ["forced"],
    "aside_of_": list(get_args(RowKind)),
    "aside_": ["unreadable", "impossible", "not_told", "not_kept"],
    "pos_": ["there", "nobody", "not_read"],
    "grant_": [field.name for field in dataclasses.fields(Grants)],
}
AT = "2026-03-02T12:00:00.000000Z"
LATIN = re.compile(r"[A-Za-z]+")
ALLOWED = {"GS", "r", "Chromium", "apt", "get", "install", "chromium"}  # the printer's command
STATUS = Status(
    till="1",
    store="7",
    programme="3",
    programme_version="1",
    in_force=ProgrammeInForce(
        version="1",
        hash="8" * 64,
        since="2026-03-02T21:00:00+00:00",
        missing=ProgrammeVersion(version="2", hash="9" * 64, since="2026-04-01T21:00:00+00:00", here=False),
        coming=ProgrammeVersion(version="3", hash="7" * 64, since="2026-05-01T21:00:00+00:00", here=False),
        differs=ProgrammeVersion(version="1", hash="6" * 64, since=None, here=False),
    ),
    training=True,
    hub=HubStatus(
        url="1", online=False, cause="Connection refused.", code="unreachable", pulled_at=None, clock_off_s=7
    ),
    disk=DiskStatus(state="low", free_mb=37, reserve=True),
    outbox=3,
    refused=(RefusedOperation(generation=1, sequence=2, reason="9"),),
    set_aside=RowsSetAside(
        count=40,
        rows=(
            RowSetAside(kind="member", key="7", reason="impossible"),
            RowSetAside(kind="coupon", key="", reason="unreadable"),
        ),
    ),
    papers={state.value: 2 for state in PaperState},
    proofs={"gs_r": 1, "person": 1},
    visit=ShownVisit(state="ready"),
    last_reply=LastReply(ok=True, code="cancelled", text="—"),
    question="?",
    asked=1,
    printer=PrinterState(url="2", state="ready", link="ready", text="—"),
    scanners=(
        ScannerState(
            name="5",
            url="6",
            state="absent",
            cause="No such file or directory.",
            losses=2,
            counts=ScannerCounts(scans=1, refused=2),
            refused={"it is not UTF-8 text": 2},
        ),
    ),
)


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("code", sorted(office_codes()))
def test_each_line_is_of_one_language_and_both_name_the_same_facts(code: str) -> None:
    russian, english = office_words._WORDS[code]
    assert fields(russian) == fields(english)
    assert re.search("[а-яё]", russian.lower()) and not re.search("[а-яё]", english.lower())
    assert set(LATIN.findall(re.sub(r"\{\w*\}", "", russian))) <= ALLOWED


def test_every_code_of_the_commands_has_words_and_every_word_is_said() -> None:
    said: set[str] = set()
    for path in (HERE / "client.py", *HERE.glob("commands/*.py")):
        for call in (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)):
            name = call.func.id if isinstance(call.func, ast.Name) else ast.unparse(call.func)
            own = "self._say" if path.name == "programme.py" else "say_office"
            if name not in ("say", "say_office", own, "AgentUnreachable", "AgentRefused"):
                continue
            match call.args[0]:
                case ast.Constant(value=str(code)):
                    said.add(code)
                case ast.JoinedStr(values=[ast.Constant(value=str(prefix)), ast.FormattedValue()]):
                    said |= {prefix + part for part in PARTS[prefix]}
                case ast.Name(id="code") | ast.Attribute(attr="code"):  # handed on
                    pass
                case other:
                    raise AssertionError(ast.unparse(other))
    assert office_codes() == said


def test_the_status_of_a_russian_till_is_russian_whatever_is_off() -> None:
    lines = list(_lines(STATUS, "ru"))
    assert "хаб      1 НЕТ СВЯЗИ: хаб не ответил" in lines and "часы     +7 с, чтобы идти по часам хаба" in lines
    assert "диск     почти полон: свободно 37 МБ" in lines
    assert "сканер   5 6 отсутствует" in lines and "         считано 1, отброшено 2, связь терялась 2 раз" in lines
    assert "бумаги   под вопросом: 2" in lines and "визит    чек с картой; сказано: —" in lines
    assert "ОТЛОЖЕНО 40 из того, что прислал хаб: действует прежнее" in lines
    assert "         участник 7: такого не бывает" in lines and "         купон ?: не прочитать" in lines
    assert set(LATIN.findall("".join(lines))) <= ALLOWED


def test_the_status_of_an_english_till_has_the_technicians_causes() -> None:
    lines = list(_lines(STATUS, "en"))
    assert "hub      1 OFFLINE: the hub did not answer" in lines, "in words, and its address once"
    assert "scanner  5 6 absent No such file or directory." in lines
    assert "         refused 2 times: it is not UTF-8 text" in lines
    assert not re.search("[а-яё]", "".join(lines).lower())


def of_hub(language: Language, **facts: Any) -> list[str]:
    hub = msgspec.structs.replace(STATUS.hub, **facts)
    return list(_lines(msgspec.structs.replace(STATUS, hub=hub), language))


def test_it_is_told_when_the_hub_is_asked_next() -> None:
    soon = datetime.now(UTC) + timedelta(seconds=25)
    lines = of_hub("en", next_at=utc_text(soon))
    assert any(re.fullmatch(r"         asked again in 2\d s", line) for line in lines)
    assert not any("asked again" in line for line in of_hub("en", online=True, next_at=utc_text(soon)))


@pytest.mark.parametrize("online", [True, False])
def test_a_hub_that_does_not_answer_in_time_is_slow_also_while_it_is_online(online: bool) -> None:
    (slow,) = [line for line in of_hub("ru", online=online, unanswered=2, unanswered_at=AT) if "МЕДЛЕННО" in line]
    at = datetime.fromisoformat(AT).astimezone().strftime("%H:%M:%S")
    assert slow == f"         ОТВЕЧАЕТ МЕДЛЕННО: без ответа о баллах подряд 2, последний раз в {at}"
    assert not any("МЕДЛЕННО" in line for line in of_hub("ru", online=online))


def test_the_tills_of_the_shop_stand_in_it() -> None:
    tills = (
        NeighbourState(at="h:1", till="till-2", state="there", asked_at=AT),
        NeighbourState(at="h:2", till=None, state="silent", asked_at=AT),
        NeighbourState(at="h:3", till="till-4", state="refused", asked_at=AT, why="wrong_signature"),
    )
    status = msgspec.structs.replace(STATUS, neighbours=Neighbours(tills=tills, strangers=3))
    at = datetime.fromisoformat(AT).astimezone().strftime("%H:%M:%S")
    lines = list(_lines(status, "en"))
    first = lines.index("tills    1 of 3 answer")
    assert lines[first + 1 : first + 4] == [
        f"         h:2 is silent, asked at {at}",
        f"         till-4: another secret or clock, at {at} (wrong_signature)",
        "         3 questions came with another secret",
    ]
    quiet = Neighbours(tills=(NeighbourState(at="h:1", till=None, state="not_asked"),))
    assert "соседи   1, спросим их без хаба" in _lines(msgspec.structs.replace(STATUS, neighbours=quiet), "ru")
    assert not any(line.startswith("tills") for line in _lines(STATUS, "en"))


def test_papers_that_wait_for_a_printer_which_is_not_there_are_told_as_such() -> None:
    said = "         no printer: they come out when there is one"
    assert said not in _lines(STATUS, "en")
    alone = msgspec.structs.replace(STATUS, printer=None)
    assert said in _lines(alone, "en")
    assert said not in _lines(msgspec.structs.replace(alone, papers={"printed": 2}), "en")


def test_what_stands_in_front_is_told_also_when_nothing_was_said_since_the_start() -> None:
    silent = msgspec.structs.replace(STATUS, last_reply=None)
    assert "visit    ready" in _lines(silent, "en") and "визит    чек с картой" in _lines(silent, "ru")


def test_a_reason_of_the_hubs_own_is_told_by_its_code_alone() -> None:
    hub = msgspec.structs.replace(STATUS.hub, code="identity_conflict", cause="\x1b[31mwhatever it wrote")
    lines = list(_lines(msgspec.structs.replace(STATUS, hub=hub), "ru"))
    assert "хаб      1 НЕТ СВЯЗИ: хаб не принял запрос (identity_conflict)" in lines


def settings(folder: Path, language: str) -> Path:
    path = folder / "pos-agent.toml"
    text = f'till = "till-1"\nprogramme = "alenka"\ndata = "data"\nlanguage = "{language}"\n'
    path.write_text(text + '[hub]\nurl = "http://127.0.0.1:9"\n', encoding="utf-8")
    assert load_settings(path).language == language
    return path


@pytest.mark.parametrize("command", [["status"], ["report"], ["reprint"]])
@pytest.mark.parametrize(
    ("language", "told"), [("ru", "Агент с этими настройками запускался?"), ("en", "Has the agent")]
)
def test_nobody_there_is_told_in_the_tills_language(
    tmp_path: Path, command: list[str], language: str, told: str
) -> None:
    done = CliRunner().invoke(cli, [*command, "--config", str(settings(tmp_path, language))])
    assert done.exit_code == 1 and told in done.output


@pytest.mark.parametrize(("language", "told"), [("ru", "«../left» не годится"), ("en", "“../left” cannot name a POS")])
def test_a_name_that_no_pos_can_have_is_told_in_the_tills_language(tmp_path: Path, language: str, told: str) -> None:
    done = CliRunner().invoke(cli, ["token", "../left", "--config", str(settings(tmp_path, language))])
    assert done.exit_code == 1 and told in done.output


def test_a_poses_own_program_reads_an_english_message() -> None:
    assert str(AgentUnreachable("agent_away", url="1")) == "No agent answers at 1. Is it running?"


def test_members_that_are_coming_stand_under_the_hub() -> None:
    coming = Bootstrap(done=340_000, of=1_000_000)
    assert "         members are coming: 340,000 of 1,000,000" in of_hub("en", bootstrap=coming)
    assert "         участники приходят: 340\xa0000 из 1\xa0000\xa0000" in of_hub("ru", bootstrap=coming)
    assert not any("members" in line for line in of_hub("en"))
