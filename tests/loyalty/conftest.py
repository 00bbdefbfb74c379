"""The two shipped programmes, and the variants that the worked examples ask for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.programmes import load_programme
from loyalty.programme import Programme


@pytest.fixture(scope="session")
def alenka() -> Programme:
    return load_programme("alenka")


@pytest.fixture(scope="session")
def perekrestok() -> Programme:
    return load_programme("perekrestok")


@pytest.fixture(scope="session")
def alenka_receipt(alenka: Programme) -> Programme:
    """Alenka with the whole receipt as the base of its percentage."""
    return replace(alenka, redemption=replace(alenka.redemption, cap_base="receipt"))


@pytest.fixture(scope="session")
def perekrestok_receipt(perekrestok: Programme) -> Programme:
    return replace(perekrestok, redemption=replace(perekrestok.redemption, cap_base="receipt"))
