"""N15, R18: what is wrong with a command is said in one language, the field in the POS's own words, with an example."""

from __future__ import annotations

import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_agent.bad_command import BadCommand, bad_command
from pos_agent.protocol import COMMANDS, read_command

LINE = '{"id": "1", "name": "x", "price": "1.00"%s}'
WRONG = {
    "{": ("bad_command_not_json", "Это не JSON: проверьте кавычки, запятые и скобки."),
    "[]": ("bad_command_no_object", 'Нужен объект, например {"do": "cancel"}.'),
    '{"sale": "1"}': ("bad_command_no_do", "Поле do называет команду. Есть: code, phone, basket, "),
    '{"do": 3}': ("bad_command_no_do", "Поле do называет команду."),
    '{"do": "fly"}': ("bad_command_do", "Команды «fly» нет. Есть: code, phone, basket, "),
    '{"do": "baskte"}': ("bad_command_do_near", "Команды «baskte» нет. Может быть, basket?"),
    '{"do": "pay"}': ("bad_command_missing", 'Нет поля sale: добавьте его, например "1042".'),
    '{"do": "paper", "paper": 1}': ("bad_command_missing", "Нет поля came_out: добавьте его, например true."),
    '{"do": "paper", "came_out": true}': ("bad_command_missing", "Нет поля paper: добавьте его, например 100."),
    '{"do": "pay", "sale": "1", "said": {}}': ("bad_command_missing", "Нет поля said.lines: добавьте его, например [{"),
    '{"do": "basket", "lines": [{"id": "1", "name": "x"}]}': (
        "bad_command_missing",
        'Нет поля lines[0].price: добавьте его, например "89.90".',
    ),
    '{"do": "cancel", "really": 1}': ("bad_command_unknown", "Поля really нет. Есть: sale, day, shift, pos."),
    '{"do": "basket", "lines": [], "redemption_forbiden": true}': (
        "bad_command_unknown_near",
        "Поля redemption_forbiden нет. Может быть, redemption_forbidden?",
    ),
    '{"do": "basket", "lines": [%s]}' % (LINE % ', "unit": "l"'): (
        "bad_command_choice",
        "Поле lines[0].unit: годится одно из pc, kg.",
    ),
    '{"do": "basket", "lines": [{"id": "1", "name": "x", "price": 89.9}]}': (
        "bad_command_str",
        'Поле lines[0].price: нужна строка, например "89.90".',
    ),
    '{"do": "pay", "sale": "1", "said": {"lines": [], "discounts": {"a": 5}}}': (
        "bad_command_str",
        'Поле said.discounts[...]: нужна строка, например "10.00".',
    ),
    '{"do": "return", "tender": "gold"}': (
        "bad_command_choice",
        "Поле tender: годится одно из proportional, certificate_first, money.",
    ),
    '{"do": "return", "tender": 5}': ("bad_command_choice", "Поле tender: годится одно из proportional, "),
    '{"do": "pay", "sale": "1", "fiscal": [{"kind": 5}]}': (
        "bad_command_choice",
        "Поле fiscal[0].kind: годится одно из sale, return, correction.",
    ),
    '{"do": "phone", "number": 89161234567}': ("bad_command_str", 'Поле number: нужна строка, например "8 916'),
    '{"do": "code"}': ("bad_command_missing", 'Нет поля text: добавьте его, например "2600000000017".'),
    '{"do": "basket", "lines": [%s]}' % (LINE % ', "strength": 40'): (
        "bad_command_str",
        'Поле lines[0].strength: нужна строка, например "40".',
    ),
    '{"do": "basket", "lines": [%s]}' % (LINE % ', "volume": 0.5'): (
        "bad_command_str",
        'Поле lines[0].volume: нужна строка, например "0.5".',
    ),
    '{"do": "basket", "lines": [%s]}' % (LINE % ', "subject": 2.5'): (
        "bad_command_int",
        "Поле lines[0].subject: нужно целое число, например 2.",
    ),
    "1e999": ("bad_command_no_object", "Нужен объект, например"),
    '{"do": "redeem", "points": 1.5}': ("bad_command_int", "Поле points: нужно целое число, например 100."),
    '{"do": "redeem", "points": 1e400}': ("bad_command_int", "Поле points: нужно целое число"),
    '{"do": "paper", "paper": 1, "came_out": "yes"}': ("bad_command_bool", "Поле came_out: нужно true или false"),
    '{"do": "basket", "lines": {}}': ("bad_command_array", "Поле lines: нужен список, например [{"),
    '{"do": "pay", "sale": "1", "said": 3}': ("bad_command_object", "Поле said: нужен объект"),
    '{"x": %s, "do": "cancel"}' % ("[" * 100_000): ("bad_command_nested", "Слишком много вложенных скобок."),
}


def refused(body: bytes) -> BadCommand:
    with pytest.raises(BadCommand) as bad:
        read_command(body)
    return bad.value


@pytest.mark.parametrize("body", WRONG, ids=lambda body: body[:60])
def test_each_mistake_is_told_in_russian_with_its_field(body: str) -> None:
    code, told = WRONG[body]
    bad = refused(body.encode())
    assert bad.words == code
    assert bad.text("ru").startswith(f"Команда не понята. {told}")
    assert not re.search("[а-яё]", bad.text("en").lower())


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b'{"do": "code", "text": "\xff"}', b'{"do": "cancel"} x'])
def test_bytes_that_are_no_json(body: bytes) -> None:
    assert refused(body).words == "bad_command_not_json"


def test_what_somebody_wrote_is_said_back_fit_for_a_terminal() -> None:
    for body in (r'{"do": "\u001b[2J%s"}', r'{"do": "cancel", "\u001b[2J%s": 1}'):
        text = refused((body % ("x" * 5_000)).encode()).text("ru")
        assert "\x1b" not in text and "·[2J" in text and len(text) < 300


def test_words_of_the_decoder_that_we_do_not_know_say_only_where() -> None:
    body = b'{"do": "cancel"}'
    for said, code in (("Zounds! - at `$.lines[0].id`", "bad_command_field"), ("Zounds!", "bad_command_whole")):
        bad = bad_command(msgspec.ValidationError(said), body, COMMANDS)
        assert bad.words == code and "Zounds" not in bad.text("ru") + bad.text("en")


SHAPES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["", "a", "1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["", "a", "1"]), inner, max_size=3),
    max_leaves=6,
)


@given(
    do=st.sampled_from([*COMMANDS, "x"]),
    fields=st.dictionaries(st.sampled_from(["sale", "lines", "said", "points", "fiscal", "x"]), SHAPES),
)
def test_no_shape_of_a_command_gets_words_of_the_decoder(do: str, fields: dict[str, object]) -> None:
    try:
        read_command(msgspec.json.encode({"do": do, **fields}))
    except BadCommand as bad:
        assert bad.words.startswith("bad_command_") and bad.words != "bad_command_whole"
        assert "Expected" not in bad.text("en") and "Object" not in bad.text("en")
