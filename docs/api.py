"""docs/api.md and the examples of the OpenAPI document, made by `make api-docs` from the table of calls and by asking a
till (docs/till_of_examples.py), whose clock and ids are fixed: a second run changes nothing.
"""

from __future__ import annotations

import inspect
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args, get_type_hints

import msgspec
import requests

from docs.till_of_examples import ANNA, BLANK, BLANK_2, BORIS, CODE, PAPER_ASKED, PIN, TOKEN, VERA, ExampleTill
from pos_agent import (
    answers,
    answers_receipts,
    answers_stickers,
    cards_state,
    protocol,
    protocol_certificates,
    protocol_day,
    protocol_fiscal,
    protocol_receipts,
    protocol_registration,
    protocol_said,
    protocol_staff,
    shown_parts,
    status,
    status_staff,
    told_member,
    told_office,
)
from pos_agent.codes import status_when, words_of
from pos_agent.described import EXAMPLES
from pos_agent.hints import help_of
from pos_agent.route import EVERYWHERE, Route
from pos_agent.routes import ROUTES
from pos_agent.routes_certificates import TEXT as CERTIFICATE
from pos_agent.words import known_codes

HERE = Path(__file__).parent
PAGE = HERE / "api.md"
PHONE = "8 916 123-45-67"
TEMPLATE = HERE / "api_template.md"
FIRST_SALE = HERE / "examples" / "first_sale.py"
COLUMNS = 118
URL = "http://127.0.0.1:8071"

Json = Any
CHOCOLATE = {"id": "1", "name": "Шоколад", "price": "89.90", "quantity": "3", "category": "chocolate"}
SWEETS = {"id": "2", "name": "Конфеты", "price": "649.00", "quantity": "0.347", "unit": "kg", "category": "sweets"}
TEAPOT = {"id": "1", "name": "Чайник", "price": "1499.00", "category": "household"}
FISCAL = {
    "device": "9960440301234567",
    "document": "1107",
    "sign": "2884136711",
    "at": "2026-11-28T12:00:00+03:00",
    "sum": "394.90",
}


class Story:
    """What a POS says to the till of the examples, and what it hears; the last of each call is its example."""

    def __init__(self, till: ExampleTill) -> None:
        self._till = till
        self._http = requests.Session()
        self._http.trust_env = False
        self._http.headers["Authorization"] = f"Bearer {TOKEN}"
        self.heard: dict[str, Json] = {}

    def post(self, does: str, **body: Json) -> Json:
        answer = self._http.post(f"{self._till.url}/v1/{does}", json=body, timeout=30).json()
        self.heard[f"/v1/{does}"] = {"request": body, "answer": answer}
        return answer

    def get(self, path: str) -> Json:
        answer = self._http.get(self._till.url + path, timeout=30).json()
        self.heard[path] = {"answer": answer}
        return answer


def told() -> tuple[dict[str, Json], dict[str, Json]]:
    """Examples by path, and parts of the story by name."""
    till = ExampleTill()
    try:
        story = Story(till)
        parts = _sale(story)
        examples = {path: story.heard[path] for path in ("/v1/basket", "/v1/code", "/v1/redeem", "/v1/prepare")}
        parts["status"], parts["visit"] = story.get("/v1/status"), story.get("/v1/visit")
        _paid(story, parts)
        _others(story, till)
        parts["first_sale_says"] = _first_sale(till)
        exchanges = _stickers()
        return {**story.heard, **examples, **exchanges, "/v1/pay": parts["pay"], "/v1/return": parts["return"]}, parts
    finally:
        till.close()


def _stickers() -> dict[str, Json]:
    """Where a collection runs."""
    till = ExampleTill(programme="perekrestok")
    try:
        story = Story(till)
        story.post("basket", sale="1042", lines=[TEAPOT])
        story.post("code", sale="1042", text=VERA)
        for call in ("exchange_stickers", "drop_stickers"):
            story.post(call, sale="1042", offer="knife")
        return {path: told for path, told in story.heard.items() if path.endswith("stickers")}
    finally:
        till.close()


