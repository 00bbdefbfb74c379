"""What the shop itself keeps, in one SQLite file: sessions, favourites, lists, baskets, and whose order is whose."""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

SESSION_LIVES: Final = timedelta(days=60)
QUANTITY_MAX: Final = 99
KINDS_MAX: Final = 100  # of goods in a basket, of rows in a list
TABLES: Final = """
CREATE TABLE IF NOT EXISTS sessions (hash TEXT PRIMARY KEY, body TEXT NOT NULL, seen_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS favourites (owner TEXT NOT NULL, article TEXT NOT NULL, PRIMARY KEY (owner, article));
CREATE TABLE IF NOT EXISTS list (
  id INTEGER PRIMARY KEY, owner TEXT NOT NULL, text TEXT NOT NULL, article TEXT NOT NULL, done INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS basket (
  owner TEXT NOT NULL, article TEXT NOT NULL, name TEXT NOT NULL, unit TEXT NOT NULL, quantity INTEGER NOT NULL,
  PRIMARY KEY (owner, article)
);
CREATE TABLE IF NOT EXISTS orders (
  number TEXT PRIMARY KEY, owner TEXT NOT NULL, form TEXT NOT NULL UNIQUE, at TEXT NOT NULL,
  quote TEXT NOT NULL, slot TEXT NOT NULL, placed INTEGER NOT NULL
);
"""


@dataclass
class Session:
    """`customer` "": nobody is signed in; `token`: by which the hub knows him; `state`: of a sign-in that was begun;
    `spend`: he has pressed «Списать»."""

    id: str
    customer: str = ""
    name: str = ""
    token: str = ""
    state: str = ""
    spend: bool = False
    told: str = ""
    language: str = ""
    cookie: str = field(default="", compare=False)

    @property
    def owner(self) -> str:
        """Whose favourites, list, basket and orders he sees."""
        return f"customer/{self.customer}" if self.customer else f"session/{self.id}"


@dataclass(frozen=True)
class InBasket:
    article: str
    name: str
    unit: str
    quantity: int


@dataclass(frozen=True)
class OnList:
    id: int
    text: str
    article: str
    done: bool


@dataclass(frozen=True)
class Ordered:
    """`placed`: the hub has taken it."""

    number: str
    owner: str
    at: str
    quote: str
    slot: str
    placed: bool


