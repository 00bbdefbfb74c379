"""A till program made with python-escpos, as its documentation shows it: `escpos_client.py HOST PORT PICTURE`."""

import sys

from escpos.printer import Network

host, port, picture = sys.argv[1:]
printer = Network(host, port=int(port), timeout=20, profile="TM-T20II")
printer.set(align="center", bold=True, double_height=True, double_width=True)
printer.text("Алёнка\n")
printer.set_with_default()
printer.textln("Шоколад «Алёнка» 90 г × 2")
printer.set(underline=1, font="b")
printer.textln("Спасибо за покупку! 179,80 руб.")
printer.set_with_default(align="center")
printer.image(picture, impl="bitImageRaster")
printer.image(picture, impl="graphics")
printer.image(picture, impl="bitImageColumn")
printer.ln(2)
printer.qr("https://example.ru/чек?n=1", native=True, size=5)
printer.ln(2)
printer.barcode("4607012345677", "EAN13", height=80, width=3)
printer.ln(2)
printer.barcode("{BALENKA-12", "CODE128", function_type="B", height=80, width=2)
printer.cut()
printer.cashdraw(2)
print(printer.is_online(), printer.paper_status())
printer.close()
