"""Who may speak to a till of the shop: with the secret, now, and once (SEC10)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pos_agent.neighbours.signing import OLD, SEEN_MAX, Gate, is_answer, sign, sign_answer

SECRET, ANOTHER = b"s" * 32, b"t" * 32
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
NONCE = "0" * 32
PATH, BODY = "/n1/holds", b'{"member":"anna"}'


def said(**other: object) -> dict[str, str]:
    what = {"secret": SECRET, "method": "POST", "path": PATH, "body": BODY, "at": NOW, "nonce": NONCE} | other
    return sign(**what).headers  # type: ignore[arg-type]


def refusal(
    headers: dict[str, str],
    *,
    gate: Gate | None = None,
    method: str = "POST",
    path: str = PATH,
    body: bytes = BODY,
    now: datetime = NOW,
) -> str | None:
    return (gate or Gate(SECRET)).refusal(method, path, headers, body, now)


def test_what_was_signed_with_the_secret_comes_in() -> None:
    assert refusal(said()) is None


@pytest.mark.parametrize(
    "headers",
    [
        {},
        said() | {"n1-at": ""},
        said() | {"n1-at": "1e9"},
        said() | {"n1-nonce": "0"},
        said() | {"n1-nonce": "O" * 32},
    ],
)
def test_what_says_no_moment_and_no_nonce_is_unsigned(headers: dict[str, str]) -> None:
    assert refusal(headers) == "unsigned"


def test_another_secret_opens_nothing() -> None:
    assert refusal(said(secret=ANOTHER)) == "wrong_signature"
    assert refusal(said() | {"n1-mac": ""}) == "wrong_signature"
    assert refusal(said() | {"n1-mac": "é\udcff"}) == "wrong_signature"


@pytest.mark.parametrize("other", [{"body": BODY + b" "}, {"path": "/n1/voids"}, {"method": "PUT"}])
def test_nothing_that_was_signed_can_be_changed(other: dict[str, object]) -> None:
    assert refusal(said(), **other) == "wrong_signature"  # type: ignore[arg-type]
    assert refusal(said() | {"n1-at": str(int(NOW.timestamp()) + 1)}) == "wrong_signature"
    assert refusal(said() | {"n1-nonce": "1" * 32}) == "wrong_signature"


def test_a_request_comes_in_once() -> None:
    gate = Gate(SECRET)
    assert refusal(said(), gate=gate) is None
    assert refusal(said(), gate=gate) == "replayed"
    assert refusal(said(), gate=gate, now=NOW + OLD) == "replayed"
    assert refusal(said(nonce="1" * 32), gate=gate) is None


@pytest.mark.parametrize("off", [-OLD, -timedelta(seconds=30), timedelta(), OLD])
def test_clocks_may_differ_by_a_minute(off: timedelta) -> None:
    assert refusal(said(at=NOW + off)) is None


@pytest.mark.parametrize("off", [-OLD - timedelta(seconds=1), OLD + timedelta(seconds=1), timedelta(days=365_000)])
def test_what_is_older_or_comes_from_the_future_is_refused(off: timedelta) -> None:
    assert refusal(said(at=NOW + off)) == "old"


def test_one_that_was_let_in_is_remembered_for_as_long_as_it_could_come_again() -> None:
    """Signed by a clock a minute ahead, it is young for two minutes."""
    gate, headers = Gate(SECRET), said(at=NOW + OLD)
    assert refusal(headers, gate=gate) is None
    for later in (OLD, 2 * OLD):
        assert refusal(headers, gate=gate, now=NOW + later) == "replayed"
    assert refusal(headers, gate=gate, now=NOW + 2 * OLD + timedelta(seconds=1)) == "old"


def test_a_stranger_fills_no_memory_and_one_of_ours_not_all_of_it() -> None:
    gate = Gate(SECRET)
    for number in range(SEEN_MAX):
        assert refusal(said(nonce=f"{number:032x}", secret=ANOTHER), gate=gate) == "wrong_signature"
    for number in range(SEEN_MAX):
        assert refusal(said(nonce=f"{number:032x}"), gate=gate) is None
    last = {"nonce": f"{SEEN_MAX:032x}"}
    assert refusal(said(**last), gate=gate) == "busy"
    later = NOW + 2 * OLD + timedelta(seconds=1)
    assert refusal(said(at=later, **last), gate=gate, now=later) is None


def test_an_answer_is_to_one_request() -> None:
    mac = sign_answer(SECRET, 200, BODY, nonce=NONCE)
    assert is_answer(SECRET, 200, BODY, mac, nonce=NONCE)
    assert not is_answer(SECRET, 200, BODY, mac, nonce="1" * 32)
    assert not is_answer(SECRET, 409, BODY, mac, nonce=NONCE)
    assert not is_answer(SECRET, 200, BODY + b" ", mac, nonce=NONCE)
    assert not is_answer(ANOTHER, 200, BODY, mac, nonce=NONCE)
    assert not is_answer(SECRET, 200, BODY, said()["n1-mac"], nonce=NONCE)  # a request is no answer
