"""Synthetic returns of fictitious forces, with the known truth behind them, for tests and simulation studies.

An invented country: bodies with names that are no real place, their returns in the form of the return contract,
and, kept apart from the returns, what was planted where. It knows the closed lists of `commission` and the columns
of `returns`; it shares nothing with the rooms that look for failings. Every text is procedural and nobody is real.
"""

from assay.synthetic.failing_parameters import failings
from assay.synthetic.synthetic_data import SyntheticCountry, generate_country
from assay.synthetic.world_files import read_world, worlds
from assay.synthetic.world_settings import World

__all__ = ["SyntheticCountry", "World", "failings", "generate_country", "read_world", "worlds"]
