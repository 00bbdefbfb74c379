"""`pos-agent programme`: check a programme file, show what a programme says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import click

from config.programme_warnings import warnings_of
from config.programmes import ProgrammeError, load_programme
from loyalty.programme import Grant, Language, Life, PercentAccrual, Programme
from loyalty.wording import LANGUAGES, amount_text, percent_text, points_text


@click.group("programme")
def command() -> None:
    """Check programme files and show programmes."""


@command.command("check")
@click.argument("file", type=click.Path(dir_okay=False))
def check(file: str) -> None:
    """Say whether FILE is a good programme: unknown keys, wrong types, overlapping tiers, impossible dates. What may
    be so and should be looked at again is a warning, a line each."""
    programme = _load(file)
    for warning in warnings_of(programme):
        click.echo(f"{file}: warning: {warning}.")
    click.echo(f"{file}: good. {programme.name_ru}, version {programme.version}, hash {programme.content_hash}")


@command.command("show")
@click.argument("programme_id", metavar="ID")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Words for points.")
def show(programme_id: str, language: Language) -> None:
    """Show the rules of the programme ID (a shipped one, or a .toml file)."""
    programme = _load(programme_id)
    rows = list(_rows(programme, language))
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        click.echo(f"{name:<{width}}  {value}")


def _load(name: str) -> Programme:
    try:
        return load_programme(name)
    except ProgrammeError as error:
        raise click.ClickException(str(error)) from None


def _rows(programme: Programme, language: Language) -> Iterator[tuple[str, str]]:
    redemption, currency = programme.redemption, programme.currency

    def points(count: int) -> str:
        return points_text(count, currency, language)

    def most(count: int | None) -> str:
        return "no limit" if count is None else points(count)

    def money(kopecks: int) -> str:
        return amount_text(kopecks, language)

    yield "id", programme.id
    yield "name", programme.name(language)
    yield "version", f"{programme.version}, from {programme.effective_from}, hash {programme.content_hash[:16]}"
    yield "time zone", programme.timezone.key
    yield "worth", f"{points(1)} = {money(currency.kop_per_point)}"
    base = "eligible goods" if redemption.cap_base == "eligible" else "the receipt"
    yield (
        "redemption",
        f"up to {percent_text(redemption.cap_bp, language)} of {base}, in steps of {points(redemption.step)}",
    )
    yield "  stays in money", money(redemption.min_cash_kopecks)
    yield "  price floor", f"{money(redemption.unit_floor_kopecks)} each"
    yield "  per receipt, day", f"{most(redemption.receipt_max_points)}, {most(redemption.day_max_points)}"
    yield "  registration", "needed" if redemption.needs_registration else "not needed"
    yield "  by spoken phone", redemption.by_phone.replace("_", " ")
    offline = programme.offline
    yield "  offline", _offline(offline.mode, most(offline.receipt_max_points), most(offline.day_max_points))
    yield from _accrual(programme, language)
    yield "life of points", _life(programme.points.life)
    for name, grant in _grants(programme):
        yield f"{name} grant", f"{points(grant.points)}, {_life(grant.life)}"
    yield "cards", ", ".join(f"{scheme.kind} {scheme.prefix}…" for scheme in programme.cards.schemes)
    yield "  with a purchase of", money(programme.cards.issue_min_purchase_kopecks)
    yield (
        "  issue, reissue",
        f"{money(programme.cards.issue_fee_kopecks)}, {money(programme.cards.reissue_fee_kopecks)}",
    )
    yield "points never pay for", ", ".join(c.id for c in programme.categories.values() if c.redeem == "no")
    yield "coupons", ", ".join(offer.id for offer in programme.coupons) or "none"
    yield "promotions", ", ".join(offer.id for offer in programme.promotions) or "none"
    yield "partners", ", ".join(partner.id for partner in programme.partners) or "none"


def _offline(mode: str, receipt_most: str, day_most: str) -> str:
    return "denied" if mode == "deny" else f"per receipt {receipt_most}, per day {day_most}"


def _accrual(programme: Programme, language: Language) -> Iterator[tuple[str, str]]:
    accrual = programme.accrual
    if isinstance(accrual, PercentAccrual):
        tiers = (
            f"{percent_text(tier.rate_bp, language)} from {amount_text(tier.from_kopecks, language)}"
            for tier in accrual.tiers
        )
        yield "accrual", f"{', '.join(tiers)} ({accrual.tier_metric})"
    else:
        step = amount_text(accrual.step_kopecks, language)
        yield "accrual", f"{points_text(accrual.points, programme.currency, language)} per {step}"
    if programme.favourite is not None:
        step = amount_text(programme.favourite.step_kopecks, language)
        extra = points_text(programme.favourite.points, programme.currency, language)
        yield "favourites", f"{extra} more per {step}, up to {programme.favourite.categories_max} categories"
    if programme.birthday is not None:
        yield "birthday", f"{programme.birthday.days_before} days before to {programme.birthday.days_after} after"


def _life(life: Life) -> str:
    if life.kind == "date":
        assert isinstance(life.day, date), "the loader gives a fixed life its day"
        return f"to {life.day}"
    return {
        "never": "for ever",
        "days": f"{life.count} days",
        "months": f"{life.count} months",
        "month_end": f"to the end of calendar month {life.count}",
        "birthday": "to the end of the birthday window",
    }[life.kind]


def _grants(programme: Programme) -> Iterator[tuple[str, Grant]]:
    grants = programme.grants
    for name, grant in (("welcome", grants.welcome), ("birthday", grants.birthday), ("manual", grants.manual)):
        if grant is not None:
            yield name, grant
