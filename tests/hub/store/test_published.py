"""What is published, in either database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from config.programmes import load_source, read_source
from hub.build import build_programmes
from hub.hub import Hub
from hub.publishing import NotPublished, publish, withdraw
from hub.store.errors import Clash
from hub.store.office_records import PublishedKey, PublishedRow
from hub.store.rows import Rows
from hub.store.seam import Store
from loyalty.programme import Programme
from tests.hub.store.rows import NOW

HOUR = timedelta(hours=1)


def row(programme: str, hours: int, version: str = "v") -> PublishedRow:
    return PublishedRow(programme, NOW + hours * HOUR, version, version * 64, NOW)


def test_each_stands_in_the_order_of_its_moment_and_one_is_withdrawn(store: Store) -> None:
    rows = [row("b", 1), row("a", 2), row("B", 0), row("a", -1)]
    with store.writing() as writer:
        writer.write(Rows(published=rows))
        assert writer.published() == [row("B", 0), row("a", -1), row("a", 2), row("b", 1)]
    with store.writing() as writer:
        writer.write(Rows(withdrawn=[row("a", 2).key, PublishedKey("a", NOW)], published=[row("a", 3)]))
    with store.reading() as reader:
        assert reader.published() == [row("B", 0), row("a", -1), row("a", 3), row("b", 1)]
        assert list(reader.all_published()) == reader.published()


def test_two_of_one_moment_are_a_clash(store: Store) -> None:
    with store.writing() as writer:
        writer.write(Rows(published=[row("a", 1)]))
    with pytest.raises(Clash), store.writing() as writer:
        writer.write(Rows(published=[row("a", 1, "w")]))
    with store.reading() as reader:
        assert reader.published() == [row("a", 1)]


def test_a_programme_is_published_known_and_withdrawn(store: Store) -> None:
    text = load_source("alenka").replace("2026-12-01", "spring")
    spring = read_source(text)
    hubs = [Hub(store, now=lambda: NOW, programmes=build_programmes(), read_programme=_read) for _ in range(2)]
    assert publish(hubs[0], spring, text, None).is_new and not publish(hubs[1], spring, text, None).is_new
    assert [hub.programmes["alenka"].version for hub in hubs] == ["spring", "spring"]
    other = text.replace("rate_bp = 200", "rate_bp = 100")
    with pytest.raises(NotPublished, match="other content"):
        publish(hubs[1], read_source(other), other, NOW + HOUR)
    later = text.replace("spring", "summer")
    publish(hubs[1], read_source(later), later, NOW + HOUR)
    assert [one.version for one in withdraw(hubs[0], "alenka", "summer")] == ["summer"]
    assert hubs[0].published_source(spring.content_hash) == text


def _read(source: str) -> Programme:
    return read_source(source, past=True)
