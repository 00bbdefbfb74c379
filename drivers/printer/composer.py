"""python-escpos, kept in its place: it composes QR codes, barcodes, pictures and the cut, and does nothing else.

Its import has side effects this module contains: it configures the root logger, leaves a temporary
directory behind, parses a database of 35 printers as YAML for a third of a second, and loads python-barcode to
draw what we let the printer draw. We need none of those printers (config/printers/ has ours), so it finds a
database of one, pickled as it would have left it itself; and it does without YAML and python-barcode.
"""

from __future__ import annotations

import logging
import os
import pickle
import platform
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

FILE_VARIABLE = "ESCPOS_CAPABILITIES_FILE"
PICKLE_VARIABLE = "ESCPOS_CAPABILITIES_PICKLE_DIR"
PICKLE_NAME = f"{platform.python_version()}.capabilities.pickle"
FEATURES = ("barcodeA", "barcodeB", "bitImageColumn", "bitImageRaster", "graphics", "paperFullCut", "paperPartCut")
# The whole printer database that python-escpos gets from us: one printer that can do what the composer asks for.
DATABASE: dict[str, Any] = {
    "profiles": {
        "default": {
            "name": "Default",
            "notes": "",
            "vendor": "Generic",
            "codePages": {0: "CP437"},
            "colors": {0: "black"},
            "features": dict.fromkeys((*FEATURES, "qrCode"), True),
            "fonts": {0: {"name": "Font A", "columns": 42}},
            "media": {"dpi": "Unknown", "width": {"mm": "Unknown", "pixels": "Unknown"}},
        }
    },
    "encodings": {"CP437": {"name": "CP437", "python_encode": "cp437"}},
}

_lock = threading.Lock()
_dummy_class: Any = None


def composer() -> Any:
    """A fresh python-escpos `Dummy`: write commands into it, take its `output`."""
    global _dummy_class
    with _lock:
        if _dummy_class is None:
            _dummy_class = import_dummy()
    return _dummy_class()


def import_dummy() -> Any:
    with own_database(), without_idle_libraries(), no_temporary_directory_left(), root_logger_untouched():
        from escpos import escpos
        from escpos.printer.dummy import Dummy
    vars(escpos)["print"] = lambda *_args, **_kwargs: None  # it tells stdout about each barcode
    return Dummy


@contextmanager
def own_database() -> Iterator[None]:
    """Let the library find our database where it looks for its own pickle, which is older than no file of its."""
    before = {name: os.environ.get(name) for name in (FILE_VARIABLE, PICKLE_VARIABLE)}
    with tempfile.TemporaryDirectory() as folder:
        pickled = Path(folder, PICKLE_NAME)
        pickled.write_bytes(pickle.dumps(DATABASE))
        os.environ.update({FILE_VARIABLE: str(pickled), PICKLE_VARIABLE: folder})
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value


@contextmanager
def without_idle_libraries() -> Iterator[None]:
    """Next to empty modules for what the library imports and, asked as we ask it, never calls: what the printer does
    not draw by itself, raster.py draws, and links are ours. Whoever imports them later gets the real ones."""
    stand_ins = {name: module for name, module in idle_libraries().items() if name not in sys.modules}
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        for name in stand_ins:
            del sys.modules[name]


def idle_libraries() -> dict[str, ModuleType]:
    levels = {"ERROR_CORRECT_L": 1, "ERROR_CORRECT_M": 0, "ERROR_CORRECT_Q": 3, "ERROR_CORRECT_H": 2}
    return {
        "yaml": module("yaml"),
        "barcode": module("barcode", PROVIDED_BARCODES=()),
        "barcode.writer": module("barcode.writer", ImageWriter=None),
        "qrcode": module("qrcode", constants=module("qrcode.constants", **levels)),
        "escpos.printer": module("escpos.printer", __path__=[str(folder / "printer") for folder in escpos_folders()]),
    }


def escpos_folders() -> list[Path]:
    """Where the library lies. Its package of printers loads all of their links; we want one module of it."""
    spec = find_spec("escpos")
    assert spec is not None and spec.submodule_search_locations is not None
    return [Path(folder) for folder in spec.submodule_search_locations]


def module(name: str, **contents: Any) -> ModuleType:
    made = ModuleType(name)
    vars(made).update(contents)
    return made


@contextmanager
def no_temporary_directory_left() -> Iterator[None]:
    """The library makes one at import even when it is told to use another; other threads' ones are not ours."""
    original, thread, made = tempfile.mkdtemp, threading.get_ident(), list[str]()

    def recorded(*args: Any, **kwargs: Any) -> str:
        path: str = original(*args, **kwargs)
        if threading.get_ident() == thread:
            made.append(path)
        return path

    tempfile.mkdtemp = recorded  # type: ignore[assignment]
    try:
        yield
    finally:
        tempfile.mkdtemp = original
        for path in made:
            shutil.rmtree(path, ignore_errors=True)


@contextmanager
def root_logger_untouched() -> Iterator[None]:
    """`logging.basicConfig()` does nothing when the root logger has a handler already."""
    placeholder = logging.NullHandler()
    logging.root.addHandler(placeholder)
    try:
        yield
    finally:
        logging.root.removeHandler(placeholder)
