"""`pos-agent emulate network`: a cable that is cut and mended, at the process as at its control."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import requests
from click.testing import CliRunner

from pos_agent.commands.emulate_network import command
from pos_agent.demo.wire import Wire

TIMEOUT_S = 20


@contextmanager
def echoing() -> Iterator[int]:
    """Somebody at the far end who says back what he hears."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    near, _ = listener.accept()
                except OSError:
                    return
                with near:
                    near.sendall(near.recv(64))

        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


def heard(port: int) -> bytes:
    try:
        with socket.create_connection(("127.0.0.1", port), TIMEOUT_S) as client:
            client.sendall(b"hello")
            return client.recv(64)
    except OSError:
        return b""


def test_what_connects_comes_to_the_far_end_until_it_is_cut() -> None:
    with echoing() as far:
        words = ["emulate", "network", "--to", f"127.0.0.1:{far}", "--control", "0", "--until-eof"]
        child = subprocess.Popen(
            [sys.executable, "-P", "-m", "pos_agent", *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert child.stdin is not None and child.stdout is not None
        ready = json.loads(child.stdout.readline())
        port, control = int(ready["url"].rpartition(":")[2]), ready["control"]

        def order(line: str) -> Any:
            return requests.post(control + "order", data=line, timeout=TIMEOUT_S).json()["error"]

        def unplugged() -> Any:
            return requests.get(control + "state.json", timeout=TIMEOUT_S).json()["unplugged"]

        assert heard(port) == b"hello"
        assert order("cut") == "" and unplugged() is True and heard(port) == b""
        assert order("mend") == "" and unplugged() is False and heard(port) == b"hello"
        assert "cut and mend" in order("dance")
        child.stdin.close()
        assert child.wait(TIMEOUT_S) == 0
        child.stdout.close()


def test_a_far_end_that_is_away_for_a_moment_is_found_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        away = taken.getsockname()[1]
    wire = Wire(away)
    assert heard(wire.port) == b""
    with socket.create_server(("127.0.0.1", away)) as back:
        client = socket.create_connection(("127.0.0.1", wire.port), TIMEOUT_S)
        back.settimeout(TIMEOUT_S)
        back.accept()[0].close()
        client.close()
    wire.cut()


@pytest.mark.parametrize("to", ["hub", "hub:", ":8070", "hub:0", "hub:70000", "hub:x"])
def test_an_address_that_is_none_is_told(to: str) -> None:
    done = CliRunner().invoke(command, ["--to", to])
    assert done.exit_code == 2 and "127.0.0.1:8070" in done.output
