"""Every code that the till can say has words, in both languages, with the same facts; and there are no other words.

The program is read for what it can say. A code that is made of parts has a known set of them in `PARTS`; one that
comes in a variable, in `FROM`. Whatever is neither is red: whoever makes codes in a new way says here which.
"""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from drivers.printer.status import LINES
from loyalty.certificate_text import CertificateReason
from loyalty.coupon_token import CouponReason
from loyalty.offers import Refusal
from loyalty.paper import words as paper_words
from loyalty.phones import Reason as PhoneReason
from loyalty.scans import Kind, Reason
from offline_cache.forgetting import Why
from pos_agent import api, connection, notices, printing, strip, words
from pos_agent.bad_command import EXAMPLES_BY_KIND
from pos_agent.claim_codes import CLAIM_CODES
from pos_agent.coupons_now import Waits
from pos_agent.desks import phone_code, registration
from pos_agent.errand_words import HUB_REFUSALS
from pos_agent.first_start import Outcome
from pos_agent.questions import QUESTIONS
from pos_agent.short_words import SHORT_WORDS
from pos_agent.status import DiskState
from pos_agent.told_changes import Change
from pos_agent.visit import VisitState
from pos_agent.words import known_codes
from storage.sqlite_file import FileTrouble

HERE = Path(words.__file__).parent
NOT_READ = (
    *("words.py", "return_words.py", "device_words.py", "coupon_words.py", "goods_words.py", "face_words.py"),
    *("hold_words.py", "card_words.py", "hub_words.py", "errand_words.py", "errands.py", "staff_words.py"),
    *("registration_words.py", "phone_code_words.py"),
    *("hold_words.py", "hub_words.py", "errand_words.py", "errands.py", "staff_words.py"),
    *("short_words.py", "shown_words.py", "client.py"),
)
READ = [
    path
    for path in (*HERE.glob("*.py"), *HERE.glob("desks/*.py"), *HERE.glob("staff/*.py"))
    if path.name not in NOT_READ
]
PAPERS = [path for path in HERE.parent.glob("loyalty/paper/*.py") if path.name != "words.py"]

