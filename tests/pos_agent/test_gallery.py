"""The gallery in docs/ is what the code makes today, and shows everything it should."""

from __future__ import annotations

import sys
from importlib import util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import zxingcpp
from PIL import Image, ImageChops

from docs import page_gallery

DOCS = Path(__file__).parent.parent.parent / "docs"
REMEDY = "`make gallery` makes it anew; then look at the pictures"
PAGES_MOST_BYTES = 3_000_000  # a repository keeps every one that ever was
OTHER_INK = 128  # of 255: letters of another Pillow differ by a shade, another letter by black and white


def _load() -> ModuleType:
    spec = util.spec_from_file_location("docs_gallery", DOCS / "gallery.py")
    assert spec is not None and spec.loader is not None
    module = util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


gallery = _load()
PICTURES = list(gallery.pictures())


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_a_picture_is_what_the_code_draws(picture: Any) -> None:  # of a module that mypy cannot see into
    drawn = gallery.drawn(picture).convert("L")
    with Image.open(DOCS / "gallery" / f"{picture.name}.png") as file:
        kept = file.convert("L")
    assert kept.size == drawn.size, REMEDY
    assert max(ImageChops.difference(kept, drawn).tobytes()) < OTHER_INK, REMEDY


def test_the_page_shows_every_picture_and_no_other_is_there() -> None:
    assert (DOCS / "gallery.md").read_text(encoding="utf-8") == gallery.page(PICTURES), REMEDY
    assert {path.stem for path in (DOCS / "gallery").glob("*.*")} == {picture.name for picture in PICTURES}, REMEDY


def test_every_state_of_the_pages_is_there_and_small() -> None:
    """That they are current, somebody sees: times and numbers in them are of their day."""
    files = {path.stem: path.stat().st_size for path in (DOCS / "gallery" / "page").glob("*")}
    assert set(files) == {view.name for view in page_gallery.views()}, REMEDY
    assert sum(files.values()) < PAGES_MOST_BYTES


@pytest.mark.parametrize("name", ["alenka-full-ru-80", "perekrestok-offline-en-58", "alenka-duplicate-ru-80"])
def test_the_qr_of_a_receipt_is_read_from_its_picture(name: str) -> None:
    (code,) = zxingcpp.read_barcodes(Image.open(DOCS / "gallery" / f"{name}.png").convert("L"))
    assert code.text.startswith("po:till-1:1:")


def test_both_programmes_languages_and_widths_are_there() -> None:
    names = {picture.name for picture in PICTURES}
    for programme in ("alenka", "perekrestok"):
        for kind in ("full", "offline", "phone", "coupon", "issue-form", "reissue-form", "points-report"):
            assert {f"{programme}-{kind}-ru-80", f"{programme}-{kind}-en-58"} <= names


def test_drawing_twice_changes_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gallery, "FOLDER", tmp_path / "gallery")
    monkeypatch.setattr(gallery, "PAGE", tmp_path / "gallery.md")
    monkeypatch.setattr(gallery, "pictures", lambda: PICTURES[:3])
    gallery.main()
    files = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    (tmp_path / "gallery" / "gone.png").write_bytes(b"an older kind of paper")
    gallery.main()
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == files
