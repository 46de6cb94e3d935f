"""Check a flat extract of a force: what it is, what it says, what is wrong with it, and what it lacks."""
