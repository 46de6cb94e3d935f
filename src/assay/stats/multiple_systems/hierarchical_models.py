"""Which hierarchical log-linear model is meant, and which others are there?

A model is written by its generators in the names of the lists: `LA*NG, PF` holds the effects of LA, NG, PF and the
interaction of LA and NG. Every list has its own effect in every model.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from assay.stats.multiple_systems.capture_histories import closure, effects_of_order, maximal, named
from assay.stats.multiple_systems.estimation_refusals import UnusableTable


@dataclass(frozen=True)
class Model:
    """A hierarchical log-linear model over named lists; `effects` holds every effect, the intercept (0) first."""

    lists: tuple[str, ...]
    effects: tuple[int, ...]

    @classmethod
    def of(cls, lists: Sequence[str], effects: Iterable[int]) -> "Model":
        """The smallest model that holds these effects and every list's own."""
        mains = [1 << place for place in range(len(lists))]
        return cls(tuple(lists), tuple(sorted(closure([*effects, *mains]), key=lambda e: (e.bit_count(), e))))

    @classmethod
    def named(cls, lists: Sequence[str], text: str) -> "Model":
        """The model written in the names of the lists: `LA*NG, NG*PF, GO`; refuses a name that is no list."""
        generators = [part.strip() for part in text.split(",") if part.strip()]
        return cls.of(lists, [cls._mask(lists, generator) for generator in generators])

    @staticmethod
    def _mask(lists: Sequence[str], generator: str) -> int:
        names = [name.strip() for name in generator.split("*")]
        if unknown := [name for name in names if name not in lists]:
            raise UnusableTable(f"The model names {unknown[0]!r}, which is no list. The lists are {', '.join(lists)}.")
        return sum(1 << lists.index(name) for name in set(names))

    @cached_property
    def interactions(self) -> tuple[int, ...]:
        """The effects of two lists and more."""
        return tuple(effect for effect in self.effects if effect.bit_count() > 1)

    def with_effect(self, effect: int) -> "Model":
        """This model and one more effect, with all that it contains."""
        return Model.of(self.lists, (*self.effects, effect))

    def neighbours(self, order: int) -> list["Model"]:
        """The models with one effect more or one less, of interactions up to `order` lists."""
        have = set(self.effects)
        size = len(self.lists)
        every = [effect for k in range(2, order + 1) for effect in effects_of_order(size, k)]
        fits = [e for e in every if e not in have and closure([e]) - {e} <= have]
        tops = [e for e in maximal(self.effects) if e.bit_count() > 1]
        return [Model.of(self.lists, [*have, e]) for e in fits] + [Model.of(self.lists, have - {e}) for e in tops]

    def __str__(self) -> str:
        """The generators, in the names of the lists."""
        return ", ".join(named(mask, self.lists) for mask in maximal(self.effects))


def independence(lists: Sequence[str]) -> Model:
    """The model without interactions."""
    return Model.of(lists, ())


def all_models(lists: Sequence[str], order: int) -> list[Model]:
    """Every hierarchical model with interactions of up to `order` lists: 8 for three lists, 1,024 pairs for five."""
    return [Model.of(lists, chosen) for chosen in _sets(len(lists), order)]


@cache
def _sets(size: int, order: int) -> tuple[tuple[int, ...], ...]:
    """The interactions of every hierarchical model: order by order, each set of what its pairs, triples ... allow."""
    found: list[tuple[int, ...]] = [()]
    fresh = found
    for k in range(2, min(order, size) + 1):
        candidates = effects_of_order(size, k)
        fresh = [(*below, *more) for below in fresh for more in _choices(below, candidates, k)]
        found = fresh
    return tuple(found)


def _choices(below: tuple[int, ...], candidates: list[int], k: int) -> Iterator[tuple[int, ...]]:
    """All sets of the effects of `k` lists whose parts are in the model already."""
    have = {0, *below} | _singles(candidates)
    allowed = [c for c in candidates if k == 2 or closure([c]) - {c} <= have]
    for chosen in range(1 << len(allowed)):
        yield tuple(c for place, c in enumerate(allowed) if chosen >> place & 1)


def _singles(candidates: list[int]) -> set[int]:
    return {1 << place for mask in candidates for place in range(mask.bit_length())}
