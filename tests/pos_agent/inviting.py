"""A hub over HTTP that invites tills, and the settings of a till that wants to join."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from config.settings import Settings, load_settings
from hub.build import build_hub, build_programmes
from hub.cli import cli
from hub.face.tills import hub_app
from hub.tills.joining import invite
from hub.tills.till import Till
from offline_cache.cache import Cache
from pos_agent.identity import own_in, speaker_of
from sync.client import HubClient
from sync.identity import OwnFile
from sync.joining import secret_of
from sync.protocol import PushRequest
from tests.one_port import Server

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
CODE, TYPED = "K7QX2MPD", "k7qx-2mpd"


class Chain:
    """A hub, and a till that wants to join."""

    def __init__(self, folder: Path, server: Server) -> None:
        self.folder = folder
        self.server = server
        self.url = server.url
        self.now = NOW
        self.hub = build_hub(folder / "hub.db", build_programmes(), serving=True, now=lambda: self.now)
        server.app = hub_app(self.hub)

    def settings(self, till: str = "till-1", url: str | None = None) -> Settings:
        path = self.folder / f"{till}.toml"
        path.write_text(
            f'till = "{till}"\nprogramme = "alenka"\ndata = "{till}"\nlanguage = "en"\n'
            f'[hub]\nurl = "{url or self.url}"\n',
            encoding="utf-8",
        )
        return load_settings(path)

    def invite(self, till: str = "till-1", code: str = CODE, **how: Any) -> None:
        secret = secret_of(code, till)
        self.hub.within(lambda writer: invite(writer, till, secret, self.now, store="s1", by="Olga", **how))

    def till(self, name: str = "till-1") -> Till:
        found = self.hub.tills.find(name)
        assert found is not None
        return found

    def push(self, settings: Settings) -> None:
        """As this till, whatever it has now."""
        cache = Cache(settings.kept_in / "till.db", settings.till)
        file = OwnFile(cache.file_id, cache.generation)
        cache.close()
        speaker = speaker_of(own_in(settings), lambda: file)()
        client = HubClient(self.url, speaker)
        try:
            client.push(PushRequest(till=settings.till, operations=()))
        finally:
            client.close()


def run(chain: Chain, *words: str) -> Any:
    return CliRunner().invoke(cli, ["till", *words, "--db", str(chain.folder / "hub.db")])


def carried(chain: Chain, *tills: str) -> Path:
    file, folder = chain.folder / "tills.csv", chain.folder / "usb"
    file.write_text("till,store\n" + "".join(f"{till},s1\n" for till in tills), encoding="utf-8")
    done = run(chain, "add", "--csv", str(file), "--to", str(folder), "--url", chain.url, "--by", "Olga")
    assert done.exit_code == 0, done.output
    chain.now = datetime.now(UTC)  # the command has a clock of its own
    return folder
