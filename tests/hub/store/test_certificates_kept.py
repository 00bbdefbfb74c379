"""Certificates in the ledger's tables: read by keys, replaced in place, what a check forbids, on each database."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hub.store.certificate_records import (
    CertificateEntryRow,
    CertificateHoldKey,
    CertificateHoldRow,
    CertificateNumberRow,
    CertificateRow,
)
from hub.store.errors import Clash
from hub.store.records import Place
from hub.store.rows import Rows
from hub.store.seam import Store
from tests.hub.store.rows import NOW, certificate, place, plenty

ONE, OTHER = "9000000000000017", "9000000000000025"


def write(store: Store, *rows: Rows) -> None:
    with store.writing() as writer:
        for some in rows:
            writer.write(some)


def hold(till: str = "t1", number: str = ONE, **more: Any) -> CertificateHoldRow:
    return CertificateHoldRow(number, till, "h1", 500, NOW, NOW + timedelta(minutes=10))._replace(**more)


@pytest.fixture(scope="module")
def many() -> Rows:
    """Plenty of certificates, and nothing else."""
    rows = plenty()
    return Rows(
        new_certificates=rows.new_certificates,
        certificate_entries=rows.certificate_entries,
        certificate_holds=rows.certificate_holds,
        certificate_numbers=rows.certificate_numbers,
    )


def test_they_are_read_by_their_keys_and_nothing_else_is(store: Store, many: Rows) -> None:
    rows = many
    write(store, rows)
    some = rows.new_certificates[:700]
    keys = [row.number for row in some]
    with store.reading() as reader:
        assert reader.certificates([*keys, "9", "", "9000'--", "9\0"]) == {row.number: row for row in some}
        assert reader.certificate_holds_of(keys) == sorted(
            row for row in rows.certificate_holds if row.certificate in set(keys)
        )
        numbers = {row.number: row for row in rows.certificate_numbers if row.number in set(keys)}
        assert reader.certificate_numbers([*keys, "9"]) == numbers
        places = [place(n) for n in range(300)]
        entries = sorted(row for row in rows.certificate_entries if row.place in set(places))
        assert reader.certificate_entries_of([*places, Place("", 1, 1)]) == entries
        assert reader.certificates([]) == {} and reader.certificate_holds_of([]) == []


def test_a_certificate_is_replaced_in_its_place(store: Store) -> None:
    write(store, Rows(new_certificates=[certificate(), certificate(OTHER)]))
    ended = CertificateRow(ONE, "perekrestok", "s2", 7, 5, 3, False, NOW, "replaced", OTHER, 4)
    with store.writing() as writer:
        assert writer.locked_certificates([ONE, "9"]) == {ONE: certificate()}
        writer.write(Rows(certificates=[ended]))
    with store.reading() as reader:
        assert list(reader.all_certificates()) == [ended, certificate(OTHER)]


def test_one_that_is_not_there_is_not_replaced(store: Store) -> None:
    with pytest.raises(LookupError):
        write(store, Rows(certificates=[certificate()]))


def test_a_number_is_one_certificate_and_drawn_once(store: Store) -> None:
    """Whoever writes it second decides anew."""
    drawn = CertificateNumberRow(ONE, "office")
    write(store, Rows(new_certificates=[certificate()], certificate_numbers=[drawn]))
    for rows in (Rows(new_certificates=[certificate()]), Rows(certificate_numbers=[drawn])):
        with pytest.raises(Clash):
            write(store, rows)


@pytest.mark.parametrize(
    "wrong",
    [
        {"left": -1},
        {"beyond": -1},
        {"face": -1},
        {"tries": -1},
        {"until": NOW},  # paid for
        {"state": "replaced"},
        {"successor": OTHER},
        {"state": "gone"},
    ],
)
def test_what_no_certificate_is_the_database_refuses(store: Store, wrong: dict[str, Any]) -> None:
    with pytest.raises(Exception, match=r"(?i)check|constraint"):
        write(store, Rows(new_certificates=[certificate(**wrong)]))


def test_an_entry_is_of_an_account_that_there_is_and_moves_something(store: Store) -> None:
    for wrong in ({"account": "member"}, {"kopecks": 0}):
        entry = CertificateEntryRow("t1", 1, 1, 1, ONE, "sold", 5)._replace(**wrong)
        with pytest.raises(Exception, match=r"(?i)check|constraint"):
            write(store, Rows(certificate_entries=[entry]))


def test_a_till_has_one_hold_of_a_certificate_and_may_let_it_go(store: Store) -> None:
    later = hold(hold="h2", kopecks=7, until=NOW + timedelta(hours=1))
    write(store, Rows(certificate_holds=[hold(), hold("t2"), hold(number=OTHER)]))
    with store.reading() as reader:
        assert reader.certificate_holds_named("t1", "h1") == [hold(), hold(number=OTHER)]
        assert reader.certificate_holds_named("t3", "h1") == [] == reader.certificate_holds_named("t1", "h\0")
    write(store, Rows(certificate_holds=[later], gone_certificate_holds=[CertificateHoldKey(ONE, "t2")]))
    with store.reading() as reader:
        assert reader.certificate_holds_of([ONE, OTHER]) == [later, hold(number=OTHER)]
    write(store, Rows(certificate_holds=[hold()], gone_certificate_holds=[later.key, hold("t9").key]))
    with store.reading() as reader:
        assert reader.certificate_holds_of([ONE]) == [hold()], "what goes, goes before"


def test_numbers_ahead_are_those_of_which_nothing_is_known(store: Store) -> None:
    drawn = [CertificateNumberRow(f"90000000000000{n:02}", "c-t1" if n % 2 else "c-t2") for n in range(10)]
    write(store, Rows(certificate_numbers=drawn[::-1], new_certificates=[certificate(drawn[3].number)]))
    with store.reading() as reader:
        assert reader.certificate_numbers_ahead("c-t1", 3) == [drawn[1], drawn[5], drawn[7]]
        assert reader.certificate_numbers_ahead("c-t3", 3) == []


def test_only_given_ones_that_hold_rubles_are_due_the_earliest_first(store: Store, many: Rows) -> None:
    rows = many
    write(store, rows)
    due = [row for row in rows.new_certificates if not row.paid and row.left and row.until and row.until <= NOW]
    wanted = sorted(due, key=lambda row: (row.until, row.number))
    with store.reading() as reader:
        assert reader.due_certificates(NOW, 10_000) == wanted and len(wanted) > 100
        assert reader.due_certificates(NOW, 5) == wanted[:5]
