"""Does the title of a chart of forces say which of them are outliers, and where the others lie?"""

from types import SimpleNamespace

import pytest

from assay.report.number_words import whole_percent
from assay.report.pages.force_points import spread_finding
from assay.report.pages.inspection.indicator_charts import funnel_chart, own_share_finding, sorted_estimates_chart
from report.force_rows import CODE, NEIGHBOUR, estimate_row, indicator_row, ladder_row, measure, world

OTHER_FORCES = ("INV03", "INV04")


def finding(shares, outliers=(), overall=0.9, withheld=()):
    """The title of a chart of these shares, by force."""
    site = world([measure("told_of_arrest", 0.9)], withheld=withheld)
    rows = [{"place_code": code, "share": share, "outlier_alert": code in outliers, "not_comparable": ""}
            for code, share in shares.items()]  # fmt: skip
    return spread_finding(site, rows, {"overall": overall}, "share", whole_percent)


SHARES = {CODE: 0.24, NEIGHBOUR: 0.93, **dict.fromkeys(OTHER_FORCES, 0.88)}


def test_the_title_names_the_outlier_with_its_figure_and_the_range_of_the_other_forces():
    assert finding(SHARES, [CODE]) == "without Alder (estimate 24%), an outlier, estimates lie from 88% to 93%"


def test_the_title_names_an_outlier_with_its_published_share_and_the_others_with_estimates():
    """The estimate of 0.23 is drawn; the published 0.24 is the figure of every other page."""
    site = world([measure("told_of_arrest", 0.9)])
    rows = [{"place_code": code, "share": estimate, "raw_share": published, "outlier_alert": code == CODE, "not_comparable": ""}
            for code, estimate, published in ((CODE, 0.23, 0.24), ("INV03", 0.88, 0.9), ("INV04", 0.88, 0.9))]  # fmt: skip
    title = spread_finding(site, rows, {"overall": 0.9}, "share", whole_percent, named_column="raw_share")
    assert title == "without Alder (own share 24%), an outlier, estimates lie at 88%"


def test_two_outliers_are_both_named():
    assert (
        finding(SHARES, [CODE, NEIGHBOUR])
        == "without Alder (estimate 24%) and Birch (estimate 93%), outliers, estimates lie at 88%"
    )


def test_without_an_outlier_the_title_has_the_range_and_the_centre():
    assert finding(SHARES, overall=0.85) == "estimates lie from 24% to 93%, around 85%; none is an outlier"


def test_a_centre_outside_the_forces_that_are_shown_is_left_out():
    """The centre of all forces is 95%, but those above it may not be shown."""
    assert finding(SHARES, overall=0.95) == "estimates lie from 24% to 93%; none is an outlier"


def test_an_outlier_whose_page_awaits_approval_is_counted_and_not_named():
    assert finding(SHARES, [CODE], withheld=[CODE]).endswith("1 of them is an outlier")
    assert "Alder" not in finding(SHARES, [CODE], withheld=[CODE])


def test_where_an_alert_is_withheld_no_title_says_that_no_force_is_an_outlier():
    site = world([measure("told_of_arrest", 0.9)])
    rows = [{"place_code": code, "share": share, "outlier_alert": alert, "not_comparable": ""}
            for code, share, alert in ((CODE, 0.24, None), ("INV03", 0.88, False), ("INV04", 0.9, False))]  # fmt: skip
    assert spread_finding(site, rows, {"overall": 0.8}, "share", whole_percent).endswith("; no outlier is shown")


def test_each_sentence_names_its_one_estimate_and_the_sentence_beside_the_lowest_force_has_own_shares():
    """The own shares are 31% and 80%, and the shrunken estimates 34% and 78%."""
    low, high = (
        measure("told_of_arrest", share, estimate=estimate)
        for share, estimate in ((0.31, (0.2, 0.5)), (0.8, (0.7, 0.9)))
    )
    estimates = [estimate_row(low, CODE) | {"share": 0.34}, estimate_row(high, NEIGHBOUR) | {"share": 0.78}]
    spread = {"indicator": "told_of_arrest", "overall": 0.6, "forces_compared": 2}
    site = world([low], ladders=[ladder_row(low, CODE), ladder_row(high, NEIGHBOUR)], force_estimates=estimates,
                 indicator_spread=[spread])  # fmt: skip
    form = site.indicators[0]
    assert own_share_finding(site, form) == "own shares lie from 31% to 80%; none is an outlier"
    assert "estimates lie from 34% to 78%, around 60%" in sorted_estimates_chart(site, form).finding


def test_the_funnel_counts_outliers_among_the_forces_whose_alert_is_shown():
    item, codes = measure("told_of_arrest", 0.9), (CODE, NEIGHBOUR, *OTHER_FORCES)
    estimates = [estimate_row(item, code) | {"suppressed_cells": ""} for code in codes]
    estimates[0] |= {"outlier_alert": None, "suppressed_cells": "outlier_alert"}
    spread = {"indicator": item["key"], "overall": 0.9, "forces_compared": 4, "outliers": 0, "naive_outside_3_sigma": 2}
    site = world([item], ladders=[ladder_row(item, code) for code in codes], force_estimates=estimates,
                 indicator_spread=[spread], indicator_funnel=[])  # fmt: skip
    chart = funnel_chart(site, indicator_row(item))
    assert chart.finding.startswith("None of the 3 forces whose alert is shown is an outlier")


@pytest.mark.parametrize("alert", [True, None])
def test_no_own_shares_are_compared_if_an_outlier_or_a_withheld_alert_has_none(alert):
    """Without that force the sentence would say that none is an outlier."""
    own_shares = {CODE: None, "INV03": 0.8, "INV04": 0.81}
    rows = [
        {
            "place_code": code,
            "indicator": "told_of_arrest",
            "not_comparable": "",
            "outlier_alert": code == CODE and alert,
        }
        for code in own_shares
    ]
    site = SimpleNamespace(estimates=lambda key: rows, ladder=lambda key, code: {"share": own_shares[code]})
    assert own_share_finding(site, {"indicator": "told_of_arrest"}) == ""
