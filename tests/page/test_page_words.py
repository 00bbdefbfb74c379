"""The page's words: each is used, each that is used is there, and both languages have the same facts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from pos_agent.page import pages
from pos_agent.page.page_words import PAGE_WORDS
from pos_agent.page.second_words import SECOND_WORDS
from pos_agent.page.till_words import TILL_WORDS

WORDS: Final = PAGE_WORDS | TILL_WORDS | SECOND_WORDS
OURS: Final = (
    "till.html",
    "till.js",
    "views.js",
    "panels.js",
    "certificates.js",
    "stickers.js",
    "returns.js",
    "codes.js",
    "second.js",
    "dom.js",
    "keys.js",
    "link.js",
    "sounds.js",
    "pair.html",
    "pair.js",
)
SOURCE: Final = "\n".join((pages.STATIC / name).read_text(encoding="utf-8") for name in OURS)
# w.word, words.word, $word of a template, {word: "key_help"} and ["F1", "key_help"] of a table
NAMED: Final = set(re.findall(r"\b(?:w|words)\.(\w+)|\$(\w+)", SOURCE))
BY_PREFIX: Final = set(re.findall(r"\b(?:w|words)\[`(\w+_)\$\{", SOURCE))
IN_TABLES: Final = set(re.findall(r'"([a-z]+(?:_[a-z]+)*)"', SOURCE))
NOT_WORDS: Final = {"setup", "language"}  # the document's other facts


def used(word: str) -> bool:
    named = {name for pair in NAMED for name in pair if name}
    return word in named or word in IN_TABLES or any(word.startswith(prefix) for prefix in BY_PREFIX)


@pytest.mark.parametrize("word", WORDS)
def test_a_word_is_used_and_has_the_same_facts_in_both_languages(word: str) -> None:
    assert used(word), f"nothing on the page says {word!r}"
    russian, english = (set(re.findall(r"\{(\w+)\}", text)) for text in WORDS[word])
    assert russian == english
    assert (WORDS[word][0] == "") == (WORDS[word][1] == "")


def test_every_word_that_the_page_says_is_there() -> None:
    named = {name for pair in NAMED for name in pair if name} - NOT_WORDS
    assert len(named) > 100
    assert named <= set(WORDS), named - set(WORDS)
    assert all(any(word.startswith(prefix) for word in WORDS) for prefix in BY_PREFIX)


def test_the_facts_that_a_word_needs_are_given_where_it_is_said() -> None:
    """`fill(w.word, {fact: …})` names each `{fact}` of it."""
    filled = re.findall(r"fill\(w\.(\w+), \{([^}]*)\}", SOURCE)
    assert len(filled) > 20
    for word, facts in filled:
        given = set(re.findall(r"(\w+)(?=\s*[:,]|\s*$)", re.sub(r":[^,]*", ":", facts)))
        assert set(re.findall(r"\{(\w+)\}", WORDS[word][0])) <= given, word


@pytest.mark.parametrize("name", OURS)
def test_no_text_for_people_stands_in_the_source(name: str) -> None:
    text = (pages.STATIC / name).read_text(encoding="utf-8")
    assert not re.findall(r"[А-Яа-яЁё]+", re.sub(r"//.*|/\*.*?\*/", "", text, flags=re.DOTALL))


def test_whatever_lies_beside_them_is_served_and_nothing_else() -> None:
    assert pages.static("till.js") is not None
    for name in ("till.html", "../pages.py", "", "nothing.js", "..", "till.js/"):
        assert pages.static(name) is None, name
    assert {path.suffix for path in Path(pages.STATIC).iterdir()} <= {*pages.SUFFIXES, ".html"}


def test_a_text_in_the_setup_ends_no_script() -> None:
    shown = pages.page("till", WORDS, "en", {"programme": "</script><script>alert(1)</script>"})
    document = bytes(shown.body).decode()
    assert "<script>alert" not in document and "\\u003c/script>" in document
    assert document.count("</script>") == 2
