"""The account's face for programs against its own description: schemathesis makes requests from the OpenAPI document,
and looks whether every answer is as the document says: at some of the calls, others each time, or at all of them where
`FACE_SECONDS` gives it long enough. 503 is described: the hub may be away. Whether what fits the schema is taken no
schema says: a number may be nobody's card."""

from __future__ import annotations

import os
import random
import re
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
A_CALL_S: Final = 4
ENDS: Final = "delete_session"  # after which its token is nobody's
FAULTS: Final = """[checks]
not_a_server_error.expected-statuses = ["2xx", "3xx", "4xx", "503"]
negative_data_rejection.expected-statuses = ["4xx", "503"]
"""  # what is too long is refused before anybody looks whether it fits: 413


def test_the_face_is_what_it_says_of_itself(account: Account, account_server: Server, tmp_path: Path) -> None:
    account.office.join("anna", points=100)
    turns = iter(range(10**9))  # a clock on which nobody asks too often
    account_server.app = account_app(account.desk, account.store, now=lambda: NOW, now_s=lambda: float(next(turns)))
    names = [call.name for call in CALLS if call.name != ENDS]
    looked_at = random.sample(names, min(len(names), int(SECONDS) // A_CALL_S))
    (tmp_path / "schemathesis.toml").write_text(FAULTS, encoding="utf-8")
    ran = subprocess.run(
        [
            *(str(Path(sys.executable).with_name("schemathesis")), "run", f"{account.url}{PREFIX}/openapi.json"),
            *("--url", account.url, "--header", f"Authorization: Bearer {account.cookie_of('anna')}"),
            *(*OPTIONS, *(word for name in looked_at for word in ("--include-operation-id", name))),
        ],
        capture_output=True,
        text=True,
        cwd=tmp_path,  # it keeps a cache where it runs
    )
    assert ran.returncode == 0, ran.stdout  # which names the seed and a curl for each failure
    assert re.search(r"Tested: [1-9]", ran.stdout), ran.stdout
    assert account.client("anna").get("/").status_code == 200
