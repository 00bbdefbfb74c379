"""`pos-agent programme`: check a programme file, show what a programme says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click

from config.programme_check import said_of
from config.programmes import ProgrammeError, load_programme
from loyalty.programme import Language, Life, PercentAccrual, Programme
from loyalty.wording import LANGUAGES, amount_text, percent_text, points_text
from pos_agent.office_words import say_office


@click.group("programme")
def command() -> None:
    """Check programme files and show programmes."""


language_option = click.option(
    "--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Of what is shown."
)


@command.command("check")
@click.argument("file", type=click.Path(dir_okay=False))
@language_option
def check(file: str, language: Language) -> None:
    """Say whether FILE is a good programme: unknown keys, wrong types, overlapping tiers, impossible dates. What may
    be so and should be looked at again is a warning, a line each."""
    for line in said_of(_load(file), file, language):
        click.echo(line)


@command.command("show")
@click.argument("programme_id", metavar="ID")
@language_option
def show(programme_id: str, language: Language) -> None:
    """Show the rules of the programme ID (a shipped one, or a .toml file)."""
    rows = list(_Rows(_load(programme_id), language).all())
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        click.echo(f"{name:<{width}}  {value}")


def _load(name: str) -> Programme:
    try:
        return load_programme(name)
    except ProgrammeError as error:
        raise click.ClickException(str(error)) from None


class _Rows:
    """What a programme says, a name and a value a line."""

    def __init__(self, programme: Programme, language: Language) -> None:
        self._programme = programme
        self._language: Language = language

    def _say(self, code: str, **facts: str) -> str:
        return say_office(code, self._language, **facts)

    def _points(self, count: int) -> str:
        return points_text(count, self._programme.currency, self._language)

    def _most(self, count: int | None) -> str:
        return self._say("no_limit") if count is None else self._points(count)

    def _money(self, kopecks: int) -> str:
        return amount_text(kopecks, self._language)

    def _percent(self, bp: int) -> str:
        return percent_text(bp, self._language)

    def all(self) -> Iterator[tuple[str, str]]:
        programme, say = self._programme, self._say
        yield say("row_id"), programme.id
        yield say("row_name"), programme.name(self._language)
        since = {"day": str(programme.effective_from), "hash": programme.content_hash[:16]}
        yield say("row_version"), say("version_since", version=programme.version, **since)
        yield say("row_zone"), programme.timezone.key
        yield say("row_worth"), f"{self._points(1)} = {self._money(programme.currency.kop_per_point)}"
        yield from self._redemption()
        yield from self._accrual()
        yield say("row_life"), self._life(programme.points.life)
        yield from self._grants()
        yield from self._cards()
        yield say("row_never"), ", ".join(c.id for c in programme.categories.values() if c.redeem == "no")
        yield say("row_coupons"), self._ids(offer.id for offer in programme.coupons)
        yield say("row_promotions"), self._ids(offer.id for offer in programme.promotions)
        yield say("row_partners"), self._ids(partner.id for partner in programme.partners)

    def _ids(self, ids: Iterable[str]) -> str:
        return ", ".join(ids) or self._say("none")

    def _redemption(self) -> Iterator[tuple[str, str]]:
        rules, say = self._programme.redemption, self._say
        base = say("of_eligible") if rules.cap_base == "eligible" else say("of_receipt")
        up_to = {"percent": self._percent(rules.cap_bp), "step": self._points(rules.step)}
        yield say("row_redemption"), say("up_to", base=base, **up_to)
        yield say("row_money"), self._money(rules.min_cash_kopecks)
        yield say("row_floor"), say("each", money=self._money(rules.unit_floor_kopecks))
        yield say("row_most"), f"{self._most(rules.receipt_max_points)}, {self._most(rules.day_max_points)}"
        if rules.card_alone_max_points is not None:
            yield say("row_card_alone"), self._most(rules.card_alone_max_points)
        yield say("row_registration"), say("needed") if rules.needs_registration else say("not_needed")
        yield say("row_by_phone"), say(f"phone_{rules.by_phone}")
        if rules.phone_recheck_months is not None:
            yield say("row_phone_recheck"), str(rules.phone_recheck_months)
        yield say("row_offline"), self._offline()

    def _offline(self) -> str:
        offline = self._programme.offline
        if offline.mode == "deny":
            return self._say("denied")
        receipt, day = self._most(offline.receipt_max_points), self._most(offline.day_max_points)
        return self._say("most_offline", receipt=receipt, day=day)

    def _accrual(self) -> Iterator[tuple[str, str]]:
        programme, say = self._programme, self._say
        accrual = programme.accrual
        if isinstance(accrual, PercentAccrual):
            tiers = (
                say("tier", rate=self._percent(tier.rate_bp), money=self._money(tier.from_kopecks))
                for tier in accrual.tiers
            )
            yield say("row_accrual"), f"{', '.join(tiers)} ({say(f'metric_{accrual.tier_metric}')})"
        else:
            step = self._money(accrual.step_kopecks)
            yield say("row_accrual"), say("per_step", points=self._points(accrual.points), step=step)
        if programme.favourite is not None:
            favourite = programme.favourite
            extra = {"points": self._points(favourite.points), "step": self._money(favourite.step_kopecks)}
            yield say("row_favourites"), say("favourites", most=str(favourite.categories_max), **extra)
        if programme.birthday is not None:
            birthday = programme.birthday
            days = {"before": str(birthday.days_before), "after": str(birthday.days_after)}
            yield say("row_birthday"), say("birthday", **days)

    def _life(self, life: Life) -> str:
        return self._say(f"life_{life.kind}", count=str(life.count), day=str(life.day))

    def _grants(self) -> Iterator[tuple[str, str]]:
        grants = self._programme.grants
        for name, grant in (("welcome", grants.welcome), ("birthday", grants.birthday), ("manual", grants.manual)):
            if grant is not None:
                yield self._say(f"grant_{name}"), f"{self._points(grant.points)}, {self._life(grant.life)}"

    def _cards(self) -> Iterator[tuple[str, str]]:
        cards, say = self._programme.cards, self._say
        yield say("row_cards"), ", ".join(f"{scheme.kind} {scheme.prefix}…" for scheme in cards.schemes)
        yield say("row_card_purchase"), self._money(cards.issue_min_purchase_kopecks)
        yield say("row_card_fees"), f"{self._money(cards.issue_fee_kopecks)}, {self._money(cards.reissue_fee_kopecks)}"
