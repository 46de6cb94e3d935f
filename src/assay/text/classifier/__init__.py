"""Text classifier: which texts should people read first, by meaning and not only by listed words?

    from assay.text.classifier import Model
    model = Model.load(path)
    model.scores(["..."])                       0 to 1, calibrated on writers left out of training
    model.why("...")                            the words and concepts with the largest contributions

`tokenisation`, `concept_features`, `feature_hashing`, `classifier_features`: features of a text.
`sentence_vectors`: sentence embeddings, if installed. `linear_classifier`, `classifier_ensemble`: weights and scores.
`classifier_training`, `classifier_quality`, `force_calibration`, `model_cards`: training, evaluation and calibration.
`active_learning`: which texts to label next.
"""

from assay.text.classifier.classifier_training import LabelledText, train
from assay.text.classifier.concept_features import Concepts
from assay.text.classifier.linear_classifier import Model
from assay.text.classifier.sentence_vectors import Vectors

__all__ = ["Concepts", "LabelledText", "Model", "Vectors", "train"]
