"""Which released figures may a number on a page be: those of its indicator and its force, or those of one row alone?

A page on an indicator or a wait speaks of that one, a page on a force of that force and of all together. A row of a
table, an item of a list and a tile speak of whom they lead to; a sentence of whom it names; and what may be quoted
speaks of the released row that it names as its receipt.
"""

import json
import re
from collections import defaultdict
from dataclasses import dataclass, field

from lxml import html

from assay.report.figure_register import numbers_in
from assay.report.number_markup import marker
from assay.report.number_words import slug

NOT_READ = "ancestor::style or ancestor::script or ancestor::code"
NOT_FIGURE = "ancestor::*[@data-not-figure]"
TEXTS = f"//body//text()[not({NOT_READ} or {NOT_FIGURE})]"
EVERYONE = ("", "ALL", "EW", "EW44", "E")
TABLES = {
    "answerable.html": (), "search.html": (), "concerns.html": (), "method.html": (), "cannot-be-answered.html": (),
    "figures/": (), "receipts/": (), "burden.html": ("burden",), "claims.html": ("claims_tested",),
    "falling.html": ("scale_trends", "scale_claims", "scale_statements"), "returns.html": ("returned", "inspected"),
    "grades.html": ("grades", "grade_chances"), "plan.html": ("plan_editions",), "assurance.html": ("accuracy",),
    "lessons.html": ("revisited",), "recommendations/": ("ladders", "standing", "shown", "revisited"),
    "definitions.html": ("counts",),
}  # fmt: skip
"""Of pages that speak of no one indicator: the tables whose figures stand there, beside what a page works out."""
INLINE = ("a", "span", "strong", "em", "b")
SUBJECTS = {"indicators": "indicator", "waits": "wait"}


@dataclass(frozen=True)
class Said:
    """One stretch of text on a page: its numbers, of which row, indicator and forces it speaks, and the page."""

    page: str
    text: str
    numbers: list[str]
    row: str
    subject: str
    forces: frozenset[str]
    is_row_of_force: bool = False


@dataclass
class Held:
    """What the file of figures holds, to be looked up by row, or by indicator and force; `of_pages`: worked out."""

    of_rows: dict = field(default_factory=dict)
    of_tables: dict = field(default_factory=lambda: defaultdict(set))
    rows: dict = field(default_factory=lambda: defaultdict(set))
    about: dict = field(default_factory=lambda: defaultdict(set))
    of_pages: dict = field(default_factory=lambda: defaultdict(set))

    def allowed(self, said):
        """The numbers that may stand there."""
        of_page = self.of_pages[said.page]
        if (tables := next((held for page, held in TABLES.items() if said.page.startswith(page)), None)) is not None:
            return set().union(of_page, *(
                numbers for (table, force), numbers in self.of_tables.items()
                if table in (*tables, "strands") and force in (*EVERYONE, *said.forces)
            ))  # fmt: skip
        if said.row.startswith("findings/"):
            return self.rows[said.row] | of_page  # the sentence is the released one, and so is every number in it
        if said.row in self.of_rows:
            subject, force = self.of_rows[said.row]
            return self.rows[said.row] | self._about(subject, frozenset({force}), force not in EVERYONE) | of_page
        return self._about(said.subject, said.forces, said.is_row_of_force) | of_page

    def _about(self, subject, forces, alone=False):
        key, places = (subject, forces, alone), forces if alone else (*EVERYONE, *forces)
        if key not in self._known:
            self._known[key] = set().union(*(
                numbers for (of, force), numbers in self.about.items()
                if force in places and (not subject or of in ("", subject))
            ))  # fmt: skip
        return self._known[key]

    def __post_init__(self):
        self._known = {}


def held_in(told):
    """The file of figures, read."""
    held = Held()
    for one in (*told["figures"], *told["sentences"]):
        numbers = {number for text in one.get("printed", [one.get("says", "")]) for number in numbers_in(text)}
        row = one["id"].rpartition("#")[0]
        numbers |= {part for part in row.split(" / ") if part.isdigit()}  # a code that is a number names the row
        held.of_rows[row] = (one.get("indicator", ""), one.get("force", ""))
        held.rows[row] |= numbers
        held.of_tables[row.partition("/")[0], one.get("force", "")] |= numbers
        held.about[one.get("indicator", ""), one.get("force", "")] |= numbers
    for one in told["worked_out"]:
        held.of_pages[one["page"]] |= {number for text in one["printed"] for number in numbers_in(text)}
    return held


