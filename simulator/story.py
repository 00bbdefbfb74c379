"""What people do at a till, one visit at a time: a story says a command, hears the answer, and goes on.

Whoever tells it is a cashier or a POS, who says a command again, under the same key, until it is answered. A story
never sees that a till died meanwhile.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

from loyalty.staff import Role
from pos_agent.answers import Reply
from pos_agent.protocol import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """`after_s`: so long the person takes before."""

    command: Command
    after_s: float = 3.0
    pos: str = ""
    role: Role | None = None


Story = Generator[Say, Reply, None]
