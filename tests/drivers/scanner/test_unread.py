"""A code before the camera that can't be read: when the till is told, when it isn't, and when it is over."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from drivers.scanner.cascade import Cost, Scene, climb
from drivers.scanner.emulator.frames import frame
from drivers.scanner.locate import Place
from drivers.scanner.look import Looker
from drivers.scanner.unread import GONE_AFTER_S, TOLD_AFTER_LOOKS, TOLD_AFTER_S, Unread

Grey = NDArray[np.uint8]
Look = tuple[list[Place], bool]
STEP_S = 0.5
CARD = "4604060014951"


def place(x: float = 300) -> Place:
    return Place(x=x, y=200, length=100, height=40, turn=0.0)


def told(unread: Unread, looks: list[tuple[list[Place], bool]], begin_s: float = 0.0) -> list[bool]:
    return [
        unread.look(places, read=read, now_s=begin_s + number * STEP_S) for number, (places, read) in enumerate(looks)
    ]


def test_bars_that_stay_are_told_of_after_two_seconds_and_until_they_are_gone() -> None:
    unread = Unread()
    looks = [([place()], False)] * 6 + [([], False)] * 4
    assert told(unread, looks) == [False] * 4 + [True] * 3 + [False] * 3


def test_bars_at_the_edge_of_what_can_be_seen_do_not_flicker() -> None:
    unread = Unread()
    flickering = [([place()], False), ([], False)] * 10
    states = told(unread, flickering)
    assert [one for one, other in zip(states, [None, *states], strict=False) if one is not other] == [False, True]


def test_a_card_that_is_read_says_nothing_and_ends_what_was_said() -> None:
    unread = Unread()
    assert not any(told(unread, [([place()], False)] * 3 + [([], True)] + [([place(800)], False)] * 3))
    assert told(unread, [([place(800)], False)] * 6, 10.0)[-1]
    assert unread.look([], read=True, now_s=20.0) is False


def test_what_lies_there_unread_is_not_told_of_again_after_each_card() -> None:
    unread = Unread()
    still: Look = ([place()], False)
    read: Look = ([], True)
    assert told(unread, [still] * 6)[-1]
    assert not any(told(unread, [read, *[still] * 8, read, *[still] * 8], 10.0))
    assert told(unread, [([place(900), place()], False)] * 6, 30.0)[-1]  # but another one is


def test_once_gone_it_is_news_again() -> None:
    unread = Unread()
    assert told(unread, [([place()], False)] * 6)[-1]
    assert not told(unread, [([], False)] * 4, 5.0)[-1]
    assert told(unread, [([place()], False)] * 6, 10.0)[-1]


def test_a_camera_that_is_lost_knows_nothing_any_more() -> None:
    unread = Unread()
    assert told(unread, [([place()], False)] * 6)[-1]
    unread.blinded()
    assert not unread.now


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.floats(0.05, 3.0)), max_size=60))
def test_it_is_never_told_sooner_and_never_twice_within_what_a_person_needs(
    looks: list[tuple[bool, bool, float]],
) -> None:
    unread, now_s, since_s, seen, before, began_s = Unread(), 0.0, 0.0, 0, False, -1e9
    for bars, read, pause_s in looks:
        now_s += pause_s
        now = unread.look([place()] if bars else [], read=read, now_s=now_s)
        if read:
            seen = 0
        elif bars:
            since_s, seen = (now_s, 1) if seen == 0 else (since_s, seen + 1)
        assert not (now and read)
        if now and not before:
            assert seen >= TOLD_AFTER_LOOKS
            assert now_s - since_s >= TOLD_AFTER_S
            assert now_s - began_s >= min(TOLD_AFTER_S, GONE_AFTER_S)
            began_s = now_s
        before = now


def card(blur: float) -> Grey:
    barcode = zxingcpp.create_barcode(CARD, zxingcpp.BarcodeFormat.EAN13)
    bars = np.pad(np.array(zxingcpp.write_barcode_to_image(barcode, scale=3)), 30, constant_values=255)
    sheet = np.full((720, 1280), 140, np.uint8)
    sheet[200 : 200 + bars.shape[0], 400 : 400 + bars.shape[1]] = bars
    return np.asarray(cv2.GaussianBlur(sheet, (0, 0), blur), np.uint8)


def test_a_card_out_of_focus_is_seen_and_not_read() -> None:
    looker, unread = Looker(), Unread()
    states = []
    for number in range(8):
        codes = looker.look(card(3.2), motions=1)
        states.append(unread.look(looker.unread, read=bool(codes), now_s=number * STEP_S))
    assert states == [False] * 4 + [True] * 4
    assert [code.text for code in looker.look(card(1.0), motions=2)] == [CARD]
    assert not unread.look(looker.unread, read=True, now_s=9.0)


def test_a_damaged_qr_is_seen_too() -> None:
    qr = np.array(
        zxingcpp.write_barcode_to_image(
            zxingcpp.create_barcode("https://shop.example/" + "x" * 60, zxingcpp.BarcodeFormat.QRCode), scale=6
        )
    )
    sheet = np.full((720, 1280), 220, np.uint8)
    sheet[200 : 200 + qr.shape[0], 400 : 400 + qr.shape[1]] = qr
    side = qr.shape[0]
    sheet[200 + side // 3 : 200 + 2 * side // 3, 400 + side // 3 : 400 + side - 30] = 255  # a glare
    scene = Scene(sheet)
    assert climb(scene, Cost.LIVE) == []
    assert scene.puzzling()
    assert all(abs(seen.x - 400 - side / 2) < side / 3 for seen in scene.puzzling())


def hatched(period: float, turn: float) -> Grey:
    """A grating, a sleeve, a belt."""
    y, x = np.mgrid[0:720, 0:1280]
    wave = np.sin((x * np.cos(turn) + y * np.sin(turn)) * 2 * np.pi / period)
    inside = (abs(x - 640) < 250) & (abs(y - 360) < 120)
    return np.where(inside, 128 + 100 * np.sign(wave), 90).astype(np.uint8)


@pytest.mark.parametrize("period", [7.0, 11.3, 19.0])
@pytest.mark.parametrize("turn", [0.0, 0.4, 1.5])
def test_stripes_are_no_code(period: float, turn: float) -> None:
    scene = Scene(hatched(period, turn))
    climb(scene, Cost.LIVE)
    assert scene.puzzling() == []


@pytest.mark.parametrize("seed", range(300, 320))
def test_a_counter_with_everything_but_a_code_puzzles_nobody(seed: int) -> None:
    scene = Scene(frame(seed, empty=True).picture)
    climb(scene, Cost.LIVE)
    assert scene.puzzling() == []
