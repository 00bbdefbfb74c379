"""A small page that shows the paper growing and presses the faults, on this machine only (drivers/local_server.py)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from drivers.local_server import LocalServer, TooLong, answer_to_order, body_of
from drivers.printer.emulator.machine import SENSORS, SWITCHES
from drivers.printer.emulator.paper import Paper
from drivers.printer.emulator.server import PrinterServer
from drivers.printer.emulator.words import BUTTONS, LEDGER_WORDS, STATES

PAGE = Path(__file__).with_name("page")
ORDER_MAX_BYTES = 200
LEDGER_SHOWN = 12  # the last pieces


class WebPage(LocalServer):
    def __init__(self, printers: Sequence[PrinterServer], port: int) -> None:
        self._printers = printers
        routes = [
            Route("/", self._page),
            Route("/page.js", lambda request: FileResponse(PAGE / "page.js")),
            Route("/page.css", lambda request: FileResponse(PAGE / "page.css")),
            Route("/state.json", self._state),
            Route("/printers/{number:int}/paper.png", self._paper),
            Route("/printers/{number:int}/order", self._order, methods=["POST"]),
        ]
        super().__init__(routes, port, "virtual-printer-page")

    def _page(self, request: Request) -> Response:
        return HTMLResponse(page_of(self._printers))

    def _state(self, request: Request) -> Response:
        found = [state_of(number, printer) for number, printer in enumerate(self._printers, 1)]
        return JSONResponse({"printers": found})

    def _paper(self, request: Request) -> Response:
        from drivers.printer.emulator.picture import picture

        printer = self._printer(request)
        if printer is None:
            return no_such_printer()
        file = io.BytesIO()
        picture(paper_of(printer)).save(file, format="PNG")
        return Response(file.getvalue(), media_type="image/png")

    async def _order(self, request: Request) -> Response:
        printer = self._printer(request)
        if printer is None:
            return no_such_printer()
        try:
            order = (await body_of(request, ORDER_MAX_BYTES)).decode("utf-8", "replace")
        except TooLong:
            return PlainTextResponse("an order is one short line", 413)
        return answer_to_order(await run_in_threadpool(printer.order, order))

    def _printer(self, request: Request) -> PrinterServer | None:
        number = int(request.path_params["number"])
        return self._printers[number - 1] if 1 <= number <= len(self._printers) else None


def no_such_printer() -> Response:
    return PlainTextResponse("there is no such printer", 404)


def paper_of(printer: PrinterServer) -> Paper:
    """What hangs out now; right after a cut, the receipt that fell."""

    def copy() -> Paper:
        hanging = printer.machine.interpreter.paper
        shown = hanging if hanging.rows or printer.tray.newest is None else printer.tray.newest
        return Paper(shown.columns, list(shown.rows))

    return printer.ask(copy)


def state_of(number: int, printer: PrinterServer) -> dict[str, Any]:
    def told() -> dict[str, Any]:
        machine = printer.machine
        names = ("offline", *SENSORS, *SWITCHES, "buffered", "processed", "drawer_kicks")
        return {
            "number": number,
            "version": f"{machine.receipt}.{machine.lines}",
            "state": {
                "url": printer.url,
                "unplugged": not printer.wire.plugged,
                "slow": printer.baud > 0,
                **{name: getattr(machine, name) for name in names},
            },
            "ledger": [piece.record() for piece in machine.ledger.pieces[-LEDGER_SHOWN:]],
        }

    return {**printer.ask(told), "text": "\n".join(paper_of(printer).lines())}


def both(words: tuple[str, str]) -> str:
    return f'<span lang="ru">{escape(words[0])}</span><span lang="en">{escape(words[1])}</span>'


def page_of(printers: Sequence[PrinterServer]) -> str:
    boxes = "".join(printer_box(number) for number in range(1, len(printers) + 1))
    title = both(("Виртуальный принтер", "Virtual printer"))
    gone = both(("Принтер не отвечает.", "The printer does not answer."))
    words = "".join(
        f'<template data-word="{escape(word)}">{both(told)}</template>' for word, told in LEDGER_WORDS.items()
    )
    return f"""<!doctype html>
<html lang="ru"><head><meta charset="utf-8"><title>pos-agent: printer</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="page.css"><link rel="icon" href="data:,"></head><body>
<header><h1>{title}</h1><button id="language" type="button">RU / EN</button></header>
<p id="gone" class="bad" role="status">{gone}</p>
{boxes}{words}<script src="page.js"></script></body></html>
"""


def printer_box(number: int) -> str:
    buttons = "".join(
        f'<button type="button" data-order="{escape(order)}">{both(words)}</button>' for order, words in BUTTONS.items()
    )
    states = "".join(f'<dt>{both(words)}</dt><dd data-state="{name}"></dd>' for name, words in STATES.items())
    heads = (
        ("Часть", "Piece"),
        ("Чек", "Receipt"),
        ("Состояние", "State"),
        ("Причина", "Cause"),
        ("Задание", "Job"),
        ("Как", "Same as"),
    )
    head = "".join(f"<th>{both(words)}</th>" for words in heads)
    return f"""<section class="printer" data-number="{number}"><div class="paper"><img alt=""></div><div>
<h2>№ {number}</h2><div class="buttons">{buttons}</div><p class="bad refused" role="alert"></p><dl>{states}</dl>
<table><thead><tr>{head}</tr></thead><tbody></tbody></table></div></section>
"""
