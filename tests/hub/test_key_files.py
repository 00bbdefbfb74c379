"""A key's file: its owner's alone, whole, and never made anew in silence."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from hub.keys import KeysMissing, keys_in


def test_a_file_that_is_no_key_is_said_so_and_stays_as_it_is(tmp_path: Path) -> None:
    keys_in(tmp_path, None, {})
    (tmp_path / "phones.key").write_text("11" * 31)
    with pytest.raises(KeysMissing, match=r"phones\.key"):
        keys_in(tmp_path, None, {})
    assert (tmp_path / "phones.key").read_text() == "11" * 31


def test_a_key_that_is_missing_is_not_made_anew_for_a_ledger_that_had_one(tmp_path: Path) -> None:
    """Its tills would find nobody by phone any more, and no coupon that was given out would hold."""
    known = keys_in(tmp_path, None, {}).public
    for name in ("phones", "coupons", "signing"):
        kept = (tmp_path / f"{name}.key").read_text()
        (tmp_path / f"{name}.key").unlink()
        with pytest.raises(KeysMissing, match=rf"{name}\.key"):
            keys_in(tmp_path, known, {})
        assert not (tmp_path / f"{name}.key").exists()
        (tmp_path / f"{name}.key").write_text(kept)
    (tmp_path / "empty").mkdir()
    with pytest.raises(KeysMissing, match="signing"):
        keys_in(tmp_path / "empty", known, {})
    assert list((tmp_path / "empty").iterdir()) == []


def test_a_key_that_everybody_may_read_is_so_no_more(tmp_path: Path) -> None:
    keys_in(tmp_path, None, {})
    os.chmod(tmp_path / "signing.key", 0o644)
    keys_in(tmp_path, None, {})
    assert stat.S_IMODE((tmp_path / "signing.key").stat().st_mode) == 0o600
