"""Find the released figures that a number on a page may be: of its indicator and force, or of one row.

A page on an indicator or a wait speaks of that one, a page on a force of that force and of all together. A row of a
table, an item of a list and a tile speak of whom they lead to; a sentence of whom it names; and what may be quoted
speaks of the released row that it names as its receipt.
"""

import json
import re
from collections import defaultdict
from dataclasses import dataclass, field

from lxml import html

from assay.report.figure_register import numbers_in, register_figures
from assay.report.number_markup import marker
from assay.report.number_words import slug

NOT_READ = "ancestor::style or ancestor::script or ancestor::code"
NOT_FIGURE = "ancestor::*[@data-not-figure]"
TEXTS = f"//body//text()[not({NOT_READ} or {NOT_FIGURE})]"
OVERALL_PLACES = ("", "ALL", "EW", "EW44", "E")
TABLES = {
    "answerable.html": (), "search.html": (), "concerns.html": ("ladders", "findings"), "method.html": (), "cannot-be-answered.html": (),
    "figures/": (), "receipts/": (), "burden.html": ("burden",), "claims.html": ("claim_tests",),
    "outliers.html": ("ladders", "force_estimates", "blaming_language_rates", "unflagged_exploitation_rates"),
    "falling.html": ("scale_trends", "scale_claims", "scale_statements"), "returns.html": ("return_contents", "inspection_summary"),
    "grades.html": ("grades", "grade_chances"), "plan.html": ("plan_editions",), "assurance.html": ("accuracy",),
    "lessons.html": ("revisits",), "recommendations/": ("ladders", "force_estimates", "characteristic_states", "revisits"),
    "definitions.html": ("counts_by_definition",), "questions/index.html": (), "indicators/index.html": ("ladders", "force_estimates"),
}  # fmt: skip
"""Of pages that speak of no one indicator: the tables whose figures stand there, beside what a page works out."""
MEASURE_TABLES = {"concerns.html": ("ladders", "findings", "force_estimates")}
"""Of these pages: the tables of which a row that links to a measure may hold figures, of that measure and force alone."""
INLINE = ("a", "span", "strong", "em", "b")
SUBJECTS = {"indicators": "indicator", "waits": "wait"}


@dataclass(frozen=True)
class Statement:
    """One stretch of text on a page: its numbers, of which row, indicator and forces it speaks, and the page."""

    page: str
    text: str
    numbers: list[str]
    row: str
    subject: str
    forces: frozenset[str]
    is_row_of_force: bool = False


@dataclass
class Figures:
    """What the file of figures holds, to be looked up by row, or by indicator and force; `by_page`: worked out."""

    by_row: dict = field(default_factory=dict)
    by_table: dict = field(default_factory=lambda: defaultdict(set))
    by_measure: dict = field(default_factory=lambda: defaultdict(set))
    rows: dict = field(default_factory=lambda: defaultdict(set))
    by_subject: dict = field(default_factory=lambda: defaultdict(set))
    by_page: dict = field(default_factory=lambda: defaultdict(set))

    def allowed(self, statement):
        """The numbers that may stand there."""
        page_numbers = self.by_page[statement.page]
        if (
            tables := next((table for page, table in TABLES.items() if statement.page.startswith(page)), None)
        ) is not None:
            places = (*OVERALL_PLACES, *statement.forces)
            measure_tables = MEASURE_TABLES.get(statement.page, ()) if statement.subject else ()
            tables = ("source_verdicts",) if measure_tables else (*tables, "source_verdicts")
            return page_numbers.union(
                *(self.by_measure[table, statement.subject, force] for table in measure_tables for force in places),
                *(numbers for (table, force), numbers in self.by_table.items() if table in tables and force in places),
            )
        if statement.row.startswith("findings/"):
            return (
                self.rows[statement.row] | page_numbers
            )  # the sentence is the released one, and so is every number in it
        if statement.row in self.by_row:
            subject, force = self.by_row[statement.row]
            return (
                self.rows[statement.row]
                | self._numbers_about(subject, frozenset({force}), force not in OVERALL_PLACES)
                | page_numbers
            )
        numbers = self._numbers_about(statement.subject, statement.forces, statement.is_row_of_force) | page_numbers
        if statement.page.endswith("/reasons.html"):  # a reason is a piece of evidence, word for word
            numbers = numbers.union(*(self.by_table["evidence", force] for force in statement.forces))
        return numbers

    def _numbers_about(self, subject, forces, only_subject=False):
        key, places = (subject, forces, only_subject), forces if only_subject else (*OVERALL_PLACES, *forces)
        if key not in self._known:
            self._known[key] = set().union(*(
                numbers for (subject_key, force), numbers in self.by_subject.items()
                if force in places and (not subject or subject_key in ("", subject))
            ))  # fmt: skip
        return self._known[key]

    def __post_init__(self):
        self._known = {}


def register_of(report):
    """The file of figures, as it is written."""
    return json.loads((report.folder / "figures" / "figures.json").read_text(encoding="utf-8"))