# where a code stands: the number of the argument, or its name
SAYS: dict[str, tuple[int | str, ...]] = {
    "say": (0,),
    "Refused": (0, "words"),
    "BadCommand": (0,),
    "Done": ("code", "words"),
    "replace_done": ("code", "words"),
    "_said": (2,),
    "remark": (0,),
    "Reply": ("code",),
    "problem": (0,),
    "plain_reply": (1,),
    "_plain": (2,),
    "identified": (3,),
    "_redeemed": (3,),
    "drop": (0,),
    "_refuse": (0,),
    "_wrong": (0,),
    "_changed": (3,),
    "_anew": (),  # makes changed_… of its cause
}
PARTS: dict[str, tuple[str, ...]] = {
    "bad_command_": tuple(EXAMPLES_BY_KIND),
    "bad_phone_": get_args(PhoneReason),
    "certificate_": get_args(CertificateReason),
    "changed_": (*get_args(Change), "coupon_used", "age"),
    "coupon_": tuple(reason for reason in get_args(CouponReason) if reason not in ("expired", "not_yet", "used")),
    "coupon_waits_": (*get_args(Refusal), *get_args(Waits)),
    "disk_": get_args(DiskState),
    "file_": get_args(FileTrouble),
    "forgotten_": get_args(Why),
    "phone_code_": ("malformed", "forged"),
    "not_now_": tuple(state.value for state in VisitState),
}
FROM: dict[str, tuple[str, ...]] = {
    "SCANNERS.get(state)": tuple(notices.SCANNERS.values()),
    "WHY_AWAY.get(code, 'link_away')": (*notices.WHY_AWAY.values(), "link_away"),
    "DISKS[disk.state]": tuple(notices.DISKS.values()),
    "WORDS[why]": tuple(phone_code.WORDS.values()),
    "meaning.reason": tuple(reason for reason in get_args(Reason) if reason != "length"),  # has words of its own
    "meaning.kind": tuple(kind for kind in get_args(Kind) if kind not in ("card", "coupon", "rotating", "unknown")),
    "FRAMEWORK.get(error.status_code, 'not_found')": tuple(api.FRAMEWORK.values()),
    "said.code": get_args(Outcome),
    "CLAIM_CODES[told.state]": tuple(CLAIM_CODES.values()),
    "OF_CODES.get(refused.facts.get('why', ''))": tuple(registration.OF_CODES.values()),
    "event.misread": ("check_digit", "unsure_scan"),
}
HANDED_ON = {  # what was read where it was made
    "problem": "code",
    "plain_reply": "code",
    "_plain": "code",
    "reply_of": "code done.code",
    "_refused": "refused.words",
    "_number_taken": "refused.words",
    "_redeemed": "code",
    "identified": "code",
    "_said": "code",
    "_once": "code",
    "_do": "code",
    "text": "self.words",
    "view": "reply.code",
    "_notes": "code",
    "drop": "code",
    "_refusal": "code",
    "_refuse": "code",
    "_wrong": "code",
    "_changed": "code",
    "_off": "why.code",
    "_not_right": "refused.code",
    "_instead": "refused.code hub_code",
    "_answer_guest": "refused",  # in words of the guest's side (test_guest_state.py)
}
WITHOUT_WORDS = {
    "device",
    "paper_question",
    "bad_sale",
    "bad_phone",
}  # the text is another's, or has other words


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def name_of(call: ast.Call) -> str:
    """The function's, or the method's of `self`; a paper's own words are no codes."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr if ast.unparse(call.func.value) in ("self", "face") else ""
    return getattr(call.func, "id", "")


def codes_in(expression: ast.expr, within: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """Every code that this expression can be."""
    match expression:
        case ast.Constant(value=str(code)):
            return {code}
        case ast.IfExp():
            return codes_in(expression.body, within) | codes_in(expression.orelse, within)
        case ast.BoolOp():
            return set().union(*(codes_in(value, within) for value in expression.values))
        case ast.JoinedStr(values=[ast.Constant(value=str(prefix)), ast.FormattedValue()]) if prefix in PARTS:
            return {prefix + part for part in PARTS[prefix]}
    written = ast.unparse(expression)
    if written in FROM:
        return set(FROM[written])
    if written in HANDED_ON.get(within.name, "").split():
        return set()
    given = [
        node.value
        for node in ast.walk(within)
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == [written]
    ]
    assert given, f"{within.name}: nobody says which codes {written} can be"
    return set().union(*(codes_in(value, within) for value in given))


NO_FACTS = {
    "Refused": {"words", "field", "more_kopecks", "inquiry"}
}  # what a call says besides the facts of the sentence


def said_in(path: Path) -> Iterator[tuple[str, set[str] | None]]:
    """Code and the facts that come with it; None where they are not written in the same call."""
    for function in functions(path):
        for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
            where = SAYS.get(name_of(call), ())
            named = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
            at = [call.args[place] for place in where if isinstance(place, int) and place < len(call.args)]
            at = [named[place] for place in where if isinstance(place, str) and place in named] or at
            plain = name_of(call) in ("Refused", "BadCommand", "say", "remark") and len(named) == len(call.keywords)
            for expression in at:
                for code in codes_in(expression, function):
                    yield code, set(named) - NO_FACTS.get(name_of(call), set()) if plain else None


def every_code() -> set[str]:
    said = {code for path in READ for code, _ in said_in(path)} | set(connection.REFUSALS) | HUB_REFUSALS
    papers = ast.parse((HERE / "desks" / "papers.py").read_text(encoding="utf-8"))
    for node in ast.walk(papers):  # that desk answers with code and facts as a pair
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
            first = node.value.elts[0]
            assert isinstance(first, ast.Constant) and isinstance(first.value, str)
            said.add(first.value)
    said |= {code for function in functions(HERE / "front.py") for code in returned(function)}
    return said - WITHOUT_WORDS


def returned(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """What the face's front refuses with is what its functions give back."""
    values = [node.value for node in ast.walk(function) if isinstance(node, ast.Return) and node.value]
    constants = [
        node.value
        for value in values
        for node in (value, *ast.iter_child_nodes(value))
        if isinstance(node, ast.Constant)
    ]
    return {value for value in constants if isinstance(value, str)}


