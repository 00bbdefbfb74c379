"""The hub's keys lie beside the ledger, are not in it, and are asked for by name where they are missing."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from hub.build import HUB_KEY, KEYS_FROM, TO_SCRUB, build_hub
from hub.cli import cli
from hub.face.tills import hub_app
from hub.keys import BEFORE, NAMES, NEXT
from hub.store.errors import StoreOff
from hub.store.rows import Rows
from hub.tills.joining import invite
from hub.tills.till import Till
from sync.client import HubClient
from sync.identity import Own, OwnFile, Speaker
from sync.joining import JoinRequest, proof_of_till
from tests.hub.conftest import PROGRAMMES, Office
from tests.one_port import Server
from tests.speaking import FILE, joined

SECRET = b"s" * 32
SCRUB = f"SELECT value FROM settings WHERE name = '{TO_SCRUB}'"


def keys_of(office: Office) -> Path:
    return office.path.with_name("hub.db.keys")


def run(office: Office, *words: str) -> Any:
    return CliRunner().invoke(cli, ["key", *words, "--db", str(office.path)])


def test_sec4_no_private_key_is_in_the_ledger(office: Office) -> None:
    office.hub.close()
    content = b"".join(path.read_bytes() for path in office.path.parent.glob("hub.db*") if path.is_file())
    for name in NAMES:
        path = keys_of(office) / f"{name}.key"
        assert path.stat().st_mode & 0o077 == 0
        assert path.read_text("ascii").strip().encode() not in content
        assert bytes.fromhex(path.read_text("ascii")) not in content


def test_a_ledger_without_its_keys_or_with_anothers_is_not_opened(office: Office, tmp_path: Path) -> None:
    office.hub.close()
    kept = keys_of(office).rename(tmp_path / "kept")
    with pytest.raises(StoreOff, match=r"not in .*hub\.db\.keys.*POS_HUB_KEYS"):
        office.open()
    build_hub(tmp_path / "other.db", PROGRAMMES, serving=False).close()
    shutil.copytree(tmp_path / "other.db.keys", keys_of(office))
    with pytest.raises(StoreOff, match="of another hub"):
        office.open()
    shutil.rmtree(keys_of(office))
    kept.rename(keys_of(office))
    office.open()


def test_the_folder_of_keys_can_be_named(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office.hub.close()
    keys_of(office).rename(tmp_path / "elsewhere")
    monkeypatch.setenv(KEYS_FROM, str(tmp_path / "elsewhere"))
    office.open()
    assert str(tmp_path / "elsewhere") in run(office, "list").output


def test_secrets_that_a_ledger_held_itself_go_into_the_folder_and_out_of_it(office: Office) -> None:
    """And where another hub's lie in the folder, they are not lost."""
    secrets = {name: f"{number:064x}" for number, name in enumerate(BEFORE.values(), start=1)}
    with office.hub.store.writing() as writer:
        writer.write(Rows(settings={**secrets, HUB_KEY: ""}))
    office.tamper(f"DELETE FROM settings WHERE name = '{HUB_KEY}'")
    office.hub.close()
    with pytest.raises(StoreOff, match="another hub's key"):
        office.open()
    shutil.rmtree(keys_of(office))
    office.open()
    assert {name: (keys_of(office) / f"{name}.key").read_text("ascii").strip() for name in BEFORE} == {
        name: secrets[BEFORE[name]] for name in BEFORE
    }
    assert office.rows(f"SELECT value FROM settings WHERE name IN {tuple(secrets)}") == [("",), ("",)]


def test_sec4_a_ledger_that_held_secrets_itself_is_written_anew_without_them_when_it_is_served(office: Office) -> None:
    secrets = {name: f"{number:064x}" for number, name in enumerate(BEFORE.values(), start=1)}
    office.join("anna", points=50)
    with office.hub.store.writing() as writer:
        writer.write(Rows(settings=secrets))
    for number in range(200):  # the table grows and shrinks again: old copies of its rows are left behind
        office.tamper(f"INSERT INTO settings VALUES ('n{number}', '{'x' * 200}')")
    office.tamper("DELETE FROM settings WHERE name LIKE 'n%'")
    office.tamper(f"DELETE FROM settings WHERE name = '{HUB_KEY}'")
    office.hub.close()
    shutil.rmtree(keys_of(office))
    office.open()  # an office command, beside which a hub may be serving
    assert kept_in_files(office, secrets.values()) and office.rows(SCRUB) == [("1",)]
    office.hub.close()

    served = build_hub(office.path, PROGRAMMES, serving=True)
    assert not kept_in_files(office, secrets.values()), "while it is served"
    assert served.keys.phones.hex() in secrets.values() and served.balances("alenka") == {"anna": 50}
    served.within(lambda writer: writer.write(Rows(settings={"more": "1"})))
    served.close()
    office.open()
    assert office.rows(SCRUB) == [("",)] and not kept_in_files(office, secrets.values())


