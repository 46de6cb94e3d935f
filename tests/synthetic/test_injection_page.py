"""The last page of a report on synthetic forces: which failings were injected, and what the report says of each."""

import re
from dataclasses import replace
from html import unescape

import pytest

from assay.engine.provenance.verification import TRUTH_FOLDER
from assay.errors import DisclosureError
from assay.report import write_report
from assay.report.pages.inspection.inspection_front_page import front_page
from assay.report.pages.inspection.outliers_page import PATH as OUTLIERS
from assay.report.pages.inspection.outliers_page import outlier_alerts
from assay.report.pages.inspection.released_tables import Inspection
from assay.report.report_writer import report_frame
from assay.sdc import policy, restore_released
from assay.synthetic import injection_page as page_module
from assay.synthetic.earlier_inspection import KnownChange
from assay.synthetic.injection_page import PATH, find_injection_page, injection_page, returns_folder_of
from assay.synthetic.simulation.truth_folder import Truth, read_truth

LATE, ETHNICITY = "recorded_in_24_hours", "suspect_ethnicity_recorded"
TRUTH = Truth(
    seed=1,
    world="plain",
    injected={"late_recording": ("INV02",), "ethnicity_missing": ("INV03", "INV04")},
    strength={"late_recording": 2.2, "ethnicity_missing": 1.0},
    rates={code: {} for code in ("INV01", "INV02", "INV03", "INV04")},
)
"""One failing in three forces, and none in the first."""


@pytest.fixture
def released(demo):
    return restore_released(demo.folder, "disclosure", policy=policy("record level"), ledger_head="ab", edition="test")


@pytest.fixture
def site(released):
    return Inspection(released)


def page_context(site: Inspection, front: str = "", truth: Truth = TRUTH):
    return page_module._page(page_module._ReportOnTruth(site, front, truth)).context


def row_of(table, place: str) -> list[str]:
    return next([cell.text for cell in row] for row in table.rows if row[0].text == place)


def alert(site: Inspection, measure: str, place: str, direction: str) -> None:
    site.estimate(measure, place).update(outlier_alert=True, direction=direction)


