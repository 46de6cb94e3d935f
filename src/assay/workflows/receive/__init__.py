"""Receive returns, encrypted bundles, and evidence from other senders."""
