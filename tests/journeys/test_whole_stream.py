"""The whole pipeline on the bundled published figures: findings, wording and verification."""

import json
import re
from importlib import import_module

import pytest

from assay.engine.provenance import read_stage, verify
from assay.workflows.run.published_claims import answer_claim
from assay.workflows.run.published_pipeline import inspect_published
from assay.workflows.run.register_tables import place_names
from journeys.grammar import errors


@pytest.fixture(scope="module")
def shares(published):
    return read_stage(published.folder, "comparison", "shares").to_pylist()


def charged(shares, year="2024/25", key="csa11"):
    names_by_place = place_names()
    cell_key = ("charged-of-closed", key, year)
    return {
        names_by_place[r["place_code"]]: r
        for r in shares
        if (r["measure"], r["offence_key"], r["financial_year"]) == cell_key
    }


def test_the_folder_verifies(published):
    assert verify(published.folder) == []


def test_every_sentence_keeps_the_grammar(published):
    names = place_names()
    rows = read_stage(published.folder, "disclosure", "findings").to_pylist()
    wrong = {row["key"]: found for row in rows if (found := errors(row["sentence"], names[row["place_code"]]))}
    assert len(rows) > 1000
    assert wrong == {}


def test_every_quotation_has_base_source_edition_and_limit(published):
    for row in read_stage(published.folder, "disclosure", "findings").to_pylist():
        assert row["quote"].startswith(row["sentence"])
        assert re.search(r" Base: .+\. Source: .+ edition .+\. It does not tell .+\.$", row["quote"]), row["key"]


def test_the_met_humberside_and_west_yorkshire_are_neither_good_nor_bad(shares):
    not_comparable = {name for name, row in charged(shares).items() if "neither good nor bad" in row["not_comparable"]}
    assert not_comparable == {"Metropolitan Police", "Humberside", "West Yorkshire"}


def test_at_most_three_forces_are_unusual_and_the_naive_funnel_would_say_thirteen(published, shares):
    assert sum(row["outlier_alert"] for row in charged(shares).values()) <= 3
    spread = read_stage(published.folder, "comparison", "spread").to_pylist()
    row = next(
        r
        for r in spread
        if (r["measure"], r["offence_key"], r["financial_year"]) == ("charged-of-closed", "csa11", "2024/25")
    )
    assert row["naive_outside_3_sigma"] == 13
    assert row["mean_z_squared"] == pytest.approx(11.8, abs=0.05)
    assert row["between_force_sd"] > 0


def test_no_force_gets_a_rank_without_its_interval(shares):
    assert all((row["rank"] is None) == (row["rank_low"] is None) == (row["rank_high"] is None) for row in shares)


def test_a_part_year_has_no_rate_and_no_finding_of_a_year(published):
    recorded = read_stage(published.folder, "enquiries", "recorded").to_pylist()
    part = [row for row in recorded if row["financial_year"] == "2025/26"]
    assert part
    assert all(row["per_1000_children"] is None for row in part)
    keys = read_stage(published.folder, "disclosure", "findings")["key"].to_pylist()
    assert not [key for key in keys if key.startswith("recorded/") and key.endswith("2025-26")]


def test_city_of_london_is_never_given_a_resident_rate(published):
    for stage, table, column in (
        ("enquiries", "recorded", "per_1000_children"),
        ("comparison", "rates", "raw_per_1000"),
    ):
        rows = read_stage(published.folder, stage, table).to_pylist()
        assert all(row[column] is None for row in rows if row["place_code"] == "E23000034")


CALLS_COUNTS_CSE = re.compile(
    r"(?<![a-z])cse(?![a-z])(?!\W+flag)|exploitation\W+(?:offen[cs]es?|crimes?|counts?|cases|rates?)\b", re.IGNORECASE
)
NAMING = re.compile(r"<(title|h[1-6]|caption|th|summary|figcaption)\b[^>]*>(.*?)</\1>|\balt=\"([^\"]*)\"", re.DOTALL)


