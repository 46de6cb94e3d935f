"""Concept features: which concepts does a text contain, whatever words it uses?

A concept is a named list of words and short word sequences with related meaning (`gift`: present, bought her,
trainers). `chos*` matches every word with that beginning. Concepts are chosen by the person who trains a model and
stored with it. No single concept decides anything: they are only features.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, combinations
from pathlib import Path


@dataclass(frozen=True)
class Concepts:
    """Words by concept, and synonyms: words that are replaced by one common word (she -> <child>)."""

    words: Mapping[str, tuple[str, ...]]
    synonyms: Mapping[str, str]

    @classmethod
    def read(cls, path: Path) -> "Concepts":
        """Read concepts from a TOML file with the tables [ideas] and [same], each with lists of words by name."""
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        synonyms = {word: f"<{name}>" for name, words in data.get("same", {}).items() for word in words}
        return cls({name: tuple(words) for name, words in data["ideas"].items()}, synonyms)

    @cached_property
    def _runs(self) -> dict[tuple[str, ...], list[str]]:
        found: dict[tuple[str, ...], list[str]] = {}
        for idea, listed in self.words.items():
            for run in listed:
                if not run.endswith("*"):
                    parts = tuple(self.synonyms.get(word, word) for word in run.split())
                    found.setdefault(parts, []).append(idea)
        return found

    @cached_property
    def _stems(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for idea, listed in self.words.items():
            for run in listed:
                if run.endswith("*"):
                    found.setdefault(run[:-1], []).append(idea)
        return found

    @cached_property
    def _sizes(self) -> dict[str, tuple[int, ...]]:
        """Lengths of the word sequences that begin with each word."""
        found: dict[str, set[int]] = {}
        for run in self._runs:
            if len(run) > 1:
                found.setdefault(run[0], set()).add(len(run))
        return {word: tuple(sizes) for word, sizes in found.items()}

    @cached_property
    def _by_word(self) -> dict[str, tuple[str, ...]]:
        return {}

    def concepts_of_word(self, word: str) -> tuple[str, ...]:
        """Return the concepts of a single word."""
        known = self._by_word.get(word)
        if known is None:
            stems = (idea for end in range(3, len(word) + 1) for idea in self._stems.get(word[:end], ()))
            known = self._by_word[word] = (*self._runs.get((word,), ()), *stems)
        return known

    def concepts_in(self, words: list[str]) -> set[str]:
        """Return the concepts in a list of words."""
        found = set(chain.from_iterable(map(self.concepts_of_word, set(words))))
        for start, word in enumerate(words):
            for size in self._sizes.get(word, ()):
                found.update(self._runs.get(tuple(words[start : start + size]), ()))
        return found

    def features(self, words: list[str]) -> Iterator[str]:
        """Yield each concept that occurs in a list of words, and each pair of these concepts."""
        found = sorted(self.concepts_in(words))
        yield from (f"={idea}" for idea in found)
        yield from (f"={first}+{other}" for first, other in combinations(found, 2))
