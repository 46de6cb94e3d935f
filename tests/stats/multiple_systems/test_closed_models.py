"""Does a closed model give a finite population not below the observed one, or a reason?"""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.stats.multiple_systems.capture_tables import CaptureTable
from assay.stats.multiple_systems.closed_heterogeneity import MODELS, closed_model
from assay.stats.multiple_systems.ensemble import lower_bound
from assay.stats.multiple_systems.estimation_refusals import NoEstimate

NAMES = ("first", "second", "third", "fourth", "fifth")


def fit_or_refusal(table: CaptureTable, model: str):
    """The fit, or the sentence with which the model refuses."""
    try:
        return closed_model(table, model)
    except NoEstimate as reason:
        return str(reason)


def holds(table: CaptureTable, model: str) -> bool:
    """Whether the answer is an estimate that can be, or a sentence."""
    found = fit_or_refusal(table, model)
    if isinstance(found, str):
        return found.startswith(f"The model {model} has ") and found.endswith(".")
    low, high = found.interval
    numbers = (found.population, found.standard_error, low, high)
    return all(map(math.isfinite, numbers)) and table.persons <= low <= found.population <= high


@st.composite
def tables(draw):
    """Two to five lists; counts even or far apart, with many empty histories or none."""
    lists = draw(st.integers(2, 5))
    highest = draw(st.sampled_from([1, 3, 20, 2000]))
    counts = draw(st.lists(st.integers(0, highest), min_size=(1 << lists) - 1, max_size=(1 << lists) - 1))
    counts[0] += not any(counts)
    return CaptureTable(NAMES[:lists], [0, *counts])


@pytest.mark.parametrize("model", MODELS)
@settings(max_examples=150)
@given(table=tables())
def test_an_estimate_is_finite_and_not_below_the_persons_seen_or_is_refused(model, table):
    assert holds(table, model), (table.counts.tolist(), fit_or_refusal(table, model))


@pytest.mark.parametrize("model", MODELS)
def test_no_random_table_gives_an_estimate_that_cannot_be(model):
    random = np.random.default_rng(18)
    for _ in range(150):
        lists = int(random.integers(2, 6))
        counts = random.poisson(np.exp(random.uniform(-1.5, 4, 1 << lists)))
        counts[0], counts[1] = 0, counts[1] + 1
        table = CaptureTable(NAMES[:lists], counts)
        assert holds(table, model), (counts.tolist(), fit_or_refusal(table, model))


def first_capture_table(*first: int) -> CaptureTable:
    """Persons by the list that found them first; a tenth of each are found again on the last list."""
    lists = len(first)
    histories = {NAMES[lists - 1]: first[-1]}
    for number, count in enumerate(first[:-1]):
        histories[f"{NAMES[number]}*{NAMES[lists - 1]}"] = count // 10
        histories[NAMES[number]] = count - count // 10
    return CaptureTable.from_histories(NAMES[:lists], histories)


@pytest.mark.parametrize("first", [(20, 20, 20), (10, 20, 40), (30, 10, 32)])
def test_mb_is_refused_where_first_captures_do_not_decline(first):
    assert "first time to become fewer from list to list, in order" in fit_or_refusal(first_capture_table(*first), "Mb")


def test_mb_estimates_by_the_decline_of_first_captures():
    """Each list finds half of those who were left: 80, 40 and 20 of 160, of whom 20 stay hidden."""
    histories = {"first": 70, "first*third": 10, "second": 36, "second*third": 4, "third": 20}
    found = closed_model(CaptureTable.from_histories(NAMES[:3], histories), "Mb")
    assert found.population == pytest.approx(160, rel=1e-6)


@pytest.mark.parametrize("first", [(90, 20, 20), (10, 20, 40), (500, 0, 0, 7)])
def test_mbh_is_refused_where_first_captures_do_not_decline_after_the_first_list(first):
    assert "fewer from list to list after the first" in fit_or_refusal(first_capture_table(*first), "Mbh")


@pytest.mark.parametrize("model", ["Mh Poisson2", "Mh Darroch", "Mh Gamma3.5", "Mth Darroch", "Mbh"])
def test_two_lists_cannot_tell_the_coefficients_of_a_larger_model_apart(model):
    table = CaptureTable.from_histories(("A", "B"), {"A": 20, "B": 17, "A*B": 12})
    assert "2 lists cannot tell them apart" in fit_or_refusal(table, model)


def test_two_lists_are_enough_for_chao():
    """Lincoln-Petersen: 32 x 29 / 12."""
    table = CaptureTable.from_histories(("A", "B"), {"A": 20, "B": 17, "A*B": 12})
    assert lower_bound(table).population == pytest.approx(32 * 29 / 12, rel=1e-6)
