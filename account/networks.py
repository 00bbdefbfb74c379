"""In by a social network's word (A9, A11): a client of OpenID Connect, and of OAuth 2 with a page that says who it is.

Strict: PKCE, a state that is bound to the browser's session and used once, a nonce, a redirect address that stands in
the settings; of an id token the signature, who made it, for whom, until when. What a network says of a phone or a mail
address is nobody's proof here, and is not even read: who he is among our members he shows once, by a code.

By the law (406-ФЗ) people in Russia may be signed in by Russian systems only: VK ID, Yandex ID, T-ID.
"""

from __future__ import annotations

import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from account.network import Begun, Known, Network, NetworkRefused, NetworkSilent, is_safe

CONNECT_S: Final = 2.0
READ_S: Final = 5.0
ANSWER_BYTES_MAX: Final = 256 * 1024
KNOWN_S: Final = 3_600.0  # so old may be what a network says of its addresses and keys
ASKED_EVERY_S: Final = 60.0  # for a key that is not known
AT_ONCE: Final = 4  # of the account's threads: a network that hangs holds no more of them
LEEWAY_S: Final = 60  # between two clocks
TOKEN_S_MAX: Final = 600  # so old may an id token be that has just been asked for
ALGORITHMS: Final = ["RS256", "PS256", "ES256", "RS384", "ES384", "RS512", "ES512", "Ed25519", "EdDSA"]
SUBJECT_LETTERS_MAX: Final = 255
NAME_LETTERS_MAX: Final = 80


class Networks:
    """`url`: of the account, as browsers call it; `now_s`: the time, as tokens count it."""

    def __init__(self, url: str, networks: tuple[Network, ...], now_s: Callable[[], float] = time.time) -> None:
        self.all: Final = networks
        self._url = url.rstrip("/")
        self._now_s = now_s
        self._free = threading.BoundedSemaphore(AT_ONCE)
        self._read: dict[str, tuple[float, Any]] = {}

    def called(self, id: str) -> Network | None:
        return next((one for one in self.all if one.id == id), None)

    def begin(self, network: Network) -> Begun:
        """Raises NetworkSilent."""
        with self._spoken(network):
            session = self._session(network)
            nonce, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
            more = {"nonce": nonce} if network.issuer else {}
            url, state = session.create_authorization_url(
                self._address(network, "authorize_url", "authorization_endpoint"),
                state=secrets.token_urlsafe(24),
                code_verifier=verifier,
                **more,
            )
        return Begun(network=network.id, state=state, nonce=nonce, verifier=verifier, url=url)

    def back(self, network: Network, begun: Begun, told: Mapping[str, str]) -> Known:
        """Who he is. `told`: what stands in the address with which he came back. Raises NetworkSilent,
        NetworkRefused."""
        if begun.network != network.id or not hmac.compare_digest(begun.state, told.get("state", "")):
            raise NetworkRefused("the state is of no way that this browser has begun")
        if network.issuer and told.get("iss", network.issuer) != network.issuer:
            raise NetworkRefused("it comes from another network")
        if "code" not in told:
            raise NetworkRefused(f"no code came, but {told.get('error', 'nothing')!r:.80}")
        with self._spoken(network):
            token = self._token(network, begun, told)
            who = self._claims(network, begun, token) if network.issuer else self._userinfo(network, token)
        return Known(network.id, _subject(network, who), _name(network, who))

    # what it is asked

    def _session(self, network: Network) -> Any:
        return OAuth2Session(
            network.client_id,
            network.client_secret or None,
            token_endpoint_auth_method=network.login,
            scope=network.scope,
            redirect_uri=f"{self._url}/sign-in/with/{network.id}/back",
            code_challenge_method="S256",
        )

    def _token(self, network: Network, begun: Begun, told: Mapping[str, str]) -> Mapping[str, Any]:
        session = self._session(network)
        echoed = {name: told[name] for name in network.echoed if name in told}
        token: Mapping[str, Any] = session.fetch_token(
            self._address(network, "token_url", "token_endpoint"),
            grant_type="authorization_code",
            code=told["code"],
            code_verifier=begun.verifier,
            timeout=(CONNECT_S, READ_S),
            allow_redirects=False,
            **echoed,
        )
        return token

    def _claims(self, network: Network, begun: Begun, token: Mapping[str, Any]) -> Mapping[str, Any]:
        """Of an id token that is the network's, for us, of this way and of now."""
        text = token.get("id_token")
        if not isinstance(text, str):
            raise NetworkRefused("no id token came")
        claims: dict[str, Any] = self._signed(network, text)
        now_s = int(self._now_s())
        registry = jwt.JWTClaimsRegistry(
            now=now_s,
            leeway=LEEWAY_S,
            iss={"essential": True, "value": network.issuer},
            aud={"essential": True, "value": network.client_id},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": begun.nonce},
            sub={"essential": True},
        )
        registry.validate(claims)
        if claims.get("azp", network.client_id) != network.client_id or _is_for_others(claims):
            raise NetworkRefused("the id token is for somebody else too")
        if claims["iat"] < now_s - TOKEN_S_MAX:
            raise NetworkRefused("the id token is an old one")
        return claims

    def _signed(self, network: Network, text: str) -> dict[str, Any]:
        address = self._address(network, "", "jwks_uri")
        try:
            return _decoded(text, self._json(address))
        except (JoseError, ValueError):
            read_s, _ = self._read[address]
            if self._now_s() - read_s < ASKED_EVERY_S:
                raise
        del self._read[address]  # it may have a new key
        return _decoded(text, self._json(address))

    def _userinfo(self, network: Network, token: Mapping[str, Any]) -> Mapping[str, Any]:
        access = str(token.get("access_token", ""))
        if network.userinfo_by == "form":
            form = {"access_token": access, "client_id": network.client_id}
            return _asked("POST", network.userinfo_url, data=form)
        return _asked("GET", network.userinfo_url, headers={"Authorization": f"{network.userinfo_by} {access}"})

    def _address(self, network: Network, setting: str, found: str) -> str:
        """As the settings say, else as the network says itself."""
        said: str = getattr(network, setting) if setting else ""
        address = said or str(self._json(f"{network.issuer}/.well-known/openid-configuration").get(found, ""))
        if not is_safe(address):
            raise NetworkSilent(f"{network.id} names no {found} that is https")
        return address

    def _json(self, address: str) -> Mapping[str, Any]:
        read_s, known = self._read.get(address, (0.0, None))
        if known is None or self._now_s() - read_s > KNOWN_S:
            known = _asked("GET", address)
            self._read[address] = (self._now_s(), known)
        return known  # type: ignore[no-any-return]

    @contextmanager
    def _spoken(self, network: Network) -> Iterator[None]:
        """Whatever goes wrong on the way is one of two: it is silent, or what it says is refused."""
        if not self._free.acquire(timeout=CONNECT_S):
            raise NetworkSilent("too many are waiting for networks")
        try:
            yield
        except (AuthlibBaseError, JoseError) as error:
            raise NetworkRefused(f"{network.id}: {error}") from error
        except (requests.RequestException, OSError, ValueError, KeyError, TypeError) as error:
            raise NetworkSilent(f"{network.id}: {error}") from error
        finally:
            self._free.release()


