"""Receive returns, bundles and what other senders supply."""
