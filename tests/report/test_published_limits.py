"""Does a published figure say its edition, how it was summed, what it leaves out, and the figure of all London?"""

import re

import pyarrow as pa
import pytest
from lxml import html

from assay.compare.outcome_findings import findings
from assay.report.number_words import percent, rank_sentence
from assay.report.pages.edition_notes import edition_note, note_beside_recorded, recorded_note
from assay.report.pages.force_comparison_charts import (
    _funnel_limits,
    funnel,
    rate_table,
    share_rows,
    share_table,
    tile_map,
)
from assay.report.pages.local_services_section import local_picture
from assay.report.pages.published_force_pages import force_changes, force_pages
from assay.report.pages.published_front_page import front_page, question_pages
from assay.report.quotable_figures import count_figure, share_figure
from assay.report.report_writer import index_tables, write_report
from assay.sdc import policy, release
from assay.workflows.run.added_table_stage import published_tables_table
from report.fixture import FORCES, tables

LONDON = {"E23000001": (2566, 5222), "E23000034": (1, 7)}
CODES_LOST = "Home Office, Outcomes, edition April 2026 (inferred from the copy)"


def site_of(**changes):
    """The small tables of the report with the register of published tables, after a change to the rows of some."""
    raw = dict(tables(FORCES)) | {"published_tables": published_tables_table()}
    for name, change in changes.items():
        rows = raw[name].to_pylist()
        for row in rows:
            change(row)
        raw[name] = pa.Table.from_pylist(rows, schema=raw[name].schema)
    return index_tables(release(raw, policy=policy(), ledger_head="0" * 64, edition="2026-01 (synthetic)"))


def set_april_edition(row):
    """An outcome share of the edition of April 2026 whose offence codes were inferred."""
    row["edition"] = CODES_LOST
    if row["measure"] == "pending" and row["place_code"] in LONDON:
        row["numerator"], row["base"] = LONDON[row["place_code"]]
        row["raw_share"] = row["numerator"] / row["base"]


def share(site, measure, place="E23000001"):
    """The figure of one outcome share of the latest year."""
    key = {"place_code": place, "offence_key": site.default, "financial_year": site.compared_year}
    return share_figure(site, site.find_row("shares", measure=measure, **key))


def test_the_note_names_the_edition_and_that_a_newer_year_is_published():
    """The register of 30 November 2026: newest edition to 31 March 2026, next one due by 31 October 2026."""
    assert edition_note(site_of(shares=set_april_edition)) == (
        "Outcomes are those of the edition of April 2026. Outcomes for the year to 31 March 2026 have been published "
        "but are not in this report. The edition after that was due by 31 October 2026 and was not found on "
        "30 November 2026."
    )


def test_an_edition_that_was_not_due_yet_when_the_register_was_checked_is_still_due():
    def checked_in_august(row):
        row["checked_on"] = "2026-08-01"

    note = edition_note(site_of(published_tables=checked_in_august))
    assert note.endswith("The edition after that is due by 31 October 2026.")


def test_without_a_newer_year_only_the_edition_is_named():
    def to_2025(row):
        row["newest_to"] = "2025-03-31"

    note = edition_note(site_of(shares=set_april_edition, published_tables=to_2025))
    assert note == "Outcomes are those of the edition of April 2026."


@pytest.mark.parametrize(
    ("newest", "note"),
    [
        ("2026-03-31", "Figures to March 2026 have been published; this report does not hold them yet"),
        ("2026-06-30", "Figures to March 2026 have been published; this report does not hold them yet"),
        ("2025-12-31", ""),
        ("", ""),
    ],
)
def test_a_later_full_year_of_recorded_crime_is_named_and_nine_months_of_it_are_not(newest, note):
    """The latest full year of the small tables is the year to March 2025."""

    def set_newest(row):
        if row["key"] == "recorded-crime":
            row["newest_to"] = newest or None

    site = site_of(published_tables=set_newest)
    assert site.full_year == "2024/25"
    assert recorded_note(site) == note
    contexts = [front_page(site).context, *(page.context for page in force_pages(site)[1:])]
    assert {context["newer"] for context in contexts} == {note}


