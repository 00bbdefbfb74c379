"""`pos-agent emulate printer`: a receipt printer without a printer, or several."""

from __future__ import annotations

import json
import os
import signal
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from config.toml_file import read_toml
from drivers.printer.emulator.machine import BUFFER_BYTES
from drivers.printer.emulator.models import DEFAULT_MODEL, MODELS
from drivers.printer.emulator.orders import ANSWER_AFTER, LATER, ORDERS, SECONDS_MAX
from drivers.printer.emulator.plan import Fault, PlanError, plan_of
from drivers.printer.emulator.server import PrinterServer
from pos_agent.commands.emulate_playback import play_option, play_printer, speed_option

COUNT_MAX = 32  # printers in one process, a thread each
PACE_MIN, PACE_MAX = 0.01, 1_000_000.0  # a second: slower never ends, faster is at once
ANSWERS = {"honest": (), "silent": ("silent on",), "constant": ("constant on",)}
EPILOG = f"""Orders: {", ".join((*ORDERS, ANSWER_AFTER, *LATER))}.

A plan is a TOML file of [[fault]] tables: do = "paper out" (any order), and one of at_byte = 300, at_line = 12,
after_s = 2.5.

Example: pos-agent emulate printer --out papers --web 8091
"""


class Pace(click.FloatRange):
    """So many a second, or 0 for as fast as it can. Neither nan nor what would make an endless wait."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        pace = float(super().convert(value, param, ctx))
        if pace != 0 and not PACE_MIN <= pace <= PACE_MAX:  # nan is not in any range
            self.fail(f"{value} is neither 0 nor between {PACE_MIN} and {PACE_MAX:.0f}", param, ctx)
        return pace


@click.command("printer", epilog=EPILOG)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option(
    "--port",
    "ports",
    type=click.IntRange(0, 65535),
    multiple=True,
    default=(9100,),
    show_default=True,
    help="0: any free one. Repeat it for several printers.",
)
@click.option(
    "--count", type=click.IntRange(1, COUNT_MAX), default=1, help="So many printers, on the ports that follow."
)
@click.option("--pty", is_flag=True, help="On a serial port instead of TCP.")
@click.option("--link", type=click.Path(path_type=Path), help="A stable name for the serial port; implies --pty.")
@click.option("--columns", type=click.IntRange(16, 96), default=42, show_default=True, help="32, 42, 48: real papers.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("receipts"),
    show_default=True,
    help="Where cut receipts fall, as text and PNG; of several printers in 1, 2 ... under it.",
)
@click.option(
    "--model", type=click.Choice(list(MODELS)), default=DEFAULT_MODEL, show_default=True, help="Whose manual."
)
@click.option("--kanji/--no-kanji", default=None, help="Start with two-byte characters on, as Chinese clones do.")
@click.option("--process-id/--no-process-id", default=None, help="Know GS ( H; many clones do not.")
@click.option("--clear-buffer/--no-clear-buffer", default=None, help="Know DLE DC4 8.")
@click.option("--transmit-status/--no-transmit-status", default=None, help="Know GS r.")
@click.option("--auto-status/--no-auto-status", default=None, help="Know GS a.")
@click.option("--cutter/--no-cutter", default=None, help="Have a knife.")
@click.option("--answers", type=click.Choice(list(ANSWERS)), default="honest", help="constant: all is well, always.")
@click.option(
    "--answer-after",
    "answer_after_s",
    type=click.FloatRange(0, SECONDS_MAX),
    default=0,
    help="Seconds that each answer is on its way, as through a slow print server; 0: none.",
)
@click.option("--paper-out", is_flag=True, help="Start without paper.")
@click.option("--cover-open", is_flag=True, help="Start with the cover open.")
@click.option("--silent", is_flag=True, help="The same as --answers silent.")
@click.option("--buffer", "buffer_bytes", type=click.IntRange(16, 1 << 20), default=BUFFER_BYTES, show_default=True)
@click.option("--bytes-per-s", type=Pace(0), default=0, help="How fast the buffer is taken; 0: at once.")
@click.option("--lines-per-s", type=Pace(0), default=0, help="How fast lines are printed; 0: at once.")
@click.option("--baud", type=click.IntRange(0, 4_000_000), default=0, help="How fast bytes come in; 0: at once.")
@click.option("--plan", type=click.Path(path_type=Path), help="A file of what goes wrong, and when.")
@click.option("--web", type=click.IntRange(0, 65535), metavar="PORT", help="A page with the paper and the faults.")
@click.option("--pictures/--no-pictures", default=True, help="Drawing takes time.")
@play_option
@speed_option
@click.option("--trace", is_flag=True, help="Write every command to commands.log, not only what is odd.")
def command(
    host: str,
    ports: tuple[int, ...],
    count: int,
    pty: bool,
    link: Path | None,
    out: Path,
    answers: str,
    paper_out: bool,
    cover_open: bool,
    silent: bool,
    plan: Path | None,
    web: int | None,
    recording_path: Path | None,
    speed: float,
    **settings: Any,
) -> None:
    """An ESC/POS printer on a TCP port that keeps its paper as files, and answers as a real one does.

    Once ready it says so in one line of JSON. Every line of the standard input is an order, answered by a line
    of JSON on the standard output; with several printers it begins with the printer's number: "2 paper out".

    Beside the receipts lie ledger.jsonl (which copies are whole, torn, the same) and commands.log.

    --play FILE answers as the printer did that `pos-agent record` listened to, and says where what is sent differs.
    """
    wires = wires_of(host, ports, count, pty, link)
    if recording_path is not None:
        play_printer(recording_path, wires[0], speed=speed)
    faults = planned(plan)
    folders = [out] if len(wires) == 1 else [out / str(number) for number in range(1, len(wires) + 1)]
    printers = [started(folder, wire, settings) for folder, wire in zip(folders, wires, strict=True)]
    starts = {"paper out": paper_out, "cover open": cover_open, "silent on": silent}
    orders = [order for order, wanted in starts.items() if wanted]
    for printer in printers:
        for line in (*orders, *ANSWERS[answers], *(fault.order for fault in faults)):
            printer.obey(line)
    run(printers, web)


def planned(path: Path | None) -> tuple[Fault, ...]:
    if path is None:
        return ()
    try:
        return plan_of(read_toml(path))
    except OSError as error:
        sys.exit(f"pos-agent: {path} cannot be read: {error.strerror}")
    except PlanError as error:
        sys.exit(f"pos-agent: {path}: {error}")
    except ValueError as error:
        sys.exit(f"pos-agent: {error}")


def wires_of(host: str, ports: tuple[int, ...], count: int, pty: bool, link: Path | None) -> list[dict[str, Any]]:
    """What PrinterServer is told of each printer's wire."""
    numbers = range(1, count + 1)
    if link is not None:
        return [{"link": link if count == 1 else link.with_name(f"{link.name}-{number}")} for number in numbers]
    if pty:
        return [{"pty": True} for _ in numbers]
    if len(ports) > 1:
        return [{"host": host, "port": port} for port in ports]
    return [{"host": host, "port": ports[0] and ports[0] + number - 1} for number in numbers]