def _sale(story: Story) -> dict[str, Json]:
    story.post("basket", sale="1042", lines=[CHOCOLATE, SWEETS])
    story.post("code", sale="1042", text=BORIS)
    story.post("redeem", sale="1042", points=100)
    story.post("prepare", sale="1042")
    return dict(story.heard)


def _paid(story: Story, parts: dict[str, Json]) -> None:
    quote = parts["/v1/prepare"]["answer"]["told"]["quote"]
    pay = {"sale": "1042", "quote": quote, "fiscal": [FISCAL]}
    for name in ("pay", "again"):
        story.post("pay", **pay)
        parts[name] = story.heard["/v1/pay"]
    story.post("basket", sale="1042", lines=[SWEETS])
    parts["taken"] = story.heard["/v1/basket"]
    story.post("cancel", sale="1042")
    back = story.post("return", of={"sale": "1042"}, lines=[{"id": "1", "quantity": "1"}])
    parts["return"] = story.heard["/v1/return"]
    story.post("return", quote=back["returned"]["quote"], sale="R-7", paid=True)
    parts["returned"] = story.heard["/v1/return"]


def _others(story: Story, till: ExampleTill) -> None:
    story.post("basket", sale="1043", lines=[CHOCOLATE, SWEETS])
    story.post("phone", sale="1043", number="8 916 123-45-67")
    story.post("send_code", sale="1043")
    story.post("enter_code", sale="1043", code=CODE)
    story.post("code", sale="1043", text=till.coupon())
    story.post("drop_coupon", sale="1043")
    story.post("use_certificate", sale="1043", text=CERTIFICATE, pin="482913")
    story.post("drop_certificate", sale="1043", certificate=CERTIFICATE[-4:])
    story.post("certificate_balance", text=CERTIFICATE, pin="482913")
    story.post("reissue_card", sale="1043", new_card=BLANK, manager=True, by="Петрова")
    story.post("drop_card", sale="1043")
    story.post("issue_card", sale="1043", card=BLANK)
    story.post("swap_card", sale="1043", card=BLANK_2)
    story.post("drop_card", sale="1043")
    story.post("issue_virtual", sale="1043")
    story.post("put_aside")
    story.post("take_up", sale="1043")
    story.post("cancel", sale="1043")
    story.post("balance", text=ANNA)
    story.post("block_card", card=BORIS, reason="lost")
    story.post("drawer")
    story.post("paper", paper=PAPER_ASKED, came_out=True)
    story.post("reprint", sale="1042")
    story.post("points_report", show=True)
    till.staffed()
    story.post("sign_in", person="petrova", pin=PIN)
    story.post("unblock_card", card=BORIS, reason="found")
    story.post("make_virtual", card=BORIS)
    story.post("card_on_phone", card=ANNA, send=True)
    story.post("refund_certificate", text=CERTIFICATE, pin="482913", reason="on demand")
    story.post("replace_certificate", text=CERTIFICATE, reason="stolen")
    story.post("block_certificate", text=CERTIFICATE, reason="stolen")
    story.post("member_sales", who=ANNA)
    story.post("look_at_claim", who=ANNA, of={"sale": "1040", "day": "2026-11-27", "till": "till-2"})
    story.post(
        "claim_sale", who=ANNA, of={"sale": "1040", "day": "2026-11-27", "till": "till-2"}, reason="забыли карту"
    )
    story.post("cases")
    story.post("case", id="debt/till-2/1/17")
    story.post("settle_case", id="debt/till-2/1/17", remedy="write_off")
    story.post("find_member", text="Петрова Ан")
    story.post("member", who="m-anna")
    story.post("correct", who="m-anna", points=50, reason="the till was down")
    _members(story)
    story.post("day", day="2026-11-28")
    story.post("audit", most=3)
    story.post("sign_out")