def test_every_code_has_words_and_every_word_is_said() -> None:
    said = every_code()
    assert len(said) > 120
    assert said - known_codes() == set(), "without words"
    assert known_codes() - said == set(), "never said"


@pytest.mark.parametrize("path", READ, ids=lambda path: path.name)
def test_the_facts_of_a_code_are_those_that_its_words_name(path: Path) -> None:
    for code, facts in said_in(path):
        if facts is not None and code not in WITHOUT_WORDS and (facts or path.name != "checkout.py"):
            assert facts == fields(words._WORDS[code][0]), code


def test_no_words_of_a_paper_are_dead() -> None:
    """Its words are keys here and there in what composes papers, or made of a beginning and a part."""
    said: set[str] = set()
    beginnings: set[str] = set()
    for path in (*READ, *PAPERS):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.JoinedStr(values=[ast.Constant(value=str(beginning)), ast.FormattedValue()]):
                    beginnings.add(beginning)
                case ast.Constant(value=str(key)):
                    said.add(key)
    made = {key for key in paper_words._TEXTS if any(key.startswith(one) for one in beginnings if one.endswith("_"))}
    assert set(paper_words._TEXTS) - said - made == set()


# the two languages

LATIN = re.compile(r"[A-Za-z][A-Za-z_/-]*(?<![-/])")
ALLOWED = {  # names of the POS's own side, and what has no Russian name
    *("pay", "said", "do", "cancel", "true", "false", "after", "wait_s", "prepare"),
    *(
        "HTTP",
        "ASCII",
        "Content-Encoding",
        "Idempotency-Key",
        "JSON",
        "Content-Type",
        "application/json",
        "QR",
        "X",
        "x",
    ),
}
PAIRS: list[tuple[str, tuple[str, str]]] = [
    *words._WORDS.items(),
    *((f"printer {status.value}", pair) for status, pair in LINES.items()),
    *((f"question {kind}", pair) for kind, pair in printing.QUESTION.items()),
    *(
        (f"mark {number}", (mark["ru"], mark["en"]))
        for number, mark in enumerate((printing.COPY, printing.DUPLICATE, paper_words.TRAINING))
    ),
    *((f"paper {key}", pair) for key, pair in paper_words._TEXTS.items()),
    *((f"short {code}", pair) for code, pair in SHORT_WORDS.items()),
    *((f"ask {name}", pair) for name, pair in QUESTIONS.items()),
    ("void", (strip.VOID["ru"], strip.VOID["en"])),
    ("unless whole", (strip.UNLESS_WHOLE["ru"], strip.UNLESS_WHOLE["en"])),
    *((f"strip {kind}", pair) for kind, pair in strip.NAMES.items()),
    ("answer", (printing.ANSWER["ru"], printing.ANSWER["en"])),
]


@pytest.mark.parametrize(("name", "pair"), PAIRS, ids=[name for name, _ in PAIRS])
def test_each_sentence_is_of_one_language_and_both_name_the_same_facts(name: str, pair: tuple[str, str]) -> None:
    russian, english = pair
    assert fields(russian) == fields(english)
    assert re.search("[а-яё]", russian.lower()) or russian == english, "a sentence without a letter is both"
    assert not re.search("[а-яё]", english.lower())
    foreign = set(LATIN.findall(re.sub(r"\{\w*\}", "", russian))) - ALLOWED
    assert not foreign, f"{name}: {foreign}"
