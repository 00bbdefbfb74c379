"""Pictures that browsers send: each is drawn anew or refused in words, and nothing that came with it is left."""

from __future__ import annotations

import io
import os
import select
import socket
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from PIL import Image

from account import picture_worker
from account.pictures import BYTES_MAX, NoPicture, redrawn
from account.words import SHARED
from loyalty.jpegs import NoJpeg, check_jpeg
from tests.account import photos
from tests.account.conftest import Account

SCRIPT: Final = b"<script>alert(document.domain)</script>"


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("evil.html", SCRIPT)
    return out.getvalue()


DRAWN: Final[dict[str, Any]] = {  # what came, and the size that it has then
    "photo": (photos.photo(3_000, 2_250), (2_000, 1_500)),
    "upright": (photos.with_exif(400, 300), (300, 400)),
    "png": (photos.photo(40, 30, "PNG"), (40, 30)),
    "webp": (photos.photo(40, 30, "WEBP"), (40, 30)),
    "heic": (photos.heic(400, 300), (400, 300)),
    "animated": (photos.animated(), (60, 40)),
    "cmyk": (photos.saved(Image.new("CMYK", (40, 30), (0, 255, 255, 0)), "JPEG"), (40, 30)),
    "16 bits": (photos.saved(Image.new("I;16", (40, 30), 40_000), "PNG"), (40, 30)),
    "seen through": (photos.saved(Image.new("RGBA", (40, 30), (255, 0, 0, 128)), "PNG"), (40, 30)),
    "gif and html": (photos.animated() + SCRIPT, (60, 40)),
    "jpeg and zip": (photos.photo(40, 30) + _zip(), (40, 30)),
    "comment": (photos.photo(40, 30, comment=SCRIPT), (40, 30)),
    "noise": (
        photos.saved(Image.frombytes("RGB", (1_000, 1_500), os.urandom(4_500_000)), "PNG"),
        (800, 1_200),
    ),
}
REFUSED: Final[dict[str, tuple[bytes, str]]] = {
    "nothing": (b"", "no_picture_kind"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "no_picture_kind"),
    "html": (b"<!doctype html>" + SCRIPT, "no_picture_kind"),
    "pdf": (b"%PDF-1.7\n1 0 obj<<>>endobj", "no_picture_kind"),
    "zip": (_zip(), "no_picture_kind"),
    "eps": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "no_picture_kind"),
    "tiff": (photos.photo(40, 30, "TIFF"), "no_picture_kind"),
    "cut off": (photos.photo()[:3_000], "no_picture_broken"),
    "heic cut off": (photos.heic()[:-200], "no_picture_broken"),
    "no png": (b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "no_picture_broken"),
    "bomb": (photos.png_bomb(30_000, 30_000), "no_picture_large"),
}


TIMES = 5


@pytest.mark.parametrize("name", DRAWN)
def test_p34_a_picture_is_drawn_anew_and_carries_nothing(name: str) -> None:
    data, size = DRAWN[name]
    drawn = picture_worker.redrawn(data)
    assert check_jpeg(drawn) == size
    picture = photos.seen(drawn)
    assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", size)
    assert not dict(picture.getexif()) and not {"exif", "comment", "icc_profile"} & picture.info.keys()
    for secret in (b"script", b"PK\3\4", b"Anna", b"GPS", b"Exif"):
        assert secret not in drawn, secret


def test_a_photo_is_the_right_way_up() -> None:
    picture = photos.seen(redrawn(photos.with_exif(400, 300)))
    red, blue = (picture.getpixel((150, y)) for y in (30, 370))
    assert isinstance(red, tuple) and isinstance(blue, tuple)
    assert red[0] > 200 > 60 > red[2] and blue[2] > 200 > 60 > blue[0]


def test_a_deep_grey_is_no_white_and_what_is_seen_through_lies_on_white() -> None:
    grey = photos.seen(picture_worker.redrawn(DRAWN["16 bits"][0])).getpixel((5, 5))
    assert isinstance(grey, tuple) and 150 <= grey[0] <= 162
    pink = photos.seen(picture_worker.redrawn(DRAWN["seen through"][0])).getpixel((5, 5))
    assert isinstance(pink, tuple) and pink[0] > 245 and 110 < pink[1] < 145