def _members(story: Story) -> None:
    told = story.post("registration_form")["member"]["documents"]
    agreed = [{"what": one["what"], "document": one["document"]} for one in told]
    sent = story.post("phone_code", phone=PHONE)["member"]["sent"]
    story.post("confirm_phone", sent=sent, code="4821")
    form = {"card": ANNA, "phone": PHONE, "name": "Анна Петрова", "birthday": "17.05.1990", "consents": agreed}
    story.post("register", **form, sent=sent)
    story.post("take_form", **form)
    story.post("confirm_form", card=ANNA)
    story.post("print_form", card=ANNA)
    story.post("change_phone", card=ANNA, phone=PHONE, sent=sent)
    story.post("change_profile", card=ANNA, field="birthday", value="17.05.1990")
    story.post("link_card", card=BLANK, to=ANNA)
    story.post("merge_members", gone=BORIS, into=ANNA, reason="две карты одного покупателя", agreed=True)


def _first_sale(till: ExampleTill) -> str:
    command = [sys.executable, str(FIRST_SALE), till.url, TOKEN, ANNA]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


# JSON and tables


def pretty(value: Json, indent: int = 0) -> str:
    """On one line what fits there."""
    flat = json.dumps(value, ensure_ascii=False)
    if len(flat) + indent <= COLUMNS or not isinstance(value, dict | list) or not value:
        return flat
    inner, pad = indent + 2, " " * (indent + 2)
    if isinstance(value, dict):
        rows = [f"{pad}{json.dumps(key)}: {pretty(one, inner)}" for key, one in value.items()]
        return "{\n" + ",\n".join(rows) + "\n" + " " * indent + "}"
    return "[\n" + ",\n".join(pad + pretty(one, inner) for one in value) + "\n" + " " * indent + "]"


def block(value: Json) -> str:
    return f"```json\n{pretty(value)}\n```"


def exchange(path: str, told: Mapping[str, Json], method: str = "POST") -> str:
    asked = f"`{method} {path}`\n\n"
    if "request" in told:
        asked += block(told["request"]) + "\n\n"
    code = told["answer"].get("code")
    problem = told["answer"].get("status") if told["answer"].get("ok") is False else None
    return f"{asked}{problem or 200}{f' `{code}`' if code else ''}:\n\n{block(told['answer'])}"


def curl(parts: Mapping[str, Json]) -> str:
    call = 'curl -s -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json"'
    rows = ["# the quote of `pay` is the one that `prepare` told"]
    for does in ("basket", "code", "redeem", "prepare", "pay"):
        body = parts["pay" if does == "pay" else f"/v1/{does}"]["request"]
        plain = {name: value for name, value in body.items() if name != "fiscal"}
        rows.append(f"{call} {URL}/v1/{does} \\\n  -d '{json.dumps(plain, ensure_ascii=False)}'")
    return "\n".join(rows)


# what the types say

