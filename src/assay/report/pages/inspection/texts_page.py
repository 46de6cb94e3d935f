"""The page on free text: how much was written and read, and what human raters confirmed in it."""

from __future__ import annotations

from collections.abc import Callable

from assay.report.number_words import NOT_GIVEN, whole, whole_percent
from assay.report.page_elements import Grid, Page, grid
from assay.report.pages.inspection.released_tables import ALL, ALL_NAME, Inspection
from assay.report.report_tables import Row
from assay.sdc.released_rows.people_rows import BlamingLanguageRatesRow, TextCoverageRow
from assay.sdc.released_rows.published_rows import FindingsRow

CERTAINTY_NOTE = (
    "What stands here was confirmed by people, who marked a sample drawn by known chances among all texts. What a "
    "search calls is a reason to read, and is counted nowhere. Intervals speak of the chance of drawing; that two "
    "people may read one text differently lies outside them."
)
TEXTS = {"notes": "Entries of records", "summaries": "Summaries of crimes"}
NOT_READ = {
    "not_sent": "no text sent", "empty": "empty", "welsh": "in Welsh", "other_language": "in another language",
    "image": "image", "audio_or_video": "sound or film", "withheld": "withheld", "too_long": "too long",
    "not_declared": "not declared for reading",
}  # fmt: skip
A_FEW = "a few"
NO_OUTLIER = "no outlier: chance, and differences among the others, may explain it"
PARTS = {"author_role": "By the author's role", "stage": "By the stage of the case"}
NO_GRADE = "Few blaming words found is no finding that attitudes are good: it may be that little was written."
BLAMING_LANGUAGE, IMPORTED_BLAME, CHALLENGED_BLAME = "blaming_language", "imported_blame", "blame_challenged"


def texts_page(site: Inspection) -> Page:
    """Return the page on free text: how much there is, victim-blaming language, and exploitation without a flag."""
    context = {
        "findings": [
            _short_sentences(row)
            for row in site.find_rows(FindingsRow, place_code=ALL)
            if row["key"].startswith("texts/")
        ],
        "read": _volume_table(site),
        "words": _blame_table(site),
        "breakdowns": [_breakdown_table(site, part_of, title) for part_of, title in PARTS.items()],
        "others": _separate_counts_table(site),
        "unflagged": _unflagged_table(site),
    }
    return Page("texts.html", "inspected/texts.html", "What people wrote", CERTAINTY_NOTE, (), context)


def _short_sentences(row: Row) -> str:
    """Return a finding without its place and period, which the page gives, as one sentence for each clause."""
    subject, _, rest = row["sentence"].partition("): ")
    clauses = [subject.partition(" (")[0], *rest.rstrip(".").split("; ")] if rest else [subject.rstrip(".")]
    return " ".join(f"{clause[:1].upper()}{clause[1:]}." for clause in clauses)


def _volume_table(site: Inspection) -> Grid:
    rows = [
        (_place(site, row), TEXTS[row["table_name"]], whole(row["texts"]), whole(row["read"]), _unread_text(row),
         whole(row["words_thousands"]), whole(row["authors"]) if row["authors"] else "")
        for row in _ordered(site, "text_coverage")
    ]  # fmt: skip
    note = (
        "Counts are rounded to 5; from 1 to 7 they are not shown. A force of which more than 5% of texts were not "
        "read is not compared."
    )
    heads = ("Where", "What", "#Texts", "#Read", "Not read, and why", "#Thousand words", "#Authors")
    return grid("How much was written, and how much was read", heads, rows, note=note, dense=True)


def _unread_text(row: Row) -> str:
    unread_counts = {words: row[name] for name, words in NOT_READ.items() if row[name] != 0}
    phrases = [f"{words} {A_FEW if texts is None else whole(texts)}" for words, texts in unread_counts.items()]
    return "; ".join(phrases) or "none"


