"""Could the schema be spread over several servers? Asked of a live one, and of every statement (notes: what runs on a
distributed PostgreSQL and what does not)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

import psycopg
import pytest

from hub.store.postgres.distribution import DISTRIBUTED, LOCAL, REFERENCE
from hub.store.postgres.named import NAMED, ROOM
from hub.store.postgres.store import PostgresStore
from tests.hub.store.servers import schema_at

TABLES = {*DISTRIBUTED, *REFERENCE, *LOCAL}
KINDS = {  # a coupon's serial is a word of ours, SERIAL is a type
    r"\bFOR\s+(NO\s+KEY\s+)?(UPDATE|(KEY\s+)?SHARE)\b": "locks rows on several servers",
    r"\bMERGE\s+INTO\b": "MERGE",
    r"\bTRIGGER\b": "a trigger",
    r"\b(BIG|SMALL)SERIAL\b|(?-i:\bSERIAL\b)|\bnextval\b|\bIDENTITY\b": "a number from a sequence, which may have gaps",
}
VERBS = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH|MERGE|COPY|CREATE|ALTER)\s", re.IGNORECASE)


def refused(statement: str) -> list[str]:
    """Why it would not run there."""
    bare = re.sub(r"--[^\n]*|%\(\w+\)[sb]|'[^']*'", " ", statement)
    said = [why for kind, why in KINDS.items() if re.search(kind, bare, re.IGNORECASE)]
    used = {table for table in TABLES if re.search(rf"(?<!\.)\b{table}\b", bare)}
    if len({DISTRIBUTED[table] for table in used & {*DISTRIBUTED}}) > 1:
        said.append("tables spread by different columns")
    if used & {*DISTRIBUTED} and used & LOCAL:
        said.append("a local table with one that is spread")
    for target, assigned in changed(bare):
        if DISTRIBUTED.get(target) in assigned:
            said.append("changes by what a row is placed")
    return said


def changed(bare: str) -> Iterator[tuple[str, set[str]]]:
    """Tables, and which columns are assigned to."""
    for target, assigned in re.findall(
        r"(?:\bUPDATE\s+|\bINSERT\s+INTO\s+)(\w+)\b(?:(?!\bINSERT\b).)*?\bSET\b(.*?)(?:\bFROM\b|\bWHERE\b|\bRETURNING\b|$)",
        bare,
        re.IGNORECASE | re.DOTALL,
    ):
        yield target, set(re.findall(r"(\w+)\s*=[^=]", assigned))


@cache
def statements() -> dict[str, str]:
    """Those with a name, and whatever else the code or a migration says to the server."""
    found = {f"queries.sql {name}": text for name, text in NAMED.items()}
    for path in sorted(ROOM.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
                text = node.value.decode() if isinstance(node.value, bytes) else node.value
                if VERBS.match(text):
                    found[f"{path.name} {node.lineno}"] = text
    for path in sorted((ROOM / "migrations").glob("*.sql")):
        for number, text in enumerate(re.sub(r"--[^\n]*", "", path.read_text(encoding="utf-8")).split(";")):
            found[f"{path.name} {number}"] = text
    return found


@pytest.mark.parametrize("name", statements())
def test_every_statement_runs_where_the_tables_are_spread(name: str) -> None:
    assert refused(statements()[name]) == []


def test_the_statements_were_found() -> None:
    found = statements()
    assert len(NAMED) > 50
    assert {name.split()[0] for name in found} >= {"queries.sql", "opening.py", "0001_initial.sql"}


@pytest.mark.parametrize(
    "wrong",
    [
        "SELECT member FROM members WHERE member = ANY(%(members)s) FOR UPDATE",
        "SELECT member FROM members FOR NO KEY UPDATE",
        "MERGE INTO days USING told ON days.member = told.member WHEN MATCHED THEN DO NOTHING",
        "CREATE TRIGGER told AFTER INSERT ON entries EXECUTE FUNCTION tell()",
        "CREATE TABLE doubtful (number BIGSERIAL)",
        "SELECT text FROM entries JOIN operations USING (chain, generation, sequence)",
        "DELETE FROM cards USING card_numbers WHERE cards.number = card_numbers.number",
        "INSERT INTO changes (partition, kind, key) SELECT programme, 'member', member FROM members",
        "UPDATE lots SET remaining = 0, member = 'into' WHERE member = 'gone'",
        "INSERT INTO lots VALUES (1) ON CONFLICT (member, lot) DO UPDATE SET member = excluded.member",
    ],
)
def test_a_statement_that_would_not_run_there_is_found(wrong: str) -> None:
    assert refused(wrong)


@pytest.fixture
def live(postgres: str) -> Iterator[psycopg.Connection]:
    with schema_at(postgres) as url:
        PostgresStore(url).close()
        with psycopg.connect(url, autocommit=True) as connection:
            yield connection


def test_every_table_says_how_it_would_be_spread(live: psycopg.Connection) -> None:
    there = live.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
    ).fetchall()
    assert {name for (name,) in there} == TABLES
    assert len(TABLES) == len(DISTRIBUTED) + len(REFERENCE) + len(LOCAL)


KEYS = """
SELECT table_.relname, array_agg(attname) FROM pg_index
JOIN pg_class table_ ON table_.oid = indrelid
JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY(indkey)
WHERE indisunique AND relnamespace = current_schema()::regnamespace
GROUP BY indexrelid, table_.relname
"""
FOREIGN = """
SELECT here.relname, there.relname, conkey, confkey FROM pg_constraint
JOIN pg_class here ON here.oid = conrelid JOIN pg_class there ON there.oid = confrelid
WHERE contype = 'f' AND here.relnamespace = current_schema()::regnamespace
"""


def misplaced(live: psycopg.Connection) -> list[str]:
    """Keys that no distributed server could watch over, and pointers it could not follow."""
    keys = [
        f"a key of {table} without {DISTRIBUTED[table]}"
        for table, columns in live.execute(KEYS)
        if table in DISTRIBUTED and DISTRIBUTED[table] not in columns
    ]
    pointers = [
        f"{here} points at {there}"
        for here, there, *_ in live.execute(FOREIGN)
        if there not in REFERENCE and DISTRIBUTED.get(here) != DISTRIBUTED.get(there)
    ]
    return keys + pointers


def test_every_key_holds_the_column_that_its_table_is_spread_by(live: psycopg.Connection) -> None:
    assert len(live.execute(KEYS).fetchall()) >= len(TABLES)
    assert misplaced(live) == []


def test_a_key_or_a_pointer_that_could_not_be_watched_over_is_found(live: psycopg.Connection) -> None:
    live.execute("CREATE UNIQUE INDEX ON cards (number)")
    live.execute("ALTER TABLE cards ADD FOREIGN KEY (number) REFERENCES card_numbers")
    assert sorted(misplaced(live)) == ["a key of cards without member", "cards points at card_numbers"]


@pytest.mark.parametrize("table", sorted(DISTRIBUTED))
def test_postgresql_itself_would_spread_the_table_by_that_column(live: psycopg.Connection, table: str) -> None:
    """Hash partitioning refuses a key that lacks the column, as a distributed server does."""
    live.execute(f"CREATE TABLE spread (LIKE {table} INCLUDING ALL) PARTITION BY HASH ({DISTRIBUTED[table]})".encode())


def test_and_it_refuses_one_that_it_could_not(live: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.FeatureNotSupported):
        live.execute("CREATE TABLE spread (LIKE cards INCLUDING ALL) PARTITION BY HASH (status)")
