"""The first page: the card to be shown, what he has, what waits and dies next, how he earns, his stickers, and what
runs for him (P8, A7, A12, A15)."""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

from starlette.responses import Response

from account.visit import Page, View, Visit
from loyalty.names import called
from loyalty.wording import days_text, percent_text, points_text, rubles_text
from sync.account.home import AskHome, Earning, GoodsHere, HomeTold, OfferHere
from sync.account.me import CardHere, MeTold
from sync.account.programme import Pair
from web.qr import QrPath, qr_path

CLUB: Final = (  # pages of the club, in the order of the first page: where and what they are called
    ("/offers", "offers"),
    ("/coupons", "coupons"),
    ("/favourites", "favourites"),
)
SHOWN: Final = frozenset(("active", "issued", "pending"))  # cards that a till takes


class ShownOffer(NamedTuple):
    """An offer in words. `gives`: in two or three; `goods`: with their prices in words."""

    title: str
    gives: str
    why: str
    when: str
    terms: tuple[str, ...]
    goods: tuple[tuple[GoodsHere, str, str], ...]


class ShownCard(NamedTuple):
    number: str
    qr: QrPath
    pending: bool


class ShownStep(NamedTuple):
    """`here`: the one that holds now."""

    text: str
    here: bool


def _home(visit: Visit) -> Response:
    told = visit.ask("home", AskHome(seen=visit.seen()), HomeTold)
    name = called(told.me.name)
    return visit.show(
        "home.html",
        title=visit.say("home_hello", name=name) if name else "home",
        home=told,
        me=told.me,
        card=_card(told.me),
        club=[(path, visit.say(word)) for path, word in CLUB],
        steps=_steps(visit, told.earning),
        next_step=_next_step(visit, told.earning),
        window=_window(visit, told.earning),
        offers=[shown_offer(visit, offer) for offer in told.offers],
        left=lambda day: _left(visit, told.today, day),
        worth=rubles(visit, told.worth_kopecks),
        said=lambda pair: said(visit, pair),
    )


def _card(me: MeTold) -> ShownCard | None:
    found: CardHere | None = next((card for card in me.cards if card.status in SHOWN), None)
    if found is None:
        return None
    return ShownCard(in_groups(found.number), qr_path(found.number), found.status == "pending")


def in_groups(number: str) -> str:
    """As people read it out."""
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def _left(visit: Visit, today: str, day: str) -> str:
    days = (date.fromisoformat(day) - date.fromisoformat(today)).days
    if days < 2:
        return visit.say("home_today" if days < 1 else "home_tomorrow")
    return visit.say("home_in_days", days=days_text(days, visit.language))


# how he earns


def _steps(visit: Visit, earning: Earning) -> list[ShownStep]:
    if earning.measure == "per_step":
        return []
    word = "home_step_from" if earning.measure == "receipt" else "home_step_bought"
    return [
        ShownStep(
            visit.say(
                word if step.from_kopecks else "home_step_first",
                percent=percent_text(step.rate_bp, visit.language),
                sum=rubles(visit, step.from_kopecks),
            ),
            earning.measure == "accumulated" and number == earning.reached,
        )
        for number, step in enumerate(earning.steps)
    ]


def _next_step(visit: Visit, earning: Earning) -> str:
    """How much to the next tier; "": there is none."""
    steps = earning.steps[earning.reached + 1 :] if earning.measure == "accumulated" else ()
    if not steps:
        return ""
    missing = rubles(visit, steps[0].from_kopecks - earning.spent_kopecks)
    return visit.say("home_next_step", missing=missing, percent=percent_text(steps[0].rate_bp, visit.language))


def _window(visit: Visit, earning: Earning) -> str:
    if earning.measure != "accumulated":
        return ""
    days = days_text(earning.window_days, visit.language)
    return visit.say(f"home_window_{earning.window}", days=days, spent=rubles(visit, earning.spent_kopecks))


# what runs for him


