"""What operations do to the certificates that a till's file knows (offline_cache/deeds.py)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from loyalty.bodies import (
    CertificateBlocked,
    CertificateRefunded,
    CertificateReplaced,
    CertificateSold,
    Tender,
)
from loyalty.certificates import CERTIFICATE
from loyalty.operation import Operation
from offline_cache.certificates import BACK, BLOCKED, INTO, REFUNDED, REPLACED, SOLD, USED, move
from storage import engine


def sold(sql: Any, connection: engine.Connection, operation: Operation, body: CertificateSold) -> None:
    """Its number is nobody else's any more."""
    sql.use_certificate_number(connection, number=body.certificate)
    move(sql, connection, operation.key, body.certificate, SOLD, body.kopecks)


def refunded(sql: Any, connection: engine.Connection, operation: Operation, body: CertificateRefunded) -> None:
    move(sql, connection, operation.key, body.certificate, REFUNDED, -body.kopecks)


def blocked(sql: Any, connection: engine.Connection, operation: Operation, body: CertificateBlocked) -> None:
    move(sql, connection, operation.key, body.certificate, BLOCKED)


def replaced(sql: Any, connection: engine.Connection, operation: Operation, body: CertificateReplaced) -> None:
    """How much that was only the hub knows."""
    sql.use_certificate_number(connection, number=body.into)
    move(sql, connection, operation.key, body.certificate, REPLACED)
    move(sql, connection, operation.key, body.into, INTO)


def paid_with(sql: Any, connection: engine.Connection, operation: Operation, tenders: Iterable[Tender]) -> None:
    _tenders(sql, connection, operation, tenders, USED, -1)


def given_back(sql: Any, connection: engine.Connection, operation: Operation, tenders: Iterable[Tender]) -> None:
    _tenders(sql, connection, operation, tenders, BACK, 1)


def _tenders(
    sql: Any, connection: engine.Connection, operation: Operation, tenders: Iterable[Tender], what: str, sign: int
) -> None:
    for tender in tenders:
        if tender.kind == CERTIFICATE and tender.id is not None:
            move(sql, connection, operation.key, tender.id, what, sign * tender.kopecks)
