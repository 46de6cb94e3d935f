"""Attack by adding and subtracting, one sum at a time, independent of the program's own code."""

from collections import deque

from assay.sdc.sum_ranges import NO_LIMIT


def narrowed(known, sums):
    """The ranges of all counts after every sum has been used, as often as it narrows anything."""
    found = dict(known)
    by_cell = {}
    for number, constraint in enumerate(sums):
        for cell in (constraint.total, *constraint.parts):
            by_cell.setdefault(cell, []).append(number)
    waiting, listed = deque(range(len(sums))), set(range(len(sums)))
    while waiting:
        number = waiting.popleft()
        listed.discard(number)
        for cell in _use(sums[number], found):
            for other in by_cell[cell]:
                if other not in listed:
                    waiting.append(other)
                    listed.add(other)
    return found


def _use(constraint, found):
    """Narrow the counts of one sum; give those that changed."""
    parts = [found[part] for part in constraint.parts]
    low, high = sum(part[0] for part in parts), sum(part[1] for part in parts)
    total = found[constraint.total]
    changed = _narrow(found, constraint.total, low, high)
    for cell, (own_low, own_high) in zip(constraint.parts, parts, strict=True):
        changed += _narrow(found, cell, total[0] - (high - own_high), total[1] - (low - own_low))
    return changed


def _narrow(found, cell, low, high):
    old = found[cell]
    # A sum that cannot hold reveals nothing: the tables were not made from one set of records.
    new = max(old[0], low), min(old[1], high, NO_LIMIT)
    if new == old or new[0] > new[1]:
        return []
    found[cell] = new
    return [cell]
