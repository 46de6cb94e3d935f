"""The engines on which the tests of this folder run."""

from engine.both_engines import engines

__all__ = ["engines"]
