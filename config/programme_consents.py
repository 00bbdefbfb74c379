"""The documents of consent in a programme's file: each with a version and a text of its own (152-FZ, article 9)."""

from __future__ import annotations

from config.strict_table import Table
from loyalty.consents import CONSENTS, DOCUMENT_LETTERS_MAX, ConsentDocument, ConsentText, ConsentTo

# what `consent` under [receipt.ru] and [receipt.en] was, in files of before
OLD_NEEDED: ConsentTo = "personal_data"
OLD_TITLES = ("Согласие на обработку персональных данных", "Consent to use personal data")


def read_consents(top: Table, receipts: tuple[Table, Table]) -> tuple[ConsentDocument, ...]:
    """From [consents.*]; in files of before, from the paragraphs beside the receipt's texts. Raises BadKey."""
    of_before = _of_before(top, receipts)
    if not top.has("consents"):
        return of_before
    if of_before:
        raise receipts[0].bad("consent", "is said twice", "leave it out: it stands under consents.personal_data")
    documents = []
    for name, table in top.named_tables("consents").items():
        what = next((one for one in CONSENTS if one == name), None)
        if what is None:
            raise top.bad(f"consents.{name}", "is no consent", f"known here: {', '.join(CONSENTS)}")
        documents.append(_document(what, table))
    return tuple(sorted(documents, key=lambda one: (not one.needed, CONSENTS.index(one.what))))


def _document(what: ConsentTo, table: Table) -> ConsentDocument:
    ru, en = table.table("ru"), table.table("en")
    document = ConsentDocument(
        what=what,
        version=table.text("version", longest=DOCUMENT_LETTERS_MAX),
        needed=table.flag("needed", default=False),
        ru=_text(ru),
        en=_text(en),
    )
    table.close()
    return document


def _text(table: Table) -> ConsentText:
    text = ConsentText(title=table.text("title"), paragraphs=table.texts("text"))
    if not text.paragraphs:
        raise table.bad("text", "is empty", "write its paragraphs, or leave the whole consent out")
    table.close()
    return text


def _of_before(top: Table, receipts: tuple[Table, Table]) -> tuple[ConsentDocument, ...]:
    """Whoever had one text needed it, and its version was the file's."""
    ru, en = (table.texts("consent", default=()) for table in receipts)
    if not ru and not en:
        return ()
    title_ru, title_en = OLD_TITLES
    return (
        ConsentDocument(
            what=OLD_NEEDED,
            version=top.text("version", longest=DOCUMENT_LETTERS_MAX),
            needed=True,
            ru=ConsentText(title=title_ru, paragraphs=ru or en),
            en=ConsentText(title=title_en, paragraphs=en or ru),
        ),
    )