MEANS = {
    "accrued": "points that this sale earns, and what for",
    "advice": "one sentence, where the customer has something to gain",
    "another": "yes, this is another one under that number",
    "answers": "the keys, each with its command",
    "article": "your article, for the shop's goods file",
    "asked": "the paper that `question` is about",
    "balance": "points of the member afterwards",
    "barcode": "EAN, for the goods file",
    "by": "who allowed it",
    "card": "a card's number",
    "category": "what it is, by the programme's categories",
    "clawed_back": "earned points that are taken back",
    "came_out": "what a person saw at the printer",
    "certificate": "rubles to the certificate that paid",
    "code": "for programs: the table below",
    "command": "send it as it is to `/v1/commands`",
    "coupons": "each with what it gives, or why nothing",
    "day": "your shop day, YYYY-MM-DD; the till's own is by its shop's time zone",
    "discount": "rubles off the whole line",
    "extras": "our own lines: a card's fee",
    "field": "what is wrong, as you call it",
    "fiscal": "documents of the fiscal device",
    "handled": "counts events",
    "hint": "what your program does about it",
    "id": "your own key of the line",
    "limit": "how many points may be spent, and why not more",
    "lines": "the lines, each with its positions",
    "manager": "a manager stands by",
    "money": "rubles in money",
    "name": "as the receipt has it",
    "net": "what is paid of it",
    "net_before": "before points",
    "of": "the sale that they were bought with",
    "ok": "done, or not",
    "paid": "the money has been given back: a fact",
    "points": "points",
    "positions": "for the fiscal device",
    "price": "rubles for one",
    "quantity": "how many, or how much",
    "question": "what a person is asked about a paper",
    "quote": "the id of what was told",
    "reason": "why, in one word",
    "redeemed": "points that are spent, and their rubles",
    "refund": "rubles given back",
    "restored": "spent points that come back",
    "sale": "your number of the receipt",
    "shift": "your shift",
    "tail": "lines for the end of your own receipt",
    "tax": "your own VAT sign, given back with the position",
    "tenders": "how the refund is given",
    "text": "for the cashier, as it is",
    "title": "the same as `text`",
    "to_pay": "rubles that the customer pays",
    "total": "rubles of all lines and extras",
    "offer": "what stickers are exchanged for, by its id (`stickers` of a quote); to drop, without it, all",
    "type": "`urn:pos-agent:problem:` and the code",
    "unit": "pieces or kilograms",
    "whole": "all that is still out",
    "BasketLine.kind": "vodka, brandy …: with `strength` and `volume` it finds the least price of alcohol",
    "BasketLine.min_unit_price": "rubles: nothing is taken off below",
    "BasketLine.strength": "percent",
    "BasketLine.volume": "litres",
    "Code.scanner": "which scanner read it; the keyboard, where a person did",
    "Balance.text": "a card's code, as it was read",
    "BasketLine.discount": "rubles off the whole line, which your own program gives",
    "Code.text": "what was read, unchanged",
    "Problem.status": "the HTTP status",
    "Said.lines": "the lines of the basket as you sent them",
    "Said.discounts": "rubles off each line as you printed them, by its `id`",
    "SoldReceipt.code": "the code on our paper, or the QR of the fiscal receipt",
    "State.status": "what `/v1/status` says",
    "ToldBalance.balance": "all points of the account",
    "ToldBalance.status": "of the card",
    "ToldReturn.sale": "the number of the receipt that it was bought with",
    "DropCoupon.campaign": "one; without it, all",
    "FiscalDocument.at": "ISO, with its zone",
    "FiscalDocument.device": "number of the device's storage",
    "FiscalDocument.document": "number of the document",
    "FiscalDocument.sign": "its fiscal sign",
    "FiscalDocument.sum": "rubles",
    "IssueCard.card": "the blank card",
    "EnterCode.code": "the digits as they were said",
    "Prompt.field": "a field of the command",
    "Prompt.digits": "how many",
    "Choice.prompt": "ask for digits first; null: there is nothing to type",
    "Pay.quote": "the one that you printed from",
    "Pay.said": "what you printed, where the till forgot the quote",
    "SaidTender.text": "of its QR, its number, or the end of it",
    "SaidTender.amount": "rubles",
    "SaidCoupon.text": "of its QR, or its campaign",
    "SaidCoupon.discount": "rubles",
    "Phone.number": "as it was said",
    "PointsReport.show": "as text, not on paper",
    "Redeem.points": "how many; without it, or of more than may be, as many as may be (`redeemed`)",
    "ReissueCard.new_card": "the blank card",
    "ReissueCard.old_card": "the lost one, where the member has several",
    "ReturnGoods.lines": "what comes back",
    "ReturnGoods.quote": "of the first step",
    "ReturnGoods.sale": "your own number of the return",
    "ReturnGoods.tender": "another split of the refund than the programme's",
    "SetBasket.lines": "all lines as they are now",
    "SetBasket.redemption_forbidden": "no points may be spent on this receipt",
}


def comments_of(kind: type) -> dict[str, str]:
    """The comment beside each field."""
    rows = re.findall(r"^    (\w+): [^\n#]*#\s*([^\n]*)$", inspect.getsource(kind), re.MULTILINE)
    inherited = {} if kind.__base__ in (None, msgspec.Struct, object) else comments_of(kind.__base__)
    return inherited | dict(rows)