def started(folder: Path, wire: dict[str, Any], settings: dict[str, Any]) -> PrinterServer:
    try:
        return PrinterServer(folder, **wire, **settings)
    except (OSError, OverflowError) as error:
        where = wire.get("link") or (f"{wire['host']}:{wire['port']}" if "port" in wire else "a pseudo-terminal")
        cause = getattr(error, "strerror", None) or error
        sys.exit(f"pos-agent: cannot start a printer at {where} with {folder}: {cause}")


def run(printers: list[PrinterServer], web: int | None) -> None:
    """The first printer has this thread and the orders; the others have threads of their own."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: printers[0].stop())
    with ExitStack() as stack:
        for printer in printers[1:]:
            stack.enter_context(printer)
        for place, printer in enumerate(printers, 1):
            name = {"number": str(place)} if len(printers) > 1 else {}
            tell({"ready": "printer", **name, "url": printer.url, "out": str(printer.tray.folder)})
        if web is not None:
            open_page(printers, web)
        printers[0].serve(
            control=sys.stdin.buffer,
            told=lambda line, error: tell({"order": line, "error": error}),
            route=None if len(printers) == 1 else lambda line: routed(printers, line),
        )


def routed(printers: list[PrinterServer], line: str) -> str:
    number, _, order = line.partition(" ")
    if not number.isdecimal() or not 1 <= int(number) <= len(printers):
        return f"an order begins with the number of a printer, 1 to {len(printers)}"
    printer = printers[int(number) - 1]
    return printer.obey(order) if printer is printers[0] else printer.order(order)


def open_page(printers: list[PrinterServer], port: int) -> None:
    from drivers.printer.emulator.web import WebPage

    try:
        page = WebPage(printers, port)
    except OSError as error:
        sys.exit(f"pos-agent: cannot open a page at port {port}: {error.strerror or error}")
    page.start()
    tell({"ready": "web", "url": page.url})


def tell(message: dict[str, str]) -> None:
    try:
        click.echo(json.dumps(message, ensure_ascii=False))
        sys.stdout.flush()
    except BrokenPipeError:  # nobody reads any more; the printer goes on
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
