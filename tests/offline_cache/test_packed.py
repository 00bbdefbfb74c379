"""Texts and documents as they stand in the file: what is unpacked is what was packed, to the byte, for ever."""

from __future__ import annotations

import hashlib
import random

import pytest

from offline_cache import packed
from offline_cache.packed import BadPacked, pack, pack_text, unpack, unpack_text

DICTIONARIES = {1: "9dc7a8bab89358e5be7158cfa391f1cc014aa938fa5430e055150869b1911983"}


def test_what_is_unpacked_is_what_was_packed() -> None:
    seed = random.randrange(2**32)
    print("seed", seed)
    chance = random.Random(seed)
    for size in (0, 1, 9_000, 70_000):
        said = chance.randbytes(size)
        assert unpack(pack(said)) == said
    assert unpack_text(pack_text("Молоко 3,2% \x00 \U0001f95b")) == "Молоко 3,2% \x00 \U0001f95b"


def test_what_was_stored_before_stands_as_it_was() -> None:
    assert unpack(b'{"blocks":[]}') == b'{"blocks":[]}' and unpack_text("{}") == "{}"


@pytest.mark.parametrize("damage", [lambda kept: kept[:-1], lambda kept: kept + b"x", lambda kept: b"\x63" + kept[1:]])
def test_what_is_damaged_is_no_text(damage: object) -> None:
    assert callable(damage)
    kept = damage(pack_text("text of an operation " * 9))
    with pytest.raises(BadPacked):
        unpack(kept)
    assert unpack_text(kept) == ""
    assert unpack_text(b"") == ""


@pytest.mark.parametrize(("number", "digest"), DICTIONARIES.items())
def test_a_dictionary_is_never_edited_once_it_ships(number: int, digest: str) -> None:
    """What was packed with it could not be read any more."""
    assert hashlib.sha256(packed._dictionary(number)).hexdigest() == digest
    assert max(DICTIONARIES) == packed.DICTIONARY
