"""Messages go out one by one: each is taken in a transaction before it is sent, and what came of it is written after.

A message that was taken and of which nobody says what became of it is failed, and not sent anew: whoever waits for a
code asks for another.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

import msgspec

from hub.codes.secrets import Sealed
from hub.hub import Hub
from hub.sender.both import Both
from hub.sender.file_sender import FileSender
from hub.sender.message import Kept, Message, State, kept_of, opened, with_kept
from hub.sender.sender import MAILS, SENDER, NotSent, Sender
from hub.store.errors import LedgerReplaced, StoreOff
from hub.store.office_records import MessageRow
from hub.store.rows import Rows
from hub.store.seam import Writer
from loyalty.utc import utc_text

TRIES_MAX: Final = 4
PAUSE: Final = timedelta(seconds=2)  # and twice as long before each next try
TAKEN_FOR: Final = timedelta(minutes=2)  # then whoever took it is dead
AT_ONCE: Final = 20
LOOK_S: Final = 1.0  # another process (the office) may have written one

log = logging.getLogger(__name__)


class Posting:
    def __init__(self, hub: Hub, sender: Sender) -> None:
        self._hub = hub
        self._sender = sender

    def step(self) -> int:
        """Send what is due; how many were tried. Raises StoreOff."""
        return sum(self._post(id) for id in self._due())

    def _due(self) -> list[str]:
        now = self._hub.now()
        with self._hub.store.reading() as reader:
            waiting = reader.messages_in("waiting", AT_ONCE)
            stuck = reader.messages_in("sending", AT_ONCE)
        due = [row.id for row in waiting if kept_of(row).is_due(now)]
        return [*due, *(row.id for row in stuck if kept_of(row).is_due(now))]

    def _post(self, id: str) -> bool:
        row = self._hub.within(lambda writer: self._taken(writer, id))
        if row is None:
            return False
        kept, now = kept_of(row), self._hub.now()
        try:
            self._give(id, opened(self._hub.codes, row), now)
        except NotSent as error:
            log.info("message %s: %s", id, error)
            row = _failed(row, kept, str(error), now) if not error.again else _again(row, kept, str(error), now)
        except Sealed:
            row = _over(row, kept, "failed", now, "the hub's keys are others than when it was written")
        else:
            row = _over(row, kept, "sent", now)
        self._hub.within(lambda writer: self._kept(writer, row))
        return True

    def _give(self, id: str, message: Message, now: datetime) -> None:
        """Raises NotSent."""
        if "@" in message.to and not self._sender.mails:
            raise NotSent("letters go out no more: pos-hub serve --mail URL", again=False)
        self._sender.send(id, message, now)

    def _kept(self, writer: Writer, row: MessageRow) -> None:
        """But of somebody who was erased meanwhile."""
        if row.id in writer.locked_messages([row.id]):
            writer.write(Rows(messages=[row]))

    def _taken(self, writer: Writer, id: str) -> MessageRow | None:
        row, now = writer.locked_messages([id]).get(id), self._hub.now()
        if row is None or row.state not in ("waiting", "sending") or not kept_of(row).is_due(now):
            return None
        kept = kept_of(row)
        if row.state == "sending":
            writer.write(
                Rows(messages=[_failed(row, kept, "the hub stopped while it sent: it may have gone out", now)])
            )
            return None
        if kept.ends <= now:
            writer.write(Rows(messages=[_failed(row, kept, kept.why or "its time was over", now)]))
            return None
        until = utc_text(now + TAKEN_FOR)
        taken = with_kept(row, msgspec.structs.replace(kept, tries=kept.tries + 1, next_at=until), "sending")
        writer.write(Rows(messages=[taken]))
        return taken


def _over(row: MessageRow, kept: Kept, state: State, now: datetime, why: str = "") -> MessageRow:
    return with_kept(row, msgspec.structs.replace(kept, sealed="", next_at="", over_at=utc_text(now), why=why), state)


def _failed(row: MessageRow, kept: Kept, why: str, now: datetime) -> MessageRow:
    return _over(row, kept, "failed", now, why)


def _again(row: MessageRow, kept: Kept, why: str, now: datetime) -> MessageRow:
    kept = kept_of(row)
    if kept.tries >= TRIES_MAX:
        return _failed(row, kept, why, now)
    next_at = now + PAUSE * 2 ** (kept.tries - 1)
    return with_kept(row, msgspec.structs.replace(kept, next_at=utc_text(next_at), why=why), "waiting")


Step = Callable[[], int]  # sends what is due; how many were tried


@contextmanager
def sending(hub: Hub, sender: Sender | None, more: Callable[[Hub, Sender], Step] | None = None) -> Iterator[None]:
    """Messages go out meanwhile, also those of another process; without a sender nothing is taken to be sent.
    `more`: what goes out behind them, as long as it takes. Raises StoreOff."""
    name, mails = (sender.kind, sender.mails) if sender is not None else ("", False)
    hub.within(lambda writer: _note(writer, name, mails))
    if sender is None:
        yield
        return
    phones = sender.phones if isinstance(sender, Both) else sender
    hub.outbox = phones.path if isinstance(phones, FileSender) else None
    stopped = threading.Event()
    behind = more(hub, sender) if more is not None else _nothing
    work = (hub, Posting(hub, sender), behind, stopped)
    thread = threading.Thread(target=_run, args=work, name="sender", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        hub.bell.set()
        thread.join()


def _note(writer: Writer, name: str, mails: bool) -> None:
    settings = {SENDER: name, MAILS: "yes" if mails else ""}
    changed = {key: text for key, text in settings.items() if (writer.setting(key) or "") != text}
    if changed:
        writer.write(Rows(settings=changed))


def _nothing() -> int:
    return 0


def _run(hub: Hub, posting: Posting, behind: Step, stopped: threading.Event) -> None:
    while True:
        is_last = stopped.is_set()  # what was there by then is sent
        hub.bell.clear()
        did = 0
        try:
            posting.step()
            did = 0 if is_last else behind()
        except LedgerReplaced:  # the server notices too, and says so once
            return
        except StoreOff:  # whoever asks is told
            pass
        except Exception:  # our own mistake costs this message, and the next ones still go out
            log.exception("sender")
        if is_last:
            return
        if not did:
            hub.bell.wait(LOOK_S)
