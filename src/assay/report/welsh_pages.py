"""Welsh versions of the pages that most readers open, made from the written English pages by a catalogue.

The catalogues `welsh.toml` and `welsh_inspection.toml` hold the fixed texts of these pages with a Welsh draft.
A text that they lack stays in English and is marked `lang="en"`, so that a screen reader pronounces it rightly.
Figures, names of forces and addresses are those of the English page.
"""

from __future__ import annotations

import posixpath
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from lxml import html
from lxml.html import HtmlElement

FOLDER = "cy/"
CATALOGUES = ("welsh.toml", "welsh_inspection.toml")
DRAFT = "Cyfieithiad drafft. Nid oes siaradwr Cymraeg wedi'i adolygu eto. Mae'r testun heb gyfieithiad yn Saesneg."
MONTHS = {
    "January": "Ionawr", "February": "Chwefror", "March": "Mawrth", "April": "Ebrill", "May": "Mai", "June": "Mehefin",
    "July": "Gorffennaf", "August": "Awst", "September": "Medi", "October": "Hydref", "November": "Tachwedd",
    "December": "Rhagfyr",
}  # fmt: skip
DAY = rf"\d{{1,2}} (?:{'|'.join(MONTHS)}) \d{{4}}"
PERIOD = re.compile(rf"({DAY}) to ({DAY})")
SPACES = re.compile(r"\s+")
SLOT = re.compile(r"\{(\w+)\}")
SLOT_PATTERNS = {"n": r"[\d,.]+%?", "d": rf"{DAY} to {DAY}", "m": "|".join(MONTHS), "f": r".+?", "t": r".+?"}
"""What a slot of the catalogue stands for, by its first letter: a number, a period, a month, names kept as they are, or
a text that is translated by itself."""
UNTRANSLATED = frozenset({"script", "style", "code", "svg"})
ATTRIBUTES = ("aria-label", "alt", "title")
HAS_LETTER, ANY_LETTER = re.compile(r"[A-Za-z]{2}"), re.compile(r"[^\W\d_]")


@dataclass(frozen=True)
class Part:
    """A part of a translated text; `is_english`: the catalogue lacks it."""

    text: str
    is_english: bool = False


@dataclass(frozen=True)
class Pattern:
    """An English text with slots, and its Welsh draft with the same slots."""

    english: re.Pattern[str]
    welsh: str


def welsh_path(path: str) -> str:
    """Return the path of the Welsh version of a page."""
    return f"{FOLDER}{path}"


def has_welsh_version(path: str, *, is_inspection: bool) -> bool:
    """Return True for the front page, Easy Read and, of an inspection, the main page of each force."""
    is_force = path.startswith("forces/") and path.count("/") == 1 and path != "forces/index.html"
    return path in ("index.html", "easy-read.html") or (is_inspection and is_force)


def translate_page(page: str, path: str, welsh_paths: Collection[str], names: AbstractSet[str] = frozenset()) -> str:
    """Return the Welsh version of a written page. `path` is that of the English page, `welsh_paths` are those of all
    English pages with a Welsh version. `names`: names of forces, which are neither translated nor marked English."""
    document = html.document_fromstring(page)
    document.set("lang", "cy")
    for script in document.xpath("//script"):
        script.drop_tree()  # their buttons are in English, and the page is complete without them
    _switch_language(document, path)
    _point_links(document, path, welsh_paths)
    for element in list(document.iter()):
        if isinstance(element.tag, str) and not _is_untranslated(element):
            _translate_attributes(element)
            _translate_texts(element, names)
    _add_draft_note(document)
    return str(html.tostring(document, encoding="unicode", doctype="<!doctype html>")) + "\n"


def translate(text: str) -> list[Part] | None:
    """Return the Welsh draft of a text; None if the catalogue lacks it."""
    plain = SPACES.sub(" ", text).strip()
    if plain.startswith(": ") and (parts := translate(plain[2:])):
        return [Part(": "), *parts]
    texts, patterns = _catalogue()
    if plain in texts:
        return [Part(texts[plain])]
    if PERIOD.fullmatch(plain):
        return [Part(_welsh_period(plain))]
    for pattern in patterns:
        if match := pattern.english.fullmatch(plain):
            parts = [part for part in _filled(pattern.welsh, match.groupdict()) if part.text]
            if any(ANY_LETTER.search(part.text) and not part.is_english for part in parts):
                return parts
    return None


def translated_share(page: str) -> tuple[int, int]:
    """Return how many texts of a Welsh page are in Welsh, and how many texts it has."""
    document = html.document_fromstring(page)
    found = document.xpath("//body//text()[not(ancestor::code or ancestor::svg)]")
    texts = [text for text in found if HAS_LETTER.search(text)]
    in_welsh = [text for text in texts if _language(text.getparent(), is_tail=bool(text.is_tail)) == "cy"]
    return len(in_welsh), len(texts)


def _language(element: HtmlElement, *, is_tail: bool) -> str:
    owner = element.getparent() if is_tail else element
    return str(owner.xpath("string(ancestor-or-self::*[@lang][1]/@lang)"))


