"""Does a verdict never give a point alone, and report refusals, spread and small numbers?"""

import xml.etree.ElementTree as ET

import pytest
from test_strata import stratum

from assay.stats.multiple_systems.assumption_sensitivity import sensitivity_to_odds_ratio
from assay.stats.multiple_systems.capture_figures import interval_plot, posterior_plot, sensitivity_plot, upset_plot
from assay.stats.multiple_systems.capture_tables import CaptureTable
from assay.stats.multiple_systems.decomposable import average_decomposable_graphs
from assay.stats.multiple_systems.ensemble import (
    LOWER_BOUND,
    METHODS,
    Ensemble,
    VerdictKind,
    estimate_ensemble,
    lower_bound,
    verdict,
)
from assay.stats.multiple_systems.hidden_estimates import HiddenEstimate
from assay.stats.multiple_systems.list_screening import QUESTIONS, DependenceSign, ListDependence, screen_lists

QUICK = {name: METHODS[name] for name in ("stepwise", "decomposable graphs", LOWER_BOUND)}


def verdict_of(*limits, table=None):
    table = table or stratum(3000)
    estimates = tuple(
        HiddenEstimate(f"method {k}", table.persons, population=(low * high) ** 0.5, low=low, high=high)
        for k, (low, high) in enumerate(limits)
    )
    return Ensemble(table, screen_lists(table, answered=QUESTIONS), estimates)


def test_methods_that_agree_are_a_range_with_its_spread():
    result = verdict(verdict_of((1800, 3100), (2000, 4100)))
    assert result.kind is VerdictKind.RANGE
    assert "between about 1,800 and 4,100" in result.words
    assert (result.low, result.high) == (1800, 4100)
    assert "2 methods: their middles differ 1.2-fold" in result.reasons[0]


def test_methods_that_differ_fivefold_are_an_order_of_magnitude():
    result = verdict(verdict_of((8785, 14_701), (10_000, 43_894)))
    assert result.kind is VerdictKind.ORDER_OF_MAGNITUDE
    assert "8,700 to 44,000" in result.words
    assert "nearer than that it cannot be said" in result.words


def test_methods_that_differ_a_hundredfold_say_nothing_together():
    result = verdict(verdict_of((1500, 3000), (90_000, 200_000)))
    assert result.kind is VerdictKind.NO_ESTIMATE
    assert result.low is result.high is None


def test_one_method_alone_is_no_estimate():
    assert "Only 1 of 1 methods" in verdict(verdict_of((1800, 3000))).words


def test_a_bound_from_below_is_not_counted_among_the_methods():
    table = stratum(3000)
    found = Ensemble(table, screen_lists(table), (lower_bound(table),))
    assert verdict(found).kind is VerdictKind.NO_ESTIMATE


def test_a_table_that_is_stopped_asks_no_method_and_says_why():
    table = CaptureTable.from_histories(("A", "B", "C"), {"A": 40, "B": 30, "C": 20})
    found = estimate_ensemble(table, methods={"never": lambda _: pytest.fail("asked")})
    assert found.estimates[0].refusal == found.screening.reason
    assert verdict(found).words.startswith("No estimate can be given. Only 0 persons stand on two lists")


def test_what_was_said_of_the_lists_and_what_nobody_answered_is_among_the_reasons():
    table = stratum(3000, window="2024", definition="children referred")
    fed = ListDependence("A", "B", DependenceSign.POSITIVE, "A refers to B.")
    result = verdict(estimate_ensemble(table, screening=screen_lists(table, [fed]), methods=QUICK))
    assert any("more likely too low" in reason for reason in result.reasons)
    assert any("5 questions about the lists are not answered" in reason for reason in result.reasons)
    assert "2024; children referred" in result.words
    assert result.fingerprint == table.fingerprint()


def test_an_injected_population_lies_in_the_verdict():
    result = verdict(estimate_ensemble(stratum(8000), methods=QUICK))
    assert result.low < 8000 < result.high


def test_no_words_of_a_verdict_or_an_estimate_give_a_point_without_limits():
    found = estimate_ensemble(stratum(8000), methods=QUICK)
    assert str(round(found.estimates[0].population)) not in verdict(found).words.replace(",", "")
    assert " to " in str(found.estimates[0])


def words_of(svg):
    return " ".join(node.text for node in ET.fromstring(svg).iter() if node.text and node.tag.endswith("text"))


def test_the_overlap_is_drawn_without_small_numbers():
    table = CaptureTable.from_histories(("A", "B", "C"), {"A": 60, "B": 50, "C": 40, "A*B": 12, "A*B*C": 3})
    words = words_of(upset_plot(table))
    assert "60" in words
    assert "<5" in words
    assert " 3 " not in f" {words} "


def test_the_pictures_are_documents_that_say_what_they_show():
    table = stratum(3000)
    found = estimate_ensemble(
        table, methods={**QUICK, "silent": lambda t: HiddenEstimate("silent", t.persons, refusal="No.")}
    )
    assert "no estimate" in words_of(interval_plot(found))
    assert "How likely is each number" in words_of(
        posterior_plot(average_decomposable_graphs(table, sensitivity=False))
    )
    curve = words_of(sensitivity_plot(sensitivity_to_odds_ratio(found.estimates[0]), claim=2500))
    assert "claim: 2,500" in curve
    assert "odds ratio" in curve


def test_the_same_table_gives_the_same_picture():
    assert upset_plot(stratum(3000)) == upset_plot(stratum(3000))
