"""A till's keys in the keyring of the system: a till with them is who it was, and one whose keyring is locked, silent
or not there sells on, and says what is off."""

from __future__ import annotations

import importlib
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from config.settings import Settings, SettingsError, load_settings
from offline_cache.cache import Cache
from pos_agent.doctor import till as doctor
from pos_agent.doctor.sheet import text_of
from pos_agent.identity import IdentityError, own_in
from pos_agent.invited import JoinFailed
from pos_agent.joining import join
from pos_agent.key_ring import KeyRing, KeyringOff
from pos_agent.keys import IDENTITY, JOINING, SEALING
from pos_agent.own_till import OwnTill
from pos_agent.parts import own_cache
from sync.hub_port import HubNoKey
from sync.worker import SyncState
from tests.one_port import Server
from tests.pos_agent.inviting import TYPED, Chain

keyring = pytest.importorskip("keyring", reason="pos-agent[keyring] is not installed")
backend = importlib.import_module("keyring.backend")
errors = importlib.import_module("keyring.errors")
fail = importlib.import_module("keyring.backends.fail")
null = importlib.import_module("keyring.backends.null")

SILENCE_S = 0.05


class Here:
    """A keyring that is open, as long as the process lives; `locked`: until somebody comes."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        self._check()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._check()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._check()
        del self.kept[service, username]

    def _check(self) -> None:
        if self.locked:
            raise errors.KeyringLocked("the collection is locked")


class Asking(Here):
    """It asks somebody to unlock it, and nobody is there."""

    def __init__(self, answered: threading.Event) -> None:
        super().__init__()
        self._answered = answered

    def _check(self) -> None:
        self._answered.wait()


def made(kind: type[Here], *how: Any) -> Any:
    """As one of the package's own, which may be missing."""
    return type(kind.__name__, (kind, backend.KeyringBackend), {})(*how)


@pytest.fixture
def ring() -> Iterator[Any]:
    before, here = keyring.get_keyring(), made(Here)
    keyring.set_keyring(here)
    yield here
    keyring.set_keyring(before)


@pytest.fixture
def chain(tmp_path: Path, server: Server) -> Iterator[Chain]:
    chain = Chain(tmp_path, server)
    yield chain
    chain.hub.close()


def settings_of(chain: Chain) -> Settings:
    path = chain.folder / "till-1.toml"
    chain.settings()
    path.write_text(f'keys = "keyring:"\n{path.read_text("utf-8")}', "utf-8")
    return load_settings(path)


def started(settings: Settings) -> tuple[Cache, OwnTill]:
    settings.kept_in.mkdir(exist_ok=True)
    cache = own_cache(settings)
    return cache, OwnTill(settings, cache)


def found(settings: Settings) -> Any:
    return next(finding for finding in doctor.hub(settings) if finding.about == "hub")


def test_a_till_joins_and_all_its_keys_are_in_the_keyring_and_none_is_on_the_disk(chain: Chain, ring: Any) -> None:
    chain.invite()
    settings = settings_of(chain)
    key = join(settings, TYPED).key
    chain.push(settings)
    assert {name for _, name in ring.kept} == {IDENTITY, SEALING}, "and nothing of joining is left"
    sealing = ring.kept["pos-agent/till-1", SEALING].strip()
    left = b"".join(path.read_bytes() for path in chain.folder.rglob("*") if path.is_file())
    for secret in (key, sealing):
        assert secret.encode() not in left and bytes.fromhex(secret) not in left
    assert not list(chain.folder.glob("*keyring*"))


def test_a_till_that_starts_again_has_the_same_keys(chain: Chain, ring: Any) -> None:
    chain.invite()
    settings = settings_of(chain)
    identity = join(settings, TYPED)
    for _ in range(2):
        cache, own = started(settings)
        assert own.unproven(SyncState(), datetime.now(UTC)) is None
        cache.close()
    assert own_in(settings).identity == identity


@pytest.mark.parametrize("how", ["locked", "no keyring", "no package"])
def test_c7_without_its_keyring_the_till_sells_on_unproven_and_says_what_helps(
    chain: Chain, ring: Any, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    chain.invite()
    settings = settings_of(chain)
    join(settings, TYPED)
    if how == "locked":
        ring.locked = True
    elif how == "no keyring":
        keyring.set_keyring(fail.Keyring())
    else:
        monkeypatch.setitem(sys.modules, "keyring", None)
    cache, own = started(settings)
    assert own.unproven(SyncState(), datetime.now(UTC)) == "no_key"
    with pytest.raises(HubNoKey):  # it must not join anew
        own.join()
    assert cache.outbox_length() == 0 and cache.phones.keys == ()
    cache.close()
    with pytest.raises(IdentityError, match="install pos-agent" if how == "no package" else "name a folder in `keys`"):
        own_in(settings)
    said = found(settings)
    assert (said.code, said.help) == ("hub_key_bad", "hub_keyring_help") and "keyring" in text_of(said, "en")
    with pytest.raises(JoinFailed) as failed:
        join(settings, "0000-0000")
    assert failed.value.code == "not_written", "no code is used up for a key that nobody keeps"


def test_a_locked_keyring_that_was_opened_gives_the_till_back_at_the_next_start(chain: Chain, ring: Any) -> None:
    chain.invite()
    settings = settings_of(chain)
    join(settings, TYPED)
    for ring.locked, why in ((True, "no_key"), (False, None)):
        cache, own = started(settings)
        assert own.unproven(SyncState(), datetime.now(UTC)) == why
        cache.close()


def test_nobody_waits_for_a_keyring_that_waits_for_somebody() -> None:
    before, answered = keyring.get_keyring(), threading.Event()
    keyring.set_keyring(made(Asking, answered))
    try:
        with pytest.raises(KeyringOff, match="may wait to be unlocked"):
            KeyRing("t1", SILENCE_S).read(IDENTITY)
    finally:
        answered.set()
        keyring.set_keyring(before)


def test_a_keyring_that_is_switched_off_keeps_nothing_and_that_is_noticed() -> None:
    before = keyring.get_keyring()
    keyring.set_keyring(null.Keyring())
    try:
        with pytest.raises(KeyringOff, match="has not kept it"):
            KeyRing("t1").keep(JOINING, b"1")
    finally:
        keyring.set_keyring(before)


def test_a_keyring_in_a_file_keeps_what_the_till_is(tmp_path: Path) -> None:
    """Of another make: it opens without anybody, and is worth what its file is."""
    file = pytest.importorskip("keyrings.alt.file", reason="keyrings.alt is not installed")
    before, plain = keyring.get_keyring(), file.PlaintextKeyring()
    plain.file_path = str(tmp_path / "ring")
    keyring.set_keyring(plain)
    try:
        one, other = KeyRing("t1"), KeyRing("t2")
        one.keep(IDENTITY, b'{"till":"t1"}')
        one.keep_first(IDENTITY, b"not this")
        assert one.read(IDENTITY) == b'{"till":"t1"}' and other.read(IDENTITY) is None
        one.drop(IDENTITY)
        one.drop(IDENTITY)
        assert one.read(IDENTITY) is None
    finally:
        keyring.set_keyring(before)


def test_a_keyring_has_no_name_of_its_own_in_the_settings(chain: Chain) -> None:
    path = chain.folder / "till-1.toml"
    chain.settings()
    path.write_text(f'keys = "keyring:mine"\n{path.read_text("utf-8")}', "utf-8")
    with pytest.raises(SettingsError, match="line 1: keys is"):
        load_settings(path)