NO_NETWORKS: Final = Networks("", ())


def _decoded(text: str, keys: Mapping[str, Any]) -> dict[str, Any]:
    return dict(jwt.decode(text, KeySet.import_key_set(keys), algorithms=ALGORITHMS).claims)  # type: ignore[arg-type]


def _is_for_others(claims: Mapping[str, Any]) -> bool:
    """Whoever else it is for could have it from there."""
    return isinstance(claims["aud"], list) and len(claims["aud"]) > 1


def _asked(method: str, address: str, **how: Any) -> Mapping[str, Any]:
    with requests.request(
        method, address, timeout=(CONNECT_S, READ_S), allow_redirects=False, stream=True, **how
    ) as answer:
        body = answer.raw.read(ANSWER_BYTES_MAX + 1, decode_content=True)
        if answer.status_code != 200 or len(body) > ANSWER_BYTES_MAX:
            raise NetworkSilent(f"{address} answers {answer.status_code} with {len(body)} bytes")
    told = json.loads(body)
    if not isinstance(told, dict):
        raise NetworkSilent(f"{address} answers no object")
    return told


def _subject(network: Network, who: Mapping[str, Any]) -> str:
    subject = _at(who, network.subject)
    if not 0 < len(subject) <= SUBJECT_LETTERS_MAX:
        raise NetworkRefused(f"{network.id} does not say who he is")
    return subject


def _name(network: Network, who: Mapping[str, Any]) -> str:
    name = " ".join(_at(who, network.name).split())[:NAME_LETTERS_MAX]
    return name if name.isprintable() else ""


def _at(who: Any, path: str) -> str:
    """`user.user_id`: what stands there, as a text."""
    for step in path.split("."):
        who = who.get(step) if isinstance(who, dict) else None
    return str(who) if isinstance(who, str | int) and not isinstance(who, bool) else ""