def shown_offer(visit: Visit, offer: OfferHere) -> ShownOffer:
    titles = {
        "favourite": visit.say("home_favourite", names=", ".join(said(visit, one) for one in offer.categories)),
        "birthday": visit.say("home_birthday"),
    }
    because = said(visit, offer.because) if offer.because else ""
    return ShownOffer(
        title=titles.get(offer.kind) or said(visit, offer.title),
        gives=_gives(visit, offer),
        why="" if offer.kind == "favourite" else visit.say(f"home_why_{offer.why}", name=because),
        when=_when(visit, offer),
        terms=tuple(_terms(visit, offer)),
        goods=tuple((one, rubles(visit, one.old_kopecks), rubles(visit, one.new_kopecks)) for one in offer.goods),
    )


def _gives(visit: Visit, offer: OfferHere) -> str:
    points = points_text(offer.points, visit.house.programme().currency, visit.language)
    if offer.kind == "percent_off":
        return f"−{percent_text(offer.percent_bp, visit.language)}"
    if offer.kind == "amount_off":
        return f"−{rubles(visit, offer.amount_kopecks)}"
    if offer.kind == "multiplier":
        return visit.say("home_times", times=offer.times)
    if offer.kind == "gift":
        return visit.say("home_gift")
    if offer.rate_bp:
        return percent_text(offer.rate_bp, visit.language)
    if offer.step_kopecks:
        return "+" + visit.say("home_per_step", points=points, step=rubles(visit, offer.step_kopecks))
    return f"+{points}"


def _when(visit: Visit, offer: OfferHere) -> str:
    if offer.first_day and offer.last_day:
        return visit.say("home_from_to", first=visit.day_of(offer.first_day), last=visit.day_of(offer.last_day))
    if offer.last_day:
        return visit.say("home_until", last=visit.day_of(offer.last_day))
    return visit.say("home_from", first=visit.day_of(offer.first_day)) if offer.first_day else ""


def _terms(visit: Visit, offer: OfferHere) -> list[str]:
    terms = []
    if offer.categories and offer.kind != "favourite":
        terms.append(visit.say("home_on", names=", ".join(said(visit, one) for one in offer.categories)))
    if offer.min_basket_kopecks:
        terms.append(visit.say("home_least", sum=rubles(visit, offer.min_basket_kopecks)))
    if offer.most_kopecks is not None:
        terms.append(visit.say("home_most", sum=rubles(visit, offer.most_kopecks)))
    return terms


def rubles(visit: Visit, kopecks: int) -> str:
    return rubles_text(kopecks, visit.language)


def said(visit: Visit, pair: Pair) -> str:
    return pair[0 if visit.language == "ru" else 1]


