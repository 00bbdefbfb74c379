"""`pos-agent quote`: JSON in, JSON out; hostile JSON gets one clear error naming the field, never a wrong number."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pos_agent.cli import cli
from pos_agent.documents import answer_stream

AT = "2026-06-01T12:00:00+03:00"


def run(text: str | bytes, command: str = "quote") -> tuple[list[Any], int]:
    result = CliRunner().invoke(cli, [command, "-"], input=text)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return [json.loads(line) for line in result.output.splitlines()], result.exit_code


def one(document: object) -> Any:
    answers, code = run(json.dumps(document))
    assert len(answers) == 1
    assert code == (1 if "error" in answers[0] else 0)
    return answers[0]


def asked(**changes: Any) -> dict[str, Any]:
    return {
        "programme": "alenka",
        "at": AT,
        "member": {"points_active": 1000},
        "lines": [
            {"id": "1", "name": "Шоколад", "price": "89.90", "quantity": "3", "category": "chocolate"},
            {"id": "2", "name": "Конфеты", "price": "649.00", "quantity": "0.347", "unit": "kg", "category": "sweets"},
        ],
        **changes,
    }


def line(**changes: Any) -> dict[str, Any]:
    return asked(lines=[{"id": "1", "price": "100.00", "category": "tea", **changes}])


def member(**changes: Any) -> dict[str, Any]:
    return asked(member=changes)


def test_ex_a2_through_the_command() -> None:
    assert one(asked()) == {
        "limit": {
            "points": 247,
            "amount": "247.00",
            "bound_by": ["percent"],
            "reason": None,
            "explanation": {
                "ru": "Можно списать 247\xa0бонусов = 247,00\xa0₽: не больше 50\xa0% от товаров,"
                " за которые можно списать.".replace("247\xa0б", "247 б"),
                "en": "Up to 247 bonuses = 247.00\xa0₽: at most 50% of the goods that points may pay.",
            },
        },
        "redemption": {"points": 247, "amount": "247.00"},
        "lines": [
            {
                "id": "1",
                "net_before": "269.70",
                "discount": "134.60",
                "net": "135.10",
                "positions": [
                    {"quantity": "2", "price": "45.03", "amount": "90.06"},
                    {"quantity": "1", "price": "45.04", "amount": "45.04"},
                ],
            },
            {
                "id": "2",
                "net_before": "225.20",
                "discount": "112.40",
                "net": "112.80",
                "positions": [{"quantity": "0.347", "price": "325.07", "amount": "112.80"}],
            },
        ],
        "total": "247.90",
        "to_pay": "247.90",
        "accrual": {"points": 4, "parts": [{"kind": "base", "points": 4}]},
    }


def test_every_field_is_understood() -> None:
    answer = one(
        {
            "programme": "perekrestok",
            "at": AT,
            "link": "offline",
            "redemption_forbidden": False,
            "member": {
                "card_status": "active",
                "registered": True,
                "identified_by": "phone",
                "second_factor": True,
                "points_active": 3000,
                "birthday": "1990-06-03",
                "favourites": ["dairy"],
                "accumulated": "1000.00",
                "redeemed_today": 900,
                "redeemed_offline_today": 800,
                "snapshot_at": "2026-06-01T11:00:00+03:00",
                "redeemed_unsynced": 500,
            },
            "lines": [
                {
                    "id": 7,
                    "name": "Молоко",
                    "price": "1300.00",
                    "quantity": 1,
                    "unit": "pc",
                    "discount": "65.44",
                    "category": "dairy",
                    "min_unit_price": "10.00",
                }
            ],
            "coupons": [{"campaign": "double"}],
            "tenders": [{"kind": "certificate", "amount": "200.00"}],
            "requested_points": 695,
        }
    )
    assert (answer["limit"]["points"], answer["limit"]["bound_by"]) == (700, ["offline"])  # EX-P7
    assert answer["redemption"] == {"points": 690, "amount": "69.00"}
    assert answer["lines"][0]["id"] == 7
    assert answer["lines"][0]["net_before"] == "1234.56"
    assert (answer["total"], answer["to_pay"]) == ("1165.56", "965.56")
    assert answer["accrual"]["parts"] == [
        {"kind": "base", "points": 116},
        {"kind": "favourite", "points": 464},
        {"kind": "birthday", "points": 464},
        {"kind": "coupon", "points": 116},
    ]
    assert answer["coupons"] == [{"id": "double", "discount": "0.00", "refusal": None}]
    assert answer["tenders"] == [{"kind": "certificate", "amount": "200.00", "left": "0.00"}]


def test_stickers_are_told_when_there_are_any() -> None:
    goods = [{"id": "1", "price": "494.90", "category": "grocery"}]
    document = asked(programme="perekrestok", at="2026-10-01T12:00:00Z", requested_points=0, lines=goods)
    assert one(document)["stickers"] == 2
    assert "stickers" not in one(document | {"at": AT})


@pytest.mark.parametrize("nobody", [{"member": None}, {}])
def test_no_member_is_no_card(nobody: dict[str, Any]) -> None:
    document = {**{key: value for key, value in asked().items() if key != "member"}, **nobody}
    answer = one(document)
    assert answer["limit"]["reason"] == "no_card"
    assert answer["limit"]["bound_by"] == []
    assert answer["accrual"] == {"points": 0, "parts": []}


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({}, None),
        ({"registered": True}, None),
        ({"registered": False}, "not_registered"),
        ({"card_status": "issued"}, "not_registered"),
        ({"card_status": "pending", "registered": False}, "registration_pending"),
        ({"card_status": "blocked", "registered": True}, "card_blocked"),
        ({"card_status": "replaced"}, "card_replaced"),
        ({"identified_by": "phone"}, "second_factor_missing"),
        ({"birthday": None, "favourites": None, "snapshot_at": None}, None),
    ],
)
def test_defaults_of_a_member(given: dict[str, Any], reason: str | None) -> None:
    assert one(member(**given))["limit"]["reason"] == reason


@pytest.mark.parametrize(("requested", "points"), [(None, 247), (0, 0), (100, 100), (9999, 247)])
def test_requested_points(requested: int | None, points: int) -> None:
    answer = one(asked(requested_points=requested))
    assert (answer["limit"]["points"], answer["redemption"]["points"]) == (247, points)


@pytest.mark.parametrize("quantity", ["2", "2.000", 2])
def test_pieces_are_whole(quantity: object) -> None:
    assert one(line(quantity=quantity))["total"] == "100.00"  # half of 200.00 is paid with points


def test_a_discount_is_taken_as_given_even_below_the_lowest_price() -> None:
    vodka = {"price": "449.00", "discount": "49.00", "category": "alcohol_strong", "min_unit_price": "409.00"}
    answer = one(line(**vodka))
    assert (answer["lines"][0]["net"], answer["limit"]["bound_by"]) == ("400.00", ["lines"])
    tobacco = one(line(category="tobacco", discount="1.00"))
    assert tobacco["lines"][0]["net"] == "99.00"


def test_a_time_without_a_zone_is_the_shops() -> None:
    plain = one(asked(programme="perekrestok", at="2026-10-01T00:30:00", member={"birthday": "1990-10-04"}))
    zoned = one(asked(programme="perekrestok", at="2026-09-30T21:30:00Z", member={"birthday": "1990-10-04"}))
    assert plain == zoned


def test_a_programme_may_be_a_file(tmp_path: Path) -> None:
    shipped = Path(__file__).parents[2] / "config" / "programmes" / "alenka.toml"
    file = tmp_path / "mine.toml"
    file.write_text(shipped.read_text(encoding="utf-8").replace("cap_bp = 5000", "cap_bp = 1000"), encoding="utf-8")
    assert one(asked(programme=str(file)))["limit"]["points"] == 49
    file.write_text("nonsense", encoding="utf-8")
    other = tmp_path / "other.toml"
    other.write_text("x = 1", encoding="utf-8")
    assert one(asked(programme=str(other)))["error"]["field"] == "programme"
    assert str(other) in one(asked(programme=str(other)))["error"]["message"]


def test_a_coupon_may_be_written_out() -> None:
    coupon = {"id": "half", "kind": "percent_off", "percent_bp": 5000, "last_day": "2026-06-01"}
    assert one(asked(coupons=[coupon]))["coupons"] == [{"id": "half", "discount": "247.45", "refusal": None}]


HOSTILE: list[tuple[str, Any]] = [
    ("programme", asked(programme="atlantis")),
    ("programme", asked(programme=5)),
    ("programme", asked(programme="../../etc/passwd")),
    ("programme", {key: value for key, value in asked().items() if key != "programme"}),
    ("at", asked(at="yesterday")),
    ("at", asked(at=None)),
    ("at", asked(at=1780000000)),
    ("at", asked(at="1999-12-31T12:00:00Z")),
    ("at", asked(at="9999-12-31T23:59:59+00:00")),
    ("link", asked(link="carrier pigeon")),
    ("redemption_forbidden", asked(redemption_forbidden="no")),
    ("requested_points", asked(requested_points=-1)),
    ("requested_points", asked(requested_points=1.5)),
    ("requested_points", asked(requested_points="5")),
    ("requested_points", asked(requested_points=True)),
    ("requested_points", asked(requested_points=10**13)),
    ("tip", asked(tip="5.00")),
    ("member", asked(member=[])),
    ("member", asked(member="Ivan")),
    ("member.card_status", member(card_status="stolen")),
    ("member.card_status", member(card_status=["active"])),
    ("member.registered", member(registered="yes")),
    ("member.registered", member(registered=True, card_status="issued")),
    ("member.registered", member(registered=False, card_status="active")),
    ("member.registered", member(registered=True, card_status="pending")),
    ("member.identified_by", member(identified_by="face")),
    ("member.second_factor", member(second_factor=1)),
    ("member.points_active", member(points_active=-1)),
    ("member.points_active", member(points_active=1.0)),
    ("member.points_active", member(points_active=10**400)),
    ("member.birthday", member(birthday="1990-02-30")),
    ("member.birthday", member(birthday="31.12.1990")),
    ("member.birthday", member(birthday=5)),
    ("member.favourites", member(favourites="dairy")),
    ("member.favourites", member(favourites=[["dairy"]])),
    ("member.favourites", member(favourites=["moon rock"])),
    ("member.accumulated", member(accumulated=5)),
    ("member.accumulated", member(accumulated="-5.00")),
    ("member.snapshot_at", member(snapshot_at="now")),
    ("member.snapshot_at", member(snapshot_at="0001-01-01T00:00:00+14:00")),
    ("member.points", member(points=5)),
    ("member.redeemed_offline_today", member(redeemed_offline_today=-1)),
    ("lines", asked(lines=[])),
    ("lines", asked(lines=None)),
    ("lines", asked(lines={"id": "1"})),
    ("lines", asked(lines=[{"id": str(number), "price": "1.00"} for number in range(10_000)])),
    ("lines[0]", asked(lines=["bread"])),
    ("lines[0]", asked(lines=[[[[[[]]]]]])),
    ("lines[0].id", line(id="")),
    ("lines[0].id", line(id=None)),
    ("lines[0].id", line(id=1.5)),
    ("lines[0].id", line(id=True)),
    ("lines[0].id", line(id="a\x00b")),
    ("lines[0].id", line(id="\ud800")),
    ("lines[0].id", line(id="x" * 301)),
    ("lines[1].id", asked(lines=[{"id": "1", "price": "1.00"}, {"id": "1", "price": "1.00"}])),
    ("lines[1].id", asked(lines=[{"id": "1", "price": "1.00"}, {"id": 1, "price": "1.00"}])),
    ("lines[0].name", line(name="x" * 301)),
    ("lines[0].name", line(name="\x1b[31mred")),
    ("lines[0].price", asked(lines=[{"id": "1"}])),
    ("lines[0].price", line(price=None)),
    ("lines[0].price", line(price=89.9)),
    ("lines[0].price", line(price=100)),
    ("lines[0].price", line(price="-1.00")),
    ("lines[0].price", line(price="1,50")),
    ("lines[0].price", line(price="1e3")),
    ("lines[0].price", line(price="NaN")),
    ("lines[0].price", line(price="Infinity")),
    ("lines[0].price", line(price="1.999")),
    ("lines[0].price", line(price="")),
    ("lines[0].price", line(price="٣.٠٠")),
    ("lines[0].price", line(price="9" * 5000)),
    ("lines[0].price", line(price="999999999.99")),
    ("lines[0].price", line(price=["1.00"])),
    ("lines[0].quantity", line(quantity="0")),
    ("lines[0].quantity", line(quantity="-1")),
    ("lines[0].quantity", line(quantity=-1)),
    ("lines[0].quantity", line(quantity="1.5")),
    ("lines[0].quantity", line(quantity="1e9")),
    ("lines[0].quantity", line(quantity="999999")),
    ("lines[0].quantity", line(quantity=10**30)),
    ("lines[0].quantity", line(quantity=0.5, unit="kg")),
    ("lines[0].quantity", line(quantity="0.0001", unit="kg")),
    ("lines[0].quantity", line(quantity=True)),
    ("lines[0].unit", line(unit="pound")),
    ("lines[0].discount", line(discount="100.01")),
    ("lines[0].discount", line(discount="-0.01")),
    ("lines[0].category", line(category="moon rock")),
    ("lines[0].category", line(category=5)),
    ("lines[0].min_unit_price", line(min_unit_price="-1.00")),
    ("lines[0].colour", line(colour="red")),
    ("coupons", asked(coupons="ten-percent")),
    ("coupons", asked(coupons=[{"campaign": "ten-percent"}] * 2)),
    ("coupons", asked(coupons=[{"campaign": "ten-percent"}] * 51)),
    ("coupons[0].campaign", asked(coupons=[{"campaign": "unheard-of"}])),
    ("coupons[0].percent_bp", asked(coupons=[{"campaign": "ten-percent", "percent_bp": 9000}])),
    ("coupons[0].percent_bp", asked(coupons=[{"id": "x", "kind": "percent_off", "percent_bp": 10_001}])),
    ("coupons[0].kind", asked(coupons=[{"id": "x", "kind": "free_lunch"}])),
    ("coupons[0].categories", asked(coupons=[{"id": "x", "kind": "gift", "categories": ["moon rock"]}])),
    ("tenders[0].kind", asked(tenders=[{"kind": "promise", "amount": "5.00"}])),
    ("tenders[0].amount", asked(tenders=[{"kind": "certificate", "amount": "0.00"}])),
    ("tenders[0].amount", asked(tenders=[{"kind": "certificate", "amount": "3000.01"}])),
    ("tenders[0].pin", asked(tenders=[{"kind": "certificate", "amount": "5.00", "pin": "1"}])),
    ("tenders", asked(tenders=[{"kind": "certificate", "amount": "5.00"}] * 51)),
    ("document", []),
    ("document", 5),
    ("document", None),
    ("document", "alenka"),
]


@pytest.mark.parametrize(("field", "document"), HOSTILE)
def test_hostile_json_gets_one_error_naming_the_field(field: str, document: Any) -> None:
    answer = one(document)
    assert set(answer) == {"error"}
    assert answer["error"]["field"] == field
    assert len(answer["error"]["message"]) < 400
    assert "\x1b" not in answer["error"]["message"]


GOOD = json.dumps(asked())


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("lines[0].price", GOOD.replace('"89.90"', "NaN")),
        ("lines[0].price", GOOD.replace('"89.90"', "-Infinity")),
        ("lines[0].price", GOOD.replace('"89.90"', "1e400")),
        ("lines[0].quantity", GOOD.replace('"3"', "1e400")),
        ("member.points_active", GOOD.replace("1000", "NaN")),
        ("member.points_active", GOOD.replace("1000", "1e3")),
        ("document", GOOD.replace("1000", "9" * 5000)),
        ("price", GOOD.replace('"price": "89.90"', '"price": "89.90", "price": "1.00"')),
        ("document", "[" * 100_000),
        ("document", '{"lines": ' + "[" * 100_000 + "]" * 100_000 + "}"),
        ("lines[0]", GOOD.replace('{"id": "1"', "[" * 300 + "]" * 300 + ', {"id": "1"')),
        ("document", GOOD[:-1]),
        ("document", GOOD + "}"),
        ("document", ""),
        ("document", " \n \n"),
        ("document", "{'programme': 'alenka'}"),
        ("document", "\x00"),
    ],
)
def test_hostile_text_gets_one_error(field: str, text: str) -> None:
    answers, code = run(text)
    assert (len(answers), code) == (1, 1)
    assert answers[0]["error"]["field"] == field


def test_bytes_that_are_no_utf8_are_refused_by_their_field() -> None:
    answers, code = run(GOOD.encode().replace(b'"1"', b'"\xff"', 1))
    assert (answers[0]["error"]["field"], code) == ("lines[0].id", 1)


def test_a_document_may_span_many_lines_and_begin_with_a_mark() -> None:
    answers, code = run("\ufeff\n" + json.dumps(asked(), indent=2) + "\n\n")
    assert (len(answers), code) == (1, 0)
    broken = json.dumps(asked(), indent=2).replace('"89.90"', "89.90.1")
    answers, code = run(broken)
    assert (len(answers), code) == (1, 1)
    assert answers[0]["error"]["message"] == "is not JSON: Expecting ',' delimiter at line 11, column 21"


def test_many_documents_are_answered_in_order_a_bad_one_in_its_place() -> None:
    good = [json.dumps(asked(requested_points=number)) for number in range(5)]
    answers, code = run("\n".join([good[0], "garbage", good[1], '{"programme": "alenka"}', "", good[2] + "\r"]) + "\n")
    assert code == 1
    assert [answer.get("redemption", {}).get("points") for answer in answers] == [0, None, 1, None, 2]
    assert [answer.get("error", {}).get("field") for answer in answers] == [None, "document", None, "at", None]
    answers, code = run("\n".join(good))
    assert ([answer["redemption"]["points"] for answer in answers], code) == ([0, 1, 2, 3, 4], 0)
    answers, code = run("garbage\n" + good[3])
    assert (set(answers[0]), code, len(answers)) == ({"error"}, 1, 2)
    answers, code = run('{"broken":\n' + good[3])
    assert (set(answers[0]), code, len(answers)) == ({"error"}, 1, 2)


def test_a_file_by_name_and_a_missing_one(tmp_path: Path) -> None:
    file = tmp_path / "basket.json"
    file.write_text(GOOD, encoding="utf-8")
    result = CliRunner().invoke(cli, ["quote", str(file)])
    assert result.exit_code == 0
    assert json.loads(result.output)["total"] == "247.90"
    assert CliRunner().invoke(cli, ["quote", str(tmp_path / "missing.json")]).exit_code == 2


def test_the_same_answers_come_from_another_process_with_another_hash_seed() -> None:
    baskets = "\n".join(
        json.dumps(asked(requested_points=number, coupons=[{"campaign": "plus-50"}])) for number in range(40)
    )
    here, _ = run(baskets)
    outputs = {
        subprocess.run(
            [sys.executable, "-c", "from pos_agent.cli import main; main()", "quote"],
            input=baskets.encode(),
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "LC_ALL": "C", "PATH": ""},
            cwd=Path(__file__).parents[2],
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
    assert [json.loads(text) for text in outputs.pop().splitlines()] == here


def test_the_example_in_the_documentation_is_good() -> None:
    text = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    answers, code = run(example)
    assert (len(answers), code) == (1, 0)
    assert answers[0]["coupons"][0]["refusal"] is None
    for key in (*answers[0], *answers[0]["limit"], *answers[0]["lines"][0]):
        assert key in text


def test_amounts_add_up_as_decimals() -> None:
    answer = one(asked())
    assert sum(Decimal(line["net"]) for line in answer["lines"]) == Decimal(answer["total"])


def one_answer(*lines: str) -> list[dict[str, object]]:
    said: list[bytes] = []
    answer_stream(io.BytesIO("\n".join(lines).encode()), lambda table: {"ok": True}, said.append)
    return [json.loads(line) for line in said]


@pytest.mark.parametrize(
    "lines, answers",
    [
        (('{"a": 1', '"b": 2}'), 2),
        (('{"a": 1,', ' {"b": 2}', ' {"c": 3}'), 3),
        (('{"a": 1,', "null", "5"), 3),
        (("{", '  "a": 1,', '  "b": oops', "}"), 1),
        (("\u00a0", "{}"), 2),
        (("", "{}", " ", "{}", "\r"), 2),
    ],
)
def test_every_line_has_its_answer_unless_all_are_one_document(lines: tuple[str, ...], answers: int) -> None:
    assert len(one_answer(*lines)) == answers


def test_a_key_that_stands_twice_among_very_many_is_named() -> None:
    many = ", ".join(f'"k{number}": 0' for number in range(50_000))
    (answer,) = one_answer(f'{{{many}, "k49999": 1}}')
    assert answer["error"] == {"field": "k49999", "message": "stands twice in one object"}


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/null", "/"])
def test_a_programme_that_is_no_file_is_refused_and_the_batch_goes_on(path: str) -> None:
    bad = json.dumps({"programme": path, "at": "2026-06-01T12:00:00+03:00", "lines": [{"id": "1", "price": "1.00"}]})
    good = bad.replace(path, "alenka").replace('"1.00"', '"1.00", "name": "x"')
    done = subprocess.run(
        [sys.executable, "-P", "-m", "pos_agent", "quote"],
        input=f"{bad}\n{good}\n",
        capture_output=True,
        text=True,
        check=False,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert ["error" in answer for answer in answers] == [True, False]
    assert done.returncode == 1


def test_the_explanation_names_goods_that_points_may_not_pay_for() -> None:
    lines = [
        {"id": "1", "name": "Сигареты", "price": "189.00", "category": "tobacco"},
        {"id": "2", "name": "Молоко", "price": "89.90", "category": "dairy"},
        {"id": "3", "name": "Водка", "price": "500.00", "category": "alcohol_strong"},
    ]
    document = {"programme": "perekrestok", "at": "2026-06-01T12:00:00+03:00", "member": {"points_active": 5000}}
    done = subprocess.run(
        [sys.executable, "-P", "-m", "pos_agent", "quote"],
        input=json.dumps(document | {"lines": lines}),
        capture_output=True,
        text=True,
        check=True,
    )
    explanation = json.loads(done.stdout)["limit"]["explanation"]
    assert "Сигареты: " in explanation["ru"]
    assert "Водка: " in explanation["en"]
    assert "Молоко" not in explanation["ru"]


# what goods are


def test_r31_a_line_without_a_category_is_goods_that_nobody_knows() -> None:
    goods = [
        {"id": "1", "name": "Мыло", "price": "100.00"},
        {"id": "2", "name": "Чай", "price": "100.00", "category": "tea"},
    ]
    answer = one(asked(lines=goods, coupons=[{"campaign": "ten-percent"}]))
    assert [line["net"] for line in answer["lines"]] == ["100.00", "45.00"]
    said = answer["limit"]["explanation"]
    assert "Мыло: касса не знает, что это за товар, баллами его не оплатить" in said["ru"]
    assert "Мыло: the till does not know what goods this is, so points may not pay for it" in said["en"]


@pytest.mark.parametrize(
    ("facts", "net"),
    [
        ({"kind": "vodka", "strength": "40", "volume": "0.5"}, "409.00"),
        ({"kind": "vodka", "strength": "40", "volume": "0.5", "min_unit_price": "420.00"}, "420.00"),
        ({"kind": "vodka", "strength": "37.5", "volume": "0.25"}, "250.00"),
        ({"kind": "vodka", "strength": "45", "volume": "0.5"}, "500.00"),
        ({"kind": "vodka"}, "500.00"),
        ({"subject": 2}, "500.00"),
        ({"subject": 1}, "250.00"),
    ],
)
def test_l1_kind_strength_and_volume_give_the_least_price(facts: dict[str, object], net: str) -> None:
    document = line(price="500.00", category="tea", **facts)
    assert one(document)["lines"][0]["net"] == net


@pytest.mark.parametrize(
    ("field", "facts"),
    [
        ("lines[0].strength", {"strength": "strong"}),
        ("lines[0].volume", {"volume": 0.5}),
        ("lines[0].subject", {"subject": 0}),
        ("lines[0].subject", {"subject": "2"}),
        ("lines[0].kind", {"kind": 5}),
        ("lines[0].article", {"article": "1"}),
    ],
)
def test_a_fact_that_is_wrong_names_its_field(field: str, facts: dict[str, object]) -> None:
    assert one(line(**facts))["error"]["field"] == field
