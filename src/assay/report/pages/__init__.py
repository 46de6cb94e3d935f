"""Which pages are there, and what does each tell? One module a kind of page."""
