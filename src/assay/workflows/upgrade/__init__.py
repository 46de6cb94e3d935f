"""Upgrade a folder that an earlier version made."""
