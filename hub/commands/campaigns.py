"""`pos-hub campaign …`: how campaigns of coupons stand; one stopped, and let go on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from hub.commands.ledger_option import ledger_option
from hub.commands.ordering import office, order_options
from hub.coupons.keeping import Campaign, campaigns_of, go_on, stop
from hub.desk.coupon_acts import told_campaign
from hub.people.history import shown_at
from hub.people.orders import Order


@click.group()
def campaign() -> None:
    """Campaigns of coupons: what was used of them, and what is left."""


@campaign.command(name="list")
@ledger_option
@click.option("--programme", help="Only of this programme.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, one a line.")
def list_command(ledger: Path | str, programme: str | None, as_json: bool) -> None:
    """List campaigns: how often their coupons were honoured, what they took off, what their budget leaves."""
    with office(ledger) as hub:
        for id in [programme] if programme is not None else sorted(hub.programmes):
            for one in campaigns_of(hub, id):
                click.echo(msgspec.json.encode(told_campaign(one)).decode() if as_json else "; ".join(_words(one)))


def _words(one: Campaign) -> Iterator[str]:
    row, terms = one.row, one.terms
    yield f"{one.programme} {row.campaign}: used {row.uses}" + (
        f" of {terms.in_all}" if terms.in_all is not None else ""
    )
    if one.held:
        yield f"held {one.held}"
    budget = f" of {_rubles(terms.budget_kopecks)}" if terms.budget_kopecks is not None else ""
    yield f"took off {_rubles(row.discount_kopecks)}{budget}"
    if terms.per_member is not None:
        yield f"{terms.per_member} a member"
    if one.stopped is not None:
        why = f": {one.stopped.reason}" if one.stopped.reason else ""
        yield f"stopped {shown_at(one.stopped.at)} UTC by {one.stopped.by}{why}"
    elif one.is_spent:
        yield "stopped: its budget is gone"
    if one.offer is None:
        yield "not in the programme any more"


def _rubles(kopecks: int) -> str:
    return f"{kopecks // 100}.{kopecks % 100:02}"


@campaign.command(name="stop")
@order_options
@click.option("--programme", required=True, help="alenka, perekrestok, …")
@click.argument("campaign_id", metavar="CAMPAIGN")
@click.option("--reason", required=True, help="Why.")
def stop_command(
    ledger: Path | str, order: Order, as_json: bool, programme: str, campaign_id: str, reason: str
) -> None:
    """Stop a campaign: no till takes its coupons once it has heard of that."""
    with office(ledger) as hub:
        changed = stop(hub, programme, campaign_id, order, reason)
        _tell(campaign_id, changed, as_json, f"{campaign_id} is stopped.", f"{campaign_id} was stopped before.")


@campaign.command(name="go-on")
@order_options
@click.option("--programme", required=True, help="alenka, perekrestok, …")
@click.argument("campaign_id", metavar="CAMPAIGN")
def go_on_command(ledger: Path | str, order: Order, as_json: bool, programme: str, campaign_id: str) -> None:
    """Let a campaign go on that somebody stopped. One whose budget is gone goes on with a larger budget in the
    programme's file."""
    with office(ledger) as hub:
        changed = go_on(hub, programme, campaign_id, order)
        spent = any(one.row.campaign == campaign_id and one.is_spent for one in campaigns_of(hub, programme))
        words = f"{campaign_id} goes on." if changed else f"Nobody has stopped {campaign_id}."
        words += " Its budget is gone all the same: raise it in the programme's file." if spent else ""
        _tell(campaign_id, changed, as_json, words, words)


def _tell(campaign_id: str, changed: bool, as_json: bool, done: str, before: str) -> None:
    if as_json:
        click.echo(msgspec.json.encode({"campaign": campaign_id, "changed": changed}).decode())
    else:
        click.echo(done if changed else before)
