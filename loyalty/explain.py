"""What the cashier tells the customer: why that many points, which goods take none, what expires next.

One line each, in Russian or English, made from the same result that the receipt is made from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from gettext import NullTranslations

from loyalty.basket import BadBasket
from loyalty.programme import Language, Programme
from loyalty.quote import Excluded, Quote
from loyalty.redemption import Cap, Gate, Limit
from loyalty.wording import amount_text, catalogue, day_text, percent_text, points_text


def _(message: str) -> str:
    """Marks a sentence for the catalogue; it is looked up when the language is known."""
    return message


GATE_TEXTS: Mapping[Gate, str] = {
    "no_card": _("Nothing can be redeemed: no card was shown."),
    "stranger": _("Nothing can be redeemed yet: the card is not known here. It earns already."),
    "card_blocked": _("Nothing can be redeemed: the card is blocked. The manager can replace it."),
    "card_replaced": _("Nothing can be redeemed: the card was replaced. Ask for the new one."),
    "not_registered": _("Nothing can be redeemed yet: the card is not registered. It earns already."),
    "registration_pending": _("Nothing can be redeemed yet: the form is being confirmed. The card earns already."),
    "redemption_forbidden": _("Nothing can be redeemed on this receipt: its promotion does not allow it."),
    "second_factor_missing": _("Nothing can be redeemed by phone number alone. Ask for the card or the code."),
    "phone_silent": _("This phone was not confirmed for long. Ask for the card or a new code."),
    "unproven": _("Nothing can be redeemed: this till is not confirmed by the office. Points are earned as always."),
    "offline_denied": _("Nothing can be redeemed without a connection. Points are earned as always."),
    "snapshot_stale": _("Nothing can be redeemed: there was no connection for too long. Points are earned as always."),
    "clock_behind": _("Nothing can be redeemed: the till's clock is wrong. Call the manager."),
}

CAP_TEXTS: Mapping[Cap, str] = {
    "percent": _("at most {percent} of the goods that points may pay"),
    "min_cash": _("{min_cash} must be paid in money"),
    "lines": _("the goods cannot become any cheaper"),
    "active_points": _("there is no more on the account"),
    "held_elsewhere": _("the rest is being spent on another receipt at this moment"),
    "balance_newer": _("there is less on the account by now: it was spent elsewhere"),
    "per_receipt": _("at most {per_receipt} for one receipt"),
    "per_day": _("at most {per_day} in one day"),
    "card_alone": _("by the card alone at most {card_alone}; for more call the manager"),
    "offline": _("without a connection no more is allowed"),
}
NONE_TEXTS: Mapping[Cap, str] = {
    "held_elsewhere": _("the points are reserved for another receipt now; when it is over, ask again"),
    "balance_newer": _("nothing is left on the account: it was spent elsewhere"),
}  # where the cap leaves nothing, there is no rest to speak of
EXCLUDED_SHOWN_MAX = 3  # a queue does not listen to more
PERCENT_OF_RECEIPT = _("at most {percent} of the receipt")

EXCLUDED_TEXTS: Mapping[Excluded, str] = {
    "category": _("{name}: points may not pay for it"),
    "unknown": _("{name}: the till does not know what goods this is, so points may not pay for it"),
    "no_min_price": _("{name}: its lowest lawful price is not known, so points may not pay for it"),
    "at_floor": _("{name}: it already costs the least it may"),
}


def explain_limit(answer: Quote | Limit, programme: Programme, language: Language) -> str:
    """The limit and what bound it, in one line."""
    limit = answer.limit if isinstance(answer, Quote) else answer
    said = catalogue(language).gettext
    if limit.reason is not None:
        return said(GATE_TEXTS[limit.reason])
    facts = _facts(programme, language)
    causes = [_cap_text(cap, limit, programme, said).format(**facts) for cap in limit.bound_by]
    if programme.redemption.step > 1:
        causes.append(said(_("in steps of {step}")).format(**facts))
    if programme.redemption.min_points and not limit.points:
        causes.append(said(_("not less than {least}")).format(**facts))
    opening = _("Up to {points} = {amount}: {causes}.") if limit.points else _("Nothing can be redeemed: {causes}.")
    told = said(opening).format(
        points=points_text(limit.points, programme.currency, language),
        amount=amount_text(limit.amount_kopecks, language),
        causes="; ".join(causes),
    )
    return told if limit.coming is None else f"{told} {explain_coming(*limit.coming, programme, language)}"


def explain_coming(points: int, start: datetime, programme: Programme, language: Language) -> str:
    """Points that count from a later moment (EX-A10): from a day, or from an hour where it is not midnight."""
    local = start.astimezone(programme.timezone)
    when = day_text(local.date(), language)
    if (local.hour, local.minute) != (0, 0):
        when = f"{when} {local:%H:%M}"
    more = points_text(points, programme.currency, language)
    return catalogue(language).gettext(_("From {start}: {points} more.")).format(points=more, start=when)


def _cap_text(cap: Cap, limit: Limit, programme: Programme, said: Callable[[str], str]) -> str:
    if not limit.points and cap in NONE_TEXTS:
        return said(NONE_TEXTS[cap])
    if cap == "percent" and programme.redemption.cap_base == "receipt":
        return said(PERCENT_OF_RECEIPT)
    return said(CAP_TEXTS[cap])


def _facts(programme: Programme, language: Language) -> dict[str, str]:
    rules = programme.redemption

    def words(points: int | None) -> str:
        return points_text(points or 0, programme.currency, language)

    return {
        "percent": percent_text(rules.cap_bp, language),
        "min_cash": amount_text(rules.min_cash_kopecks, language),
        "per_receipt": words(rules.receipt_max_points),
        "per_day": words(rules.day_max_points),
        "card_alone": words(rules.card_alone_max_points),
        "step": words(rules.step),
        "least": words(rules.min_points),
    }


def explain_excluded(answer: Quote, names: Mapping[str, str], language: Language) -> tuple[str, ...]:
    """A line for each of the goods that points take nothing of. `names` gives a name for a line's id."""
    said = catalogue(language).gettext
    return tuple(
        said(EXCLUDED_TEXTS[line.excluded]).format(name=names[line.id])
        for line in answer.lines
        if line.excluded is not None
    )


def explain_quote(answer: Quote, names: Mapping[str, str], programme: Programme, language: Language) -> str:
    """The limit with what bound it, then which goods points take nothing of and why; the first few, each once."""
    limit = explain_limit(answer, programme, language)
    if answer.limit.reason is not None:
        return limit
    excluded = list(dict.fromkeys(explain_excluded(answer, names, language)))
    if not excluded:
        return limit
    more = "; …" if len(excluded) > EXCLUDED_SHOWN_MAX else "."
    return f"{limit} {'; '.join(excluded[:EXCLUDED_SHOWN_MAX])}{more}"


def explain_bad(bad: BadBasket, language: Language) -> str:
    """What is wrong with a field, and what helps. The field is called as the POS calls it."""
    said = catalogue(language).gettext(bad.sentence)
    message = said.format(**bad.facts) if bad.facts else said
    return f"{bad.field}: {message}" if bad.field else message


def explain_expiring(points: int, last_day: date, today: date, programme: Programme, language: Language) -> str:
    """What expires next: how many points live to the end of `last_day`, and how many days that is."""
    days = (last_day - today).days
    words: NullTranslations = catalogue(language)
    return words.ngettext(
        "{points} until {day}: {days} day left.", "{points} until {day}: {days} days left.", days
    ).format(points=points_text(points, programme.currency, language), day=day_text(last_day, language), days=days)
