"""Which pairs are reviewed, and do the verdicts give precision and recall?"""

import numpy as np
import pyarrow as pa
import pytest

from assay.errors import SourceError
from assay.ingest.reviewed_pairs import read_reviewed_pairs
from assay.linkage.clerical_review import (
    ProbabilityBand,
    pair_refs,
    precision_and_recall,
    review_results_by_band,
    sample_pairs_for_review,
)
from assay.linkage.exact_match_clusters import STORED_CLUSTER, STORED_OTHER_CLUSTER
from assay.linkage.linkage_specification import default_specification

LIMITS = default_specification().thresholds


def pairs(probabilities, different_people=()):
    count = len(probabilities)
    return pa.table({
        STORED_CLUSTER: [f"A {n}" for n in range(count)],
        STORED_OTHER_CLUSTER: [f"B {n}" for n in range(count)],
        "probability": list(probabilities),
        "apart": [n in different_people for n in range(count)],
        "names": ["the same forename and surname"] * count,
    })  # fmt: skip


def test_as_many_pairs_are_drawn_from_each_band_and_none_that_names_keep_apart():
    all_pairs = pairs([0.1] * 50 + [0.6] * 50 + [0.95] * 50 + [0.999] * 50, different_people={0})
    pairs_drawn = sample_pairs_for_review(all_pairs, LIMITS, 40, "written")
    where = dict(zip(pair_refs(all_pairs), all_pairs["probability"].to_pylist(), strict=True))
    shares = [where[ref] for ref in pairs_drawn["pair_ref"].to_pylist()]
    assert [shares.count(probability) for probability in (0.1, 0.6, 0.95, 0.999)] == [10, 10, 10, 10]
    assert "A 0" not in pairs_drawn[STORED_CLUSTER].to_pylist()
    assert "probability" not in pairs_drawn.column_names  # whoever looks is not to know what the program thinks


def test_the_same_word_draws_the_same_pairs_and_another_word_others():
    all_pairs = pairs(np.linspace(0.06, 0.999, 200))
    assert sample_pairs_for_review(all_pairs, LIMITS, 20, "a").equals(
        sample_pairs_for_review(all_pairs, LIMITS, 20, "a")
    )
    assert not sample_pairs_for_review(all_pairs, LIMITS, 20, "a").equals(
        sample_pairs_for_review(all_pairs, LIMITS, 20, "b")
    )


def test_precision_and_recall_weigh_each_band_by_all_its_pairs():
    """100 pairs of which 1 in 2 is one person, and 300 of which all are, found from 10 verdicts each."""
    found = precision_and_recall([ProbabilityBand(0.5, 0.9, 100, 10, 5), ProbabilityBand(0.9, 1.0, 300, 10, 10)])
    assert found[1].precision[0] == 1.0
    assert found[0].precision[0] == pytest.approx((50 + 300) / 400)
    assert found[1].recall[0] == pytest.approx(300 / 350)
    assert found[0].recall[0] == 1.0


def test_a_few_verdicts_that_all_agree_leave_an_interval():
    estimate = precision_and_recall([ProbabilityBand(0.9, 1.0, 1000, 10, 10)])[0].precision
    assert estimate[0] == 1.0
    assert estimate[1] < 0.9


def test_every_pair_looked_at_leaves_none():
    assert precision_and_recall([ProbabilityBand(0.9, 1.0, 10, 10, 8)])[0].precision == pytest.approx((0.8, 0.8, 0.8))


def test_a_band_without_a_verdict_is_not_known():
    found = precision_and_recall([ProbabilityBand(0.5, 0.9, 100, 0, 0), ProbabilityBand(0.9, 1.0, 300, 10, 10)])
    assert found[0].precision is None
    assert found[0].recall is None
    assert found[1].precision is not None


def test_intervals_cover_the_truth_about_as_often_as_they_say():
    draw = np.random.default_rng(1)
    sizes, shares = (400, 300, 300, 2000), (0.2, 0.6, 0.9, 0.99)
    true = [draw.random(size) < share for size, share in zip(sizes, shares, strict=True)]
    precision = sum(band.sum() for band in true[2:]) / sum(sizes[2:])
    recall = sum(values.sum() for values in true[2:]) / sum(values.sum() for values in true)
    covered = []
    for _ in range(400):
        seen = [draw.choice(values, 50, replace=False).sum() for values in true]
        found = precision_and_recall(
            [ProbabilityBand(0.0, 1.0, size, 50, int(s)) for size, s in zip(sizes, seen, strict=True)]
        )[2]
        covered.append(
            (found.precision[1] <= precision <= found.precision[2], found.recall[1] <= recall <= found.recall[2])
        )
    assert np.mean(covered, axis=0).min() > 0.9


def test_verdicts_come_back_by_reference_and_cannot_tell_counts_for_nothing(tmp_path):
    all_pairs = pairs([0.95] * 3)
    refs = pair_refs(all_pairs)
    path = tmp_path / "verdicts.csv"
    path.write_text(
        f"pair_ref,names,verdict\n{refs[0]},x,Same\n{refs[1]},x,cannot tell\n{refs[2]},x,\n", encoding="utf-8"
    )
    result = read_reviewed_pairs(path).verdicts
    assert result == {refs[0]: "same", refs[1]: "cannot tell"}
    assert [(band.pairs, band.reviewed, band.matches) for band in review_results_by_band(all_pairs, LIMITS, result)][
        2
    ] == (
        3,
        1,
        1,
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("pair_ref\n1\n", "no column verdict"),
        ("pair_ref,verdict\n1,perhaps\n", "row 2: the verdict must be one of same, different, cannot tell"),
        ("pair_ref,verdict\n1,same\n1,different\n", "row 3: this pair_ref occurs in another row"),
    ],
)
def test_verdicts_that_cannot_be_read_are_refused_by_row(tmp_path, text, message):
    path = tmp_path / "verdicts.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=message):
        read_reviewed_pairs(path)