def test_no_label_of_a_figure_calls_offence_counts_cse(published):
    for path in (published.folder / "report" / "figures").glob("*.json"):
        data = json.loads(path.read_text(encoding="utf-8"))
        own_names = [data["title"], *(column["name"] for column in data["columns"])] if "columns" in data else []
        labels = [*_keys(data), *own_names]
        assert [label for label in labels if CALLS_COUNTS_CSE.search(label)] == [], path.name


def test_no_title_heading_or_alternative_text_calls_offence_counts_cse(published):
    pages = list((published.folder / "report").rglob("*.html"))
    names_in_page = {
        (page.name, words)
        for page in pages
        if page.parent.name != "questions"  # the questions are the commission's own words
        for _, inner, alt in NAMING.findall(page.read_text(encoding="utf-8"))
        if CALLS_COUNTS_CSE.search(words := re.sub(r"<[^>]+>", "", inner or alt))
    }
    assert len(pages) > 130
    assert names_in_page == set()


@pytest.mark.parametrize("words", ["CSE offences", "cse_offences", "Exploitation offences by force", "Recorded CSE"])
def test_the_pattern_of_dishonest_names_can_fail(words):
    assert CALLS_COUNTS_CSE.search(words)


@pytest.mark.parametrize(
    "words",
    [
        "No public table by force, quarter and offence carries the CSE flag",
        "Abuse of children through sexual exploitation",
    ],
)
def test_the_pattern_of_dishonest_names_lets_honest_ones_pass(words):
    assert not CALLS_COUNTS_CSE.search(words)


def _keys(value):
    if isinstance(value, dict):
        return [*value, *(key for inner in value.values() for key in _keys(inner))]
    return [key for inner in value for key in _keys(inner)] if isinstance(value, list) else []


@pytest.mark.parametrize("text", ["recorded offences fell by 9%", "8% of recorded offences ended in a charge"])
def test_a_claim_can_be_put_to_the_folder_or_to_the_carried_figures(published, text):
    arguments = (text, "csa11", "2021/22", "2024/25")
    assert answer_claim(*arguments) == answer_claim(*arguments, folder=published.folder)
    assert answer_claim(*arguments).verdict == "supported"


def test_the_same_figures_give_the_same_tables(published, tmp_path, monkeypatch):
    class Enough(BaseException):
        """What comes after the tables is made of them."""

    def enough(*_):
        raise Enough

    monkeypatch.setattr(import_module("assay.workflows.run.published_pipeline"), "_write_release", enough)
    with pytest.raises(Enough):
        inspect_published(None, tmp_path / "again")
    for stage in ("returns", "records", "enquiries", "comparison"):
        run_folders = (published.folder, tmp_path / "again")
        first_receipt, two = (json.loads((folder / stage / "receipt.json").read_text()) for folder in run_folders)
        assert first_receipt == two, stage


def read_findings_page(published):
    page = (published.folder / "report" / "findings.html").read_text(encoding="utf-8")
    return re.sub(r"\s+", " ", re.sub(r"</?span[^>]*>", "", page))


def test_the_page_of_findings_and_the_summary_say_one_three_and_five_years_together(published):
    pattern = re.compile(
        r"The count of child sexual offences recorded by police \(England and Wales, 43 forces\) [a-z ]+ over one year\. It "
        r"[a-z ]+ over three years and [a-z ]+ over five years, all to December 2025\."
    )
    assert pattern.search(read_findings_page(published))
    assert pattern.search(published.answer["headline"][0])
    assert "cannot say whether it is on the wane" in published.answer["headline"][1]


def test_the_counting_rules_of_2023_are_marked_on_the_chart_and_beside_the_change(published):
    page = read_findings_page(published)
    assert "<dd>2023/24 Q1: In April 2023 the counting rules changed" in page
    assert "Breaks lie between: counting rules 2023 (from April 2023), recording rules 2024" in page
