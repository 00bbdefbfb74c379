"""What is in view: one scan per showing."""

from drivers.scanner.decode import Code
from drivers.scanner.view import GONE_S, View

CARD, OTHER = Code("4600000000015", "ean13"), Code("ALENKA-7", "code128")


def test_a_code_is_new_once_while_it_stays() -> None:
    view = View()
    assert view.look([CARD], 0.0) == [CARD]
    assert view.look([CARD], 0.1) == []
    assert view.look([CARD, OTHER], 60.0) == [OTHER]


def test_unread_for_less_than_the_limit_it_was_not_gone() -> None:
    view = View()
    view.look([CARD], 0.0)
    view.look([], 0.1)
    assert view.look([CARD], 0.1 + GONE_S - 0.01) == []
    view.look([], 2.0)
    assert view.look([CARD], 2.0 + GONE_S) == [CARD]


def test_a_time_without_frames_is_no_time_without_the_code() -> None:
    view = View()
    view.look([CARD], 0.0)
    view.look([], 0.1)
    view.blinded()
    assert view.look([CARD], 100.0) == []


def test_the_gone_are_forgotten() -> None:
    view = View()
    for number in range(1000):
        view.look([Code(str(number), "qr")], number * 0.1)
    assert len(view._missing_since_s) < 20
