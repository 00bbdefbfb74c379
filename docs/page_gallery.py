"""The gallery of the cashier's page: docs/gallery/page/*.png, every state in a real browser over a real till.

Times and numbers in them are of the day they were made, so a picture is made anew only where more than that changed.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from PIL import Image, ImageChops

from loyalty.programme import Language
from tests.browser import CHROMIUM, MISSING, chromium
from tests.page.screens import SCREENS, Screen, morning
from tests.page.shop import Shop
from tests.page.till import let_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FOLDER: Final = Path(__file__).with_name("gallery") / "page"
COLOURS: Final = 32  # letters stay smooth, a picture stays some 20 KB
OTHER_LEAST: Final = 0.01  # of the pixels: hours, codes and dates are less
IN_ENGLISH: Final = ("idle", "ready", "redeem", "done", "question")
IN_THE_DARK: Final = ("ready", "over", "done", "back", "question", "offline")


class View(NamedTuple):
    screen: Screen
    language: Language
    theme: str = "light"

    @property
    def name(self) -> str:
        return "-".join([self.screen.name, self.language, *(["dark"] if self.theme == "dark" else [])])


def views() -> Iterator[View]:
    """In the order of the page."""
    for screen in SCREENS:
        yield View(screen, "ru")
        if screen.name in IN_ENGLISH:
            yield View(screen, "en")
        if screen.name in IN_THE_DARK:
            yield View(screen, "ru", "dark")


def listed() -> Iterator[str]:
    """As docs/gallery.md shows them."""
    yield from ("# The cashier's page", "")
    yield from ("Made by `make gallery` at a till of this machine, 1024 × 768; the guest reads none of it.", "")
    for view in views():
        dark = ", dark" if view.theme == "dark" else ""
        yield from (f"## {view.name}", "", f"{view.screen.shows}{dark}.", "")
        yield from (f"![{view.name}](gallery/page/{view.name}.png)", "")


def main() -> None:
    if CHROMIUM is None:
        print(f"The pictures of the page stay as they are: {MISSING}")  # noqa: T201
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        for language in ("ru", "en"):
            with tempfile.TemporaryDirectory() as folder, closing(Shop(Path(folder), language)) as shop:
                draw(shop, browser, [view for view in views() if view.language == language])
    for old in FOLDER.glob("*.png"):
        if old.stem not in {view.name for view in views()}:
            old.unlink()


def draw(shop: Shop, browser: Browser, wanted: list[View]) -> None:
    till = let_in(shop, browser, reduced_motion="reduce", color_scheme="light")
    for view in wanted:
        till.page.emulate_media(color_scheme="dark" if view.theme == "dark" else "light")
        morning(till)
        view.screen.story(till)
        keep(FOLDER / f"{view.name}.png", till.page.screenshot())
        shop.mend()


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
