"""`pos-agent reverse`: what returns of a sale give back and take back, JSON in, JSON out."""

from __future__ import annotations

import sys
from typing import BinaryIO

import click

from config.strict_table import Table
from loyalty.basket import BadBasket
from loyalty.sold import reverse_quoted
from pos_agent.basket_json import read_question, read_returns, read_tender, step_json
from pos_agent.documents import answer_stream


@click.command("reverse")
@click.argument("file", type=click.File("rb"), default="-")
@click.pass_context
def command(context: click.Context, file: BinaryIO) -> None:
    """Undo sales in parts: money back, burned points back, earned points taken back, step by step.

    FILE has one JSON document, or one per line (NDJSON); - is standard input. Each is {"sale": as for quote,
    "returns": [[{"id", "quantity", "pieces"}, ...], ...], "tender"}. docs/rules.md has the schema.
    """
    if not answer_stream(file, _answer, sys.stdout.buffer.write):
        context.exit(1)


def _answer(document: Table) -> object:
    question = read_question(document.table("sale"))
    returns, tender = read_returns(document), read_tender(document)
    document.close()
    try:
        quoted = question.answer()
    except BadBasket as error:
        raise error.within("sale") from None
    returned = reverse_quoted(
        question.programme, question.basket, question.member, quoted, question.at, returns, tender
    )
    return {"steps": [step_json(step, question.labels) for step in returned]}
