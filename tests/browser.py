"""The browser that is installed, for whoever opens a page of ours in a real one; none is downloaded."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM: Final = next(filter(None, map(shutil.which, NAMES)), None)
MISSING: Final = f"no browser is installed (none of {', '.join(NAMES)}); on Debian: apt-get install chromium"
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason=MISSING)

# it asks nobody anything by itself
QUIET: Final = ("--disable-background-networking", "--no-first-run", "--disable-component-update", "--disable-sync")


@contextmanager
def chromium(*flags: str) -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, *as_root, *flags])
        yield browser
        browser.close()
