"""The demo's days, one after another over one hub, and what stays open behind them for whoever wants to play on."""

from __future__ import annotations

import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from config.programmes import load_programme
from pos_agent.demo.carried import carried, minted
from pos_agent.demo.cashier import Cashier
from pos_agent.demo.cast import Cast
from pos_agent.demo.club import CLERK, Club, Services
from pos_agent.demo.keys import ended_by_key
from pos_agent.demo.office import Office, StoryFailed
from pos_agent.demo.processes import ProcessFailed
from pos_agent.demo.shop import POLL_S, Shop
from pos_agent.demo.story import Story
from pos_agent.demo.table import balances, drawn
from pos_agent.demo.teller import Teller
from pos_agent.page.pairing import LINK_LIFE_S
from pos_agent.status import Status

TRIED_AGAIN_S = 2.0


def play(programmes: list[str], out: Path, teller: Teller, photo: Path | None, code: str | None, *, stay: bool) -> bool:
    """A day of each programme with its table; whether all of them agree. `stay`: until Ctrl-C the shops stay open."""
    with ExitStack() as open_now:
        try:
            services = Services(out) if stay else None
            if services is not None:
                open_now.callback(services.close)
            office = Office(out, programmes, services.file if services is not None else None)
            open_now.callback(office.close)
            shops, agree = [], True
            for number, programme in enumerate(programmes):
                shop = Shop(programme, out / programme, office, teller)
                with ExitStack() as for_a_day:
                    (open_now if stay else for_a_day).callback(shop.close)
                    # The picture's card is one number, so it can be a member's in one programme only: the first.
                    agree &= _day(shop, *(photo, code) if number == 0 else (None, None), coupons_after=stay)
                shops.append(shop)
            if stay:
                club = Club(out, office, programmes, teller.language)
                open_now.callback(club.close)
                _stay_open(shops, club, teller)
            return agree
        except (ProcessFailed, StoryFailed) as error:
            teller.trouble(f"The story broke: {error}", f"История прервалась: {error}")
            return False


def _day(shop: Shop, photo: Path | None, code: str | None, *, coupons_after: bool) -> bool:
    """The story of one shop; whether everybody's balances agree in the end, and the hub has taken all of it."""
    teller, programme = shop.teller, load_programme(shop.programme)
    cast = Cast(programme, code)
    shop.hand_out(carried(programme, cast, teller.language))
    story = Story(shop, Cashier(shop, programme.day(datetime.now(UTC)).isoformat()), programme, cast, photo)
    story.play()
    status = shop.wait("the end", lambda _: True)
    rows = balances(story)
    teller.console.print()
    teller.console.print(drawn(rows, programme.name(teller.language), teller.language))
    _tell_end(shop, status)
    if coupons_after:
        shop.hand_out(carried(programme, cast, teller.language, minted(programme, shop.office, teller.language)))
    return all(row.agrees for row in rows) and not status.refused and status.outbox == 0


def _tell_end(shop: Shop, status: Status) -> None:
    teller, books = shop.teller, shop.office.ask("verify")
    teller.line(
        f"pos-hub verify: {books['operations']} operations, {books['entries']} entries. The books are right.",
        f"pos-hub verify: операций {books['operations']}, проводок {books['entries']}. Книги верны.",
    )
    teller.line(f"Receipts as PNG and text: {shop.papers}", f"Чеки в PNG и тексте: {shop.papers}")
    for refused in status.refused:
        teller.trouble(
            f"The hub refused operation {refused.sequence}: {refused.reason}",
            f"Хаб отклонил операцию {refused.sequence}: {refused.reason}",
        )


def _stay_open(shops: list[Shop], club: Club, teller: Teller) -> None:
    """Until Ctrl-C: what is killed comes back."""
    try:
        for shop in shops:
            _tell_addresses(shop, teller)
        _tell_club(shops[0].office, club, teller)
        with ended_by_key():
            teller.line("All of it keeps running. Ctrl-C ends it.", "Всё это работает и дальше. Закончить — Ctrl-C.")
            while True:
                for shop in shops:
                    _mend(shop)
                time.sleep(POLL_S)
    except KeyboardInterrupt:
        teller.line("Closing.", "Закрываемся.")


def _mend(shop: Shop) -> None:
    """Nobody waits for anything now: what cannot come back at once, for its port is taken, say, is tried again."""
    try:
        shop.mend()
    except ProcessFailed as failed:
        shop.teller.trouble(f"{failed}. Trying again.", f"{failed}. Пробуем снова.")
        time.sleep(TRIED_AGAIN_S)


def _tell_club(office: Office, club: Club, teller: Teller) -> None:
    """Where to go on: the codes that go to phones are at the office's desk."""
    teller.console.print()
    teller.line("The office, and one shop on the net:", "Офис и один магазин в сети:")
    teller.address("The office's desk", "Стол офиса", office.desk_url)
    teller.line(
        f"Sign in as {CLERK} with PIN {club.pin}, there and at the tills' pages, which sell to nobody else.",
        f"Вход: {CLERK}, ПИН {club.pin}, там и на страницах касс: без входа они не продают.",
    )
    teller.address("Codes sent to phones", "Коды на телефоны", f"{office.desk_url}/sent")
    teller.address("An online shop", "Интернет-магазин", club.shop_url)


def _tell_addresses(shop: Shop, teller: Teller) -> None:
    teller.console.print()
    teller.line(f"The pages of till {shop.programme}-1:", f"Страницы кассы {shop.programme}-1:")
    teller.address("The emulated till", "Эмулируемая касса", shop.link("cashier", emulator=True))
    teller.address("The cashier's page", "Страница кассира", shop.link("cashier"))
    teller.address("The guest's display", "Экран гостя", shop.link("guest"))
    teller.address("The members' account", "Личный кабинет", shop.office.accounts[shop.programme])
    anna = Cast(load_programme(shop.programme), None).anna
    name = anna.ru if teller.language == "ru" else anna.en
    teller.line(f"{name} signs in there with {anna.phone}.", f"{name} входит туда по номеру {anna.phone}.")
    more = f"pos-agent page --config {shop.settings}"
    minutes = LINK_LIFE_S // 60
    teller.line(
        f"Each link opens once, within {minutes} minutes; for another: {more}",
        f"Каждая ссылка — на один раз и на {minutes} минут; ещё одна: {more}",
    )
