"""A QR as rows of modules, for a page that draws it: 1 is black."""

from __future__ import annotations


def rows(text: str) -> tuple[str, ...]:
    import qrcode  # type: ignore[import-untyped]  # 30 ms that only a virtual card needs

    code = qrcode.QRCode(border=0, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(text)
    code.make(fit=True)
    return tuple("".join("1" if black else "0" for black in row) for row in code.get_matrix())
