"""The account's pictures in docs/: all of them are there, shown, and light."""

from __future__ import annotations

from docs.account_gallery import FOLDER, SHOTS

BYTES_MAX = 60_000


def test_every_picture_is_drawn_shown_and_light() -> None:
    """Where it is red: make gallery."""
    drawn = {file.stem: file.stat().st_size for file in FOLDER.glob("*.png")}
    assert drawn.keys() == {shot.name for shot in SHOTS}
    assert max(drawn.values()) <= BYTES_MAX
    page = (FOLDER.parent.parent / "account.md").read_text(encoding="utf-8")
    assert [shot.name for shot in SHOTS if f"gallery/account/{shot.name}.png" not in page] == []
