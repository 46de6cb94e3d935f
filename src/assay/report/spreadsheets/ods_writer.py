"""Write sheets as an OpenDocument spreadsheet (.ods).

The XML is written directly, because no library that was tried marks tables and writes the same bytes twice.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from assay.report.spreadsheets.sheet_contents import Cell, Sheet
from assay.report.spreadsheets.xlsx_writer import widths

MIME = "application/vnd.oasis.opendocument.spreadsheet"
NAMESPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{full}:1.0"'
    for short, full in (
        ("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"), ("number", "datastyle"),
        ("fo", "xsl-fo-compatible"), ("meta", "meta"), ("config", "config"),
    )
) + ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'  # fmt: skip
XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
CELL, GROUPED = 'style:family="table-cell"', 'number:min-integer-digits="1" number:grouping="true"'
NUMBERS = "".join(
    f'<number:number-style style:name="{name}"><number:number {GROUPED} number:decimal-places="{places}"/>'
    "</number:number-style>"
    for name, places in (("N1", 0), ("N2", 2))
)
PERCENT = (
    '<number:percentage-style style:name="N3"><number:number number:min-integer-digits="1" '
    'number:decimal-places="1"/><number:text>%</number:text></number:percentage-style>'
)
CELL_STYLES = {
    "title": '<style:text-properties fo:font-weight="bold" fo:font-size="14pt"/>',
    "head": '<style:table-cell-properties fo:wrap-option="wrap" fo:border-bottom="0.5pt solid #000000"/>'
    '<style:text-properties fo:font-weight="bold"/>',
    "words": '<style:table-cell-properties fo:wrap-option="wrap"/>',
    "sign": '<style:paragraph-properties fo:text-align="end"/>',
}
STYLES = (
    f"<office:automatic-styles>{NUMBERS}{PERCENT}"
    + "".join(f'<style:style style:name="{name}" {CELL}>{look}</style:style>' for name, look in CELL_STYLES.items())
    + "".join(
        f'<style:style style:name="{name}" {CELL} style:data-style-name="{number_style}"/>'
        for name, number_style in (("count", "N1"), ("number", "N2"), ("share", "N3"))
    )
)
MANIFEST = (
    f'{XML_DECLARATION}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
    f'manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:version="1.3" '
    f'manifest:media-type="{MIME}"/>'
    + "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="text/xml"/>'
        for name in ("content.xml", "meta.xml", "styles.xml", "settings.xml")
    )
    + "</manifest:manifest>"
)


def as_ods(sheets: Sequence[Sheet], title: str) -> bytes:
    """Return the sheets as an ODS document; each table is a marked range with a header row that stays in view."""
    parts: dict[str, Iterable[str]] = {
        "META-INF/manifest.xml": [MANIFEST],
        "content.xml": _content(sheets),
        "meta.xml": [
            f"{XML_DECLARATION}<office:document-meta {NAMESPACES} "
            f'office:version="1.3"><office:meta><dc:title>{escape(title)}'
            "</dc:title><dc:language>en-GB</dc:language></office:meta></office:document-meta>"
        ],
        "settings.xml": _settings(sheets),
        "styles.xml": [
            f'{XML_DECLARATION}<office:document-styles {NAMESPACES} office:version="1.3"><office:styles>'
            '<style:default-style style:family="table-cell"><style:text-properties fo:language="en" fo:country="GB"/>'
            "</style:default-style></office:styles></office:document-styles>"
        ],
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr(zipfile.ZipInfo("mimetype", ZIP_DATE), MIME, zipfile.ZIP_STORED)
        for name, texts in parts.items():
            _write_part(file, name, texts)
    return buffer.getvalue()


def _write_part(file: zipfile.ZipFile, name: str, texts: Iterable[str]) -> None:
    """Write one file of the document text by text, because the content of all sheets takes hundreds of megabytes."""
    entry = zipfile.ZipInfo(name, ZIP_DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    with file.open(entry, "w") as part, io.TextIOWrapper(part, encoding="utf-8", newline="\n") as text_part:
        text_part.writelines(texts)


def _content(sheets: Sequence[Sheet]) -> Iterator[str]:
    yield f'{XML_DECLARATION}<office:document-content {NAMESPACES} office:version="1.3">{STYLES}'
    for wide in sorted({width for sheet in sheets for width in widths(sheet)}):
        yield (
            f'<style:style style:name="w{wide}" style:family="table-column"><style:table-column-properties '
            f'style:column-width="{wide * 0.19:.2f}cm"/></style:style>\n'
        )
    yield "</office:automatic-styles>\n<office:body><office:spreadsheet>\n"
    for sheet in sheets:
        yield from _table(sheet)
    yield "<table:database-ranges>\n"
    for number, sheet in enumerate(sheets):
        yield (
            f'<table:database-range table:name="table_{number}_{sheet.tab.lower()}" table:contains-header="true" '
            f"table:target-range-address={quoteattr(_range(sheet))}/>\n"
        )
    yield "</table:database-ranges>\n</office:spreadsheet></office:body></office:document-content>"


def _range(sheet: Sheet) -> str:
    top = len(sheet.lines) + 2
    return f"'{sheet.tab}'.A{top}:'{sheet.tab}'.{_letters(len(sheet.heads))}{top + len(sheet.rows)}"


def _letters(number: int) -> str:
    """Return the letters of a column number: 1 is A, 27 is AA."""
    high, low = divmod(number - 1, 26)
    return (_letters(high) if high else "") + chr(65 + low)


def _table(sheet: Sheet) -> Iterator[str]:
    yield f"<table:table table:name={quoteattr(sheet.tab)}>\n"
    yield "".join(f'<table:table-column table:style-name="w{wide}"/>' for wide in widths(sheet))
    yield _row([_text(sheet.title, "title")])
    for line in sheet.lines:
        yield _row([_text(line)])
    heads = _row([_text(head, "head") for head in sheet.heads])
    yield f"<table:table-header-rows>{heads}</table:table-header-rows>\n"
    contents = {kind: _CellContents(kind) for kind in set(sheet.kinds)}
    column_contents = [contents[kind] for kind in sheet.kinds]
    for index, row in enumerate(sheet.rows):
        cells = [content[cell] for cell, content in zip(row, column_contents, strict=True)]
        if sheet.links:
            cells[0] = _link(str(row[0]), sheet.links[index])
        yield _row(cells)
    yield "</table:table>\n"


class _CellContents(dict[Cell, str]):
    """The XML of a cell by its content, for one kind of column; each is made once."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def __missing__(self, cell: Cell) -> str:
        """Return the XML of a cell that was not in the table before."""
        xml = _cell(cell, self.kind)
        # A float and a whole number are written unlike, even if they are equal; so are 0.0 and -0.0.
        if isinstance(cell, str) or not float(cell).is_integer():
            self[cell] = xml
        return xml


