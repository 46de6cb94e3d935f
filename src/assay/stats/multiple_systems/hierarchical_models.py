"""Hierarchical log-linear models over named lists.

A model is written by its generators in the names of the lists: `LA*NG, PF` holds the effects of LA, NG, PF and the
interaction of LA and NG. Every list has its own effect in every model.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from assay.stats.multiple_systems.capture_histories import closure, effect_name, effects_of_order, maximal_effects
from assay.stats.multiple_systems.estimation_refusals import UnusableTable


@dataclass(frozen=True)
class LogLinearModel:
    """A hierarchical log-linear model over named lists; `effects` holds every effect, the intercept (0) first."""

    lists: tuple[str, ...]
    effects: tuple[int, ...]

    @classmethod
    def from_effects(cls, lists: Sequence[str], effects: Iterable[int]) -> "LogLinearModel":
        """The smallest model that holds these effects and every list's own."""
        main_effects = [1 << number for number in range(len(lists))]
        return cls(
            tuple(lists),
            tuple(sorted(closure([*effects, *main_effects]), key=lambda effect: (effect.bit_count(), effect))),
        )

    @classmethod
    def from_text(cls, lists: Sequence[str], text: str) -> "LogLinearModel":
        """The model written in the names of the lists: `LA*NG, NG*PF, GO`; refuses a name that is no list."""
        generators = [part.strip() for part in text.split(",") if part.strip()]
        return cls.from_effects(lists, [cls._mask(lists, generator) for generator in generators])

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

    def with_effect(self, effect: int) -> "LogLinearModel":
        """This model and one more effect, with all that it contains."""
        return LogLinearModel.from_effects(self.lists, (*self.effects, effect))

    def neighbours(self, order: int) -> list["LogLinearModel"]:
        """The models with one effect more or one less, of interactions up to `order` lists."""
        present = set(self.effects)
        size = len(self.lists)
        interactions = [
            effect for size_of_effect in range(2, order + 1) for effect in effects_of_order(size, size_of_effect)
        ]
        additions = [
            effect_mask
            for effect_mask in interactions
            if effect_mask not in present and closure([effect_mask]) - {effect_mask} <= present
        ]
        removals = [effect_mask for effect_mask in maximal_effects(self.effects) if effect_mask.bit_count() > 1]
        return [LogLinearModel.from_effects(self.lists, [*present, effect_mask]) for effect_mask in additions] + [
            LogLinearModel.from_effects(self.lists, present - {effect_mask}) for effect_mask in removals
        ]

    def __str__(self) -> str:
        """The generators, in the names of the lists."""
        return ", ".join(effect_name(mask, self.lists) for mask in maximal_effects(self.effects))


def independence_model(lists: Sequence[str]) -> LogLinearModel:
    """The model without interactions."""
    return LogLinearModel.from_effects(lists, ())


def all_models(lists: Sequence[str], order: int) -> list[LogLinearModel]:
    """Every hierarchical model with interactions of up to `order` lists: 8 for three lists, 1,024 pairs for five."""
    return [LogLinearModel.from_effects(lists, interactions) for interactions in _interaction_sets(len(lists), order)]


@cache
def _interaction_sets(size: int, order: int) -> tuple[tuple[int, ...], ...]:
    """The interactions of every hierarchical model: order by order, each set of what its pairs, triples ... allow."""
    sets: list[tuple[int, ...]] = [()]
    latest_sets = sets
    for k in range(2, min(order, size) + 1):
        candidates = effects_of_order(size, k)
        latest_sets = [
            (*lower_effects, *choice)
            for lower_effects in latest_sets
            for choice in _choices(lower_effects, candidates, k)
        ]
        sets = latest_sets
    return tuple(sets)


def _choices(lower_effects: tuple[int, ...], candidates: list[int], k: int) -> Iterator[tuple[int, ...]]:
    """All sets of the effects of `k` lists whose parts are in the model already."""
    present = {0, *lower_effects} | _singles(candidates)
    allowed = [candidate for candidate in candidates if k == 2 or closure([candidate]) - {candidate} <= present]
    for subset in range(1 << len(allowed)):
        yield tuple(candidate for number, candidate in enumerate(allowed) if subset >> number & 1)


def _singles(candidates: list[int]) -> set[int]:
    return {1 << bit for mask in candidates for bit in range(mask.bit_length())}