def text_of(page: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", page))


def test_the_demonstration_ends_with_the_failings_of_its_own_truth(demo):
    truth = returns_folder_of(demo.folder) / TRUTH_FOLDER / "truth.toml"
    injected = sum(map(len, read_truth(truth).injected.values()))
    page = (demo.folder / "report" / PATH).read_text(encoding="utf-8")
    table = page.partition('id="failings-table"')[2].partition("</table>")[0]
    assert table.count('<th role="rowheader"') == injected == 4
    assert f"{injected} failings were injected in 3 of 4 synthetic forces" in text_of(page)


def test_the_page_is_linked_at_the_end_of_the_front_page_and_in_the_navigation_of_every_page(demo):
    front = (demo.folder / "report" / "index.html").read_text(encoding="utf-8")
    rest = front.partition('id="rest-of-report"')[2].partition("</ul>")[0]
    assert rest.rstrip().endswith('<li><a href="planted.html">What was injected</a></li>')
    for page in (demo.folder / "report").rglob("*.html"):
        links = page.read_text(encoding="utf-8").partition("<nav")[2].partition("</nav>")[0]
        assert links.count("planted.html") == 1, page


def test_an_alert_that_shows_the_failing_is_named_by_its_measure(site):
    alert(site, LATE, "INV02", "lower")
    found = page_context(site)
    title = site.find_row("indicators", indicator=LATE)["title"]
    _, failing, strength, *_, outlier, front = row_of(found["failings"], page_module.force_name(site, "INV02"))
    pages = "front page: a key finding; Outliers and missed standards"
    assert (failing, strength, outlier, front) == ("Crimes recorded late", "2.2", title, pages)
    late, other = (page_module.force_name(site, place) for place in ("INV03", "INV04"))
    assert found["summary"] == (
        "3 failings were injected in 3 of 4 synthetic forces. This report shows 1 by an outlier alert; 0 by a grade; "
        f"0 by a concern; 1 on the front page; 2 by none ({late}, suspects' ethnicity missing; "
        f"{other}, suspects' ethnicity missing)."
    )


def test_an_alert_in_the_other_direction_or_on_another_measure_does_not_show_the_failing(site):
    alert(site, LATE, "INV02", "higher")
    alert(site, ETHNICITY, "INV02", "lower")
    assert row_of(page_context(site)["failings"], page_module.force_name(site, "INV02"))[6] == "none"


def test_an_alert_in_a_force_without_a_failing_is_counted_and_named(site):
    assert page_context(site)["clean_summary"].startswith("No outlier alert is without a failing behind it.")
    alert(site, LATE, "INV01", "lower")
    found = page_context(site)
    title = site.find_row("indicators", indicator=LATE)["title"]
    assert row_of(found["clean"], page_module.force_name(site, "INV01"))[1] == title
    assert found["clean_summary"] == (
        "1 outlier alert has no injected failing behind it. Of 1 force without a failing, 1 has one."
    )


def test_a_grade_a_concern_and_the_front_page_are_those_of_the_released_tables(site):
    theme, name = "data-quality", page_module.force_name(site, "INV02")
    site.find_row("grades", place_code="INV02", line=theme).update(proposed="inadequate")
    site.rows("concerns").append({**dict.fromkeys(("says", "recommendation", "test", "evidence_keys")), "rank": 1,
                                  "place_code": "INV02", "characteristic": "recorded_rightly",
                                  "kind": "cause of concern"})  # fmt: skip
    front = f'<p id="concerns">Cause of concern proposed: <a href="forces/x.html">{name}</a>.</p>'
    found = page_context(site, front)
    row = row_of(found["failings"], name)
    places = "front page: a cause of concern; Causes of concern (cause of concern)"
    assert row[4:6] + row[7:] == ["Data quality: inadequate", "cause of concern", places]
    assert "0 by an outlier alert; " in found["summary"]
    assert "1 by a concern; 1 on the front page; 2 by none" in found["summary"]


def test_a_concern_alone_is_named_and_counted(site):
    """An area for improvement stands on the page of concerns, and on no front page."""
    site.rows("concerns").append({**dict.fromkeys(("says", "recommendation", "test", "evidence_keys")), "rank": 1,
                                  "place_code": "INV02", "characteristic": "recorded_rightly",
                                  "kind": "area for improvement"})  # fmt: skip
    found = page_context(site)
    row = row_of(found["failings"], page_module.force_name(site, "INV02"))
    assert row[7] == "Causes of concern (area for improvement)"
    assert "0 by a grade; 1 by a concern; 0 on the front page; 2 by none" in found["summary"]


def test_every_failing_with_an_alert_is_named_by_the_front_page_or_by_a_page_that_it_links_to(site):
    """Seven alerts have larger gaps, so that the front page has no place left for the failing."""
    other_measures = [
        form["indicator"] for form in site.indicators if form["better"] == "higher" and form["indicator"] != LATE
    ]
    for key in other_measures[:12]:
        for place in ("INV01", "INV03", "INV04"):
            alert(site, key, place, "lower")
    alert(site, LATE, "INV02", "lower")
    pages = row_of(page_context(site)["failings"], page_module.force_name(site, "INV02"))[7]
    assert "Outliers and missed standards" in pages
    assert front_page(site).context["all_findings"].href == OUTLIERS
    listed = {(item.place, item.key) for item in outlier_alerts(site)}
    assert ("INV02", LATE) in listed


def test_a_failing_without_an_alert_is_named_nowhere_and_has_the_reason(site):
    site.estimate(LATE, "INV02").update(
        outlier_alert=None, not_comparable="Not comparable: fewer than 20 records tell."
    )
    found = page_context(site)
    name, title = page_module.force_name(site, "INV02"), site.find_row("indicators", indicator=LATE)["title"]
    assert row_of(found["failings"], name)[6:] == ["none", "nowhere"]
    force, failing, measure, *_, reason = row_of(found["missed"], name)
    assert (force, failing, measure) == (name, "Crimes recorded late", title)
    assert reason == "Not comparable: fewer than 20 records tell."


def test_the_reason_why_a_figure_has_no_alert_is_that_of_its_released_row():
    row = {"not_comparable": "", "outlier_alert": False, "specificity_outlier_alert": None}
    assert page_module.no_alert_reason(row).startswith("compared, and no outlier")
    assert page_module.no_alert_reason(row, "specificity_").endswith("would reveal a suppressed count")
    assert page_module.no_alert_reason(None) == "no figure was released"


def test_a_count_that_is_not_released_is_not_shown_on_the_page(site):
    for row in site.find_rows("force_estimates", indicator=LATE):
        row.update(base=None, met=None, not_met=None)
    assert row_of(page_context(site)["failings"], page_module.force_name(site, "INV02"))[3] == "not shown"


def test_the_true_shares_stand_beside_the_verdict_of_a_revisit_that_was_made(site):
    site.rows("revisits").append({"place_code": "INV02", "test": LATE, "verdict": "better"})
    changes = (KnownChange("INV02", LATE, 0.524, 0.824), KnownChange("INV03", LATE, 0.5, 0.5))
    table = page_module._page(page_module._ReportOnTruth(site, "", TRUTH, changes)).context["revisited"]
    assert [[cell.text for cell in row][2:] for row in table.rows] == [["52%", "82%", "better"]]


def test_a_country_without_failings_says_so(site):
    none = replace(TRUTH, injected={})
    assert page_context(site, truth=none)["summary"] == "No failing was injected in any of these 4 synthetic forces."


def test_a_report_on_real_forces_never_has_the_page(demo, released, tmp_path, monkeypatch):
    """Neither is the page found where the request is about real forces, nor does the report accept one."""
    page = injection_page(returns_folder_of(demo.folder) / TRUTH_FOLDER)
    assert find_injection_page(demo.folder).key == page.key
    settings = (demo.folder / "inspection.toml").read_text(encoding="utf-8")
    real, truth = tmp_path / "real", tmp_path / "real-sent" / TRUTH_FOLDER
    for folder in (real, truth):
        folder.mkdir(parents=True)
    request = re.sub(r'register = "[a-z]+"', 'register = "real"', settings.split("\n\n[[")[0])
    (real / "inspection.toml").write_text(request, encoding="utf-8")
    (truth / "truth.toml").write_text("seed = 1\n", encoding="utf-8")
    assert find_injection_page(real) is None
    monkeypatch.setattr(Inspection, "is_synthetic", property(lambda _: False))
    with pytest.raises(DisclosureError, match="Only a report on synthetic forces"):
        write_report(released, tmp_path / "report", closing_page=page)
    assert not (tmp_path / "report").exists()
    assert PATH not in str(report_frame(Inspection(released)))
