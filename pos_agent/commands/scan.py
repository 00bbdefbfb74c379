"""`pos-agent scan`: what a scanner delivers, live, for whoever sets it up."""

from __future__ import annotations

import json
import signal
import sys
import threading
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pos_agent.commands.options import config_option

if TYPE_CHECKING:
    from drivers.link.address import Allowed
    from drivers.scanner.profile import ScannerProfile
    from drivers.scanner.scan import Scan
    from drivers.scanner.scanner import Scanner

UNREAD = "A code lies before it that it cannot read: hold it closer, out of the glare."
LOOK_EVERY_S = 0.05  # for changes of state; scans are shown as they come


@click.command(name="scan")
@click.argument("url", required=False)
@config_option
@click.option("--hex", "with_bytes", is_flag=True, help="Also the bytes as they came.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--count", type=click.IntRange(min=1), help="End after so many scans.")
@click.option("--model", help="Whose orders it takes, and whose letters identifier=maker are: honeywell, newland, "
              "zebra-ssi, datalogic or a .toml file.")  # fmt: skip
@click.option("--send", "order", help="Send this order of the model, tell the answer and end.")
@click.option("--settings", "list_orders", is_flag=True, help="List the model's orders and end.")
@click.option("--habits", "list_habits", is_flag=True, help="List what a URL may say of how a scanner writes, and end.")
def command(
    url: str | None,
    path: Path,
    with_bytes: bool,
    as_json: bool,
    count: int | None,
    model: str | None,
    order: str | None,
    list_orders: bool,
    list_habits: bool,
) -> None:
    """Show live what the scanner at URL delivers; without URL, every scanner of the settings. Ctrl-C ends.

    A running agent holds its scanners: stop it first.

    \b
      $ pos-agent scan serial:///dev/ttyACM0?baud=9600
      $ pos-agent scan hid:///dev/input/by-id/usb-Newland-event-kbd --hex
      $ pos-agent scan serial:///dev/ttyACM0 --model honeywell --send suffix_cr

    Scanners have habits, and most need no word: Enter, CR, LF, TAB or ETX ends a code, AIM identifiers come off,
    Alt + number and Caps Lock are understood, NOREAD is only counted. The rest stands in the URL, or under [habits]
    in the model's .toml; --habits lists all of it with where it is known from:

    \b
      ?suffix=eot              EOT ends a code; also cr, lf, crlf, tab, etx, or your own: suffix=<FS>
      ?suffix=arrow-down       a keyboard scanner ends its codes with this key
      ?prefix=A1               so begins every code; it is taken off
      ?identifier=maker        A2600… of a Zebra, d2600… of a Honeywell; --model says whose
      ?encoding=cp1251         how it writes Russian; also cp866, koi8-r, utf-8
      ?layout=de               the keyboard that it is set to; also us, ru
      ?modifiers=caps-on       letters come with their case turned
      ?noread='ERROR'          what it says when it has read nothing
    """
    if list_habits:
        _list_habits()
    elif list_orders:
        _list_orders(model)
    elif order is not None:
        _send(url, path, model, order)
    else:
        _watch(url, path, model, _Teller(with_bytes, as_json), count)


def _list_habits() -> None:
    from drivers.scanner.habits import HABITS

    for name, habit in HABITS.items():
        click.echo(f"{name}: {habit.about}")
        for kind, allowed in (("serial, tcp", habit.serial), ("hid", habit.keys), ("hidraw", habit.reports)):
            if allowed is not None:
                click.echo(f"  {kind:<12} {_possible(allowed)}")
        click.echo(f"  known from   {habit.source}")


def _possible(allowed: Allowed) -> str:
    from drivers.link.address import Number
    from drivers.scanner.choice import OwnChoice

    if isinstance(allowed, Number):
        return f"{allowed.usual}; {allowed.span[0]} to {allowed.span[-1]}"
    return ", ".join(allowed.words) + (f", or your own, like {allowed.own}" if isinstance(allowed, OwnChoice) else "")


def _list_orders(model: str | None) -> None:
    from config.scanners import scanner_models

    for name in [model] if model else scanner_models():
        profile = _profile(name)
        click.echo(f"{profile.name}: a URL with flow={profile.flow}")
        for order, written in profile.orders.items():
            click.echo(f"  {order:<12} {written}")


def _send(url: str | None, path: Path, model: str | None, order: str) -> None:
    from drivers.errors import DeviceError
    from drivers.scanner.notation import shown
    from drivers.scanner.orders import Outcome, send_order
    from drivers.scanner.serial import SerialLine

    scanners = _scanners(url, path)
    if len(scanners) != 1:
        raise click.UsageError("Give the URL of the one scanner that the order is for.")
    _, url, known_model = scanners[0]
    model = model or known_model
    if model is None:
        raise click.UsageError("Give --model: honeywell, newland, zebra-ssi or a .toml file.")
    profile = _profile(model)
    if order not in profile.orders:
        raise click.UsageError(f"{profile.name} has no order {order!r}; there are {', '.join(profile.orders)}.")
    if url.partition(":")[0] not in ("serial", "tcp"):
        raise DeviceError(
            tried=f"sending {order}",
            device=url,
            cause="only a serial scanner takes orders",
            hint="Scan the setting's barcode from the scanner's manual.",
        )
    if profile.flow not in ("none", SerialLine(url).flow):
        click.echo(f"{profile.name} needs flow={profile.flow} in the URL; without it, it may not answer.", err=True)
    link = SerialLine(url).open()
    try:
        answer = send_order(link, profile, order, time.monotonic)
    finally:
        link.close()
    heard = shown(answer.heard.decode("latin-1")) or "silence"
    if answer.outcome is Outcome.REFUSED:
        sys.exit(f"pos-agent: the scanner refused {order}: {heard}")
    if answer.outcome is Outcome.TAKEN:
        click.echo(f"{order}: the scanner obeyed: {heard}")
    elif order in profile.silent:
        click.echo(f"{order}: sent; this order is never answered")
    else:
        sys.exit(f"pos-agent: {order} was sent, and it is unknown whether the scanner obeyed: {heard}")