def _blame_table(site: Inspection) -> Grid:
    rows = [
        (_place(site, row), whole(row["marked"]), *_per_1000(row), _volume(site, row), _prediction_text(row))
        for row in _ordered(site, "blaming_language_rates")
        if row["measure"] == BLAMING_LANGUAGE and row["part_of"] == "all"
    ]
    heads = ("Where", "#Marked", "#Per 1,000 entries", "#95% interval", "#Thousand words read", "Beside the others")
    note = f"Entries of the police's own in which people found that the child is held responsible. {NO_GRADE}"
    return grid("Words that blame the child", heads, rows, note=note, dense=True)


def _breakdown_table(site: Inspection, part_of: str, title: str) -> Grid:
    rows = [
        ((row["part"] or "").replace("_", " "), whole(row["marked"]), *_per_1000(row))
        for row in site.find_rows(BlamingLanguageRatesRow, measure=BLAMING_LANGUAGE, part_of=part_of)
        if row["per_1000"] is not None
    ]
    note = "All forces together; only where enough was marked. " + NO_GRADE
    return grid(title, ("Which", "#Marked", "#Per 1,000 entries", "#95% interval"), rows, note=note)


def _separate_counts_table(site: Inspection) -> Grid:
    titles = {
        IMPORTED_BLAME: "Entries copied in from others that blame, per 1,000 of them (not the police's words)",
        CHALLENGED_BLAME: "Blaming entries that somebody challenged, per 1,000 of them",
    }
    rows = [
        (titles[row["measure"]], *(_per_1000(row) if row["per_1000"] is not None else ("not known", "")))
        for row in site.rows(BlamingLanguageRatesRow)
        if row["measure"] in titles
    ]
    return grid("Counted apart", ("What", "#Per 1,000", "#95% interval"), rows)


def _unflagged_table(site: Inspection) -> Grid:
    rows = [
        (_place(site, row), whole(row["marked"]), _with_interval(row, "unflagged", whole),
         _with_interval(row, "sensitivity", whole_percent),
         _with_interval(row, "specificity", whole_percent) + _specificity_text(row),
         _with_interval(row, "precision", whole_percent), _prediction_text(row))
        for row in _ordered(site, "unflagged_exploitation_rates")
    ]  # fmt: skip
    heads = (
        "Where", "#Marked", "#Crimes without a flag", "#Of exploitation, flagged", "#Of others, not flagged",
        "#Of flagged, exploitation", "Beside the others",
    )  # fmt: skip
    note = (
        "Crimes whose summary describes exploitation, as people who read it found. Exploitation that no summary "
        "describes is in none of these figures, so the true number is at least this high."
    )
    return grid("Exploitation without a flag, force by force", heads, rows, note=note, dense=True)


def _ordered(site: Inspection, table: str) -> list[Row]:
    return sorted(site.rows(table), key=lambda row: (row["place_code"] != ALL, site.name(row["place_code"])))


def _place(site: Inspection, row: Row) -> str:
    return ALL_NAME if row["place_code"] == ALL else site.name(row["place_code"])


def _per_1000(row: Row) -> tuple[str, str]:
    if row["per_1000"] is None:
        return (row.get("why") and "not known") or NOT_GIVEN, ""
    return whole(row["per_1000"]), f"{whole(row['per_1000_low'])} to {whole(row['per_1000_high'])}"


def _volume(site: Inspection, row: Row) -> str:
    read = site.find_row(TextCoverageRow, place_code=row["place_code"], table_name="notes")
    return whole(read["words_thousands"]) if read else NOT_GIVEN


def _prediction_text(row: Row) -> str:
    if row["place_code"] == ALL:
        return ""
    if row["outlier_alert"]:
        return f"outlier: {row['direction']} than the other forces"
    if row["marked"] == 0 and row["not_comparable"] == row.get("why"):
        return "nobody has marked any"
    return row["not_comparable"] or NO_OUTLIER


def _specificity_text(row: Row) -> str:
    """Describe specificity that is an outlier against the leave-one-out predictive."""
    return f", {row['specificity_direction']} than expected" if row["specificity_outlier_alert"] else ""


def _with_interval(row: Row, name: str, format_value: Callable[[float | None], str]) -> str:
    if row[name] is None:
        return NOT_GIVEN
    return f"{format_value(row[name])} ({format_value(row[f'{name}_low'])} to {format_value(row[f'{name}_high'])})"
