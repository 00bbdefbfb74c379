"""Questions that people have, with their answers (P35): data in `faq/*.toml`, and the shop's own file.

[[question]]
id = "spend"
ru = "Сколько можно списать?"
en = "How much may I spend?"
answer_ru = "До {cap} суммы чека."
answer_en = "Up to {cap} of a receipt."
words = "списать оплатить скидка pay"      # by which it is found besides

What stands in braces is worked out of the programme's rules (account/figures.py): a question that names what the
programme has not is not asked. A shop's question replaces ours of the same id; with no answer it takes it away.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Final, NamedTuple

import msgspec

from web.language import Language

FOLDER: Final = Path(__file__).with_name("faq")
COMMON: Final = "common"
QUESTIONS_MAX: Final = 200
TEXT_LETTERS_MAX: Final = 4_000
STEM_LETTERS_MIN: Final = 4
ENDING_LETTERS: Final = 3  # of a Russian word: баллами, картой, списать
LONG_LETTERS, LONG_ENDING_LETTERS = 8, 4  # of a long one: потерянную, магазинами
LOOKED_FOR_LETTERS_MAX: Final = 200
LOOKED_FOR_WORDS_MAX: Final = 12
_WORD: Final = re.compile(r"[^\W_]+")
_SMALL: Final = frozenset(  # words that say nothing of what is looked for
    (
        *("а", "в", "во", "и", "из", "к", "как", "ко", "ли", "мне", "мой", "моя", "мои", "на", "не", "о", "об", "от"),
        *("по", "при", "с", "со", "что", "это", "я", "у", "за", "для", "до", "или", "где", "когда", "есть", "можно"),
        *("a", "an", "the", "of", "to", "in", "on", "at", "is", "are", "do", "does", "i", "my", "can", "how", "what"),
        *("where", "when", "for", "and", "or"),
    )
)


class BadFaq(Exception):
    """What is wrong with a file of questions, and where."""


class Question(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """As a file has it."""

    id: str
    ru: str = ""
    en: str = ""
    answer_ru: str = ""
    answer_en: str = ""
    words: str = ""


class Answered(NamedTuple):
    """In one language, with the programme's figures."""

    id: str
    question: str
    answer: str
    words: str


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    question: tuple[Question, ...]


def questions_in(path: Path) -> tuple[Question, ...]:
    """Raises BadFaq."""
    try:
        found = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _File).question
    except (OSError, ValueError) as error:
        raise BadFaq(f"{path}: {error}.") from error
    if len(found) > QUESTIONS_MAX or len({one.id for one in found}) < len(found):
        raise BadFaq(f"{path}: at most {QUESTIONS_MAX} questions, each with an id of its own.")
    for one in found:
        _check(path, one)
    return found


def _check(path: Path, one: Question) -> None:
    texts = (one.ru, one.en, one.answer_ru, one.answer_en)
    if any(texts) and not all(texts):
        raise BadFaq(f"{path}: {one.id!r} has question and answer in both languages, or none of them.")
    if max(map(len, texts)) > TEXT_LETTERS_MAX:
        raise BadFaq(f"{path}: {one.id!r} has a text of more than {TEXT_LETTERS_MAX} letters.")
    for text in texts:
        try:
            named_in(text)
        except ValueError as error:
            raise BadFaq(f"{path}: {one.id!r}: {error}.") from error


def named_in(text: str) -> set[str]:
    """What stands in braces. Raises ValueError."""
    found = list(Formatter().parse(text))
    if any(spec or conversion for _, _, spec, conversion in found) or any(name == "" for _, name, _, _ in found):
        raise ValueError("a brace holds a name alone, and {{ is a brace itself")
    return {name for _, name, _, _ in found if name}


@cache
def ours(programme: str) -> tuple[Question, ...]:
    """What ships: of every programme, and of this one."""
    files = [FOLDER / f"{name}.toml" for name in (COMMON, programme)]
    return joined(*(questions_in(file) for file in files if file.exists()))


def joined(*some: Sequence[Question]) -> tuple[Question, ...]:
    """Later ones replace those of the same id, where they stood; one without texts takes it away."""
    found = {one.id: one for questions in some for one in questions}
    return tuple(one for one in found.values() if one.ru)


def answered(questions: Iterable[Question], figures: Mapping[str, str], language: Language) -> list[Answered]:
    """Those that this programme can answer."""
    told = []
    for one in questions:
        question, answer = (one.ru, one.answer_ru) if language == "ru" else (one.en, one.answer_en)
        if (named_in(question) | named_in(answer)) <= figures.keys():
            told.append(Answered(one.id, question.format(**figures), answer.format(**figures), one.words))
    return told


# looking for


def looked_for(questions: Sequence[Answered], text: str) -> list[Answered]:
    """Those that have the words, the best first; word endings do not matter. Nothing said: all of them."""
    words = _words(text[:LOOKED_FOR_LETTERS_MAX])
    wanted = [word for word in words if word not in _SMALL] or words
    if not wanted:
        return list(questions)
    stems = [stem(word) for word in wanted[:LOOKED_FOR_WORDS_MAX]]
    scored = [(_score(one, stems), -number, one) for number, one in enumerate(questions)]
    best = max((score[0] for score, _, _ in scored), default=0)
    found = sorted(((score, at, one) for score, at, one in scored if score[0] and score[0] == best), reverse=True)
    return [one for _, _, one in found]


def stem(word: str) -> str:
    """What is left of a word without what may be its ending."""
    ending = LONG_ENDING_LETTERS if len(word) >= LONG_LETTERS else ENDING_LETTERS
    return word[: max(STEM_LETTERS_MIN, len(word) - ending)]


def _score(one: Answered, stems: Sequence[str]) -> tuple[int, int]:
    """How many of the words it has, and how often they stand where it matters."""
    places = [(_words(one.question), 3), (_words(one.words), 2), (_words(one.answer), 1)]
    found = [[weight for words, weight in places if any(word.startswith(each) for word in words)] for each in stems]
    return sum(bool(weights) for weights in found), sum(map(sum, found))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold().replace("ё", "е"))
