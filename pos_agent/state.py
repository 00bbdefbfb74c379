"""The till's whole state, for a page that shows all of it."""

from __future__ import annotations

from pos_agent.agent import Agent
from pos_agent.status import Asked, ShownDone, State, Status


def state_now(agent: Agent, status: Status, done: ShownDone | None) -> State:
    """`visit` and `handled` are of one moment; what `status` says may be a moment older."""
    look = agent.view()
    question = Asked(paper=status.asked, text=status.question) if status.asked and status.question else None
    return State(
        handled=look.handled,
        visit=look.visit,
        status=status,
        reply=agent.last_reply,
        question=question,
        done=done,
        guest_types=agent.is_guest_typing(),
    )
