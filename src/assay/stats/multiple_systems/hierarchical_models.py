"""Hierarchical log-linear models over named lists.

A model is written by its generators in the names of the lists: `LA*NG, PF` has the effects of LA, NG, PF and the
interaction of LA and NG. Every model has the main effects of all lists.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from assay.stats.multiple_systems.capture_histories import closure, effect_name, effects_of_order, maximal_effects
from assay.stats.multiple_systems.estimation_refusals import UnusableTable


@dataclass(frozen=True)
class LogLinearModel:
    """Hierarchical log-linear model over named lists; `effects` are all effects, the intercept (0) first."""

    lists: tuple[str, ...]
    effects: tuple[int, ...]

    @classmethod
    def from_effects(cls, lists: Sequence[str], effects: Iterable[int]) -> "LogLinearModel":
        """Return the smallest hierarchical model with these effects and all main effects."""
        main_effects = [1 << number for number in range(len(lists))]
        return cls(
            tuple(lists),
            tuple(sorted(closure([*effects, *main_effects]), key=lambda effect: (effect.bit_count(), effect))),
        )

    @classmethod
    def from_text(cls, lists: Sequence[str], text: str) -> "LogLinearModel":
        """Return the model of a text such as `LA*NG, NG*PF, GO`; UnusableTable if a name is not a list."""
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
        """Effects of two or more lists."""
        return tuple(effect for effect in self.effects if effect.bit_count() > 1)

    def with_effect(self, effect: int) -> "LogLinearModel":
        """Return this model with one more effect and all that it contains."""
        return LogLinearModel.from_effects(self.lists, (*self.effects, effect))

    def neighbours(self, order: int) -> list["LogLinearModel"]:
        """Return the models with one effect more or less, with interactions of up to `order` lists."""
        present, lists = set(self.effects), len(self.lists)
        interactions = [effect for size in range(2, order + 1) for effect in effects_of_order(lists, size)]
        additions = [
            effect for effect in interactions if effect not in present and closure([effect]) - {effect} <= present
        ]
        removals = [effect for effect in maximal_effects(self.effects) if effect.bit_count() > 1]
        return [LogLinearModel.from_effects(self.lists, [*present, effect]) for effect in additions] + [
            LogLinearModel.from_effects(self.lists, present - {effect}) for effect in removals
        ]

    def __str__(self) -> str:
        """Return the generators in the names of the lists."""
        return ", ".join(effect_name(mask, self.lists) for mask in maximal_effects(self.effects))


def independence_model(lists: Sequence[str]) -> LogLinearModel:
    """Return the model without interactions."""
    return LogLinearModel.from_effects(lists, ())


def all_models(lists: Sequence[str], order: int) -> list[LogLinearModel]:
    """Return all hierarchical models with interactions of up to `order` lists (of two: 8 for three, 1,024 for five)."""
    return [LogLinearModel.from_effects(lists, interactions) for interactions in _interaction_sets(len(lists), order)]


@cache
def _interaction_sets(size: int, order: int) -> tuple[tuple[int, ...], ...]:
    """Return the interactions of every hierarchical model, built order by order."""
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
    """Yield all sets of effects of `k` lists that the lower-order effects of the model allow."""
    present = {0, *lower_effects} | _singles(candidates)
    allowed = [candidate for candidate in candidates if k == 2 or closure([candidate]) - {candidate} <= present]
    for subset in range(1 << len(allowed)):
        yield tuple(candidate for number, candidate in enumerate(allowed) if subset >> number & 1)


def _singles(candidates: list[int]) -> set[int]:
    return {1 << bit for mask in candidates for bit in range(mask.bit_length())}
