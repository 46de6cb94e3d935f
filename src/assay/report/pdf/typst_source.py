"""Convert a page of the report to Typst source, and compile it to PDF/UA-1.

What only a browser can use is left out: navigation, folded quotations, the map of links. All text stays, with the text
alternative of every chart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from importlib.resources import files

import typst
from lxml import html
from lxml.html import HtmlElement

DARK = re.compile(r"@media \(prefers-color-scheme:dark\)\{.*?\n\}\n", re.S)
FONT = re.compile(r"system-ui[^;}]*")
EXCLUDED_TAGS = ("nav", "script", "style", "svg", "form")
BROWSER_ONLY_CLASSES = ("quote", "receipt", "tools", "address", "sr", "map", "key", "skip", "kicker")
WIDE_TABLE_COLUMNS = 7
"""Wider tables are set in small type on a landscape page."""
Charts = Callable[[str], str]
"""Returns the drawing of a chart by its name; '' if there is none."""


LONG_WORD = re.compile(r"\w{24}(?=\w)")


def typst_string(text: str) -> str:
    """Return a text as a Typst string literal; long hashes may break across lines."""
    clean = LONG_WORD.sub(lambda part: f"{part[0]}\u200b", " ".join(text.split()))
    return '"' + clean.replace("\\", "\\\\").replace('"', '\\"') + '"'


def page_source(page: str, charts: Charts) -> str:
    """Return the main part of a page as Typst source; the support contacts are added once to the whole document."""
    main = html.fromstring(page).find(".//main")
    return "".join(_blocks(main, charts)) if main is not None else ""


def _blocks(element: HtmlElement, charts: Charts) -> Iterator[str]:
    for child in element:
        if not isinstance(child.tag, str) or child.tag in EXCLUDED_TAGS or is_browser_only(child):
            continue
        if child.tag in CONVERTERS:
            yield CONVERTERS[child.tag](child, charts)
        elif child.tag == "table":
            yield _table(child)
        else:
            yield from _blocks(child, charts)


def is_browser_only(element: HtmlElement) -> bool:
    """Return True for an element that only a browser can use."""
    css = element.get("class") or ""
    return css in BROWSER_ONLY_CLASSES or bool(set(css.split()) & set(BROWSER_ONLY_CLASSES))


def _heading(element: HtmlElement, _: Charts) -> str:
    return f"#heading(level: {element.tag[1]}, {typst_string(element_text(element))})\n\n"


def _paragraph(element: HtmlElement, _: Charts) -> str:
    words = element_text(element)
    return f"#par({typst_string(words)})\n\n" if words else ""


def _list(element: HtmlElement, _: Charts) -> str:
    items = [f"[#{typst_string(words)}]" for item in element.iterfind("li") if (words := element_text(item))]
    return f"#{'enum' if element.tag == 'ol' else 'list'}({', '.join(items)})\n\n" if items else ""


def _terms(element: HtmlElement, _: Charts) -> str:
    pairs = []
    for dt in element.iter("dt"):
        dd = dt.getnext()
        if dd is not None and element_text(dt) and element_text(dd):
            pairs.append(f"[#{typst_string(element_text(dt))}], [#{typst_string(element_text(dd))}]")
    return f"#terms({', '.join(f'({pair})' for pair in pairs)})\n\n" if pairs else ""


def _figure(element: HtmlElement, charts: Charts) -> str:
    parts = []
    for head in element.iterfind("figcaption/*"):
        parts.append(_heading(head, charts) if head.tag.startswith("h") else _paragraph(head, charts))
    image = element.find(".//img")
    if image is not None:
        name = (image.get("src") or "").rsplit("/", 1)[-1].removesuffix(".svg")
        parts.append(_chart(charts(name), image.get("alt") or ""))
    for part in element.iterchildren("dl", "details"):
        parts += list(_blocks(_wrap_element(part), charts))
    return "".join(parts)


def _wrap_element(part: HtmlElement) -> HtmlElement:
    holder = html.Element("div")
    holder.append(part)
    return holder


def _chart(drawing: str, alt: str) -> str:
    if not drawing:
        return ""
    light = FONT.sub('"Libertinus Serif"', DARK.sub("", drawing)).replace("\\", "\\\\").replace('"', '\\"')
    return f'#chart(bytes("{light}"), {typst_string(alt)})\n\n'


def _summary(element: HtmlElement, _: Charts) -> str:
    return f"#par(strong({typst_string(element_text(element))}))\n\n"


def _table(element: HtmlElement) -> str:
    heads = [element_text(cell) for cell in element.iterfind("thead/tr/th")]
    rows = [[element_text(cell) for cell in row] for row in element.iterfind("tbody/tr")]
    caption = element.find("caption")
    if not heads or not rows:
        return ""
    head = ", ".join(f"[#{typst_string(words or 'Name')}]" for words in heads)
    cells = ",\n".join(", ".join(f"[#{typst_string(words)}]" for words in row) for row in rows)
    title = element_text(caption) if caption is not None else ""
    call = "wide-grid" if len(heads) > WIDE_TABLE_COLUMNS else "grid-of"
    return f"#{call}({len(heads)}, {typst_string(title)}, ({head},), (\n{cells},))\n\n"


def element_text(element: HtmlElement) -> str:
    """Return the text of an element, without what only a browser can use."""
    return " ".join("".join(_texts(element)).split())


def _texts(element: HtmlElement) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str) and child.tag not in EXCLUDED_TAGS and not is_browser_only(child):
            yield from _texts(child)
        yield child.tail or ""


CONVERTERS: Mapping[str, Callable[[HtmlElement, Charts], str]] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4"), _heading), **dict.fromkeys(("ul", "ol"), _list),
    "p": _paragraph, "dl": _terms, "figure": _figure, "summary": _summary,
}  # fmt: skip


# Compile Typst source to PDF/UA-1.


@lru_cache
def _style_source() -> str:
    return files("assay.report.pdf").joinpath("look.typ").read_text(encoding="utf-8")


@lru_cache
def _fonts() -> typst.Fonts:
    """Use only the fonts built into Typst: system fonts would change the bytes."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


def as_pdf(title: str, source: str, foot: str = "", banner: str = "") -> bytes:
    """Return the PDF, with `foot` and `banner` on every page; typst.TypstError if it would not meet the
    standard."""
    preamble = (
        f"#set document(title: {typst_string(title)}, date: none)\n#show: "
        f"report.with({typst_string(foot)}, {typst_string(banner)})\n\n"
    )
    compiler = typst.Compiler(
        input=(_style_source() + preamble + source).encode("utf-8"), font_paths=_fonts(), ignore_system_fonts=True
    )
    document = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=0)
    if not isinstance(document, bytes):
        raise TypeError("typst gave back no single document.")
    return document
