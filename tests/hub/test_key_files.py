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


def test_a_key_that_everybody_may_read_is_so_no_more(tmp_path: Path) -> None:
    keys_in(tmp_path, None, {})
    os.chmod(tmp_path / "signing.key", 0o644)
    keys_in(tmp_path, None, {})
    assert stat.S_IMODE((tmp_path / "signing.key").stat().st_mode) == 0o600
