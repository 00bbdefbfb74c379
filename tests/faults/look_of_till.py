"""What must be so of a till's file at any moment at which it may be opened, whatever happened before."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from tests.faults.chains import faults_of_chain, faults_of_doubles
from tests.faults.kept import digest_of, documents_of, text_of
from tests.faults.rows import rows, unsound

FILE = "till.db"
PROMISES = "told.db"
NONE = {  # each finds nothing in a file that is right
    "of no operation, or of one that is answered, in the outbox": (
        "SELECT * FROM outbox LEFT JOIN operations USING (generation, sequence) WHERE hash IS NULL OR result NOT NULL"
    ),
    "unanswered and not in the outbox": (
        "SELECT kind, generation, sequence FROM operations LEFT JOIN outbox USING (generation, sequence)"
        " WHERE result IS NULL AND outbox.sequence IS NULL"
    ),
    "a paper of no operation": (
        "SELECT job FROM print_jobs LEFT JOIN operations USING (generation, sequence)"
        " WHERE print_jobs.sequence NOT NULL AND hash IS NULL"
    ),
    "a sale or return without its paper, or with two": (
        "SELECT kind, sequence FROM operations AS done WHERE kind IN ('sale', 'return') AND (SELECT count(*) FROM"
        " print_jobs AS job WHERE job.generation = done.generation AND job.sequence = done.sequence"
        " AND job.kind IN ('receipt', 'return')) <> 1"
    ),
    "a return that its sale does not know of": (
        "SELECT generation, sequence FROM operations LEFT JOIN returns USING (generation, sequence)"
        " WHERE kind = 'return' AND of_sequence IS NULL"
    ),
}


def hashes(folder: Path) -> list[str]:
    return [digest_of(digest) for (digest,) in rows(folder / FILE, "SELECT hash FROM operations")]


def faults(folder: Path) -> Iterator[str]:
    path = folder / FILE
    said = "SELECT generation, sequence, hash, text FROM operations ORDER BY generation, sequence"
    kept = [(*key, digest_of(digest), text_of(text)) for *key, digest, text in rows(path, said)]
    for generation, chain in groupby(kept, key=lambda row: row[0]):
        yield from faults_of_chain(f"generation {generation}", [row[1:] for row in chain])
    yield from faults_of_doubles(row[3] for row in kept)
    yield from _lost_documents(path, [row[3] for row in kept])
    for what, sql in NONE.items():
        if found := rows(path, sql):
            yield f"{what}: {found}"
    for name in (FILE, PROMISES):
        if torn := unsound(folder / name):
            yield f"{name}: {torn}"


def _lost_documents(path: Path, texts: list[str]) -> Iterator[str]:
    found = {document for (document,) in rows(path, "SELECT document FROM fiscal_documents")}
    if lost := set(documents_of(texts)) - found:
        yield f"a fiscal document that no sale is found by: {sorted(lost)}"
