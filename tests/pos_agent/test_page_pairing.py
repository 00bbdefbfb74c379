"""Pairing: a link makes one cookie, in its time; files tell nobody a secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from pos_agent.page.pairing import BROWSERS_MAX, LINK_LIFE_S, forget_all, new_link, open_link, role_of

NOW_S = 1_770_000_000.0


@pytest.mark.parametrize("role", ["cashier", "guest"])
def test_a_link_makes_a_cookie_of_its_role_once(tmp_path: Path, role: str) -> None:
    key = new_link(tmp_path, "cashier" if role == "cashier" else "guest", NOW_S)
    browser = open_link(tmp_path, key, NOW_S + LINK_LIFE_S - 1)
    assert browser is not None and browser.role == role
    assert role_of(tmp_path, browser.cookie) == role
    assert open_link(tmp_path, key, NOW_S) is None


def test_a_link_is_over_after_its_time_and_swept_away_with_the_next(tmp_path: Path) -> None:
    key = new_link(tmp_path, "cashier", NOW_S)
    assert open_link(tmp_path, key, NOW_S + LINK_LIFE_S) is None
    assert open_link(tmp_path, key, NOW_S) is not None  # it was not used up by that
    old = new_link(tmp_path, "cashier", NOW_S)
    new_link(tmp_path, "cashier", NOW_S + LINK_LIFE_S)
    assert open_link(tmp_path, old, NOW_S) is None
    assert len(list((tmp_path / "page-links").iterdir())) == 1


@pytest.mark.parametrize("secret", ["", "short", "a" * 65, "../" * 12, "é" * 40, "a" * 31 + "/", "a" * 43 + "\n"])
def test_what_is_no_secret_of_ours_opens_nothing(tmp_path: Path, secret: str) -> None:
    new_link(tmp_path, "cashier", NOW_S)
    assert open_link(tmp_path, secret, NOW_S) is None
    assert role_of(tmp_path, secret) is None


def test_neither_names_nor_contents_of_the_files_tell_a_secret(tmp_path: Path) -> None:
    key = new_link(tmp_path, "cashier", NOW_S)
    browser = open_link(tmp_path, new_link(tmp_path, "guest", NOW_S), NOW_S)
    assert browser is not None
    for file in tmp_path.rglob("*"):
        text = file.name + (file.read_text(encoding="ascii") if file.is_file() else "")
        assert key not in text and browser.cookie not in text
        assert file.stat().st_mode & 0o077 == 0, file


def test_a_link_and_a_cookie_are_not_the_same_thing(tmp_path: Path) -> None:
    key = new_link(tmp_path, "cashier", NOW_S)
    assert role_of(tmp_path, key) is None
    browser = open_link(tmp_path, key, NOW_S)
    assert browser is not None and open_link(tmp_path, browser.cookie, NOW_S) is None


def test_the_oldest_browser_makes_room(tmp_path: Path) -> None:
    cookies = []
    for _ in range(BROWSERS_MAX + 1):
        browser = open_link(tmp_path, new_link(tmp_path, "cashier", NOW_S), NOW_S)
        assert browser is not None
        cookies.append(browser.cookie)

    there = [role_of(tmp_path, cookie) for cookie in cookies]
    assert there.count("cashier") == BROWSERS_MAX and there[-1] == "cashier"


def test_all_are_forgotten(tmp_path: Path) -> None:
    assert forget_all(tmp_path) == 0
    key = new_link(tmp_path, "cashier", NOW_S)
    browser = open_link(tmp_path, new_link(tmp_path, "cashier", NOW_S), NOW_S)
    assert browser is not None
    assert forget_all(tmp_path) == 2
    assert role_of(tmp_path, browser.cookie) is None and open_link(tmp_path, key, NOW_S) is None


def test_a_damaged_file_opens_nothing(tmp_path: Path) -> None:
    key = new_link(tmp_path, "cashier", NOW_S)
    (file,) = (tmp_path / "page-links").iterdir()
    for text in ("", "cashier soon", "manager 9999999999", "\x00"):
        file.write_text(text, encoding="ascii")
        assert open_link(tmp_path, key, NOW_S) is None