def test_the_note_on_a_later_year_stands_under_the_figure_with_a_link_to_how_it_is_added(tmp_path):
    write_report(site_of().released, tmp_path)
    note, welsh_note = (
        html.parse(tmp_path / page).xpath("//p[@class='lead']/following-sibling::p[1]")[0]
        for page in ("index.html", "cy/index.html")
    )
    assert note.text_content() == (
        "Figures to March 2026 have been published; this report does not hold them yet: how to add them."
    )
    assert note.xpath("a/@href") == ["published-tables.html#newer-edition"]
    assert html.parse(tmp_path / "published-tables.html").xpath("//h2[@id='newer-edition']")
    assert welsh_note.text_content().startswith("Mae ffigurau hyd at Mawrth 2026 wedi'u cyhoeddi; nid ydynt")


def test_the_question_whether_a_trend_is_real_shows_the_trend_with_its_breaks():
    by_path = {page.path: page for page in question_pages(site_of())}
    real, falling = (by_path[f"questions/{number}.html"].context["figures"] for number in ("q23", "q26"))
    assert real == falling
    assert real


def test_no_column_of_shares_or_rates_is_called_published_because_assay_sums_its_counts():
    site = site_of()
    tables_shown = [share_table(site, "pending", site.compared_year), rate_table(site, site.default, site.full_year)]
    for table in tables_shown:
        heads = [head for head, _ in table.columns]
        assert heads[1] == "From sums of published figures"
        assert "As published" not in heads


def test_the_pending_finding_and_the_page_of_each_force_have_the_note():
    def alert(row):
        set_april_edition(row)
        if row["measure"] == "pending" and row["place_code"] == "E23000012":
            row |= {"outlier_alert": True, "direction": "higher", "expected": 0.12}

    site = site_of(shares=alert)
    first = front_page(site).context["findings"][0]
    assert first.sentence.startswith("Humberside: 47.0%")
    assert "still" not in first.sentence
    assert re.fullmatch(
        r"Humberside: [\d,]+ of [\d,]+ offences\. Outcomes are those of the edition of April 2026\.", first.note
    )
    assert {page.context["edition_note"] for page in force_pages(site)[1:]} == {note_beside_recorded(site)}


def test_the_front_page_says_once_that_a_newer_year_is_published(tmp_path):
    """Recorded crime and outcomes to March 2026 are both published: one sentence is enough for both."""

    def alert(row):
        set_april_edition(row)
        if row["measure"] == "pending" and row["place_code"] == "E23000012":
            row |= {"outlier_alert": True, "direction": "higher", "expected": 0.12}

    site = site_of(shares=alert)
    assert note_beside_recorded(site) == "Outcomes are those of the edition of April 2026."
    write_report(site.released, tmp_path)
    text = html.parse(tmp_path / "index.html").xpath("//main")[0].text_content()
    assert text.count("March 2026") == 1
    assert "edition was" not in text
    # Without the sentence on recorded crime, the note on outcomes names the newer year.
    no_newer = site_of(shares=alert, published_tables=outcomes_are_newer)
    assert "year to 31 March 2026 have been published" in front_page(no_newer).context["findings"][0].note


def outcomes_are_newer(row):
    """A row of the register after only outcomes of a newer year were published."""
    if row["key"] == "recorded-crime":
        row["newest_to"] = "2025-12-31"


def test_a_tile_says_that_its_counts_are_summed_and_that_offence_codes_are_inferred():
    def lost(row):
        row |= {"source": "Home Office, Outcomes", "note": "offence codes recovered by inference"}

    figure = share(site_of(shares=set_april_edition, sources=lost), "pending")
    assert figure.base == "Summed by assay from published rows: 2,566 of 5,222 offences; offence codes inferred"
    assert share(site_of(shares=set_april_edition), "pending").base.endswith("2,566 of 5,222 offences")


