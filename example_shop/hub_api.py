"""The hub, as an online shop's server asks it: HTTP and JSON, and nothing else (`/shop/v1`, docs/club.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import requests

CONNECT_S: Final = 2.0
READ_S: Final = 10.0
PREFIX: Final = "/shop/v1"
SILENT: Final = (429, 500, 502, 503, 504)

Told = dict[str, Any]


class HubSilent(Exception):
    """No answer: what was asked may or may not have been done. The same key asks again."""


class HubSaysNo(Exception):
    """Why it was not done: `code` for this program, `text` for people (Russian, English), `lines` those that are
    why."""

    def __init__(self, problem: Mapping[str, Any]) -> None:
        super().__init__(f"{problem.get('code')}: {problem.get('detail', '')}")
        self.code = str(problem.get("code", ""))
        self.text = tuple(problem.get("text") or ("", ""))
        self.lines: list[Told] = list(problem.get("lines") or [])


class HubApi:
    """`key`: of the shop, as `pos-hub shop key` showed it: `ps1.NAME.SECRET`."""

    def __init__(self, url: str, key: str) -> None:
        self._url = url.rstrip("/") + PREFIX
        self._http = requests.Session()
        self._http.trust_env = False
        self._http.headers["Authorization"] = f"Bearer {key}"
        self.name = key.split(".")[1] if key.count(".") == 2 else ""

    def look(self, path: str, member: str = "", **query: Any) -> Told:
        """Raises HubSilent, HubSaysNo."""
        return self._asked("GET", path, member, params={name: text for name, text in query.items() if text})

    def do(self, path: str, body: Told, key: str, member: str = "") -> Told:
        """The same `key` again is the same order. Raises HubSilent, HubSaysNo."""
        return self._asked("POST", path, member, json=body, headers={"Idempotency-Key": key})

    def _asked(self, method: str, path: str, member: str, **how: Any) -> Told:
        headers = how.pop("headers", {}) | ({"Member-Token": member} if member else {})
        try:
            answer = self._http.request(
                method, self._url + path, headers=headers, timeout=(CONNECT_S, READ_S), allow_redirects=False, **how
            )
            told: Told = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise HubSilent(str(error)) from error
        if answer.status_code == 200:
            return told
        if answer.status_code in SILENT or not isinstance(told, dict):
            raise HubSilent(f"{path}: {answer.status_code}")
        raise HubSaysNo(told)
