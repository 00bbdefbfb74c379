"""Two hubs at one mailing at the same moment, where writers run side by side: nobody is written to twice."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from hub.build import build_programmes
from hub.hub import Hub
from hub.jobs.turn import Turn
from hub.messages.mailing import Mailing, mailing_row
from hub.messages.making import make
from hub.messages.posting import LetterPosting
from hub.store.postgres.store import PostgresStore
from hub.store.records import ConsentRow, MemberRow, ProfileRow
from hub.store.rows import Rows
from loyalty.utc import utc_text
from tests.hub.messages.messages_office import Sent

NOW: Final = datetime(2026, 5, 17, 12, 0, tzinfo=UTC)
MEMBERS: Final = 30
MAILING: Final = Mailing(
    id="m1",
    programme="alenka",
    name="Чай",
    channel="sms",
    ru="Чай",
    at=utc_text(NOW),
    until=utc_text(NOW + timedelta(days=3)),
    made_at=utc_text(NOW),
    by="Ольга",
    started_at=utc_text(NOW),
)


@pytest.fixture
def hub(postgres_store: PostgresStore) -> Iterator[Hub]:
    yield Hub(postgres_store, now=lambda: NOW, programmes=build_programmes())


def test_each_member_is_written_to_and_sent_to_once(hub: Hub) -> None:
    names = [f"m{n:02}" for n in range(MEMBERS)]
    rows = Rows(
        new_members=[MemberRow(name, "alenka", registered=True) for name in names],
        profiles=[ProfileRow(name, f"+791600000{n:02}", None, ()) for n, name in enumerate(names)],
        new_consents=[ConsentRow(name, "mailing_sms", NOW, "", "site", None) for name in names],
        mailings=[mailing_row(MAILING)],
    )
    hub.within(lambda writer: writer.write(rows))
    turn = Turn(hub=hub, since=None, until=NOW, page=4)
    sender = Sent()
    with ThreadPoolExecutor(2) as pool:
        written = sum(pool.map(lambda _: sum(make(turn)), range(2)))
        while sum(pool.map(lambda _: LetterPosting(hub, sender).step(), range(2))):
            pass
    with hub.store.reading() as reader:
        letters = list(reader.all_letters())
    assert written == MEMBERS == len(letters) and {row.state for row in letters} == {"sent"}
    assert sorted(sender.to) == sorted(set(sender.to)) and len(sender.to) == MEMBERS