@pytest.mark.parametrize(
    ("years", "ending"),
    [(("2024/25",), "summed by assay from published rows; their offence codes are inferred"),
     ((), "summed by assay from published rows")],
)  # fmt: skip
def test_the_quotation_says_so_too(years, ending):
    row = site_of(shares=set_april_edition).find_row(
        "shares", measure="pending", place_code="E23000001", offence_key="csa11", financial_year="2024/25"
    )
    (finding,) = findings(
        [row], names={"E23000001": "Metropolitan Police"}, offence="csa11", offences="offences",
        editions={"outcomes 2024/25": CODES_LOST}, inferred_years=years,
    )  # fmt: skip
    assert f"counted over all offences recorded in the year), {ending}. Source: " in finding.quote


def test_each_force_of_london_has_the_pending_cases_of_both_together():
    """2,566 + 1 = 2,567 of 5,222 + 7 = 5,229: 49.1%."""
    site = site_of(shares=set_april_edition)
    assert "With City of London: 2,567 of 5,229 (49.1%)" in share(site, "pending").more
    assert "With Metropolitan Police: 2,567 of 5,229 (49.1%)" in share(site, "pending", "E23000034").more
    assert not [text for text in share(site, "pending", "E23000046").more if text.startswith("With ")]


def test_the_page_of_a_force_of_london_begins_with_its_pending_cases_and_those_of_both(tmp_path):
    """2,566 of 5,222 is 49.1%; with City of London 2,567 of 5,229 (49.1%); 1 of 7 is too few for a percentage."""
    site = site_of(shares=set_april_edition)
    write_report(site.released, tmp_path)
    leads = {
        name: [p.text_content() for p in html.parse(tmp_path / f"forces/{name}.html").xpath("//p[@class='lead']")]
        for name in ("metropolitan-police", "city-of-london")
    }
    assert leads == {
        "metropolitan-police": [
            "2,566 of 5,222 child sexual offences recorded by police in the year to March 2025 were pending (49.1%).",
            "With City of London: 2,567 of 5,229 (49.1%).",
        ],
        "city-of-london": [
            "1 of 7 child sexual offences recorded by police in the year to March 2025 were pending.",
            "With Metropolitan Police: 2,567 of 5,229 (49.1%).",
        ],
    }


def test_an_unexplained_court_label_is_noted_only_where_the_table_has_it(tmp_path):
    def relabel(row):
        if row["place_code"] == "E23000001" and row["outcome"] == max_label["label"]:
            row["outcome"] = "FTA"

    labels = [
        row["outcome"] for row in tables(FORCES)["court_outcomes"].to_pylist() if row["place_code"] == "E23000001"
    ]
    max_label = {"label": labels[0]}
    pages = {page.path: page.context["local"]["has_fta"] for page in force_pages(site_of(court_outcomes=relabel))[1:]}
    assert pages["forces/metropolitan-police.html"] is True
    assert not any(has_fta for path, has_fta in pages.items() if path != "forces/metropolitan-police.html")


def test_the_recorded_offences_of_london_are_added_for_the_same_quarters_only():
    site = site_of()
    key = {"offence_key": site.default, "financial_year": site.full_year}
    force, city = (site.find_row("recorded", place_code=code, **key) for code in LONDON)
    assert count_figure(site, force).more == (f"With City of London: {force['offences'] + city['offences']:,}",)
    assert count_figure(site, {**force, "quarters": 3}).more == ()


def test_the_suspect_share_says_how_many_closed_offences_its_base_leaves_out():
    """2,656 have an outcome and 2,437 an outcome that says if there was a suspect: 219 were passed on."""

    def bases(row):
        set_april_edition(row)
        if row["place_code"] == "E23000001":
            row["base"] = {"charged-of-closed": 2656, "suspect-identified-of-closed": 2437}.get(
                row["measure"], row["base"]
            )

    def passed_on(row):
        if row["outcome_family"] == "transferred":
            row["offences"] = 219

    site = site_of(shares=bases, outcomes=passed_on)
    assert "Without the 219 passed to another body, whose outcome does not say" in (
        share(site, "suspect-identified-of-closed").more
    )
    other = site_of(shares=bases, outcomes=lambda row: None)
    assert "Without 219 whose outcome does not say" in share(other, "suspect-identified-of-closed").more


