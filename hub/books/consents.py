"""What a member agreed to, in the books: each consent once, and ended once."""

from __future__ import annotations

from datetime import datetime

from hub.books.ledger import Ledger
from hub.store.records import ConsentKey, ConsentRow
from loyalty.bodies import ConsentGiven, ConsentWithdrawn
from loyalty.effects import Impossible
from loyalty.utc import moment


def give_consent(ledger: Ledger, owner: str, body: ConsentGiven) -> None:
    """Raises Impossible."""
    given_at = datetime.fromisoformat(body.given_at)
    row = ConsentRow(owner, body.what, given_at, body.document, body.source, moment(body.withdrawn_at))
    if ledger.consent(row.key) is not None:
        raise Impossible("consent_known")
    ledger.put_consent(row)


def withdraw_consent(ledger: Ledger, owner: str, body: ConsentWithdrawn) -> None:
    """Raises Impossible."""
    given = ledger.consent(ConsentKey(owner, body.what, datetime.fromisoformat(body.given_at)))
    if given is None:
        raise Impossible("unknown_consent")
    if given.withdrawn_at is not None:
        raise Impossible("consent_withdrawn")
    ledger.put_consent(given._replace(withdrawn_at=moment(body.withdrawn_at)))
