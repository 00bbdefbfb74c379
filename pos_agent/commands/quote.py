"""`pos-agent quote`: what a receipt comes to under a programme, JSON in, JSON out. For CI and for the curious."""

from __future__ import annotations

import sys
from typing import BinaryIO

import click

from config.strict_table import Table
from pos_agent.basket_json import quote_json, read_question
from pos_agent.documents import answer_stream


@click.command("quote")
@click.argument("file", type=click.File("rb"), default="-")
@click.pass_context
def command(context: click.Context, file: BinaryIO) -> None:
    """Work receipts out: the limit of points and why, the discount of each line, what is paid and earned.

    FILE has one JSON document, or one per line (NDJSON); - is standard input. Each gets one line of answer, a bad
    one {"error": {"field", "message"}} and exit code 1 at the end. docs/rules.md has the schema.
    """
    if not answer_stream(file, _answer, sys.stdout.buffer.write):
        context.exit(1)


def _answer(document: Table) -> object:
    question = read_question(document)
    return quote_json(question, question.answer())