HOME: Final = Page(
    path="/",
    title="home",
    icon="home",
    words={
        "home": ("Главная", "Home"),
        "home_club": ("Клуб", "The club"),
        "home_hello": ("Здравствуйте, {name}!", "Hello, {name}!"),
        "home_balance": ("На счёте", "On your account"),
        "home_worth": ("можно потратить: {worth}", "to spend: {worth}"),
        "home_spendable": ("сейчас можно потратить {points}, это {worth}", "to spend now: {points}, that is {worth}"),
        "home_card": ("Покажите кассиру", "Show it to the cashier"),
        "home_qr": ("QR-код карты {number}", "QR code of card {number}"),
        "home_pending": (
            "Анкета ещё проверяется: {currency} начисляются, тратить их можно будет после проверки.",
            "The form is being checked: {currency} come in already and can be spent after that.",
        ),
        "home_no_card": (
            "Действующей карты нет. Добавьте виртуальную или привяжите свою.",
            "You have no card in force. Add a virtual one, or link yours.",
        ),
        "home_to_cards": ("К картам", "To the cards"),
        "home_unregistered": (
            "Карта ещё не привязана к вам: она копит, а тратить нельзя. Заполните данные в профиле.",
            "The card is not linked to you yet: it earns and cannot spend. Fill in your profile.",
        ),
        "home_to_profile": ("В профиль", "To the profile"),
        "home_debt": (
            "Долг {points}: после возврата сняты начисления, которые уже были потрачены. Он погасится из новых.",
            "You owe {points}: a return took back points that were spent already. New ones will pay it off.",
        ),
        "home_held": (
            "Отложено {points}: для покупки на кассе или обмена у партнёра. Не состоится — вернутся сами.",
            "{points} are held for a purchase at a till or a partner. If it does not come off, they come back.",
        ),
        "home_alone": (
            "По одной карте с чека списывается до {points}. Для большей суммы покажите меняющийся код на телефоне.",
            "The card alone pays up to {points} of a receipt. For more show the changing code on your phone.",
        ),
        "home_ahead": ("Что впереди", "What is ahead"),
        "home_comes": ("{points} станут доступны", "{points} can be spent from"),
        "home_dies": ("{points} сгорят", "{points} die"),
        "home_last_day": ("последний день {day}", "the last day is {day}"),
        "home_today": ("сегодня", "today"),
        "home_tomorrow": ("завтра", "tomorrow"),
        "home_in_days": ("через {days}", "in {days}"),
        "home_never": ("В ближайшее время ничего не сгорит.", "Nothing dies soon."),
        "home_all_points": ("Вся история", "The whole history"),
        "home_earning": ("Как копится", "How you earn"),
        "home_step_first": ("{percent} с любой покупки", "{percent} of any purchase"),
        "home_step_from": ("{percent} с чека от {sum}", "{percent} of a receipt from {sum}"),
        "home_step_bought": ("{percent}, когда куплено на {sum}", "{percent} once you have bought for {sum}"),
        "home_next_step": (
            "Ещё {missing}, и будет {percent}",
            "{missing} more, and it will be {percent}",
        ),
        "home_your_step": ("ваш уровень", "your level"),
        "home_window_all": ("Куплено за всё время: {spent}", "Bought until now: {spent}"),
        "home_window_year": ("Куплено с начала года: {spent}", "Bought since New Year: {spent}"),
        "home_window_rolling": ("Куплено за {days}: {spent}", "Bought within {days}: {spent}"),
        "home_per_step": ("{points} за каждые {step}", "{points} for every {step}"),
        "home_stickers": ("Наклейки", "Stickers"),
        "home_stickers_how": (
            "{count} за каждые {step} в чеке, до {day}",
            "{count} for every {step} of a receipt, until {day}",
        ),
        "home_enough": ("хватает", "enough"),
        "home_missing": ("ещё {count}", "{count} more"),
        "home_of": ("{count} из {all}", "{count} of {all}"),
        "home_exchange": ("Обменять: скажите кассиру до оплаты.", "To exchange them tell the cashier before you pay."),
        "home_offers": ("Для вас", "For you"),
        "home_no_offers": ("Сейчас акций нет.", "There are no offers just now."),
        "home_favourite": ("Любимые категории: {names}", "Favourite categories: {names}"),
        "home_birthday": ("К вашему дню рождения", "For your birthday"),
        "home_gift": ("подарок", "a gift"),
        "home_times": ("{currency} ×{times}", "{currency} ×{times}"),
        "home_why_favourite": ("«{name}» среди ваших любимых категорий", "“{name}” is one of your favourites"),
        "home_why_bought": ("Вы недавно покупали: {name}", "You bought lately: {name}"),
        "home_why_birthday": ("Вы сказали нам день рождения", "You told us your birthday"),
        "home_why_members": ("Только для участников программы", "For members alone"),
        "home_why_all": ("Действует для всех покупателей", "Runs for everybody"),
        "home_from_to": ("с {first} по {last}", "from {first} to {last}"),
        "home_until": ("до {last}", "until {last}"),
        "home_from": ("с {first}", "from {first}"),
        "home_on": ("На товары: {names}", "On: {names}"),
        "home_least": ("В чеке от {sum}", "On a receipt from {sum}"),
        "home_most": ("Скидка не больше {sum}", "{sum} off at most"),
        "home_was": ("было", "was"),
        "home_now": ("стало", "now"),
        "home_kg": ("за кг", "a kg"),
        "home_you_bought": ("вы покупали", "you bought it"),
        "home_prices": (
            "Цены на сегодня; в магазине точная цена на ценнике.",
            "Prices of today; the shelf's own price counts.",
        ),
    },
    views=(View("GET", "/", _home),),
)
