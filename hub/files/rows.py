"""A record of a table of members as a row: what it says, or all that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, Final, Generic, NamedTuple, TypeVar

from hub.files import values
from hub.files.cards import card
from hub.files.headings import Columns
from hub.files.reasons import BadValue, Fault
from hub.files.table import Record, cleaned
from hub.members import BY_PROGRAMME, NewMember
from loyalty.programme import Programme

NAMES: Final = ("name", "full_name", "family", "patronymic")  # columns that together are one name
REPEATED: Final = frozenset(("programme", "points", "registered", "birthday", "favourites", "expires"))
CELLS_REMEMBERED: Final = 20_000  # of each such column: fifty years have as many days
ALWAYS: Final = frozenset(("programme", "card"))  # said beside the file, or missed in every row
FIELD_CHARACTERS_MAX: Final = 300  # a member must fit into a page of the change feed, many times


RowT = TypeVar("RowT")


class Row(NamedTuple, Generic[RowT]):
    """`said`: each column's value, as far as it could be read. `good` None: something is wrong. `more_lines`: on which
    the rest of it stands, where it is of several records."""

    line: int
    said: Mapping[str, Any]
    faults: tuple[Fault, ...]
    good: RowT | None
    month_first: bool = False
    doubtful: bool = False  # its birthday is another one where months stand first
    more_lines: tuple[int, ...] = ()


class Rows:
    """Reads one file's records. `programme`, `registered`, `expires` are everybody's of whom the file says none;
    `ids` are for members who bring none."""

    def __init__(
        self,
        columns: Columns,
        programmes: Mapping[str, Programme],
        programme: str | None,
        today: date,
        ids: Iterator[str],
        *,
        registered: bool = False,
        expires: str = BY_PROGRAMME,
    ) -> None:
        self._columns = columns
        self._programmes = programmes
        self._programme = programme or ""
        self._today = today
        self._registered = registered
        self._expires = expires
        self._ids = ids
        self._called = {
            values.key_of_programme(name): id
            for id, one in programmes.items()
            for name in (id, one.name_ru, one.name_en)
        }
        self._readers = {id: self._readers_of(id) for id in (*programmes, None)}
        there = columns.at.keys() | ALWAYS
        self._absent = {name: read("") for name, read in self._readers[None].items() if name not in there}
        for readers in self._readers.values():
            for name in self._absent:
                del readers[name]

    def row(self, record: Record) -> Row[NewMember]:
        cells = [cleaned(cell) for cell in record.cells]
        text, faults = self._columns.texts(cells), self._columns.faults(cells)
        said = dict(self._absent)
        month_first = False
        for name, read in self._readers[self._id_of(text.get("programme", ""))].items():
            try:
                said[name] = read(text.get(name, ""))
            except BadValue as error:
                month_first = month_first or error.kind == "month_first"
                kind = "birthday" if error.kind == "month_first" else error.kind
                faults.append(Fault(kind, error.words))
        slashes = "/" in text.get("birthday", "") and not month_first
        doubtful = slashes and values.is_doubtful(text["birthday"])
        member = None if faults else self._member(record.line, said)
        return Row(record.line, said, tuple(faults), member, month_first, doubtful)

    def _id_of(self, said: str) -> str | None:
        text = said or self._programme
        return text if text in self._programmes else self._called.get(values.key_of_programme(text))

    def _readers_of(self, id: str | None) -> dict[str, Callable[[str], Any]]:
        schemes = self._programmes[id].cards.schemes if id else ()
        readers: dict[str, Callable[[str], Any]] = {
            "programme": lambda said: self._known(said, id),
            "card": lambda said: card(said, schemes),
            "phone": values.phone,
            "points": values.points,
            "registered": lambda said: values.yes(said) if said else self._registered,
            "birthday": lambda said: values.birthday(said, self._today),
            "favourites": values.several,
            "member": str,
            "expires": lambda said: values.expires(said, self._today) if said else self._expires,
            "name": str,
            "full_name": str,
            "family": str,
            "patronymic": str,
            "email": values.email,
        }
        return {name: _checking(name, read) for name, read in readers.items()}

    def _known(self, said: str, id: str | None) -> str:
        if id is None:
            known = ", ".join(sorted(self._programmes))
            raise BadValue("programme", f"programme {said or self._programme!r} is not one of {known}")
        return id

    def _member(self, line: int, said: Mapping[str, Any]) -> NewMember:
        named = said["member"]
        return NewMember(
            line=line,
            programme=said["programme"],
            card=said["card"],
            phone=said["phone"],
            points=said["points"],
            registered=said["registered"],
            birthday=said["birthday"],
            favourites=said["favourites"],
            member=named or next(self._ids),
            named=bool(named),
            name=values.name(said["name"], said["patronymic"], said["family"], said["full_name"]),
            expires=said["expires"],
            email=said["email"],
        )


def _checking(name: str, read: Callable[[str], Any]) -> Callable[[str], Any]:
    """With what is asked of every cell. Of a name's words it does not matter what stands between them."""
    if name in NAMES:
        return lambda cell: read(checked_text(name, " ".join(cell.split())))
    if name in REPEATED:
        return lru_cache(CELLS_REMEMBERED)(lambda cell: read(checked_text(name, cell)))
    return lambda cell: read(checked_text(name, cell))


def checked_text(name: str, text: str) -> str:
    if len(text) > FIELD_CHARACTERS_MAX or not text.isprintable():
        raise BadValue("text", f"{name} must be at most {FIELD_CHARACTERS_MAX} printable characters")
    return text
