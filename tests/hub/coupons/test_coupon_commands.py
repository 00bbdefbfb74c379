"""`pos-hub coupon …` and `pos-hub campaign …`; the desk's acts for campaigns, also over HTTP."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from hub.cli import cli
from hub.commands import coupons as commands
from hub.face.tills import hub_app
from loyalty.coupon_token import open_coupon
from loyalty.typed_codes import read_code
from tests.hub.conftest import AA, BB, PROGRAMMES
from tests.hub.coupons.conftest import RULES, Shop
from tests.one_port import Server
from tests.speaking import asking

TEN = ("--programme", "alenka", "--campaign", "ten-percent")


@pytest.fixture
def office(shop: Shop) -> Callable[..., str]:
    """A command on the ledger, with the programmes that ship; what it says."""

    def run(*words: str, code: int = 0) -> str:
        said = CliRunner().invoke(cli, [*words[:2], "--db", str(shop.path), *words[2:]])
        assert said.exit_code == code, said.output
        return said.output

    return run


def keys(shop: Shop) -> dict[int, bytes]:
    return {int(id): bytes.fromhex(key) for id, key in shop.page().coupon_keys.items()}


def test_coupons_are_minted_looked_up_and_revoked(shop: Shop, office: Callable[..., str], tmp_path: Path) -> None:
    shop.join("anna")
    (text,) = office("coupon", "mint", *TEN, "--for", "cardanna", "--uses", "3", "--asked", "k").split("\n")[:-1]
    assert office("coupon", "mint", *TEN, "--for", "cardanna", "--uses", "3", "--asked", "k") == text + "\n"
    opened = open_coupon(text, keys(shop), PROGRAMMES["alenka"], shop.hub.now().now(shop.now.tzinfo))
    assert opened.uses == 3 and opened.fits_member("anna")
    told = json.loads(office("coupon", "show", opened.serial, "--json"))
    assert (told["allowed"], told["coupon"]["token"], told["coupon"]["member"]) == (3, text, "anna")
    assert opened.serial in office("coupon", "list", "--programme", "alenka", "--member", "cardanna")
    assert office("coupon", "revoke", told["coupon"]["code"], "--reason", "lost") == "It is revoked.\n"
    assert office("coupon", "revoke", opened.serial, "--reason", "lost") == "It was revoked before.\n"
    assert "revoked" in office("coupon", "show", opened.serial) and shop.page().used_coupons == (opened.serial,)
    assert "serial or its code" in office("coupon", "show", AA, code=1)
    assert "no coupon 'nothing'" in office("coupon", "mint", *TEN[:3], "nothing", code=1)
    assert "--programme" in office("coupon", "revoke", BB, "--reason", "found", code=1)
    assert office("coupon", "revoke", BB, "--reason", "found", "--programme", "alenka") == "It is revoked.\n"
    assert shop.is_sound()


def test_many_come_as_a_table_and_go_on_where_they_were_cut_short(
    shop: Shop, office: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "AT_ONCE", 3)
    table, pdf, pictures = tmp_path / "c.csv", tmp_path / "c.pdf", tmp_path / "png"
    files = ("--csv", str(table), "--pdf", str(pdf), "--png", str(pictures), "--asked", "k")
    office("coupon", "mint", *TEN, "--count", "3", *files)
    office("coupon", "mint", *TEN, "--count", "7", *files)
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert len(rows) == len({row["serial"] for row in rows}) == 7
    assert shop.rows("SELECT count(*) FROM coupons") == [(7,)], "the first three were made once"
    assert all(read_code(row["code"]) for row in rows) and pdf.read_bytes().startswith(b"%PDF")
    assert {path.stem for path in pictures.iterdir()} == {row["serial"] for row in rows}
    listed = office("coupon", "list", *TEN).splitlines()
    assert [line.split()[0] for line in listed] == sorted(row["serial"] for row in rows) and shop.is_sound()


def test_a_campaign_is_stopped_and_goes_on(shop: Shop, office: Callable[..., str]) -> None:
    stop = ("campaign", "stop", "--programme", "alenka", "ten-percent", "--reason", "typo", "--by", "Olga")
    assert office(*stop) == "ten-percent is stopped.\n" and "before" in office(*stop)
    assert shop.page().stopped_campaigns == ("ten-percent",) and shop.hold(AA, "ten-percent") == "coupon_stopped"
    (line,) = [one for one in office("campaign", "list", "--programme", "alenka").splitlines() if "ten-percent" in one]
    assert "used 0" in line and "by Olga: typo" in line
    assert office("campaign", "go-on", "--programme", "alenka", "ten-percent") == "ten-percent goes on.\n"
    assert shop.page().stopped_campaigns == () and shop.is_held(AA, "ten-percent")
    assert "has no campaign 'x'" in office("campaign", "stop", "--programme", "alenka", "x", "--reason", "y", code=1)


def test_the_desk_tells_how_campaigns_stand(shop: Shop) -> None:
    shop.take(shop.used(AA, campaign="budget", off=120), shop.used(BB, campaign="gone", off=5))
    assert shop.is_held("cc" * 16, "budget", discount_kopecks=10)
    told = {one.campaign: one for one in shop.ask("campaigns", till="").campaigns}
    assert [*told] == [*(offer.id for offer in RULES.coupons), "gone"] and told["gone"].ru == ""
    one = told["budget"]
    assert (one.uses, one.held, one.discount_kopecks, one.budget_kopecks, one.spent) == (1, 1, 120, 300, False)
    assert shop.ask("campaign_stop", till="", campaign="budget", reason="over").changed
    assert not shop.ask("campaign_stop", till="", campaign="budget", reason="over").changed
    assert shop.ask("campaigns", till="").campaigns[4].stopped_by == "Olga"
    assert shop.ask("campaign_go_on", till="", campaign="budget").changed
    assert shop.refusal("campaign_stop", till="", campaign="other", reason="x") == "unknown_campaign"
    acted = [json.loads(body)["act"] for (body,) in shop.rows("SELECT body FROM acted ORDER BY number")]
    assert acted == ["campaign_stop", "campaign_stop", "campaign_go_on", "campaign_stop"], "looks and holds are no acts"


def test_two_tills_ask_for_one_coupon_over_http(shop: Shop, server: Server) -> None:
    server.app = hub_app(shop.hub)
    asking.there(server.url, lambda: shop.hub)

    def ask(till: str, act: str, **body: Any) -> tuple[int, Any]:
        told = {"till": till, "programme": "alenka", "act": act, "key": f"{act}-{till}", "body": body}
        answer = asking.post(f"{server.url}/v3/desk", json=told, till=till)
        said = answer.json()
        return answer.status_code, said.get("body", {}).get("until") or said.get("code") or said["body"]

    want = {"serial": AA, "campaign": "plain", "hold": "h1"}
    status, until = ask("t1", "coupon_hold", **want)
    assert status == 200 and until.startswith("2026") and ask("t1", "coupon_hold", **want) == (200, until)
    assert ask("t2", "coupon_hold", **want) == (409, "coupon_held")
    assert ask("t1", "coupon_free", hold="h1") == (200, {})
    assert ask("t2", "coupon_hold", **want)[0] == 200
    assert ask("t1", "coupon_by_code", code="nothing") == (409, "coupon_no_code")
    assert ask("t1", "coupon_make", campaign="own", card="nobodys") == (409, "nobody_found")
