"""Which readings are believed: tables."""

from dataclasses import replace

import pytest

from drivers.scanner.symbology import STRONG, WEAK, Code
from drivers.scanner.vote import (
    MOTIONS_MOST,
    PATCH,
    STRIP,
    WHOLE,
    FrameVote,
    Reading,
    Verdict,
    doubtful,
    shown,
    verdicts,
)

EAN, OTHER_EAN = Code("4600000000015", "ean13"), Code("4600000000022", "ean13")
CODE39, ITF, CARD = Code("ALENKA7", "code39"), Code("04600000000015", "itf"), Code("ALENKA-7", "code128")
SHORT_ITF = Code("909796", "itf")
QR, OTHER_QR = Code("card", "qr"), Code("ｃａｒｄ", "qr")


def reading(
    code: Code, engine: str = "zxing", view: str = STRIP, *, strong: bool = False, confirmed: bool = False, x: float = 0
) -> Reading:
    return Reading(code=code, engine=engine, view=view, strong=strong, confirmed=confirmed, x=x, y=0, length=100)


@pytest.mark.parametrize(
    ("readings", "believed"),
    [
        ([], []),
        ([reading(EAN, strong=True)], [EAN]),
        ([reading(EAN)], []),
        ([reading(EAN), reading(EAN)], []),  # the same engine twice
        ([reading(EAN), reading(EAN, view=WHOLE)], []),
        ([reading(EAN), reading(EAN, "zbar")], []),  # both engines err alike where the bars don't look like it
        ([reading(EAN), reading(EAN, "zbar", confirmed=True)], [EAN]),
        ([reading(EAN, confirmed=True)], []),
        ([reading(EAN), reading(EAN, "zbar", WHOLE)], [EAN]),  # each engine for itself, in a view of its own
        ([reading(CODE39)], []),
        ([reading(CODE39), reading(CODE39)], []),
        ([reading(CODE39), reading(CODE39, "zbar")], [CODE39]),
        ([reading(CODE39), reading(CODE39, view=WHOLE)], [CODE39]),
        ([reading(CODE39), reading(CODE39, view=PATCH)], []),
        ([reading(ITF, confirmed=True)], [ITF]),
        ([reading(SHORT_ITF, confirmed=True), reading(SHORT_ITF, view=WHOLE)], []),
        ([reading(SHORT_ITF), reading(SHORT_ITF, "zbar")], [SHORT_ITF]),
        ([reading(EAN, strong=True), reading(CODE39, x=500), reading(CODE39, "zbar", x=500)], [EAN]),
        ([reading(EAN, strong=True), reading(OTHER_EAN, strong=True, x=500)], [EAN, OTHER_EAN]),
        ([reading(EAN, "zbar"), reading(OTHER_EAN, strong=True)], [OTHER_EAN]),
        ([reading(OTHER_QR, "zbar", strong=True), reading(QR, strong=True)], [QR]),
        ([reading(QR, strong=True), reading(EAN, strong=True)], [QR, EAN]),
    ],
)
def test_what_is_shown(readings: list[Reading], believed: list[Code]) -> None:
    assert [verdict.code for verdict in shown(verdicts(readings))] == believed


def test_the_surer_one_disproves_another_in_its_place_only() -> None:
    beside = [reading(EAN, strong=True), reading(ITF, x=20), reading(CARD, x=500)]
    assert [verdict.code for verdict in verdicts(beside)] == [EAN, CARD]
    assert len(verdicts([reading(EAN), reading(OTHER_EAN)])) == 2  # neither is surer: both are told, neither shown


