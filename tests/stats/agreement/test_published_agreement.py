"""Are coefficients equal to published ones for the same ratings?

The printed values are those of the documentation of irrCAC 1.0 for R (its README and its vignette on weights) and, where
it says so, those of irrCAC 0.4.4 for Python; alphas to twelve digits are those of krippendorff 0.9.0.
"""

from math import sqrt

import numpy as np
import pytest
from reference_marks import read_marks

from assay.stats.agreement.agreement_coefficients import agreement
from assay.stats.agreement.rating_table import ratings_from_counts, ratings_from_table
from reference_data import reference

pytestmark = pytest.mark.reference


def table(name, first=1):
    rows = reference(f"data/rater-agreement/{name}.csv").read_text(encoding="utf-8").split("\n")[1:]
    return np.array([[int(cell) for cell in row.split(",")[first:]] for row in rows if row.strip()])


@pytest.mark.parametrize(
    ("how", "coefficient", "value", "error"),
    [
        ("identity", "kappa", 0.7964094, 0.05891072),
        ("identity", "fleiss", 0.7962397, 0.05905473),
        ("identity", "gwet", 0.8493305, 0.04321747),
        ("identity", "alpha", 0.7972585, 0.05905473),
        ("quadratic", "kappa", 0.8921569, 0.03535151),
        ("quadratic", "fleiss", 0.8921093, 0.03539506),
        ("quadratic", "gwet", 0.9402369, 0.01792019),
        ("quadratic", "alpha", 0.8926487, 0.03539506),
    ],
)
def test_two_abstractors_of_100_files(how, coefficient, value, error):
    result = agreement(ratings_from_table(table("cont3x3abstractors")), coefficient, how)
    assert result.value == pytest.approx(value, abs=5e-8)
    # For a table of two markers the package divides by n where for rows it divides by n - 1, as we do.
    assert result.error * sqrt(99 / 100) == pytest.approx(error, abs=5e-9)


@pytest.mark.parametrize(
    ("how", "coefficient", "value", "error", "low", "high"),
    [
        ("identity", "gwet", 0.4448007, 0.08418757, 0.264, 0.625),
        ("identity", "fleiss", 0.4139265, 0.08119291, 0.240, 0.588),
        ("quadratic", "gwet", 0.4837438, 0.1058227, 0.257, 0.711),
        ("quadratic", "fleiss", 0.2511909, 0.1457381, -0.061, 0.564),
    ],
)
def test_six_markers_of_15_files(how, coefficient, value, error, low, high):
    result = agreement(ratings_from_counts(table("distrib.6raters")), coefficient, how, "published")
    assert (result.value, result.error) == pytest.approx((value, error), abs=6e-8)
    assert (result.low, result.high) == pytest.approx((low, high), abs=5.1e-4)


@pytest.mark.parametrize(
    ("how", "value", "error"), [("identity", 0.4204384, 0.08119291), ("quadratic", 0.2595110, 0.14573812)]
)
def test_alpha_of_six_markers_and_15_files(how, value, error):
    # The package's form for counts prints errors of 0.08243228 and 0.133958, unlike its own form for rows, which is ours
    # and gives those of Fleiss where no mark is missing: irrCAC 0.4.4 for Python prints them for the same marks.
    result = agreement(ratings_from_counts(table("distrib.6raters")), "alpha", how)
    assert result.value == pytest.approx(value, abs=5.1e-8)
    assert result.error == pytest.approx(error, abs=5.1e-9)


@pytest.mark.parametrize(
    ("how", "coefficient", "observed", "expected", "value", "error", "low"),
    [
        ("identity", "gwet", 0.8181818, 0.1903212, 0.77544, 0.14295, 0.461),
        ("identity", "fleiss", 0.8181818, 0.2387153, 0.76117, 0.15302, 0.424),
        ("identity", "alpha", 0.805, 0.24, 0.74342, 0.14557, 0.419),
        ("identity", "kappa", 0.8181818, 0.2334252, 0.76282, 0.14917, 0.435),
        ("quadratic", "gwet", 0.9753788, 0.7137044, 0.914, 0.10396, 0.685),
        ("quadratic", "fleiss", 0.9753788, 0.8177083, 0.86494, 0.14603, 0.544),
        ("quadratic", "alpha", 0.9735938, 0.825, 0.84911, 0.12913, 0.561),
        ("quadratic", "kappa", 0.9753788, 0.8269638, 0.85771, 0.14367, 0.541),
    ],
)
def test_four_markers_of_12_files_with_marks_missing(how, coefficient, observed, expected, value, error, low):
    result = agreement(read_marks("cac.raw4raters", 1), coefficient, how, "published")
    assert (result.observed, result.expected) == pytest.approx((observed, expected), abs=5.1e-8)
    assert (result.value, result.error) == pytest.approx((value, error), abs=5.1e-6)
    assert result.low == pytest.approx(low, abs=5.1e-4)
    assert result.high == 1.0


