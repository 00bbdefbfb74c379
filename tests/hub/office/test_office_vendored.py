"""What others wrote and we ship: as it was released, with its licence; and no page asks another host for anything."""

from __future__ import annotations

import hashlib
import re

import pytest

from hub.office.app import STATIC
from hub.office.visit import TEMPLATES
from web.static import SHARED_STATIC, SUFFIXES

VENDORED = sorted((SHARED_STATIC / "vendor").iterdir())
OURS = [*TEMPLATES.rglob("*.html"), *(file for file in STATIC.iterdir() if file.suffix in SUFFIXES)]
NAMESPACE = "http://www.w3.org/2000/svg"


@pytest.mark.parametrize("folder", VENDORED, ids=lambda folder: folder.name)
def test_a_release_is_as_it_was(folder: str) -> None:
    lines = (SHARED_STATIC / "vendor" / folder / "SHA256SUMS").read_text(encoding="ascii").splitlines()
    listed = {name: hash for hash, name in (line.split("  ") for line in lines)}
    there = {file.name: file for file in (SHARED_STATIC / "vendor" / folder).iterdir() if file.name != "SHA256SUMS"}
    assert listed.keys() == there.keys() and "LICENSE" in listed
    assert {name: hashlib.sha256(file.read_bytes()).hexdigest() for name, file in there.items()} == listed


@pytest.mark.parametrize("file", OURS, ids=lambda file: file.name)
def test_nothing_of_ours_asks_another_host_or_has_code_in_the_page(file: str) -> None:
    text = (TEMPLATES / file).read_text(encoding="utf-8").replace(NAMESPACE, "")
    assert not re.search(r"""(?:https?:)?//[\w.-]+\.\w""", text)
    assert not re.search(r"\s(?:style|on\w+|hx-on\S*)=|<style|<script(?![^>]*\bsrc=)|\bjs:", text)
