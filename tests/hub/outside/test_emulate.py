"""`pos-hub emulate`: a service outside, as a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys

import requests

from hub.outside.partner import EXCHANGES, AskExchange, ExchangeTold
from hub.outside.services import Service


def test_a_partner_as_a_process() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "hub", "emulate", "partner", "--fault", "500"], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        try:
            assert (
                requests.post(url + EXCHANGES, json={}, headers={"Idempotency-Key": "k"}, timeout=20).status_code == 500
            )
            requests.post(url + "/emulator/fault", json={}, timeout=20)
            body = AskExchange(key="k", number="123456789", units=5, unit="miles")
            assert Service(name="s7", url=url).ask(EXCHANGES, body, ExchangeTold, "k").units == 5
        finally:
            process.terminate()
