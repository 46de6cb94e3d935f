"""Limit concurrent sign-in attempts, in all and by address.

A password is hashed slowly on purpose, so whoever sends many would take every thread and every core. A process checks
few at once, and of one address fewer still; the next is told to try again, before anything is hashed or written.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

from django.conf import settings
from django.http import HttpRequest

MAX_CONCURRENT: Final = 3
MAX_PER_ADDRESS: Final = 2
RETRY_SECONDS: Final = 2


class SignInSlots:
    """Places for requests that are checked at the same time: so many in all, and so many of one address."""

    def __init__(self, maximum: int = MAX_CONCURRENT, maximum_per_address: int = MAX_PER_ADDRESS) -> None:
        self._maximum, self._maximum_per_address = maximum, maximum_per_address
        self._lock, self._used = threading.Lock(), Counter[str]()

    @contextmanager
    def acquire(self, address: str) -> Iterator[bool]:
        """Whether there was a place; it is given back at the end."""
        with self._lock:
            free = self._used.total() < self._maximum and self._used[address] < self._maximum_per_address
            self._used[address] += free
        try:
            yield free
        finally:
            with self._lock:
                self._used[address] -= free
                self._used += Counter()  # forget addresses that hold no place


SLOTS = SignInSlots()


def address_of(request: HttpRequest) -> str | None:
    """The address by which a request is counted: that of X-Real-IP where the settings say that the proxy sets it, else
    that of the connection; of IPv6 its network of 64 bits. None where neither is an address."""
    candidates = [request.META.get("REMOTE_ADDR", "")]
    if settings.PLACE.proxy_sets_real_ip:
        candidates.insert(0, request.META.get("HTTP_X_REAL_IP", ""))
    for candidate in candidates:
        try:
            return _counting_address(candidate.strip())
        except ValueError:
            continue
    return None


def _counting_address(text: str) -> str:
    """IPv4 as it is; IPv6 by its first 64 bits, since one connection is commonly given all of such a network."""
    address = ip_address(text)
    if isinstance(address, IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Address(int(address) >> 64 << 64))
