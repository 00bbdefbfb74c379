"""The same request under the same key: known by what it says."""

from __future__ import annotations

import hashlib

import msgspec

from hub.shop.call import ShopAsked

_encoder = msgspec.json.Encoder(order="deterministic")


def digest_of(asked: ShopAsked, what: str, body: msgspec.Struct) -> str:
    """Of whoever asks, what, and with which words."""
    said = b"\n".join((asked.shop.name.encode(), asked.member.encode(), what.encode(), _encoder.encode(body)))
    return hashlib.sha256(said).hexdigest()[:32]
