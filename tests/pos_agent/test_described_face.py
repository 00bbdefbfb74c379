"""The face against its own description: schemathesis makes requests from the OpenAPI document that the till gives, and
looks whether every answer is as the document says. `FACE_SECONDS` says how long.

503 is an answer that the document describes: this till has no hub, and says so. Any other 5xx is a fault.

Not looked at: whether what fits the schema is taken, for whether a number is a card, and a sum one of rubles, no schema
says; and the stream of events, which does not end.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import requests

from pos_agent.routes import ROUTES
from tests.pos_agent.running import running, with_members

SECONDS = os.environ.get("FACE_SECONDS", "20")
OPTIONS = [
    *("--max-time", SECONDS, "--phases", "examples,coverage,fuzzing", "--workers", "1", "--continue-on-failure"),
    *("--exclude-checks", "positive_data_acceptance", "--exclude-path", "/v1/events", "--warnings", "off"),
    *("--generation-database", "none", "--no-color"),
]

FAULTS: Final = '[checks]\nnot_a_server_error.expected-statuses = ["2xx", "3xx", "4xx", "503"]\n'


def test_the_face_is_what_it_says_of_itself(tmp_path: Path) -> None:
    with_members(tmp_path)
    (tmp_path / "schemathesis.toml").write_text(FAULTS, encoding="utf-8")
    with running(tmp_path) as (url, token):
        ran = subprocess.run(
            [
                *(str(Path(sys.executable).with_name("schemathesis")), "run", f"{url}/v1/openapi.json"),
                *("--url", url, "--header", f"Authorization: Bearer {token}"),
                *OPTIONS,
            ],
            capture_output=True,
            text=True,
            cwd=tmp_path,  # it keeps a cache where it runs
        )
        assert ran.returncode == 0, ran.stdout  # which names the seed and a curl for each failure
        assert f"Tested: {len(ROUTES) - 1}" in ran.stdout, ran.stdout  # not its own description, nor the events
        assert requests.get(f"{url}/v1/status", headers={"Authorization": f"Bearer {token}"}, timeout=20).ok
