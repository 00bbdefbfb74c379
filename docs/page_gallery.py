"""The gallery of the till's pages: docs/gallery/page/*.png, every state in a real browser over a real till.

Times and numbers in them are of the day they were made, so a picture is made anew only where more than that changed.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import groupby, product
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from PIL import Image, ImageChops

from loyalty.programme import Language
from tests.browser import CHROMIUM, MISSING, chromium
from tests.page import emulator_screens, guest_screens, screens
from tests.page.emulated_shop import EmulatedShop
from tests.page.emulator_screens import EMULATOR_SCREENS
from tests.page.guest_screens import ALONE_SCREENS, GUEST_SCREENS
from tests.page.screens import SCREENS, Screen
from tests.page.shop import Shop
from tests.page.till import ALONE, CASHIER, EMULATOR, GUEST, SIZE, Face, Till, let_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FOLDER: Final = Path(__file__).with_name("gallery") / "page"
LANGUAGES: Final[tuple[Language, ...]] = ("ru", "en")
COLOURS: Final = 64  # letters stay smooth and a card before the camera is seen; a picture stays some 25 KB
OTHER_LEAST: Final = 0.01  # of the pixels: hours, codes and dates are less
DISPLAY: Final[Any] = {"width": 1024, "height": 600}  # the guest's
UPRIGHT: Final[Any] = {"width": 800, "height": 1280}

Kind = type[Shop] | type[EmulatedShop]


class Side(NamedTuple):
    """One page of the till: `name` begins its pictures' names; the screens that are shown once more in English, in the
    dark, and on a display that stands upright."""

    name: str
    title: str
    about: str
    face: Face
    shop: Kind
    morning: Callable[[Till], None]
    screens: tuple[Screen, ...]
    size: Any
    in_english: tuple[str, ...] = ()
    in_the_dark: tuple[str, ...] = ()
    upright: tuple[str, ...] = ()


SIDES: Final = (
    Side(
        name="",
        title="The cashier's page",
        about="Made by `make gallery` at a till of this machine, 1024 × 768; the guest reads none of it.",
        face=CASHIER,
        shop=Shop,
        morning=screens.morning,
        screens=SCREENS,
        size=SIZE,
        in_english=("idle", "ready", "redeem", "done", "question"),
        in_the_dark=("ready", "over", "done", "back", "question", "offline"),
    ),
    Side(
        name="guest",
        title="The guest's page",
        about="What the display shows that faces the guest, 1024 × 600; one of them stands upright.",
        face=GUEST,
        shop=EmulatedShop,
        morning=guest_screens.morning,
        screens=GUEST_SCREENS,
        size=DISPLAY,
        in_english=("choose", "thanks"),
        in_the_dark=("shopping", "another"),
        upright=("phone",),
    ),
    Side(
        name="guest",
        title="The guest's page at a self-checkout",
        about="Nobody of the shop stands there, so it says what comes next.",
        face=ALONE,
        shop=EmulatedShop,
        morning=guest_screens.morning,
        screens=ALONE_SCREENS,
        size=DISPLAY,
    ),
    Side(
        name="emulator",
        title="The emulated till",
        about="A till without any device, from which all of them are moved, 1024 × 768.",
        face=EMULATOR,
        shop=EmulatedShop,
        morning=emulator_screens.morning,
        screens=EMULATOR_SCREENS,
        size=SIZE,
        in_english=("growing",),
        in_the_dark=("camera",),
    ),
)


class View(NamedTuple):
    side: Side
    screen: Screen
    language: Language
    theme: str = ""
    stands: str = ""

    @property
    def name(self) -> str:
        return "-".join(filter(None, (self.side.name, self.screen.name, self.language, self.theme, self.stands)))

    @property
    def shows(self) -> str:
        return ", ".join(filter(None, (self.screen.shows, self.theme, self.stands)))


def views() -> Iterator[View]:
    """In the order of the page."""
    for side in SIDES:
        for screen in side.screens:
            yield View(side, screen, "ru")
            if screen.name in side.in_english:
                yield View(side, screen, "en")
            if screen.name in side.in_the_dark:
                yield View(side, screen, "ru", "dark")
            if screen.name in side.upright:
                yield View(side, screen, "ru", "", "upright")


def listed() -> Iterator[str]:
    """As docs/gallery.md shows them."""
    for side, shown in groupby(views(), lambda view: view.side):
        yield from (f"# {side.title}", "", side.about, "")
        for view in shown:
            yield from (f"## {view.name}", "", f"{view.shows}.", "")
            yield from (f"![{view.name}](gallery/page/{view.name}.png)", "")


def main() -> None:
    if CHROMIUM is None:
        print(f"The pictures of the pages stay as they are: {MISSING}")  # noqa: T201
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        for side, language in product(SIDES, LANGUAGES):
            wanted = [view for view in views() if view.side is side and view.language == language]
            if wanted:
                draw(side, language, browser, wanted)
    for old in FOLDER.glob("*.png"):
        if old.stem not in {view.name for view in views()}:
            old.unlink()


def draw(side: Side, language: Language, browser: Browser, wanted: list[View]) -> None:
    """Each side at a shop of its own, where nobody has bought anything yet."""
    with tempfile.TemporaryDirectory() as folder, closing(side.shop(Path(folder), language)) as shop:
        till = let_in(shop, browser, side.face, viewport=side.size, reduced_motion="reduce", color_scheme="light")
        for view in wanted:
            till.page.emulate_media(color_scheme="dark" if view.theme else "light")
            till.page.set_viewport_size(UPRIGHT if view.stands else side.size)
            side.morning(till)
            view.screen.story(till)
            till.page.mouse.move(0, 0)  # a finger leaves no key lit
            keep(FOLDER / f"{view.name}.png", till.page.screenshot())
            shop.mend()
            shop.wait("the hub", lambda status: bool(status["hub"]["online"]))
        till.page.context.close()


def keep(path: Path, shot: bytes) -> None:
    image = Image.open(io.BytesIO(shot)).convert("RGB")
    if not (path.exists() and is_like(path, image)):
        image.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(path, optimize=True)


def is_like(path: Path, image: Image.Image) -> bool:
    with Image.open(path) as there:
        kept = there.convert("RGB")
    if kept.size != image.size:
        return False
    difference: Any = ImageChops.difference(kept, image).convert("L").point(lambda level: 255 if level > 96 else 0)
    return float(difference.histogram()[255]) / (image.width * image.height) < OTHER_LEAST


if __name__ == "__main__":
    main()
