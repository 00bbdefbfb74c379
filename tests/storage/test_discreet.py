"""No phone, card or secret passes the edge of the log, be it in an error's own text."""

from __future__ import annotations

import io
import logging
import subprocess
import sys

import pytest

from storage.discreet import Discreet, discreet


@pytest.mark.parametrize(
    ("said", "logged"),
    [
        ("no member has +79161234567", "no member has ***4567"),
        ("'8 916 123-45-67' is wrong", "'***4567' is wrong"),
        ("+7 (916) 123-45-67", "***4567"),
        ("card 2600000000017, then 2600000000024", "card ***0017, then ***0024"),
        ("Authorization: Bearer abcdefghijklmnop0123", "Authorization: Bearer ***"),
        ("http://127.0.0.1:8071/page#Zm9vYmFyZm9vYmFyMTIz", "http://127.0.0.1:8071/page#***"),
    ],
)
def test_what_is_somebodys_loses_all_but_its_end(said: str, logged: str) -> None:
    assert discreet(said) == logged


@pytest.mark.parametrize(
    "said",
    [
        "Operation 123456789 at 2026-03-02T12:00:00.000000+00:00",
        "programme " + "0123456789" * 6 + "abcd",
        "hold 60fc39b2a1e44d0f9a11",
        "listening at 192.168.0.20:8072",
        "/var/lib/pos/20260302120000.log",
    ],
)
def test_what_a_technician_needs_stays(said: str) -> None:
    assert discreet(said) == said


def test_a_traceback_loses_it_too() -> None:
    log, written = logging.getLogger("a log of its own"), io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(Discreet())
    log.addHandler(handler)
    try:
        raise KeyError("2600000000017")
    except KeyError:
        log.exception("member of %s", "+79161234567")
    log.removeHandler(handler)
    assert "Traceback" in written.getvalue() and "***0017" in written.getvalue() and "***4567" in written.getvalue()
    assert "2600000000017" not in written.getvalue() and "9161234567" not in written.getvalue()


@pytest.mark.parametrize("where", ["raise SystemError(said)", "logging.getLogger('x').error('for %s', said)"])
def test_a_process_says_it_discreetly_also_when_it_dies(where: str) -> None:
    program = (
        "import logging\nfrom storage.discreet import log_discreetly\nlog_discreetly()\n"
        f"said = ''.join(reversed('7654321619' + '7+'))\n{where}"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "***4567" in done.stderr and "9161234567" not in done.stderr
