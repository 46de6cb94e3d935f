"""Synthetic returns of fictitious forces, with the known truth behind them, for tests and simulation studies.

A synthetic country has forces named after no real place, their returns in the form of the return contract, and,
separate from the returns, the injected failings. The package uses the closed lists of `reference` and the columns of
`contract`; it shares nothing with the packages that look for failings. Every text is procedural and nobody is real.
"""

from assay.synthetic.failing_parameters import failings
from assay.synthetic.synthetic_data import SyntheticCountry, generate_country
from assay.synthetic.world_files import earlier_table_notices, read_world, worlds
from assay.synthetic.world_settings import World

__all__ = ["SyntheticCountry", "World", "earlier_table_notices", "failings", "generate_country", "read_world", "worlds"]