def kept_in_files(office: Office, secrets: Iterable[str]) -> bool:
    content = b"".join(path.read_bytes() for path in office.path.parent.glob("hub.db*") if path.is_file())
    return any(secret.encode() in content for secret in secrets)


def test_the_hub_goes_over_to_a_new_key_when_its_tills_know_it(office: Office, url: str, server: Server) -> None:
    """Each of them hears of it on a page, and believes both until one of them is gone."""
    first, own = office.hub.keys.public, Own(joined(office.hub, "t1"))
    client = HubClient(url, Speaker(own, file=lambda: OwnFile(FILE, 1), run="r", new_id=lambda: "r1"))

    def page() -> str:
        return client.changes(till="t1", generation=1, programme="alenka", after="", limit=1).next_hub_key

    assert page() == "" and run(office, "renew", "--finish").exit_code == 1
    assert run(office, "renew").exit_code == 0 and run(office, "renew").exit_code == 1
    again(office, server)
    own.learn(page())
    second = own.identity.next_hub_key
    assert second is not None and own.identity.hub_key == first
    assert "1 tills have not said" in run(office, "renew", "--finish").output, "it was told, and may not have heard"
    assert page() == second, "and now it says what it knows"
    assert run(office, "renew", "--finish").exit_code == 0
    again(office, server)
    assert office.hub.keys.public == second and page() == ""
    assert (own.identity.hub_key, own.identity.next_hub_key) == (second, None)
    client.close()


def test_what_a_till_knows_of_the_hubs_keys_is_what_it_said_last(office: Office, url: str, server: Server) -> None:
    """Its folder of keys was put back, or it joined anew: it knows nothing of a next one."""
    assert run(office, "renew").exit_code == 0
    again(office, server)
    second = office.hub.keys.next_public
    joined(office.hub, "t1")

    def known_after(said: str) -> str:
        office.hub.tills.note_hub_key(office.hub.tills.find("t1") or Till(till="t1", state="joined", added_at=""), said)
        till = office.hub.tills.find("t1")
        assert till is not None
        return till.hub_key_known

    assert [known_after(said) for said in ("", "ab" * 32, second, "cd" * 32, "")] == ["", "", second, second, ""]
    known_after(second)
    code = office.hub.within(lambda writer: invite(writer, "t1", SECRET, office.now, store=None, by="olga"))
    assert code.hub_key_known == second
    asked = JoinRequest(till="t1", key="a" * 64, file=FILE, generation=1, salt="b" * 32, proof="0" * 64)
    office.hub.tills.join(msgspec.structs.replace(asked, proof=proof_of_till(SECRET, asked)))
    assert run(office, "renew", "--finish").exit_code == 1


def test_a_renewal_that_died_between_ledger_and_folder_is_finished_at_the_next_start(office: Office) -> None:
    assert run(office, "renew").exit_code == 0
    office.restart()
    second = office.hub.keys.next_public
    office.hub.within(lambda writer: writer.write(Rows(settings={HUB_KEY: second})))
    office.restart()
    assert office.hub.keys.public == second and not (keys_of(office) / NEXT).exists()
    office.restart()


def again(office: Office, server: Server) -> None:
    office.restart()
    server.app = hub_app(office.hub)


def test_keys_are_copied_once_and_never_over_others(office: Office, tmp_path: Path) -> None:
    done = run(office, "copy", str(tmp_path / "usb"))
    assert done.exit_code == 0 and "lock them away" in done.output
    for name in NAMES:
        copied = tmp_path / "usb" / f"{name}.key"
        assert copied.read_bytes() == (keys_of(office) / copied.name).read_bytes()
        assert copied.stat().st_mode & 0o077 == 0
    assert "is there already" in run(office, "copy", str(tmp_path / "usb")).output
    assert office.hub.keys.public in run(office, "list").output