def figures_of(report):
    """Every figure of the file of figures by itself."""
    return [*register_figures(register_of(report))]


def held_in(figures_data):
    """The file of figures, read."""
    figures = Figures()
    for figure in (*register_figures(figures_data), *figures_data["sentences"]):
        numbers = {number for text in figure.get("printed", [figure.get("says", "")]) for number in numbers_in(text)}
        row = figure["id"].rpartition("#")[0]
        numbers |= {part for part in row.split(" / ") if part.isdigit()}  # a code that is a number names the row
        figures.by_row[row] = (figure.get("indicator", ""), figure.get("force", ""))
        figures.rows[row] |= numbers
        figures.by_table[row.partition("/")[0], figure.get("force", "")] |= numbers
        figures.by_measure[row.partition("/")[0], figure.get("indicator", ""), figure.get("force", "")] |= numbers
        figures.by_subject[figure.get("indicator", ""), figure.get("force", "")] |= numbers
    for figure in figures_data["worked_out"]:
        figures.by_page[figure["page"]] |= {number for text in figure["printed"] for number in numbers_in(text)}
    return figures


class Reader:
    """Reads the pages of one report."""

    def __init__(self, report, released):
        self.folder, self.marks = report.folder, marker(released)
        self.figures = held_in(register_of(report))
        places = released.rows("places")
        self.codes = {row["slug"]: row["place_code"] for row in places}
        self.names = {row["name"].split(" (")[0]: row["place_code"] for row in places}
        self.subjects = {f"{folder_name}/{slug(row[name])}.html": row[name] for folder_name, name in SUBJECTS.items()
                         if folder_name in released.tables for row in released.rows(folder_name)}  # fmt: skip

    def statements(self, page, text=None):
        """Every stretch of a page that holds a number which is no date, name or words of ours."""
        document = html.fromstring(text if text is not None else (self.folder / page).read_text(encoding="utf-8"))
        found = [(_enclosing(node), _whole(node)) for node in document.xpath(TEXTS)]
        for node in document.xpath("//*[@alt or @aria-label]"):
            found += [(node, self._plain_text(node.get(name))) for name in ("alt", "aria-label") if node.get(name)]
        for node, words in found:
            if numbers := numbers_in(words):
                yield Statement(
                    page, " ".join(words.split()), numbers, _row_of(node), *self._subject_of(page, node, words)
                )

    def lost(self, page, text=None):
        """The numbers of a page that no released figure which may stand there is, with their text."""
        return [(page, number, statement.text[:100]) for statement in self.statements(page, text)
                for number in statement.numbers if number not in self.figures.allowed(statement)]  # fmt: skip

    def _plain_text(self, text):
        for start, end, _ in reversed(self.marks.spans(text)):
            text = f"{text[:start]} {text[end:]}" if text[start:end] != "100" else text
        return text

    def _subject_of(self, page, node, words):
        block = node
        while block.tag in INLINE:
            block = block.getparent()
        nearest = next(
            iter(node.xpath("(ancestor-or-self::tr | ancestor-or-self::li | ancestor-or-self::a)[last()]")), None
        )
        nearest = next(iter(node.xpath("ancestor-or-self::tr")), nearest)
        ways = [
            way.split("#")[0].replace("../", "")
            for way in (nearest.xpath(".//@href | ./@href") if nearest is not None else ())
        ]
        surrounding_text = f"{words} {block.text_content()} {nearest.text_content() if nearest is not None else ''}"
        forces = {self.codes[name] for way in [*ways, page] if (name := _slug_of_force(way)) in self.codes}
        forces |= {code for name, code in self.names.items() if name in surrounding_text}
        subjects = {self.subjects[way] for way in ways if way in self.subjects}
        subject = self.subjects.get(page) or (subjects.pop() if len(subjects) == 1 else "")
        leads = any(_slug_of_force(way) in self.codes for way in ways)
        return subject, frozenset(forces), leads and bool(node.xpath("ancestor-or-self::tr"))


def _slug_of_force(way):
    found = re.fullmatch(r"forces/([^/]+?)(?:/\w+)?\.html", way)
    return found[1] if found else ""


def _enclosing(text):
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
    figures = node.xpath(
        "ancestor-or-self::*[self::article[contains(@class, 'found') or contains(@class, 'figure')]"
        " or self::details[contains(@class, 'trust')]]"
    )
    if not figures:
        return ""
    receipts = figures[-1].xpath(".//p[strong='Receipt:']")
    if not receipts:
        return ""
    table = re.search(r"table (\S+), row", receipts[0].text_content())
    return f"{table[1]}/{receipts[0].xpath('string(code)')}" if table else ""


def other(number):
    """A number of the same kind that was never counted: a share that is one higher, a count that is."""
    digits = re.search(r"\d[\d,]*", number)
    return number[: digits.start()] + f"{int(digits[0].replace(',', '')) + 1:,}" + number[digits.end() :]
