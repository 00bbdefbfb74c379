"""My favourite categories (P24): which of them bring more points, chosen for some time."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from account.hub_desk import HubSaysNo
from account.pages.home import said
from account.visit import Page, View, Visit
from loyalty.wording import days_text
from sync.account.favourites import AskFavourites, ChangeFavourites, FavouritesTold
from sync.account.profile import Changed

PATH: Final = "/favourites"
CHOSEN_MAX: Final = 100
ID_LETTERS_MAX: Final = 60


def _favourites(visit: Visit, refused: str = "", chosen: tuple[str, ...] | None = None) -> Response:
    """`chosen`: what he has just ticked, where it was refused."""
    told = visit.ask("favourites", AskFavourites(), FavouritesTold)
    return visit.show(
        "favourites.html",
        title="favourites",
        status=409 if refused else 200,
        refused=refused,
        choice=told,
        ticked={one.id for one in told.categories if one.chosen} if chosen is None else set(chosen),
        stands=days_text(told.change_days, visit.language),
        said=lambda pair: said(visit, pair),
    )


def _change(visit: Visit) -> Response:
    ticked = [one.strip()[:ID_LETTERS_MAX] for one in visit.typed.get("category", ())]
    chosen = tuple(filter(None, ticked))[:CHOSEN_MAX]
    try:
        done = visit.ask("favourites_change", ChangeFavourites(categories=chosen), Changed)
    except HubSaysNo as refused:
        if (word := f"no_{refused.code}") not in FAVOURITES.words:
            raise
        return _favourites(visit, visit.say(word), chosen)
    return visit.go(PATH, visit.say("favourites_done" if done.changed else "favourites_same"))


FAVOURITES: Final = Page(
    path=PATH,
    title="favourites",
    words={
        "favourites": ("Любимые категории", "Favourite categories"),
        "favourites_gives": (
            "За товары из них {points} сверх обычного за каждые {step}.",
            "Goods of them bring {points} more than usual for every {step}.",
        ),
        "favourites_most": ("Выберите не больше {most}.", "Choose {most} at most."),
        "favourites_stands": (
            "Сохранённый выбор стоит {days}: раньше его не поменять.",
            "What you save stands for {days}: it cannot be changed before.",
        ),
        "favourites_wait": (
            "Ваш выбор стоит до {day}: в этот день его можно поменять.",
            "Your choice stands until {day}: you can change it on that day.",
        ),
        "favourites_none": ("В этой программе любимых категорий нет.", "This programme has no favourite categories."),
        "favourites_legend": ("Категории", "Categories"),
        "favourites_done": (
            "Выбор сохранён. На кассах он действует через минуту-другую.",
            "Your choice is saved. Tills know it in a minute or two.",
        ),
        "favourites_same": ("Так и было, ничего не изменилось.", "It was so already, nothing has changed."),
        "no_favourites_none": (
            "В этой программе любимых категорий нет.",
            "This programme has no favourite categories.",
        ),
        "no_favourites_unknown": (
            "Одну из категорий выбрать уже нельзя. Выберите из списка.",
            "One of the categories cannot be chosen any more. Choose among those listed.",
        ),
        "no_favourites_too_many": (
            "Категорий слишком много. Снимите лишние.",
            "These are too many categories. Untick some.",
        ),
        "no_favourites_wait": (
            "Выбор ещё нельзя поменять: день указан ниже.",
            "Your choice cannot be changed yet: the day is below.",
        ),
    },
    views=(View("GET", PATH, _favourites), View("POST", PATH, _change)),
)
