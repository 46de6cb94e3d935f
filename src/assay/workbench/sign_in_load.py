"""Limit concurrent sign-in attempts, in all and by address.

Password hashing is slow on purpose, so many attempts could occupy every thread and core. A process checks only a few at
once, and fewer from one address; the next one is told to try again, before anything is hashed or written.
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
    """Slots for requests that are checked concurrently: a limit in all, and a limit for one address."""

    def __init__(self, maximum: int = MAX_CONCURRENT, maximum_per_address: int = MAX_PER_ADDRESS) -> None:
        self._maximum, self._maximum_per_address = maximum, maximum_per_address
        self._lock, self._used = threading.Lock(), Counter[str]()

    @contextmanager
    def acquire(self, address: str) -> Iterator[bool]:
        """Yield True if a slot was free; it is released at the end."""
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
    """Return the address by which a request is counted; None if there is none.

    It is that of X-Real-IP if the settings say that the proxy sets it, else that of the connection; for IPv6 its
    network of 64 bits.
    """
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
    """Return an IPv4 address unchanged; of IPv6 its first 64 bits, because a connection usually has such a network."""
    address = ip_address(text)
    if isinstance(address, IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Address(int(address) >> 64 << 64))