def test_d29_two_eans_in_one_place_that_the_bars_look_like_are_neither_of_them_known() -> None:
    """A screen's moiré: both engines read it alike, and wrongly."""
    both = [reading(EAN, confirmed=True), reading(EAN, "zbar")]
    assert [verdict.code for verdict in shown(verdicts(both))] == [EAN]
    assert doubtful(verdicts(both))
    assert shown(verdicts([*both, reading(OTHER_EAN, confirmed=True, x=20)])) == []
    assert [verdict.code for verdict in shown(verdicts([*both, reading(OTHER_EAN, strong=True)]))] == [OTHER_EAN]
    assert [verdict.code for verdict in shown(verdicts([*both, reading(OTHER_EAN, confirmed=True, x=900)]))] == [EAN]
    assert not doubtful(verdicts([reading(EAN, strong=True)]))


def test_the_rest_of_an_itf_that_both_engines_read_is_no_itf_beside_the_whole() -> None:
    rest = [reading(SHORT_ITF), reading(SHORT_ITF, "zbar")]
    whole = Code("123909796", "itf")
    assert [verdict.code for verdict in shown(verdicts(rest))] == [SHORT_ITF]
    assert shown(verdicts([*rest, reading(whole, "zbar", WHOLE, x=20)])) == []
    assert [verdict.code for verdict in shown(verdicts([*rest, reading(whole, "zbar", x=900)]))] == [SHORT_ITF]


def test_d29_a_code_39_that_one_engine_spells_out_is_read_by_both() -> None:
    of_both = [reading(Code("Aa-1234", "code39")), reading(Code("A+A-1234", "code39"), "zbar")]
    assert [verdict.code.text for verdict in shown(verdicts(of_both))] == ["Aa-1234"]


def test_a_upc_e_needs_both_engines_whatever_it_looks_like() -> None:
    code = Code("0021275000090", "upce")
    assert shown(verdicts([reading(code, confirmed=True), reading(code, view=WHOLE)])) == []
    assert [verdict.code for verdict in shown(verdicts([reading(code), reading(code, "zbar")]))] == [code]


def test_an_add_on_that_one_reading_saw_stands() -> None:
    with_it = replace(EAN, addon="12")
    (verdict,) = verdicts([reading(EAN, strong=True), reading(with_it)])
    assert (verdict.code.text, verdict.code.addon, verdict.strong) == (EAN.text, "12", True)


def test_of_one_engine_s_two_words_for_the_same_bars_the_one_that_knows_more_stands() -> None:
    plain = [reading(Code("+A+B", "code39"), "zbar"), reading(Code("+A+B", "code39"), "zbar", WHOLE)]
    assert [verdict.code.text for verdict in verdicts([*plain, reading(Code("ab", "code39"))])] == ["ab"]


def test_confidence_is_told_and_makes_no_other_code() -> None:
    (verdict,) = verdicts([reading(EAN), reading(EAN, strong=True)])
    assert (verdict.code.confidence, verdict.strong) == (STRONG, True)
    (verdict,) = verdicts([reading(EAN)])
    assert (verdict.code.confidence, verdict.code) == (WEAK, EAN)


def one(code: Code) -> list[Verdict]:
    return verdicts([reading(code)])


def test_a_weak_reading_needs_another_frame_after_a_motion() -> None:
    vote = FrameVote()
    assert vote.believed(one(CODE39), 1) == []
    assert vote.believed(one(CODE39), 1) == []  # the same still picture: no second opinion
    assert [verdict.code for verdict in vote.believed(one(CODE39), 2)] == [CODE39]
    assert [verdict.code for verdict in vote.believed(one(CODE39), 2)] == [CODE39]  # and stays in view


def test_a_misreading_that_changes_is_never_believed_nor_one_long_ago() -> None:
    vote = FrameVote()
    for motion in range(20):
        assert vote.believed(one(Code(f"{motion:06}", "itf")), motion) == []
    vote.believed(one(CODE39), 30)
    assert vote.believed(one(CODE39), 31 + MOTIONS_MOST) == []


def test_a_strong_one_silences_the_weak() -> None:
    vote = FrameVote()
    vote.believed(one(CODE39), 1)
    both = verdicts([reading(EAN, strong=True), reading(CODE39, x=500)])
    assert [verdict.code for verdict in vote.believed(both, 2)] == [EAN]