def type_text(hint: Any) -> str:
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return f"[{hint.__name__}](#{hint.__name__.lower()})"
    if hint is type(None) or hint is msgspec.UnsetType:
        return "null"
    names = {str: "text", int: "number", bool: "true/false", float: "number"}
    if hint in names:
        return names[hint]
    inner = get_args(hint)
    if getattr(hint, "__origin__", None) is tuple:
        many = [one for one in inner if one is not ...]
        return "list of " + (type_text(many[0]) if len(many) == 1 else "pairs")
    if getattr(hint, "__origin__", None) is dict:
        return f"object of {type_text(inner[1])}"
    if inner and all(isinstance(one, str) for one in inner):
        return " | ".join(f"`{one}`" for one in inner)
    return " or ".join(dict.fromkeys(type_text(one) for one in inner if one is not msgspec.UnsetType))


def fields_table(kind: type[msgspec.Struct], *, asked: bool) -> str:
    """`asked`: of what the POS sends, where it matters which fields must be there."""
    rows, hints, comments = [], get_type_hints(kind), comments_of(kind)
    for field in msgspec.structs.fields(kind):
        if field.name == "besides":  # where unknown fields are kept
            continue
        must = "**must**" if field.required else _default(field)
        what = "a command" if field.name == "command" else type_text(hints[field.name]).replace("|", "\\|")
        row = [f"`{field.name}`", what, *([must] if asked else []), meaning(kind, field.name, comments)]
        rows.append(f"| {' | '.join(row)} |")
    head = ["Field", "Type", *(["Without it"] if asked else []), ""]
    return "\n".join([f"| {' | '.join(head)} |", "|" + "---|" * len(head), *rows]) if rows else ""


def meaning(kind: type, name: str, comments: Mapping[str, str]) -> str:
    """What the program says beside the field, else what it means wherever it stands."""
    said = comments.get(name) or MEANS.get(f"{kind.__name__}.{name}") or MEANS.get(name, "")
    return said.replace("None:", "null:")


def _default(field: msgspec.structs.FieldInfo) -> str:
    value = field.default if field.default is not msgspec.NODEFAULT else field.default_factory()
    if value is None or value == "":
        return "–"
    if isinstance(value, tuple | dict):
        return "none"
    return f"`{json.dumps(value)}`" if isinstance(value, bool) else f"`{value}`"


def about(kind: type) -> str:
    text = kind.__doc__ or ""
    return "" if text.startswith(f"{kind.__name__}(") else " ".join(inspect.cleandoc(text).split())


def call_text(route: Route, example: Mapping[str, Json] | None) -> Iterator[str]:
    yield f"### {route.method} {route.path}\n\n**{route.summary}.**"
    if route.takes is not None:
        yield about(route.takes)
        yield fields_table(route.takes, asked=True)
    if route.query:
        yield "\n".join(f"- `?{name}=`: {what}" for name, what in route.query.items())
    gives = "" if route.gives is None else f"Gives {type_text(route.gives)}. "
    done = f"Done: {_listed(route.done)}. " if route.done else ""
    refused = f"Refused: {_listed(route.refused)}." if route.refused else ""
    yield (gives + done + refused).strip()
    if example is not None:
        yield exchange(route.path, example, route.method)


def _listed(codes: tuple[str, ...]) -> str:
    return " ".join(f"`{code}`" for code in codes)


def calls(examples: Mapping[str, Json]) -> str:
    return "\n\n".join(part for route in ROUTES for part in call_text(route, examples.get(route.path)) if part)


ASKED = (
    protocol_certificates.CertificateGift,
    *(protocol_said.SaidTender, protocol_said.SaidCoupon),
    *(protocol.BasketLine, protocol.FiscalDocument, protocol.Said, protocol.SoldReceipt, protocol.ReturnedGoods),
    protocol_registration.ReadConsent,
    protocol_staff.Second,
)


def types() -> str:
    """Of what goes both ways, in the order in which they stand in the program."""
    commands = set(protocol.COMMANDS.values())
    rooms = (
        *(
            protocol,
            protocol_fiscal,
            protocol_receipts,
            protocol_registration,
            protocol_staff,
            protocol_certificates,
            protocol_said,
        ),
        *(answers, answers_receipts, answers_stickers, protocol_day, told_member, told_office),
        *(shown_parts, status, cards_state, status_staff),
    )
    kinds = [
        kind
        for room in rooms
        for kind in vars(room).values()
        if isinstance(kind, type)
        and issubclass(kind, msgspec.Struct)
        and kind.__module__ == room.__name__
        and not kind.__name__.startswith("_")
        and kind not in commands
    ]
    sections = ((f"### {kind.__name__}", about(kind), fields_table(kind, asked=kind in ASKED)) for kind in kinds)
    return "\n\n".join(part for section in sections for part in section if part)


