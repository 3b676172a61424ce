"""XML files and spreadsheets that come with datasets."""

import re
from io import BytesIO
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile

from fer_ros.errors import DatasetError

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def parse_xml(content: bytes, name: str) -> ElementTree.Element:
    """The root element of an XML file.

    Raises:
        DatasetError: it is not XML.
    """
    try:
        # Expat limits the expansion of entities since 2.4.1, and external ones are never read.
        return ElementTree.fromstring(content)  # noqa: S314
    except ElementTree.ParseError as error:
        raise DatasetError(f"{name} is not readable XML ({error}); copy it again") from error


def spreadsheet(content: bytes, name: str) -> list[list[str]]:
    """Rows of the first sheet of an .xlsx file, its cells as text, empty ones left out.

    Raises:
        DatasetError: it is not an .xlsx file.
    """
    try:
        with ZipFile(BytesIO(content)) as book:
            texts = _texts(book, name)
            sheet = parse_xml(book.read("xl/worksheets/sheet1.xml"), name)
    except (BadZipFile, KeyError) as error:
        raise DatasetError(f"{name} is not a readable .xlsx file ({error}); copy it again") from error
    return [[_text(cell, texts) for cell in row if len(cell)] for row in sheet.iter(f"{SHEET}row")]


def _texts(book: ZipFile, name: str) -> list[str]:
    """Texts that cells refer to by number."""
    if "xl/sharedStrings.xml" not in book.namelist():
        return []
    shared = parse_xml(book.read("xl/sharedStrings.xml"), name)
    return ["".join(t.text or "" for t in item.iter(f"{SHEET}t")) for item in shared.iter(f"{SHEET}si")]


def _text(cell: ElementTree.Element, texts: list[str]) -> str:
    if cell.get("t") == "inlineStr":
        return "".join(t.text or "" for t in cell.iter(f"{SHEET}t"))
    value = cell.findtext(f"{SHEET}v") or ""
    return texts[int(value)] if cell.get("t") == "s" and re.fullmatch(r"\d+", value) else value
