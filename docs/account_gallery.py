"""The gallery of the account: docs/gallery/account/*.png, its main pages on a phone, over a hub whose clock stands.

`make gallery` draws them; docs/account.md shows them. A picture is made anew only where more than a code changed.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

ROOT: Final = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))  # the tests' shop is no installed package

from docs.page_gallery import keep  # noqa: E402
from hub.hub import Hub  # noqa: E402
from tests.account.conftest import PHONE, WIDE, Account, account_over  # noqa: E402
from tests.account.homely import PROMOTIONS, anna, bought, given, stock  # noqa: E402
from tests.browser import CHROMIUM, MISSING, chromium  # noqa: E402
from tests.hub.conftest import Office  # noqa: E402
from tests.one_port import Server  # noqa: E402

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FOLDER: Final = Path(__file__).with_name("gallery") / "account"


class Shot(NamedTuple):
    """`link`: that is followed on the page before it is drawn, by its name; "": none. `down`: pixels it is moved up."""

    name: str
    path: str
    shows: str
    programme: str = "alenka"
    language: str = "ru"
    dark: bool = False
    wide: bool = False
    is_in: bool = True
    link: str = ""
    down: int = 0


SHOTS: Final = (
    Shot("home", "/", "The first page: card and balance"),
    Shot("home-offers", "/", "What runs for him, and why it is shown", down=1_130),
    Shot("home-dark", "/", "The other programme, in English, in the dark", "perekrestok", "en", dark=True),
    Shot("home-wide", "/", "The first page at a desk", "perekrestok", wide=True),
    Shot("sign-in", "/sign-in", "In by a phone's code, or in another way", is_in=False),
    Shot("register", "/register", "Registration: consents apart, none ticked before", is_in=False),
    Shot("points", "/points", "What came and went"),
    Shot("receipt", "/points", "A receipt with its lines and its lot", link="Покупка"),
    Shot("lots", "/points/lots", "Each received lot with its life"),
    Shot("cards", "/cards", "Cards, and what each one does"),
    Shot("card-order", "/cards/order", "A plastic card ordered by the form"),
    Shot("messages", "/messages", "What was written, and advertising turned off"),
    Shot("profile", "/profile", "Who I am, contacts, consents"),
    Shot("no-network", "/no-network", "Any other page without a network", is_in=False),
)


def main() -> None:
    if CHROMIUM is None:
        print(f"The pictures of the account stay as they are: {MISSING}")  # noqa: T201
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        for programme in ("alenka", "perekrestok"):
            with tempfile.TemporaryDirectory() as folder, shop(Path(folder), programme) as account:
                for shot in SHOTS:
                    if shot.programme == programme:
                        draw(browser, account, shot)
    for old in FOLDER.glob("*.png"):
        if old.stem not in {shot.name for shot in SHOTS}:
            old.unlink()


@contextmanager
def shop(folder: Path, programme: str) -> Iterator[Account]:
    """With a member who has something everywhere."""
    office, hub, face = Office(folder / "hub.db"), Server(), Server()
    rules = office.hub.programmes[programme]
    album = replace(rules.stickers, first_day=date(2026, 3, 1)) if rules.stickers else None
    promotions = tuple(one for one in PROMOTIONS if all(id in rules.categories for id in one.categories))
    there = {**office.hub.programmes, programme: replace(rules, promotions=promotions, stickers=album)}
    Hub.programmes = property(lambda self: there)  # type: ignore[assignment,method-assign]  # of this process alone
    stock(office.hub)
    anna(office, programme)
    bought(office, "anna", "A1", "chocolate" if programme == "alenka" else "snacks", programme=programme)
    given(office, 150, 0, 1, programme)
    try:
        account = account_over(office, folder, hub, face, programme)
        yield account
        account.store.close()
    finally:
        office.hub.close()
        hub.close()
        face.close()


def draw(browser: Browser, account: Account, shot: Shot) -> None:
    size: Any = WIDE if shot.wide else PHONE
    context = browser.new_context(
        viewport=size,
        locale="ru-RU" if shot.language == "ru" else "en-GB",
        color_scheme="dark" if shot.dark else "light",
        reduced_motion="reduce",
        service_workers="block",
    )
    if shot.is_in:
        cookie: Any = {"name": "account", "value": account.cookie_of("anna", shot.language), "url": account.url}
        context.add_cookies([cookie])
    page = context.new_page()
    page.goto(account.url + shot.path)
    if shot.link:
        page.get_by_role("link", name=shot.link).first.click()
        page.wait_for_load_state()
    page.evaluate("down => scrollTo(0, down)", shot.down)
    keep(FOLDER / f"{shot.name}.png", page.screenshot())
    context.close()


if __name__ == "__main__":
    main()