# codes


def code_rows() -> Iterator[tuple[str, int, str]]:
    """Code, status, and the calls that may answer with it."""
    found: dict[tuple[str, int], list[str]] = {}
    for route in ROUTES:
        for done, several in ((True, route.done), (False, route.refused)):
            for code in several:
                found.setdefault((code, status_when(code, done=done)), []).append(f"`{route.path.rpartition('/')[2]}`")
    for code in (*EVERYWHERE, "not_found", "wrong_method"):
        found[code, status_when(code, done=False)] = ["every call"]
    for (code, number), names in sorted(found.items(), key=lambda item: (item[0][1], item[0][0])):
        yield code, number, " ".join(names)


def codes() -> str:
    rows = ["| Code | Status | Calls | What the cashier reads | What your program does |", "|---|---|---|---|---|"]
    for code, number, names in code_rows():
        said = "<br>".join(
            text.replace("|", "\\|").replace("\n", " ").replace("{{", "{").replace("}}", "}")
            for pair in zip(words_of(code, "ru"), words_of(code, "en"), strict=True)
            for text in pair
        )
        do = f"{help_of(code, number, 'ru')}<br>{help_of(code, number, 'en')}"
        rows.append(f"| `{code}` | {number} | {names} | {said} | {do} |")
    return "\n".join(rows)


# the page


def idempotency() -> str:
    if "idempotency_key_reused" not in known_codes():
        return ""
    return (
        "- **`Idempotency-Key`** (a header, any text of yours): the same key with the same body gets the first answer "
        "again for an\n  hour, also while it is still being worked out, and nothing happens twice, also of calls "
        "without a number. With another\n  body it is `idempotency_key_reused`.\n"
    )


def events() -> str:
    if not any(route.path == "/v1/events" for route in ROUTES):
        return ""
    return """
## Events

`GET /v1/events` is a stream of server-sent events: whoever keeps it open hears what happens at the till without asking.
Each event is the till's whole state (visit, status, last reply, open question): on connecting, and at every change. A
comment comes every 5 seconds, so that a dead line is noticed; `Last-Event-ID` spares what you have. At most 16 wait at
once, `/v1/visit` with `wait_s` among them; the next is `too_many`.
"""


def page(examples: Mapping[str, Json], parts: Mapping[str, Json]) -> str:
    sale = [exchange(path, parts[path]) for path in ("/v1/basket", "/v1/code", "/v1/redeem", "/v1/prepare")]
    filled = {
        "curl": curl(parts),
        "first_sale": FIRST_SALE.read_text(encoding="utf-8").strip(),
        "first_sale_says": parts["first_sale_says"],
        "sale": "\n\n".join([*sale, exchange("/v1/pay", parts["pay"])]),
        "again": exchange("/v1/pay", parts["again"]),
        "taken": exchange("/v1/basket", parts["taken"]),
        "return": exchange("/v1/return", parts["return"]),
        "returned": exchange("/v1/return", parts["returned"]),
        "fiscal": ", ".join(f"`{name}`" for name in FISCAL),
        "idempotency": idempotency(),
        "events": events(),
        "calls": calls(examples),
        "types": types(),
        "codes": codes(),
    }
    text = TEMPLATE.read_text(encoding="utf-8")
    return re.sub(r"\{\{(\w+)\}\}", lambda found: filled[found[1]], text)


def made() -> dict[Path, str]:
    """What should be in the files."""
    examples, parts = told()
    known = {route.path: examples[route.path] for route in ROUTES if route.path in examples}
    return {PAGE: page(known, parts), EXAMPLES: json.dumps(known, ensure_ascii=False, indent=1) + "\n"}


if __name__ == "__main__":
    for path, text in made().items():
        path.write_text(text, encoding="utf-8")