class Reader:
    """Reads the pages of one report."""

    def __init__(self, report, released):
        self.folder, self.marks = report.folder, marker(released)
        self.held = held_in(json.loads((report.folder / "figures" / "figures.json").read_text(encoding="utf-8")))
        places = released.rows("places")
        self.codes = {row["slug"]: row["place_code"] for row in places}
        self.names = {row["name"].split(" (")[0]: row["place_code"] for row in places}
        self.subjects = {f"{room}/{slug(row[name])}.html": row[name] for room, name in SUBJECTS.items()
                         if room in released.tables for row in released.rows(room)}  # fmt: skip

    def said(self, page, text=None):
        """Every stretch of a page that holds a number which is no date, name or words of ours."""
        document = html.fromstring(text if text is not None else (self.folder / page).read_text(encoding="utf-8"))
        found = [(_around(node), _whole(node)) for node in document.xpath(TEXTS)]
        for node in document.xpath("//*[@alt or @aria-label]"):
            found += [(node, self._bare(node.get(name))) for name in ("alt", "aria-label") if node.get(name)]
        for node, words in found:
            if numbers := numbers_in(words):
                yield Said(page, " ".join(words.split()), numbers, _row_of(node), *self._about(page, node, words))

    def lost(self, page, text=None):
        """The numbers of a page that no released figure which may stand there is, with their text."""
        return [(page, number, said.text[:100]) for said in self.said(page, text)
                for number in said.numbers if number not in self.held.allowed(said)]  # fmt: skip

    def _bare(self, text):
        for start, end, _ in reversed(self.marks.spans(text)):
            text = f"{text[:start]} {text[end:]}" if text[start:end] != "100" else text
        return text

    def _about(self, page, node, words):
        block = node
        while block.tag in INLINE:
            block = block.getparent()
        near = next(
            iter(node.xpath("(ancestor-or-self::tr | ancestor-or-self::li | ancestor-or-self::a)[last()]")), None
        )
        near = next(iter(node.xpath("ancestor-or-self::tr")), near)
        ways = [
            way.split("#")[0].replace("../", "")
            for way in (near.xpath(".//@href | ./@href") if near is not None else ())
        ]
        told = f"{words} {block.text_content()} {near.text_content() if near is not None else ''}"
        forces = {self.codes[name] for way in [*ways, page] if (name := _slug_of_force(way)) in self.codes}
        forces |= {code for name, code in self.names.items() if name in told}
        subjects = {self.subjects[way] for way in ways if way in self.subjects}
        subject = self.subjects.get(page) or (subjects.pop() if len(subjects) == 1 else "")
        leads = any(_slug_of_force(way) in self.codes for way in ways)
        return subject, frozenset(forces), leads and bool(node.xpath("ancestor-or-self::tr"))


def _slug_of_force(way):
    found = re.fullmatch(r"forces/(.+)\.html", way)
    return found[1] if found else ""


def _around(text):
    """The element that a stretch of text stands in; of what follows an element, the one around both."""
    return text.getparent().getparent() if text.is_tail else text.getparent()


def _whole(text):
    """A stretch of text; the hundred of '8 in 100', which stands in words of ours, is read with it."""
    before = text.getparent()
    after = before.getnext() if text.is_tail else next(iter(before), None)
    is_hundred = re.search(r"\d in\s*$", text) and after is not None and after.text == "100"
    return f"{text.rstrip()} 100" if is_hundred else str(text)


def _row_of(node):
    """The released row that a quotation names as its receipt, for whatever stands in the same figure; '' elsewhere."""
    figures = node.xpath("ancestor-or-self::article[contains(@class, 'found') or contains(@class, 'figure')][1]")
    if not figures:
        return ""
    told = figures[0].xpath(".//p[strong='Receipt:']")
    if not told:
        return ""
    table = re.search(r"table (\S+), row", told[0].text_content())
    return f"{table[1]}/{told[0].xpath('string(code)')}" if table else ""


def other(number):
    """A number of the same kind that was never counted: a share that is one higher, a count that is."""
    digits = re.search(r"\d[\d,]*", number)
    return number[: digits.start()] + f"{int(digits[0].replace(',', '')) + 1:,}" + number[digits.end() :]
