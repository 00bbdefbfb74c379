"""The programme's figures in words, by the names that answers have for them (account/questions.py). What the programme
has not has no name here, and no question about it is asked."""

from __future__ import annotations

from datetime import date
from typing import Final

from account.phones import phone_shown
from account.settings import Settings
from loyalty.opening import week_lines
from loyalty.programme import Currency
from loyalty.wording import (
    currency_text,
    day_text,
    days_text,
    minutes_text,
    months_text,
    percent_text,
    points_text,
    rubles_text,
)
from sync.account.help import BirthdayTold, FiguresTold, LifeTold
from sync.account.home import Earning
from sync.account.programme import ProgrammeTold
from web.language import Language

RUBLE: Final = 100  # kopecks


def figures_in_words(
    told: FiguresTold, programme: ProgrammeTold, settings: Settings, language: Language
) -> dict[str, str]:
    ru, currency = language == "ru", programme.currency
    named = currency_text(currency, language)
    whole = "суммы чека" if ru else "the receipt"
    part = "суммы товаров, за которые ими можно платить" if ru else "what they may pay for on the receipt"
    found = {
        "brand": programme.name[0 if ru else 1],
        "currency": named,
        "Currency": named[:1].upper() + named[1:],
        "of_currency": currency.ru.many if ru else named,
        "worth": _worth(told.kop_per_point, currency, language),
        "cap": percent_text(told.cap_bp, language),
        "cap_of": whole if told.cap_of_receipt else part,
        "earning": earning_text(told.earning, currency, language),
        "activation": _activation(told, language),
        "reissue_fee": _fee(told.reissue_fee_kopecks, language),
        "form_fee": _fee(told.form_fee_kopecks, language),
        "face_min": rubles_text(told.face_min_kopecks, language),
        "face_max": rubles_text(told.face_max_kopecks, language),
    }
    return found | _some(told, currency, language) | _of_shop(settings, language)


def _some(told: FiguresTold, currency: Currency, language: Language) -> dict[str, str]:
    """What a programme may have or not."""
    life = told.life
    found = {
        "life": "" if life.kind == "never" else life_text(life, language),
        "welcome": points_text(told.welcome_points, currency, language) if told.welcome_points else "",
        "welcome_life": life_text(told.welcome_life, language) if told.welcome_life is not None else "",
        "birthday": _birthday(told.birthday, currency, language) if told.birthday is not None else "",
        "issue_min": rubles_text(told.issue_min_kopecks, language) if told.issue_min_kopecks else "",
        "form_days": days_text(told.form_days, language) if told.form_days else "",
        "claim_days": days_text(told.claim_days, language) if told.claim_days else "",
        "favourites_max": str(told.favourites_max or ""),
        "favourite_more": _per_step(told.favourite_points, told.favourite_step_kopecks, currency, language),
        "spend_min": points_text(told.spend_min_points, currency, language) if told.spend_min_points else "",
    }
    flags = {"endless": life.kind == "never", "registered_alone": told.needs_registration}
    return {name: text for name, text in found.items() if text} | {name: "" for name, holds in flags.items() if holds}


def _of_shop(settings: Settings, language: Language) -> dict[str, str]:
    hotline = settings.hotline
    found = {"mail": settings.mail, "shop_url": settings.shop_url}
    if hotline is not None:
        found["hotline"] = ", ".join(map(phone_shown, hotline.phones))
        found["hotline_hours"] = ", ".join(f"{days} {text}" for days, text in week_lines(hotline.hours.week, language))
    return {name: text for name, text in found.items() if text}


def _worth(kop_per_point: int, currency: Currency, language: Language) -> str:
    points = 1 if kop_per_point >= RUBLE else RUBLE // kop_per_point
    return f"{points_text(points, currency, language)} = {rubles_text(points * kop_per_point, language)}"


def _fee(kopecks: int, language: Language) -> str:
    free = "бесплатно" if language == "ru" else "free of charge"
    return rubles_text(kopecks, language) if kopecks else free


def _activation(told: FiguresTold, language: Language) -> str:
    if not (told.active_days or told.active_minutes):
        return "сразу" if language == "ru" else "at once"
    wait = days_text(told.active_days, language) if told.active_days else minutes_text(told.active_minutes, language)
    return f"через {wait}" if language == "ru" else f"after {wait}"


def life_text(life: LifeTold, language: Language) -> str:
    ru = language == "ru"
    if life.kind == "days":
        return days_text(life.count, language)
    if life.kind == "months":
        return months_text(life.count, language)
    if life.kind == "month_end":
        months = months_text(life.count, language)
        counted = ", считая месяц начисления" if ru else ", that of the purchase included"
        return f"{months}{counted}"
    if life.kind == "date":
        day = day_text(date.fromisoformat(life.day), language)
        return f"до {day} включительно" if ru else f"until {day}"
    if life.kind == "birthday":
        return "пока идёт ваш праздник" if ru else "as long as your birthday days last"
    return "без срока" if ru else "without an end"


def earning_text(earning: Earning, currency: Currency, language: Language) -> str:
    """As the end of a sentence: «2 % от суммы чека, от 1 500 ₽ — 3 %»."""
    ru = language == "ru"
    if earning.measure == "per_step":
        return _per_step(earning.points, earning.step_kopecks, currency, language)
    first, *others = earning.steps
    percent = percent_text(first.rate_bp, language)
    if earning.measure == "receipt":
        base, word = (f"{percent} от суммы чека", "от") if ru else (f"{percent} of the receipt", "from")
    else:
        base, word = (
            (f"{percent} от суммы чека", "когда куплено на") if ru else (f"{percent} of it", "once you bought for")
        )
    more = [
        f"{word} {rubles_text(step.from_kopecks, language)} — {percent_text(step.rate_bp, language)}" for step in others
    ]
    return ", ".join([base, *more])


def _per_step(points: int, step_kopecks: int, currency: Currency, language: Language) -> str:
    if not (points and step_kopecks):
        return ""
    each = "за каждые полные" if language == "ru" else "for each full"
    return f"{points_text(points, currency, language)} {each} {rubles_text(step_kopecks, language)}"


def _birthday(told: BirthdayTold, currency: Currency, language: Language) -> str:
    ru = language == "ru"
    before, after = days_text(told.days_before, language), days_text(told.days_after, language)
    window = f"(за {before} до него и {after} после)" if ru else f"({before} before it and {after} after)"
    if told.points:
        gift = points_text(told.points, currency, language)
        return f"{gift} в подарок {window}" if ru else f"{gift} as a gift {window}"
    if told.rate_bp:
        rate = percent_text(told.rate_bp, language)
        return f"ещё {rate} от покупок {window}" if ru else f"{rate} more of what you buy {window}"
    step = _per_step(told.step_points, told.step_kopecks, currency, language)
    return f"ещё {step} {window}" if ru else f"{step} more {window}"
