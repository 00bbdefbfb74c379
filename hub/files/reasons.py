"""Why a row of a file is not taken: a kind, by which rows are counted, and words for whoever mends the file."""

from __future__ import annotations

from typing import Final, NamedTuple

REASONS: Final = {
    "programme": "a programme that is not here",
    "card": "a card that is no number",
    "damaged": "a number that a spreadsheet damaged",
    "check_digit": "a card with a wrong check digit",
    "card_length": "a card with a digit too few or too many",
    "phone": "a phone that is none",
    "points": "points that are no whole number",
    "registered": "registered that is neither yes nor no",
    "birthday": "a birthday that is no day",
    "article": "goods without article and barcode, or with too long a one",
    "barcode": "a barcode that is none",
    "category": "a category that no programme has",
    "kind": "a kind of drink that the law does not know",
    "strength": "a strength that is none",
    "volume": "a volume that is none",
    "subject": "no value of tag 1212",
    "price": "a price that is none",
    "day": "a day that is none, or an end before its beginning",
    "place": "a store or a format that is not here",
    "differs": "an article that is another in a row before",
    "crowded": "an article with more prices than there is room for",
    "expires": "an end of points that is no day, or is over",
    "nobody": "a row that says nobody's card, phone or id",
    "unknown": "a card, a phone or a member that is not in the ledger",
    "several": "a phone of several members",
    "consent": "a consent to what is not known",
    "source": "a source of a consent that is not known",
    "receipt": "a receipt without its number or store",
    "total": "a receipt whose lines do not come to its total",
    "sum": "a line whose sum nobody can tell",
    "quantity": "a quantity that is none",
    "fiscal": "a number of a fiscal document that is none",
    "receipt_differs": "a receipt whose rows do not say the same",
    "receipt_apart": "a receipt whose rows do not follow one another",
    "receipt_there": "a receipt that is in the ledger otherwise",
    "later": "a day that is yet to come",
    "consent_there": "a consent that is in the ledger otherwise",
    "consent_ended": "a consent that was withdrawn later",
    "consent_twice": "a consent that stands in the file before",
    "status": "a state that no card has",
    "card_status": "a card that is in another state in the ledger",
    "rubles": "rubles that are none",
    "period": "days that tiers of the programme do not count together",
    "turnover_twice": "a member whose purchases of these days stand in the file before",
    "turnover_there": "a member whose purchases of these days were brought before",
    "text": "text too long, or with signs that cannot be printed",
    "fields": "more fields than columns",
    "lot_twice": "a lot of points that stands in the file before",
    "card_twice": "a card that stands in the file before",
    "member_twice": "a member who stands in the file before",
    "phone_twice": "a phone that stands in the file before",
    "card_there": "a card that is in the ledger already",
    "member_there": "a member who is in the ledger already",
    "phone_there": "a phone that another member of the ledger has",
    "card_unlinked": "a new card for a member who is in the ledger",
    "other_member": "a card that is another member's in the ledger",
    "erased": "a member who was erased",
    "store": "a shop without its id, or one that stands twice",
    "timezone": "a time zone that nobody knows",
    "name": "a name that is too long",
    "city": "a city whose name is too long",
    "address": "an address that is too long",
    "phones": "phones that are none, or too many",
    "hours": "hours that nobody can read",
    "days": "days with hours of their own that nobody can read",
    "latitude": "coordinates that are none",
    "longitude": "a longitude that is none",
    "closed": "closed for good that is neither yes nor no",
    "programmes": "programmes that are not here",
    "other_programme": "a card or a member of another programme in the ledger",
}


class Fault(NamedTuple):
    kind: str  # of REASONS
    words: str


class BadValue(ValueError):
    """A cell that cannot be what its column holds."""

    def __init__(self, kind: str, words: str) -> None:
        super().__init__(words)
        self.kind = kind
        self.words = words