class Book:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        with self._open() as book:
            book.executescript(TABLES)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with self._lock, closing(sqlite3.connect(self._path)) as book, book:
            yield book

    def _rows(self, query: str, *values: Any) -> list[Any]:
        with self._open() as book:
            return book.execute(query, values).fetchall()

    # sessions

    def session_of(self, cookie: str, now: datetime) -> Session | None:
        found = self._rows("SELECT body, seen_at FROM sessions WHERE hash = ?", _hash(cookie)) if cookie else []
        if not found or found[0][1] < (now - SESSION_LIVES).isoformat():
            return None
        return Session(**json.loads(found[0][0]), cookie=cookie)

    def begin(self) -> Session:
        return Session(id=secrets.token_hex(8), cookie=secrets.token_urlsafe(32))

    def keep(self, session: Session, now: datetime) -> None:
        body = {name: value for name, value in vars(session).items() if name != "cookie"}
        self._rows(
            "INSERT INTO sessions VALUES (?, ?, ?)"
            " ON CONFLICT (hash) DO UPDATE SET body = excluded.body, seen_at = excluded.seen_at",
            _hash(session.cookie),
            json.dumps(body),
            now.isoformat(),
        )

    def end(self, session: Session) -> None:
        self._rows("DELETE FROM sessions WHERE hash = ?", _hash(session.cookie))

    def moved(self, before: str, owner: str) -> None:
        """What somebody laid aside before he signed in is his."""
        with self._open() as book:
            for table in ("favourites", "basket"):
                book.execute(f"UPDATE OR IGNORE {table} SET owner = ? WHERE owner = ?", (owner, before))
                book.execute(f"DELETE FROM {table} WHERE owner = ?", (before,))
            for table in ("list", "orders"):
                book.execute(f"UPDATE {table} SET owner = ? WHERE owner = ?", (owner, before))

    # favourites

    def favourites(self, owner: str) -> list[str]:
        return [row[0] for row in self._rows("SELECT article FROM favourites WHERE owner = ? ORDER BY rowid", owner)]

    def favour(self, owner: str, article: str, *, on: bool) -> None:
        if not on:
            self._rows("DELETE FROM favourites WHERE owner = ? AND article = ?", owner, article)
        elif len(self.favourites(owner)) < KINDS_MAX:
            self._rows("INSERT OR IGNORE INTO favourites VALUES (?, ?)", owner, article)

    # the shopping list

    def on_list(self, owner: str) -> list[OnList]:
        rows = self._rows("SELECT id, text, article, done FROM list WHERE owner = ? ORDER BY done, id", owner)
        return [OnList(row[0], row[1], row[2], bool(row[3])) for row in rows]

    def put_on_list(self, owner: str, text: str, article: str = "") -> None:
        there = self.on_list(owner)
        if text and len(there) < KINDS_MAX and not any(one.text == text for one in there):
            self._rows("INSERT INTO list (owner, text, article, done) VALUES (?, ?, ?, 0)", owner, text, article)

    def tick(self, owner: str, id: int, *, done: bool) -> None:
        self._rows("UPDATE list SET done = ? WHERE owner = ? AND id = ?", int(done), owner, id)

    def drop_done(self, owner: str) -> None:
        self._rows("DELETE FROM list WHERE owner = ? AND done = 1", owner)

    # the basket

    def basket(self, owner: str) -> list[InBasket]:
        rows = self._rows("SELECT article, name, unit, quantity FROM basket WHERE owner = ? ORDER BY rowid", owner)
        return [InBasket(*row) for row in rows]

    def put(self, owner: str, goods: InBasket) -> None:
        """So many of it from now on; none: it is out."""
        there = {one.article for one in self.basket(owner)}
        if goods.quantity <= 0:
            self._rows("DELETE FROM basket WHERE owner = ? AND article = ?", owner, goods.article)
        elif goods.article in there or len(there) < KINDS_MAX:
            self._rows(
                "INSERT INTO basket VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (owner, article) DO UPDATE SET quantity = excluded.quantity",
                *(owner, goods.article, goods.name, goods.unit, min(goods.quantity, QUANTITY_MAX)),
            )

    def clear(self, owner: str) -> None:
        self._rows("DELETE FROM basket WHERE owner = ?", owner)

    # orders

    def begin_order(self, owner: str, form: str, quote: str, slot: str, now: datetime) -> Ordered:
        """Before the hub is asked, so that whoever asks again asks for the same; a form that is sent twice is one."""
        number = f"{now:%y%m%d}-{secrets.token_hex(3)}"
        self._rows(
            "INSERT OR IGNORE INTO orders VALUES (?, ?, ?, ?, ?, ?, 0)",
            *(number, owner, f"{owner}/{form}", now.isoformat(), quote, slot),
        )
        found = self.order_of_form(owner, form)
        assert found is not None
        return found

    def order_of_form(self, owner: str, form: str) -> Ordered | None:
        rows = self._rows("SELECT number FROM orders WHERE form = ?", f"{owner}/{form}")
        return self.order(owner, rows[0][0]) if rows else None

    def placed(self, order: Ordered) -> None:
        self._rows("UPDATE orders SET placed = 1 WHERE number = ?", order.number)

    def dropped(self, order: Ordered) -> None:
        """The hub has said no: there is none."""
        self._rows("DELETE FROM orders WHERE number = ? AND placed = 0", order.number)

    def order(self, owner: str, number: str) -> Ordered | None:
        """Of his own."""
        return next((one for one in self.orders(owner) if one.number == number), None)

    def orders(self, owner: str) -> list[Ordered]:
        """The newest first."""
        rows = self._rows(
            "SELECT number, owner, at, quote, slot, placed FROM orders WHERE owner = ? ORDER BY at DESC", owner
        )
        return [Ordered(row[0], row[1], row[2], row[3], row[4], bool(row[5])) for row in rows]


def _hash(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()
