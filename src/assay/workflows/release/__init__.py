"""Release tables and the report: approvals, editions, packs, and reproduction of a report."""
