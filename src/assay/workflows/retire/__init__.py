"""Retire an inspection: destroy its records and keep its evidence."""
