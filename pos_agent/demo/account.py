"""A member's browser in the demo: the account's own pages, by hand."""

from __future__ import annotations

import html
import json
import re
import time
from pathlib import Path

import requests

from pos_agent.demo.office import StoryFailed

ANSWER_S = 20.0
LOOK_S = 0.05
_NEEDED = re.compile(r'name="agree" value="(\w+)"[^>]* required')
_RULES = re.compile(r'name="rules" value="(\w+)"')
_TOLD = re.compile(r'<p class="(done|refused)">(.*?)</p>', re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


class Browser:
    """`url`: of the account; `outbox`: where the messages are that its hub sends."""

    def __init__(self, url: str, outbox: Path, language: str) -> None:
        self._url = url
        self._outbox = outbox
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers.update({"Accept-Language": language, "Origin": url})

    def register(self, card: str, name: str, phone: str, birthday: str) -> str:
        """With a card in the hand (A5): its number, who he is, what he agrees to, the code. What the account says then.
        Raises StoryFailed."""
        self._post("/register/card", card=card)
        form = self.page("/register")
        (rules,), needed = _RULES.findall(form), _NEEDED.findall(form)
        sent = len(self._sent())
        self._post("/register", name=name, phone=phone, birthday=birthday, rules=rules, agree=needed)
        return self._post("/sign-in/code", code=self._code(sent))

    def page(self, path: str) -> str:
        answer = self._session.get(self._url + path, timeout=ANSWER_S)
        if not answer.ok:
            raise StoryFailed(f"the account answered {answer.status_code} to {path}")
        return answer.text

    def _post(self, path: str, **typed: str | list[str]) -> str:
        answer = self._session.post(self._url + path, data=typed, timeout=ANSWER_S)
        kind, words = next(iter(_TOLD.findall(answer.text)), ("", ""))
        told = " ".join(html.unescape(_TAG.sub("", words)).split())
        if not answer.ok or kind == "refused":
            raise StoryFailed(f"the account answered {answer.status_code} to {path}: {told}")
        return told

    def _code(self, sent: int) -> str:
        """The newest, once more than so many have gone out. Raises StoryFailed."""
        until = time.monotonic() + ANSWER_S
        while len(lines := self._sent()) <= sent:
            if time.monotonic() > until:
                raise StoryFailed(f"no code came within {ANSWER_S:.0f} s")
            time.sleep(LOOK_S)
        return str(json.loads(lines[-1])["code"])

    def _sent(self) -> list[str]:
        """A file that is there once something has gone out; its last line may be half written."""
        try:
            return self._outbox.read_text(encoding="utf-8").split("\n")[:-1]
        except FileNotFoundError:
            return []
