"""Does a model learn its training labels, give calibrated scores, and refuse bad training data?"""

import numpy as np
import pytest

from assay.errors import DefinitionError, UsageError
from assay.text.classifier import Concepts, LabelledText, Model, train
from assay.text.classifier.classifier_ensemble import fit_ensemble
from assay.text.classifier.classifier_quality import ScoredTexts, area_under_curve, brier, quality, reliability
from assay.text.classifier.force_calibration import fit_by_force

IDEAS = Concepts({"late": ("late", "delay*")}, {})
WRITERS = ("north", "south", "east")


def taught() -> list[LabelledText]:
    """Sixty texts by three writers: those that speak of a delay say it."""
    delay_texts = [(f"The visit was delayed by {n} hours and nobody called.", True) for n in range(30)]
    delay_texts += [(f"The visit took place on day {n} as it was planned.", False) for n in range(30)]
    return [
        LabelledText(text, label, "delay" if label else "plain", WRITERS[n % 3])
        for n, (text, label) in enumerate(delay_texts)
    ]


@pytest.fixture(scope="module")
def model() -> Model:
    return train("delay", IDEAS, taught()).model


def test_what_was_shown_is_told_apart_in_words_that_were_not_shown(model):
    late, planned = model.scores(["Their visit was delayed again.", "A visit took place as planned."])
    assert late > 0.5 > planned


def test_the_words_that_weigh_for_a_score_are_named(model):
    assert "delayed" in {name for name, _ in model.why("Their visit was delayed again.")}


def test_a_saved_model_says_the_same_and_is_the_same_bytes(model, tmp_path):
    model.save(tmp_path / "a.npz")
    read = Model.load(tmp_path / "a.npz")
    read.save(tmp_path / "b.npz")
    texts = [labelled.text for labelled in taught()]
    assert np.array_equal(read.scores(texts), model.scores(texts))
    assert np.array_equal(read.quick_scores(texts), model.quick_scores(texts))
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    assert read.fingerprint == model.fingerprint


def test_the_card_says_by_how_many_texts_and_writers_and_how_well_on_writers_left_out(model):
    assert (model.card["texts"], model.card["saying"], model.card["writers"]) == (60, 30, 3)
    assert set(model.card["unseen_writers"]) == {"quick", "full"}
    assert model.card["unseen_writers"]["full"]["called_by_kind"]["delay"]["of"] == 30


def test_no_text_has_no_scores(model):
    assert model.scores([]).shape == (0,)


def test_texts_by_one_writer_are_refused():
    with pytest.raises(UsageError, match="one writer"):
        train(
            "delay",
            IDEAS,
            [
                LabelledText(labelled_text.text, labelled_text.label, labelled_text.kind, "north")
                for labelled_text in taught()
            ],
        )


@pytest.mark.parametrize("texts", [taught()[:30], taught()[:5] + taught()[-5:]])
def test_too_few_texts_or_texts_that_all_say_it_are_refused(texts):
    with pytest.raises(UsageError, match="at least 40"):
        train("delay", IDEAS, texts)


def test_a_file_that_is_no_model_is_refused_by_name(tmp_path):
    (tmp_path / "notes.npz").write_bytes(b"words")
    with pytest.raises(DefinitionError, match=r"notes\.npz is not a readable model"):
        Model.load(tmp_path / "notes.npz")


def test_area_is_the_share_of_pairs_in_the_right_order():
    # Pairs (yes, no): 0.9 beats 0.8 and 0.1; 0.4 loses to 0.8 and beats 0.1. Three of four.
    assert area_under_curve(np.array([0.9, 0.4, 0.8, 0.1]), np.array([True, True, False, False])) == 3 / 4


def test_area_counts_a_tie_as_half_and_is_not_known_for_one_kind():
    assert area_under_curve(np.array([0.5, 0.5]), np.array([True, False])) == 0.5
    assert np.isnan(area_under_curve(np.array([0.5]), np.array([True])))


def test_the_brier_score_is_the_mean_square():
    assert brier(np.array([1.0, 0.5]), np.array([True, False])) == (0 + 0.25) / 2


def test_a_band_without_texts_is_not_in_the_table():
    (only,) = reliability(np.array([0.95, 1.0]), np.array([True, False]))
    assert (only["from"], only["texts"], only["share"]) == (0.9, 2, 0.5)


def test_the_threshold_is_the_lowest_at_which_enough_of_those_called_say_it():
    scored = ScoredTexts(np.array([0.9, 0.8, 0.7, 0.6, 0.5]), np.array([True, True, False, True, False]))
    assert scored.threshold_for_precision(0.75) == 0.6  # three of four
    assert scored.threshold_for_precision(0.9) == 0.8
    assert scored.threshold_for_recall(1.0) == 0.6
    assert quality(scored, 0.6)["precision"]["share"] == 0.75


def test_the_threshold_lets_through_at_most_the_promised_share_of_challenges():
    kinds = ("challenge", "term", "negated", "policy", "challenge", "neutral")
    scored = ScoredTexts(np.array([0.9, 0.8, 0.7, 0.6, 0.5, 0.95]), np.zeros(6, bool), kinds)
    line = scored.threshold_for_calls(("challenge", "policy", "negated"), 0.25)  # one of four: 0.9, not 0.7
    assert 0.7 < line <= 0.70001
    assert scored.threshold_for_calls(("challenge",), 1.0) == float("-inf")
    assert ScoredTexts(scored.scores, scored.labels).threshold_for_calls(("challenge",), 0.1) == float("-inf")


def test_fitted_weights_keep_the_promise_on_challenges_where_precision_alone_would_not():
    # 80 blaming texts score 1 and 40 ordinary ones -1; 10 challenges score 1 too, so precision is 80 of 90 with all called.
    odds = np.repeat([1.0, -1.0, 1.0], [80, 40, 10]) + np.linspace(0, 0.01, 130)
    labels, kinds = np.arange(130) < 80, ["term"] * 80 + ["neutral"] * 40 + ["challenge"] * 10
    parts, writers = [odds, odds, np.zeros(130), np.zeros(130)], np.array(["a", "b"] * 65)
    by_precision, by_promise = (fit_ensemble(parts, labels, writers, kind)[1].scores >= 0 for kind in ((), kinds))
    assert by_precision[120:].sum() == 10
    assert by_promise[120:].sum() <= 1


def test_a_force_with_few_labels_stays_near_the_shared_line_and_one_with_many_goes_its_way():
    rng = np.random.default_rng(3)
    scores = rng.uniform(0.05, 0.95, 4000)
    forces = np.where(np.arange(4000) < 3990, np.where(np.arange(4000) % 2, "A", "B"), "C")
    shift = np.where(forces == "A", 1.0, -1.0)
    labels = rng.uniform(size=4000) < 1 / (1 + np.exp(-(np.log(scores / (1 - scores)) + shift)))
    local = fit_by_force(scores, labels, forces)
    assert local.slope == pytest.approx(1.0, abs=0.1)
    assert local.shift["A"] == pytest.approx(1.0, abs=0.2)
    assert local.shift["B"] == pytest.approx(-1.0, abs=0.2)
    assert abs(local.shift["C"] - local.shift[""]) < 1.0
    assert local.calibrate(np.array([0.5]), "never seen")[0] == local.calibrate(np.array([0.5]), "")[0]
