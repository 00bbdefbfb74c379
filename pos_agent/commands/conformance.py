"""`pos-agent conformance`: does what answers there behave as a till's face must?"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import click
import msgspec

if TYPE_CHECKING:
    from pos_agent.conformance.verdict import Verdict

MARKS = {"passed": "✓", "failed": "✗", "not_tried": "–"}
WORDS = {
    "expected": ("ждали", "expected"),
    "came": ("пришло", "came"),
    "all": ("Пройдено {passed} из {all}.", "Passed {passed} of {all}."),
}


@click.command(name="conformance")
@click.option("--url", required=True, help="The till's, such as http://127.0.0.1:8071.")
@click.option("--token", required=True, envvar="POS_AGENT_TOKEN", help="Its token; or the variable POS_AGENT_TOKEN.")
@click.option("--card", required=True, help="The card of a member who has points.")
@click.option("--category", default="tea", show_default=True, help="Of goods that points may pay for.")
@click.option("--coupon", default="", help="A coupon that nobody used; it stays so.")
@click.option("--only", multiple=True, help="One dialogue by its name; may be repeated.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a dialogue.")
@click.option("--language", type=click.Choice(["ru", "en"]), default="en", show_default=True)
@click.pass_context
def command(
    context: click.Context,
    url: str,
    token: str,
    card: str,
    category: str,
    coupon: str,
    only: tuple[str, ...],
    as_json: bool,
    language: str,
) -> None:
    """Hold dialogues with a till and say which it got right; exit code 1 when one went otherwise.

    Sales are RECORDED, for a few rubles each: run it at a till in training or a demo's, never at one with customers.
    """
    from pos_agent.conformance.refusals import DIALOGUES
    from pos_agent.conformance.talk import Face, Means
    from pos_agent.conformance.verdict import verdicts

    wanted = [dialogue for dialogue in DIALOGUES if not only or dialogue.name in only]
    names = {dialogue.name: dialogue.ru if language == "ru" else dialogue.en for dialogue in wanted}
    results = []
    means = Means(card=card, category=category, coupon=coupon)
    run = f"conformance-{secrets.token_hex(3)}"
    for verdict in verdicts(Face(url, token), means, run, wanted):
        results.append(verdict.result)
        click.echo(msgspec.json.encode(verdict) if as_json else _line(verdict, names[verdict.dialogue], language))
    if not as_json:
        click.echo(_word("all", language).format(passed=results.count("passed"), all=len(results)))
    if "failed" in results or not results:
        context.exit(1)


def _line(verdict: Verdict, name: str, language: str) -> str:
    line = f"{MARKS[verdict.result]} {name} ({verdict.dialogue})"
    if verdict.result == "failed":
        expected, came = _word("expected", language), _word("came", language)
        return f"{line}\n    {verdict.what}\n    {expected}: {verdict.expected}\n    {came}: {verdict.came}"
    return f"{line}: {verdict.what}" if verdict.what else line


def _word(key: str, language: str) -> str:
    return WORDS[key][0 if language == "ru" else 1]