def _row(cells: Sequence[str]) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>\n"


def _text(text: str, style: str = "") -> str:
    style_attribute = f' table:style-name="{style}"' if style else ""
    return (
        f'<table:table-cell office:value-type="string"{style_attribute}>'
        f"<text:p>{escape(text)}</text:p></table:table-cell>"
    )


def _link(text: str, tab: str) -> str:
    target = quoteattr(f"#'{tab}'.A1")
    return (
        f'<table:table-cell office:value-type="string"><text:p><text:a xlink:type="simple" xlink:href={target}>'
        f"{escape(text)}</text:a></text:p></table:table-cell>"
    )


def _cell(cell: Cell, kind: str) -> str:
    if isinstance(cell, str):
        return _text(cell, "words" if kind == "text" else "sign")
    style = "share" if kind == "share" else "count" if float(cell).is_integer() else "number"
    value_type = "percentage" if kind == "share" else "float"
    text = f"{100 * cell:.1f}%" if kind == "share" else f"{cell:,.0f}" if style == "count" else f"{cell:,.2f}"
    return (
        f'<table:table-cell office:value-type="{value_type}" office:value="{cell!r}" table:style-name="{style}">'
        f"<text:p>{text}</text:p></table:table-cell>"
    )


def _settings(sheets: Sequence[Sheet]) -> Iterator[str]:
    """Return settings that freeze the header row and first column of each table."""
    yield (
        f'{XML_DECLARATION}<office:document-settings {NAMESPACES} office:version="1.3"><office:settings>'
        '<config:config-item-set config:name="ooo:view-settings"><config:config-item-map-indexed config:name="Views">'
        '<config:config-item-map-entry><config:config-item-map-named config:name="Tables">'
    )
    for sheet in sheets:
        top = len(sheet.lines) + 2
        items = (
            ("HorizontalSplitMode", "short", 2), ("VerticalSplitMode", "short", 2),
            ("HorizontalSplitPosition", "int", 1), ("VerticalSplitPosition", "int", top),
            ("PositionRight", "int", 1), ("PositionBottom", "int", top),
        )  # fmt: skip
        yield f"<config:config-item-map-entry config:name={quoteattr(sheet.tab)}>"
        yield "".join(
            f'<config:config-item config:name="{name}" config:type="{kind}">{value}</config:config-item>'
            for name, kind, value in items
        )
        yield "</config:config-item-map-entry>"
    yield (
        "</config:config-item-map-named></config:config-item-map-entry></config:config-item-map-indexed>"
        "</config:config-item-set></office:settings></office:document-settings>"
    )
