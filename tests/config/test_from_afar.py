"""Settings that may be said from afar, and why the others may not; what was accepted holds over the till's own file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from config.accepted import FILE, FILE_MAX_BYTES, NOTHING, Accepted, accepted_in
from config.from_afar import MAY, OWN, check_from_afar, checked
from config.setting_checks import BadSetting
from config.settings import Settings, SettingsError, load_settings

OWN_FILE = 'till = "till-1"\nprogramme = "alenka"\ndata = "data"\n{line}\n[hub]\nurl = "http://h"\n'


@pytest.fixture
def till(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    return written(tmp_path)


def written(folder: Path, line: str = "idle_minutes = 30") -> Path:
    path = folder / "pos-agent.toml"
    path.write_text(OWN_FILE.format(line=line), encoding="utf-8")
    return path


def accept(till: Path, **holds: Any) -> None:
    kept = msgspec.json.encode({"edition": "ab", "decided": "accepted", "at": "", "holds": holds})
    (till.parent / "data" / FILE).write_bytes(kept)


def test_of_each_setting_it_is_settled_whether_it_may_be_said_from_afar() -> None:
    settings = {field.name for field in msgspec.structs.fields(Settings)}
    assert settings == set(MAY) | OWN.keys() and not set(MAY) & OWN.keys()


def test_what_may_be_said_has_a_default_so_that_it_can_be_taken_back() -> None:
    required = {field.name for field in msgspec.structs.fields(Settings) if field.required}
    assert not required & set(MAY)


@pytest.mark.parametrize("name", [*OWN, "api.port", "hub.url", "printer.model"])
def test_what_is_the_machines_own_is_refused_with_its_reason(name: str) -> None:
    with pytest.raises(BadSetting, match=f"`{name}` is said at the till alone: .{{20,}}"):
        check_from_afar(name, "x", Settings)


@pytest.mark.parametrize(
    "name, value, told",
    [
        ("idle_minutes", 0, "idle_minutes is 0; write a whole number from 1 to 1440, without quotes"),
        ("idle_minutes", "30", "idle_minutes is '30'; write a whole number from 1 to 1440, without quotes"),
        ("language", "de", "language is 'de'; it may be 'ru' or 'en'"),
        ("receipt_lines", 1, "receipt_lines is 1; write true or false, without quotes"),
        ("idle_minuts", 3, "`idle_minuts` is no setting; perhaps `idle_minutes` is meant"),
    ],
)
def test_a_bad_value_is_told_as_in_a_tills_own_file(tmp_path: Path, name: str, value: Any, told: str) -> None:
    with pytest.raises(BadSetting) as here:
        check_from_afar(name, value, Settings)
    assert str(here.value) == told
    with pytest.raises(SettingsError) as there:
        load_settings(written(tmp_path, f"{name} = {json.dumps(value)}"))
    assert str(there.value) == f"{tmp_path / 'pos-agent.toml'}, line 4: {told}."


def test_what_was_accepted_holds_over_the_tills_own_file(till: Path) -> None:
    accept(till, idle_minutes=10, language="en")
    assert (load_settings(till).idle_minutes, load_settings(till).language) == (10, "en")
    own = load_settings(till, accepted=False)
    assert (own.idle_minutes, own.language) == (30, "ru")


def test_people_practise_by_the_file_alone(till: Path) -> None:
    accept(till, idle_minutes=10)
    assert load_settings(written(till.parent, "training = true")).idle_minutes == 30


def test_what_another_version_accepted_takes_nothing_else_along(till: Path) -> None:
    """A till that was put back to an older version, or that has become stricter."""
    accept(till, idle_minutes=10, sleep_hours=3, language="de", api={"port": 1}, balance_by_phone=True)
    settings = load_settings(till)
    assert (settings.idle_minutes, settings.balance_by_phone, settings.language) == (30, False, "ru"), "not even read"
    accept(till, idle_minutes=10, sleep_hours=3, language="de", balance_by_phone=True)
    settings = load_settings(till)
    assert (settings.idle_minutes, settings.balance_by_phone, settings.language) == (10, True, "ru")
    assert checked({"idle_minutes": 10, "sleep_hours": 3, "language": "de"}, Settings).bad.keys() == {
        "sleep_hours",
        "language",
    }


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[]", b'{"holds":7}', b"[" * 90_000, b" " * FILE_MAX_BYTES])
def test_a_file_that_cannot_be_read_decides_nothing_and_stops_no_start(till: Path, content: bytes) -> None:
    (till.parent / "data" / FILE).write_bytes(content)
    assert accepted_in(till.parent / "data") == NOTHING == Accepted()
    assert load_settings(till).idle_minutes == 30