@cache
def _catalogue() -> tuple[Mapping[str, str], Sequence[Pattern]]:
    """Return the texts without a slot, and the patterns with slots, the longest first."""
    entries: dict[str, str] = {}
    for name in CATALOGUES:
        entries |= tomllib.loads(files("assay.report").joinpath(name).read_text(encoding="utf-8"))["texts"]
    fixed = {english: welsh for english, welsh in entries.items() if not SLOT.search(english)}
    with_slots = sorted((english for english in entries if english not in fixed), key=lambda text: (-len(text), text))
    return fixed, [Pattern(_pattern(english), entries[english]) for english in with_slots]


def _pattern(english: str) -> re.Pattern[str]:
    parts, position = [], 0
    for slot in SLOT.finditer(english):
        parts += [re.escape(english[position : slot.start()]), f"(?P<{slot[1]}>{SLOT_PATTERNS[slot[1][0]]})"]
        position = slot.end()
    return re.compile("".join([*parts, re.escape(english[position:])]))


def _filled(welsh: str, slots: Mapping[str, str]) -> Iterator[Part]:
    """Yield the parts of a Welsh draft, its slots filled."""
    position = 0
    for slot in SLOT.finditer(welsh):
        yield Part(welsh[position : slot.start()])
        value, position = slots[slot[1]], slot.end()
        if slot[1].startswith("t"):
            yield from translate(value) or [Part(value, is_english=True)]
        else:
            yield Part(MONTHS.get(value) or _welsh_period(value))
    yield Part(welsh[position:])


def _welsh_period(text: str) -> str:
    """Return '1 Ebrill 2025 i 31 Mawrth 2026' for '1 April 2025 to 31 March 2026'; other text as it is."""
    if not PERIOD.fullmatch(text):
        return text
    for english, welsh in MONTHS.items():
        text = text.replace(english, welsh)
    return text.replace(" to ", " i ")


def _is_untranslated(element: HtmlElement) -> bool:
    return element.tag in UNTRANSLATED or any(parent.tag in UNTRANSLATED for parent in element.iterancestors())


def _translate_attributes(element: HtmlElement) -> None:
    for name in ATTRIBUTES:
        value = element.get(name)
        if not value or not HAS_LETTER.search(value):
            continue
        parts = translate(value)
        if parts and not any(part.is_english for part in parts):
            element.set(name, "".join(part.text for part in parts))
        elif element.tag == "img":
            element.set("lang", "en")
        elif parts:
            element.set(name, "".join(part.text for part in parts))


def _translate_texts(element: HtmlElement, names: AbstractSet[str]) -> None:
    """Translate the text of an element and the texts after each of its children."""
    if element.get("lang") in ("en", "cy") and element.tag != "html":
        return
    if element.text and HAS_LETTER.search(element.text):
        parts = _translated_or_english(element.text, names)
        if len(element) == 0 and all(part.is_english for part in parts if part.text.strip()):
            _mark_english(element)
        else:
            element.text = None
            _insert(element, 0, parts)
    for child in list(element):
        if child.tail and HAS_LETTER.search(child.tail):
            parts, child.tail = _translated_or_english(child.tail, names), None
            _insert(element, element.index(child) + 1, parts)


def _mark_english(element: HtmlElement) -> None:
    if element.tag != "title":
        element.set("lang", "en")


def _translated_or_english(text: str, names: AbstractSet[str]) -> list[Part]:
    """Return the parts of a text with the white space around it; a name is neither translated nor English."""
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    parts = translate(text) or [Part(text.strip(), is_english=text.strip() not in names)]
    return [Part(before), *parts, Part(after)]


def _insert(element: HtmlElement, position: int, parts: Sequence[Part]) -> None:
    """Insert parts before the child at this position; English parts become elements of their own."""
    for part in parts:
        if part.is_english and element.tag not in ("title", "option"):
            span = html.Element("span", lang="en")
            span.text = part.text
            element.insert(position, span)
            position += 1
        elif position == 0:
            element.text = (element.text or "") + part.text
        else:
            before = element[position - 1]
            before.tail = (before.tail or "") + part.text


def _switch_language(document: HtmlElement, path: str) -> None:
    """Turn the link to the Welsh version into one to the English page."""
    for link in document.xpath("//a[@hreflang='cy']"):
        link.text = "English"
        link.set("lang", "en")
        link.set("hreflang", "en")
        link.set("href", posixpath.basename(path))


def _point_links(document: HtmlElement, path: str, welsh_paths: Collection[str]) -> None:
    """Point each address at the Welsh version of its page, or at the English page or file."""
    for name in ("href", "src", "srcset"):
        for element in document.xpath(f"//*[@{name}]"):
            address, hash_sign, fragment = element.get(name).partition("#")
            if not address or ":" in address:
                continue
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), address))
            is_welsh = target in welsh_paths and element.get("hreflang") != "en"
            if element.tag == "a" and not is_welsh and target.endswith(".html"):
                element.set("hreflang", "en")
            goal = welsh_path(target) if is_welsh else target
            start = posixpath.dirname(welsh_path(path))
            element.set(name, f"{posixpath.relpath(goal, start)}{hash_sign}{fragment}")


def _add_draft_note(document: HtmlElement) -> None:
    header = document.find(".//header")
    note = html.Element("p")
    note.set("class", "banner")
    note.text = DRAFT
    header.insert(0, note)
