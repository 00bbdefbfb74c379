"""`pos-hub emulate …`: services outside without the services, for trying things out and for CI."""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

from hub.outside.emulators.service import FAULTS, LATE_S, EmulatedService, Fault
from sync.connection import listening

_F = TypeVar("_F", bound=Callable[..., Any])
SECRET_FROM = "EMULATED_SECRET"


@click.group(name="emulate")
def emulate() -> None:
    """Services outside without the services: what `pos-hub serve --services FILE` asks."""


def service_options(command: _F) -> _F:
    """Of every emulated service: its port, and the fault that it begins with."""
    port = click.option("--port", type=click.IntRange(0, 65_535), default=0, show_default=True, help="0: any free one.")
    fault = click.option("--fault", type=click.Choice(FAULTS), help="How it fails, until told otherwise.")
    late = click.option("--late", "late_s", default=LATE_S, show_default=True, help="Seconds of the fault `late`.")
    return port(fault(late(command)))


def serve_emulated(name: str, listener: socket.socket, service: EmulatedService) -> None:
    """Until stopped; tells its address first."""
    import uvicorn

    url = "http://{}:{}".format(*listener.getsockname()[:2])
    click.echo(json.dumps({"ready": name, "url": url}))
    sys.stdout.flush()
    config = uvicorn.Config(service.app, log_level="warning", lifespan="off", timeout_graceful_shutdown=1)
    uvicorn.Server(config).run(sockets=[listener])


@emulate.command("partner")
@service_options
def partner(port: int, fault: Fault | None, late_s: float) -> None:
    """A partner who takes points: he gives units to every number that does not end in 0000.

    What he was asked and did: GET /emulator/done. Other faults while he runs: POST /emulator/fault.

    Example: pos-hub emulate partner --port 8091 --fault late
    """
    from hub.outside.emulators.partner import EmulatedPartner

    service = EmulatedPartner(os.environ.get(SECRET_FROM, ""))
    service.be(fault or "", late_s=late_s)
    serve_emulated("partner", listening("127.0.0.1", port), service)


@emulate.command("payment")
@service_options
def payment(port: int, fault: Fault | None, late_s: float) -> None:
    """Who takes payments: a page on which one presses Pay or Refuse.

    Example: pos-hub emulate payment --port 8092
    """
    from hub.outside.emulators.payment import EmulatedPayment

    listener = listening("127.0.0.1", port)
    service = EmulatedPayment(os.environ.get(SECRET_FROM, ""), "http://{}:{}".format(*listener.getsockname()[:2]))
    service.be(fault or "", late_s=late_s)
    serve_emulated("payment", listener, service)


@emulate.command("fiscal")
@service_options
def fiscal(port: int, fault: Fault | None, late_s: float) -> None:
    """Who makes fiscal documents: of sales, and of money that went back.

    Example: pos-hub emulate fiscal --port 8093
    """
    from hub.outside.emulators.fiscal import EmulatedFiscal

    service = EmulatedFiscal(os.environ.get(SECRET_FROM, ""))
    service.be(fault or "", late_s=late_s)
    serve_emulated("fiscal", listening("127.0.0.1", port), service)