@pytest.mark.parametrize("name", REFUSED)
def test_p34_what_is_no_picture_or_too_much_is_refused_in_words(name: str) -> None:
    """Each by the worker's own word; that it comes out of its process is below."""
    data, word = REFUSED[name]
    try:
        picture_worker.redrawn(data)
        why = ""
    except picture_worker.No as no:
        why = no.why
    except Exception:
        why = "broken"
    assert f"no_picture_{why}" == word and word in SHARED


@pytest.mark.parametrize("name", ["pdf", "cut off", "bomb"])
def test_a_refusal_comes_out_of_the_process(name: str) -> None:
    data, word = REFUSED[name]
    with pytest.raises(NoPicture) as refused:
        redrawn(data)
    assert refused.value.word == word


def test_more_than_a_request_may_have_is_not_looked_at() -> None:
    with pytest.raises(NoPicture) as refused:
        redrawn(b"\xff\xd8\xff" + b"\0" * BYTES_MAX)
    assert refused.value.word == "no_picture_large"


@pytest.mark.parametrize(
    "villain",
    ["bytearray(4_000_000_000)", "[1 for _ in iter(int, 1) if _]", "open('{folder}/x', 'wb', 0).write(b'x')"],
    ids=["memory", "for ever", "a file"],
)
def test_a_decoder_that_is_taken_over_has_little(villain: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory, time and files: what the worker sets itself before it looks at anything."""
    source = picture_worker.__file__.replace(".pyc", ".py")
    text = Path(source).read_text(encoding="utf-8").replace("CPU_S: Final = 10", "CPU_S: Final = 1")
    taken = text.replace(
        "drawn = redrawn(sys.stdin.buffer.read())", f"{villain}; drawn = redrawn(sys.stdin.buffer.read())"
    )
    assert taken != text
    taken = taken.replace("{folder}", str(tmp_path))
    monkeypatch.setattr("account.pictures.WORKER", tmp_path / "worker.py")
    (tmp_path / "worker.py").write_text(taken, encoding="utf-8")
    with pytest.raises(NoPicture):
        redrawn(photos.photo(40, 30))


def test_a_jpeg_that_the_hub_keeps_has_nothing_that_a_picture_does_not_need() -> None:
    drawn = redrawn(photos.photo(40, 30))
    cases = {
        "behind": drawn + _zip(),
        "cut off": drawn[:-2],
        "exif": photos.with_exif(40, 30),
        "comment": photos.photo(40, 30, comment=SCRIPT),
        "two": drawn + drawn,
        "png": photos.photo(40, 30, "PNG"),
        "wide": photos.photo(2_001, 10),
        "nothing": b"",
        "length": drawn[:4] + b"\0\0" + drawn[6:],
    }
    for name, data in cases.items():
        with pytest.raises(NoJpeg):
            check_jpeg(data)
            pytest.fail(name)


@pytest.mark.parametrize("says", ["Content-Length: 50000000", "Transfer-Encoding: chunked"])
def test_50_mb_are_refused_in_words_before_they_are_read(account: Account, says: str) -> None:
    """Whether they say how many they are or not: so much is never taken in."""
    account.office.join("anna")
    at = urlsplit(account.url)
    head = (
        f"POST /help/tickets/new HTTP/1.1\r\nHost: {at.netloc}\r\nOrigin: {account.url}\r\n"
        f"Cookie: account={account.cookie_of('anna')}\r\nContent-Type: multipart/form-data; boundary=b\r\n"
        f"{says}\r\n\r\n"
    )
    answer, sent = "", 0
    for _ in range(TIMES):  # what was sent and is not read any more may cut the answer off on its way here
        with (
            socket.create_connection((at.hostname or "", at.port or 0), timeout=10) as line,
            suppress(ConnectionResetError, BrokenPipeError),
        ):
            line.sendall(head.encode())
            sent = _pour(line) if "chunked" in says else 0
            answer = _heard(line, "</html>")
        if answer:
            break
    assert answer.startswith("HTTP/1.1 413 ") and "Фотография слишком велика" in answer
    assert sent < 20_000_000


def _heard(line: socket.socket, until: str) -> str:
    heard = b""
    while until.encode() not in heard and (piece := line.recv(65_536)):
        heard += piece
    return heard.decode("utf-8", "replace")


def _pour(line: socket.socket) -> int:
    """Until the other side has answered; how much that was."""
    piece = b'--b\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n' + b"x" * 1_000_000
    sent = 0
    while sent < 50_000_000 and not select.select([line], [], [], 0)[0]:
        line.sendall(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        sent += len(piece)
        piece = b"x" * 1_000_000
    return sent
