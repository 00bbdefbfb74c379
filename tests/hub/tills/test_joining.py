"""A till is invited, joins with a code and is sent away: what each side proves, and what a wrong one changes."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hub.books.holds import AskRefused
from hub.build import build_hub, build_programmes
from hub.hub import Hub
from hub.tills.joining import invite, revoke
from hub.tills.till import JOIN_MINUTES, JOIN_TRIES, Till, generation_for, with_lease
from sync.joining import JoinRequest, proof_of_hub, proof_of_till, secret_of, typed
from tests.there import there

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
CODE = "K7QX2MPD"
FILE, OTHER = "ab" * 16, "cd" * 16


class Office:
    def __init__(self, path: Path) -> None:
        self.now = NOW
        self.hub: Hub = build_hub(path, build_programmes(), serving=False, now=lambda: self.now)

    def invite(self, till: str = "t1", code: str = CODE) -> bytes:
        secret = secret_of(code, till)
        self.hub.within(lambda writer: invite(writer, till, secret, self.now, store="s1", by="olga"))
        return secret

    def till(self, name: str = "t1") -> Till:
        return there(self.hub.tills.find(name))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path / "hub.db")
    yield office
    office.hub.close()


def request(secret: bytes, till: str = "t1", **changes: Any) -> JoinRequest:
    key = Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex()
    told = JoinRequest(till=till, key=key, file=FILE, generation=1, salt=secrets.token_hex(16), proof="0" * 64)
    proved = msgspec.structs.replace(told, proof=proof_of_till(secret, told))
    return msgspec.structs.replace(proved, **changes)


def test_a_till_joins_with_its_code_and_each_knows_the_other(office: Office) -> None:
    secret = office.invite()
    asked = request(secret)
    reply = office.hub.tills.join(asked)
    assert proof_of_hub(secret, reply, asked) == reply.proof
    assert (reply.hub_key, reply.ledger, reply.store) == (office.hub.keys.public, office.hub.ledger, "s1")
    till = office.till()
    assert (till.state, till.key, till.invitation) == ("joined", asked.key, None)
    assert there(till.lease).file == FILE


@pytest.mark.parametrize("field", ["till", "store", "ledger", "hub_key", "generation"])
def test_whoever_sits_between_them_can_put_in_nothing_of_his(office: Office, field: str) -> None:
    secret = office.invite()
    asked = request(secret)
    reply = office.hub.tills.join(asked)
    other = {"till": "t2", "store": "s2", "ledger": "0" * 32, "hub_key": "11" * 32, "generation": 7}
    assert proof_of_hub(secret, msgspec.structs.replace(reply, **{field: other[field]}), asked) != reply.proof


@pytest.mark.parametrize("changes", [{"key": "22" * 32}, {"file": OTHER}, {"generation": 9}, {"salt": OTHER}])
def test_what_the_till_did_not_prove_is_none_of_its(office: Office, changes: dict[str, Any]) -> None:
    secret = office.invite()
    with pytest.raises(AskRefused) as refused:
        office.hub.tills.join(request(secret, **changes))
    assert refused.value.code == "wrong_code" and office.till().state == "invited"


def test_a_code_is_good_once_for_minutes_and_for_five_tries(office: Office) -> None:
    secret, wrong = office.invite(), secret_of("00000000", "t1")
    for left in range(JOIN_TRIES - 1, -1, -1):
        with pytest.raises(AskRefused, match=f"{left} more"):
            office.hub.tills.join(request(wrong))
    with pytest.raises(AskRefused) as refused:
        office.hub.tills.join(request(secret))
    assert refused.value.code == "no_code", "the right one comes too late"

    secret = office.invite()
    office.now += timedelta(minutes=JOIN_MINUTES)
    with pytest.raises(AskRefused) as refused:
        office.hub.tills.join(request(secret))
    assert refused.value.code == "no_code"

    secret = office.invite()
    office.hub.tills.join(request(secret))
    with pytest.raises(AskRefused) as refused:
        office.hub.tills.join(request(secret))
    assert refused.value.code == "no_code"


def test_one_till_s_code_is_none_for_another(office: Office) -> None:
    office.invite("t1")
    office.invite("t2", "00000000")
    with pytest.raises(AskRefused) as refused:
        office.hub.tills.join(request(secret_of(CODE, "t1"), "t2"))
    assert refused.value.code == "wrong_code" and office.till("t2").state == "invited"


def test_a_till_that_is_invited_anew_is_heard_with_its_old_key_until_it_has_joined(office: Office) -> None:
    first = request(office.invite())
    office.hub.tills.join(first)
    secret = office.invite()
    assert (office.till().state, office.till().key) == ("joined", first.key)
    second = request(secret)
    office.hub.tills.join(second)
    assert office.till().key == second.key


def test_a_till_that_is_sent_away_has_no_key_and_no_code(office: Office) -> None:
    office.hub.tills.join(request(office.invite()))
    secret = office.invite()
    office.hub.within(lambda writer: revoke(writer, "t1", office.now, by="olga", why="stolen"))
    till = office.till()
    assert (till.state, till.key, till.why) == ("revoked", None, "stolen")
    with pytest.raises(AskRefused):
        office.hub.tills.join(request(secret))
    assert office.hub.within(lambda writer: revoke(writer, "nobody", office.now, by="olga", why="")) is None


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("K7QX-2MPD", CODE),
        ("k7qx 2mpd", CODE),
        ("OIL0OIL0", "01100110"),
        ("K7QX2MP", None),
        ("K7QX2MPDD", None),
        ("K7QX2MPU", None),
        ("", None),
        ("К7QX2MPD", None),  # a Cyrillic letter
    ],
)
def test_a_code_is_read_as_people_type_it(said: str, meant: str | None) -> None:
    assert typed(said) == meant


@pytest.mark.parametrize(
    ("file", "generation", "used", "given"),
    [
        (FILE, 0, [], 3),  # a new file: behind all that were leased
        (FILE, 0, [7], 8),  # and behind all of which the ledger has operations
        (FILE, 2, [2], 2),  # its own
        (OTHER, 2, [2], 3),  # another file's
        (OTHER, 1, [1, 2], 3),  # a file's of before
        (OTHER, 9, [], 9),  # nobody's yet: a file that began without the hub
    ],
)
def test_no_two_files_have_one_generation(file: str, generation: int, used: list[int], given: int) -> None:
    till = Till(till="t1", state="joined", added_at="2026-03-02T12:00:00Z")
    till = with_lease(with_lease(till, "ef" * 16, 1, "a"), FILE, 2, "b")
    assert generation_for(till, file, generation, used) == given
    assert [lease.generation for lease in till.before] == [1]
    assert with_lease(till, FILE, 2, "c") is till, "told again, nothing changes"
