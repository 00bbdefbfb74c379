"""The strip of paper while somebody is being asked about a paper on it: which paper may come next, and what closes what
may be torn. Pure: jobs in, a decision out.

                                     nothing is in question   one or two are           three are
    the paper in question            –                        waits for its answer     waits
    one that looks like it           comes                    waits for that answer    waits
    any other                        comes, by its turn       comes, by its turn       waits

A paper looks like another when a person could take the one for the other: it is of the same sale, or has the same name.
Whatever comes next first closes what may be torn: after that every piece of the strip says by itself whether it counts.
"""

from __future__ import annotations

from collections.abc import Sequence

from loyalty.programme import Language
from offline_cache.records import PaperKind, PrintJob

QUESTIONS_MAX = 3  # a printer that leaves more in doubt must be seen to; and nobody remembers the fourth paper back
OF_A_SALE: tuple[PaperKind, ...] = ("receipt", "return", "copy")  # alike, with the sale's number at the top

# Of the paper's own next attempt, which says that this one is void.
VOID = {"ru": "НЕ ДОПЕЧАТАНО. НЕДЕЙСТВИТЕЛЬНО", "en": "NOT PRINTED TO ITS END. VOID"}
# Of another paper: nobody has said yet whether that one came out, and as it is, it says so itself.
UNLESS_WHOLE = {
    "ru": "Выше: {papers}. Не целиком - недействительно",
    "en": "Above: {papers}. Void unless whole",
}
NAMES: dict[PaperKind, tuple[str, str]] = {
    "receipt": ("к чеку {label}", "for receipt {label}"),
    "return": ("возврат {label}", "return {label}"),
    "copy": ("копия к чеку {label}", "copy for {label}"),
    "slip": ("бланк карты {label}", "form for card {label}"),
    "certificate": ("сертификат {label}", "certificate {label}"),
    "report": ("отчёт {label}", "report {label}"),
}


def next_paper(to_do: Sequence[PrintJob], in_question: Sequence[PrintJob]) -> PrintJob | None:
    """Which of these comes next, if any may. They are in the order of their sales."""
    if len(in_question) >= QUESTIONS_MAX:
        return None
    return next((job for job in to_do if not any(look_alike(job, asked) for asked in in_question)), None)


def look_alike(one: PrintJob, other: PrintJob) -> bool:
    """Whether a person could take the one for the other."""
    if one.kind in OF_A_SALE and other.kind in OF_A_SALE:
        return one.label == other.label or (one.key is not None and one.key == other.key)
    return (one.kind, one.label) == (other.kind, other.label)


def closing(job: PrintJob, unclosed: Sequence[PrintJob], language: Language) -> str | None:
    """What is printed before this paper, on a piece that is cut off with what lies above."""
    if not unclosed or job.kind == "drawer":
        return None
    if all(other.job == job.job for other in unclosed):
        return VOID[language]
    at = 0 if language == "ru" else 1
    papers = ", ".join(NAMES[other.kind][at].format(label=other.label) for other in unclosed)
    return UNLESS_WHOLE[language].format(papers=papers)
