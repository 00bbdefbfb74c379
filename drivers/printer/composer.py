"""python-escpos, kept in its place: it composes QR codes, barcodes, pictures and the cut, and does nothing else.

Its import has side effects this module contains: it configures the root logger, leaves a temporary
directory behind, and parses a database of 35 printers as YAML for a third of a second. We need none of
those printers (config/printers/ has ours), so it is given a database of one.
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CAPABILITIES = Path(__file__).with_name("escpos-capabilities.yaml")
FILE_VARIABLE = "ESCPOS_CAPABILITIES_FILE"
PICKLE_VARIABLE = "ESCPOS_CAPABILITIES_PICKLE_DIR"

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
    with own_database(), no_temporary_directory_left(), root_logger_untouched():
        from escpos import escpos
        from escpos.printer.dummy import Dummy
    vars(escpos)["print"] = lambda *_args, **_kwargs: None  # it tells stdout about each barcode
    return Dummy


@contextmanager
def own_database() -> Iterator[None]:
    """Point the library at our file, and its pickle at a directory that goes away."""
    before = {name: os.environ.get(name) for name in (FILE_VARIABLE, PICKLE_VARIABLE)}
    with tempfile.TemporaryDirectory() as pickle_dir:
        os.environ.update({FILE_VARIABLE: str(CAPABILITIES), PICKLE_VARIABLE: pickle_dir})
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value


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
