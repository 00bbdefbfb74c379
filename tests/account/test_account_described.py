"""The account's face for programs against its own description: schemathesis makes requests from the OpenAPI document,
and looks whether every answer is as the document says. `FACE_SECONDS` says how long. 503 is described: the hub may be
away. Whether what fits the schema is taken no schema says: a number may be nobody's card."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from account.api.calls import CALLS
from account.api.described import PREFIX
from account.app import account_app
from tests.account.conftest import Account
from tests.hub.conftest import NOW
from tests.one_port import Server

SECONDS: Final = os.environ.get("FACE_SECONDS", "20")
OPTIONS: Final = [
    *("--max-time", SECONDS, "--phases", "examples,fuzzing", "--workers", "2", "--continue-on-failure"),
    *(
        "--max-examples",
        str(max(5, int(SECONDS) // 2)),
        "--exclude-checks",
        "positive_data_acceptance",
        "--warnings",
        "off",
    ),
    *("--generation-database", "none", "--no-color"),
]
ENDS: Final = ("--exclude-path-regex", "/session$")  # after which its token is nobody's
FAULTS: Final = '[checks]\nnot_a_server_error.expected-statuses = ["2xx", "3xx", "4xx", "503"]\n'


def test_the_face_is_what_it_says_of_itself(account: Account, account_server: Server, tmp_path: Path) -> None:
    account.office.join("anna", points=100)
    turns = iter(range(10**9))  # a clock on which nobody asks too often
    account_server.app = account_app(account.desk, account.store, now=lambda: NOW, now_s=lambda: float(next(turns)))
    (tmp_path / "schemathesis.toml").write_text(FAULTS, encoding="utf-8")
    ran = subprocess.run(
        [
            *(str(Path(sys.executable).with_name("schemathesis")), "run", f"{account.url}{PREFIX}/openapi.json"),
            *("--url", account.url, "--header", f"Authorization: Bearer {account.cookie_of('anna')}"),
            *(*OPTIONS, *ENDS),
        ],
        capture_output=True,
        text=True,
        cwd=tmp_path,  # it keeps a cache where it runs
    )
    assert ran.returncode == 0, ran.stdout  # which names the seed and a curl for each failure
    looked_at = [call for call in CALLS if call.path != "/session"]
    assert f"Tested: {len(looked_at)}" in ran.stdout, ran.stdout
    assert account.client("anna").get("/").status_code == 200
