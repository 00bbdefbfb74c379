"""One printer, two programs: the till's paper comes between the POS's receipts, from the sale to the status."""

from __future__ import annotations

import socket
from pathlib import Path

from click.testing import CliRunner

from drivers.printer.emulator.server import PrinterServer
from drivers.sharing.plan import ShareFiles
from pos_agent.cli import cli
from pos_agent.client import AgentClient
from pos_agent.protocol import BasketLine, Code, Pay, SetBasket
from tests.drivers.sharing.conftest import stop, until
from tests.drivers.sharing.test_scanner_share import free_port
from tests.pos_agent.conftest import ANNA
from tests.pos_agent.running import running, settings, with_members

INIT, CUT = b"\x1b@", b"\x1dV\x00"


def papers(printer: PrinterServer) -> list[str]:
    return [path.read_text("utf-8") for path in sorted(printer.tray.folder.glob("receipt-*.txt"))]


def test_a_sale_is_printed_between_the_poss_receipts_and_its_waiting_is_told(tmp_path: Path) -> None:
    with_members(tmp_path)
    port = free_port()
    with PrinterServer(tmp_path / "paper", pictures=False) as printer:
        more = f'[printer]\nurl = "{printer.url}"\nmodel = "epson-tm-t20"\nshare = "tcp:{port}"\n'
        with running(tmp_path, more=more) as (url, token):
            till = AgentClient(url, token)
            until(lambda: told(till).state == "ready" and told(till).share, "the printer is not ready")
            with socket.create_connection(("127.0.0.1", port), timeout=10) as pos:
                pos.sendall(INIT + b"fiscal 1\n\x1dr\x01")
                assert pos.recv(1) == b"\x00"
                till.done(SetBasket(lines=(BasketLine(id="1", name="Tea", price="412.50", quantity="1"),), sale="1"))
                till.done(Code(text=ANNA, sale="1"))
                till.done(Pay(sale="1"))
                until(lambda: told(till).share.turn == "waits", "it does not wait")
                (trouble,) = [one for one in till.status().troubles if one.of == "printer"]
                assert trouble.code == "share_waits" and "in 60 s at the latest" in trouble.text
                pos.sendall(b"total\n" + CUT)
                until(lambda: till.status().papers.get("printed") == 1, "our paper did not come")
                pos.sendall(INIT + b"fiscal 2\n" + CUT + b"\x1dr\x01")
                assert pos.recv(1) == b"\x00"
        first, ours, second = papers(printer)
        assert (
            first.split() == ["fiscal", "1", "total"]
            and second.split() == ["fiscal", "2"]
            and "ИНФОРМАЦИЯ" in ours.upper()
        )
        stop(ShareFiles.of(tmp_path / "data", "printer", "printer"))


def told(till: AgentClient):  # type: ignore[no-untyped-def]
    printer = till.status().printer
    assert printer is not None
    return printer


def test_the_command_says_what_is_shared_and_stops_it(tmp_path: Path) -> None:
    path = settings(tmp_path, more='[printer]\nurl = "tcp://127.0.0.1:9"\nshare = "tcp:9101"\n')

    def share(*words: str) -> str:
        return CliRunner().invoke(cli, ["share", *words, "--config", str(path)]).output

    assert share() == "printer   printer      tcp://127.0.0.1:9 → tcp:9101\n"
    assert share("stop") == "None was running.\n"
    done = CliRunner().invoke(cli, ["share", "scanner", "counter", "--config", str(path)])
    assert done.exit_code == 1 and "the settings share no scanner counter; they share printer printer" in str(
        done.output
    )


def test_a_device_that_is_shared_no_more_is_let_go_by_the_next_start(tmp_path: Path) -> None:
    from config.programmes import load_programme
    from config.settings import load_settings
    from pos_agent.sharing import Sharing, plans

    (tmp_path / "data").mkdir()
    port = free_port()
    with PrinterServer(tmp_path / "paper", pictures=False) as printer:
        path = settings(tmp_path, more=f'[printer]\nurl = "{printer.url}"\nshare = "tcp:{port}"\n')
        sharing, programme = Sharing(tmp_path / "data"), load_programme("alenka")
        (plan,) = plans(load_settings(path), programme)
        files = sharing.files(plan)
        sharing.publish([plan])
        sharing.start(plan)
        until(files.socket.exists, "it did not start")
        sharing.publish([])
        until(lambda: not files.socket.exists() and not files.plan.exists(), "it still holds the printer")
        stop(files)
