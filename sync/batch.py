"""What of the outbox goes in one request, and the hub's answers held against it."""

from __future__ import annotations

from loyalty.operation import Key, hash_operation
from offline_cache.records import Answer
from sync.hub_port import HubUnclear
from sync.protocol import BODY_BYTES_WANTED, PushReply


def batch(waiting: list[tuple[Key, str]]) -> list[tuple[Key, str]]:
    """The oldest operations that fit into a request; always one, however long it is."""
    size = 0
    for count, (_, text) in enumerate(waiting):
        size += len(text.encode()) + text.count('"') + text.count("\\")  # as JSON writes it, near enough
        if count and size > BODY_BYTES_WANTED:
            return waiting[:count]
    return waiting


def answers_of(reply: PushReply, waiting: list[tuple[Key, str]]) -> list[Answer]:
    """One for each operation that was sent, or for those before the one that stopped the batch."""
    answers = [
        Answer(key=Key(a.generation, a.sequence), hash=a.hash, result=a.result, reason=a.reason) for a in reply.answers
    ]
    sent = [(key, hash_operation(text)) for key, text in waiting]
    answered = len(sent) if reply.stopped is None else min(len(answers), len(sent) - 1)
    if [(a.key, a.hash) for a in answers] != sent[:answered]:
        raise HubUnclear("The hub's answers do not match what was sent.")
    return answers