@pytest.mark.parametrize(
    ("name", "leave_out", "how", "coefficient", "value", "error"),
    [
        ("cac.raw5obser", 1, "identity", "gwet", 0.49662205, 0.12197337),
        ("cac.raw5obser", 1, "identity", "kappa", 0.46927428, 0.11666345),
        ("cac.raw5obser", 1, "identity", "alpha", 0.48053024, 0.11350753),
        ("cac.raw5obser", 1, "quadratic", "kappa", 0.76178806, 0.09250482),
        ("cac.raw5obser", 1, "quadratic", "alpha", 0.77186481, 0.08608133),
        ("cac.raw5obser", 1, "ordinal", "gwet", 0.78534179, 0.06818757),
        ("cac.raw5obser", 1, "ordinal", "alpha", 0.72347759, 0.09225442),
        ("cac.raw5obser", 1, "linear", "fleiss", 0.61185004, 0.10973874),
        ("cac.ben.gerry", 2, "identity", "gwet", 0.66144201, 0.18396215),
        ("cac.ben.gerry", 2, "quadratic", "kappa", 0.56589147, 0.30438553),
        ("cac.ben.gerry", 2, "linear", "alpha", 0.61585366, 0.23106418),
        ("irr-anxiety", 0, "identity", "gwet", 0.03136531, 0.04668206),
        ("irr-anxiety", 0, "quadratic", "kappa", 0.18997912, 0.11332885),
        ("irr-anxiety", 0, "ordinal", "fleiss", 0.12718204, 0.11516912),
        ("cac.raw.gender", 1, "identity", "kappa", 0.16572077, 0.12120596),
        ("cac.raw.gender", 1, "quadratic", "gwet", 0.14814815, 0.15554716),
    ],
)
def test_other_sets_as_irrcac_for_python_prints_them(name, leave_out, how, coefficient, value, error):
    result = agreement(read_marks(name, leave_out), coefficient, how)
    assert (result.value, result.error) == pytest.approx((value, error), abs=6e-9)


@pytest.mark.parametrize(
    ("name", "leave_out", "nominal", "ordinal", "interval", "ratio"),
    [
        ("cac.raw4raters", 1, 0.743421052632, 0.815387503755, 0.849107142857, 0.797402774712),
        ("cac.raw5obser", 1, 0.480530240265, 0.768685159486, 0.771864808776, 0.679239897239),
        ("irr-anxiety", 0, -0.023725212465, 0.228386945292, 0.170098607889, 0.141801340562),
        ("irr-video", 0, 0.047724477245, 0.119462935569, 0.108876900441, 0.093638519801),
        ("cac.raw.g1g2", 2, 0.631805718762, 0.734208341513, 0.798095901544, None),
        ("cac.ben.gerry", 2, 0.664893617021, 0.543181818182, 0.587078651685, None),
        ("irr-diagnoses", 0, 0.433409828282, 0.335857522174, 0.288049625981, None),
        ("irr-vision", 0, 0.595387720506, 0.706163181842, 0.702283359859, None),
        ("cac.raw.gender", 1, 0.143407407407, 0.079794238683, 0.086195286195, None),
    ],
)
def test_alpha_is_that_of_krippendorff_to_a_billionth(name, leave_out, nominal, ordinal, interval, ratio):
    marks = read_marks(name, leave_out)
    for how, value in (("identity", nominal), ("rank", ordinal), ("quadratic", interval), ("ratio", ratio)):
        if value is not None:
            assert agreement(marks, "alpha", how).value == pytest.approx(value, abs=1e-9)