def _profile(model: str) -> ScannerProfile:
    from config.scanners import load_scanner

    try:
        return load_scanner(model)
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def _scanners(url: str | None, path: Path) -> list[tuple[str, str, str | None]]:
    """Name, URL and model of each scanner to look at."""
    from config.settings import load_settings

    if url is not None:
        return [("scanner", url, None)]
    found = [(scanner.name, scanner.url, scanner.model) for scanner in load_settings(path).scanners]
    if not found:
        raise click.UsageError(f"{path} has no [[scanners]]. Give a URL; `pos-agent devices` lists them.")
    return found


def _watch(url: str | None, path: Path, model: str | None, teller: _Teller, count: int | None) -> None:
    from drivers.scanner.profile import NO_PROFILE
    from drivers.scanner.scanner import open_scanner, run
    from drivers.scanner.stream import ScanStream

    stop = threading.Event()

    def deliver(scan: Scan) -> bool:
        if teller.scan(scan, time.monotonic()) == count:
            stop.set()
        return True

    def opened(name: str, where: str, known_model: str | None) -> Scanner:
        make = model or known_model
        return open_scanner(where, name=name, profile=_profile(make) if make else NO_PROFILE)

    pairs = [(opened(*scanner), ScanStream(deliver)) for scanner in _scanners(url, path)]
    threads = [threading.Thread(target=run, args=(scanner, stream.take, stop)) for scanner, stream in pairs]
    # A handler that sets the event, or an exception out of nowhere, may come while this thread holds the event's own
    # lock, and then nobody ever gets it again.
    asked: list[int] = []
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, lambda number, _: asked.append(number))
    for thread in threads:
        thread.start()
    while not asked and not stop.wait(LOOK_EVERY_S) and any(thread.is_alive() for thread in threads):
        teller.states([scanner for scanner, _ in pairs])
    signal.signal(signal.SIGINT, signal.default_int_handler)  # who presses it again does not want to wait
    stop.set()
    for thread in threads:
        thread.join()
    for scanner, stream in pairs:
        teller.counts(scanner, asdict(stream.counts))


class _Teller:
    """Says what happens, as lines for people or as JSON."""

    def __init__(self, with_bytes: bool, as_json: bool) -> None:
        self._with_bytes = with_bytes
        self._as_json = as_json
        self._saying = threading.Lock()
        self._states: dict[str, tuple[str, str]] = {}
        self._told = 0
        self._last_s: float | None = None

    def scan(self, scan: Scan, now_s: float) -> int:
        """Tell a scan; how many were told by now."""
        from drivers.scanner.notation import shown

        with self._saying:
            since_ms = None if self._last_s is None else round((now_s - self._last_s) * 1000)
            self._last_s = now_s
            self._told += 1
            facts: dict[str, Any] = {
                "at": scan.at.isoformat(timespec="milliseconds"),
                "scanner": scan.scanner,
                "symbology": scan.symbology,
                "text": shown(scan.text),
                "flags": sorted(scan.flags),
                "since_ms": since_ms,
            }
            facts |= {key: told for key, told in (("addon", scan.addon), ("why", scan.why)) if told is not None}
            if self._with_bytes:
                facts["hex"] = scan.raw.hex(" ")
            self._say(facts, _line(facts))
            return self._told

    def states(self, scanners: list[Scanner]) -> None:
        for scanner in scanners:
            state = _state(scanner)
            if self._states.get(scanner.name) != state:
                self._states[scanner.name] = state
                facts = {"scanner": scanner.name, "state": state[0], "cause": state[1]}
                with self._saying:
                    self._say(facts, f"{scanner.name} is {state[0]}. {state[1]}".rstrip())

    def counts(self, scanner: Scanner, counts: dict[str, int]) -> None:
        from pos_agent.commands.status import counted

        facts = {"scanner": scanner.name, "counts": counts, "refused": dict(scanner.refused)}
        refused = "".join(f"; {times} times {reason}" for reason, times in scanner.refused.items())
        self._say(facts, f"{scanner.name}: {counted(counts, scanner.life.losses)}{refused}")

    def _say(self, facts: dict[str, Any], line: str) -> None:
        click.echo(json.dumps(facts, ensure_ascii=False) if self._as_json else line)
        sys.stdout.flush()


def _state(scanner: Scanner) -> tuple[str, str]:
    """Every new attempt passes through `connecting`; that is no news."""
    life = scanner.life
    state = "absent" if life.state.value == "connecting" and life.failures else life.state.value
    return state, UNREAD if scanner.unread and not life.cause else life.cause


def _line(facts: dict[str, Any]) -> str:
    told = [facts["at"][11:23], facts["scanner"], facts["symbology"] or "-", facts["text"]]
    if facts["flags"]:
        told.append(f"[{', '.join(facts['flags'])}]")
    if "addon" in facts:
        told.append(f"add-on {facts['addon']}")
    if "why" in facts:
        told.append(facts["why"])
    if facts["since_ms"] is not None:
        told.append(f"+{facts['since_ms']} ms")
    if "hex" in facts:
        told.append(f"({facts['hex']})")
    return "  ".join(told)
