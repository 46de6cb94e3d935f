"""How past recommendations are tested, as data."""
