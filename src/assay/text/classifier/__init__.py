"""Which texts should people read first, since their meaning, not only their words, is like what is looked for?

    from assay.text.classifier import Model
    model = Model.load(path)
    model.scores(["..."])                       0 to 1, calibrated on writers that it was not taught by
    model.why("...")                            the words and ideas that weigh for it

`tokens`, `ideas`, `features`: what is seen of a text.  `vectors`: its meaning, if that is installed.
`model`: weights and scores.  `training`, `quality`: how it is taught and how well it does.
"""

from assay.text.classifier.classifier_training import LabelledText, train
from assay.text.classifier.concept_features import Concepts
from assay.text.classifier.linear_classifier import Model
from assay.text.classifier.sentence_vectors import Vectors

__all__ = ["Concepts", "LabelledText", "Model", "Vectors", "train"]