@pytest.mark.parametrize(
    ("place", "low", "high", "words"),
    [
        (1, 1, 2, "Highest of 42 forces; by its interval it may be 2nd"),
        (1, 1, 5, "Highest of 42 forces; by its interval it may be 2nd to 5th"),
        (1, 1, 1, "Highest of 42 forces; by its interval no other place is likely"),
        (42, 41, 42, "Lowest of 42 forces; by its interval it may be 41st"),
        (12, 5, 22, "12th highest of 42 forces; by its interval it may be 5th to 22nd"),
    ],
)
def test_a_rank_on_a_tile_is_a_place_and_the_places_that_it_could_be(place, low, high, words):
    assert rank_sentence({"rank": place, "rank_low": low, "rank_high": high}, 42) == words


def test_a_rank_without_its_interval_is_not_given():
    assert rank_sentence({"rank": 1.0, "rank_low": None, "rank_high": 2.0}, 42) == "not given"


def test_judgements_on_authorities_are_counted_and_each_figure_links_to_its_source():
    site = site_of()
    force = next(row for row in site.forces if row["place_code"] == "E23000001")
    rows = {row[1].text: row for row in local_picture(site, force).rows}
    judged = [row["overall"] for row in site.find_rows("authorities", place_code="E23000001") if row["overall"]]
    figure = rows["Children’s services: local authorities by overall judgement"]
    assert sum(int(part.rsplit(" ", 1)[1]) for part in figure[3].text.split("; ")) == len(judged)
    assert rows["Police force, graded judgements"][1].href == "local-sources.html#police-inspections"


def picture(site, place):
    """The figure of each line of a force's local picture, by its title, and the note under the table."""
    table = local_picture(site, next(row for row in site.forces if row["place_code"] == place))
    return {row[1].text: row[3].text for row in table.rows}, table.note


def test_a_service_without_a_figure_for_a_force_has_a_line_that_says_why():
    gwent, _ = picture(site_of(), "W15000002")
    assert gwent["Plans started (the source covers England only)"] == "not at hand"
    no_row = "Defendants sent to the Crown Court for trial (the source has no row for this force)"
    assert gwent[no_row] == "not at hand"
    transport, _ = picture(site_of(), "BTP")
    assert transport["Plans started (the source has no row for this force)"] == "not at hand"


def test_a_letter_of_the_publisher_is_explained_in_the_local_picture():
    def suppressed(row):
        if row["measure"] == "plans started":
            row.update(number=None, marker="c", per_10000=None, low=None, high=None)

    figures, note = picture(site_of(children_services=suppressed), "E23000046")
    assert figures["Plans started"] == "not published (c)"
    assert "c: suppressed" in note
    assert "c: suppressed" not in picture(site_of(), "E23000046")[1]


def test_a_force_renamed_since_2012_gives_its_present_and_its_former_name():
    [(sentence, source)] = force_changes("E23000030")
    assert sentence.startswith(
        "This force is Hampshire and Isle of Wight Constabulary. Until 16 November 2022 it was Hampshire Constabulary."
    )
    assert source.startswith("The News, Portsmouth, 16 November 2022, https://")
    # West Mercia was renamed in 2009, before the first published year.
    assert force_changes("E23000016") == []


def test_the_lines_of_a_funnel_begin_where_a_percentage_does():
    """The released table keeps its limits at every base; the chart draws those from 20 offences on."""
    site = site_of()
    measure, year = "pending", site.compared_year
    bases = {row["base"] for row in site.find_rows("funnel", measure=measure, offence_key=site.default)}
    assert min(bases) == 1
    assert {limit.base for limit in _funnel_limits(site, measure, year)} == {base for base in bases if base >= 20}
    assert "A force with fewer than 20 offences is in the table" in funnel(site, measure, year).reading_note


def test_the_legend_of_a_map_says_what_its_limits_are_limits_of():
    site = site_of()
    tiles = tile_map(site, share_rows(site, "pending", site.compared_year), "raw_share", percent, "Map", "", "pending")
    assert all(re.fullmatch(r"[\d.]+% to [\d.]+% pending", label) for label in tiles["classes"])
