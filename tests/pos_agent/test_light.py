"""A till's machine is old and small: the agent loads nothing that it does not use."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from drivers.printer.emulator.server import PrinterServer
from tests.pos_agent.running import TIMEOUT_S, settings

# what only cameras, migrations, the demo or the tests need
HEAVY = "numpy cv2 zxingcpp pyzbar sqlite_utils rich textual hypothesis pytest schemathesis usb"
A_SALE_PRINTED = f"""
import sys, threading
from pathlib import Path
from config.settings import load_settings
from pos_agent.build import Till
from pos_agent.client import AgentClient
from pos_agent.protocol import BasketLine, Pay, PointsReport, SetBasket
from pos_agent.tokens import token_in

till = Till(load_settings(Path(sys.argv[1])))
threading.Thread(target=till.run, daemon=True).start()
client = AgentClient(till.url, token_in(till.data).read_text())
assert client.do(SetBasket(sale="1", lines=(BasketLine(id="1", name="Tea", price="1.00"),))).ok
assert client.do(Pay(sale="1")).ok
assert client.do(PointsReport()).ok
handled = client.visit().handled
while client.status().papers != {{"printed": 1}}:
    client.visit(after=handled, wait_s=0.1)
print(*sorted(set({HEAVY.split()}) & set(sys.modules)))
till.stop.set()
"""


def test_an_agent_that_has_sold_and_printed_has_loaded_nothing_heavy(tmp_path: Path) -> None:
    with PrinterServer(tmp_path / "paper", port=0, boot_s=0) as paper:
        path = settings(
            tmp_path,
            more=f'[printer]\nurl = "{paper.url}"\n[[scanners]]\nname = "counter"\nurl = "tcp://127.0.0.1:9"\n',
        )
        done = subprocess.run(
            [sys.executable, "-P", "-c", A_SALE_PRINTED, str(path)],
            capture_output=True,
            text=True,
            timeout=2 * TIMEOUT_S,
            check=True,
        )
    assert done.stdout.strip() == ""
