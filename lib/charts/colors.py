"""Which colour a series gets: thirteen slots, in the order of the theme's categorical colours (docs/charts.md)."""

from __future__ import annotations

from collections.abc import Sequence

SLOTS = 13
OTHER_SLOT = 13
MOST_SERIES = 12
OTHER = "other"

BLUE, AMBER, TEAL, VIOLET, UMBER, NAVY, ROSE, GREEN, SKY, MAROON, RED, SLATE = range(1, 13)

_MEANINGS: dict[str, dict[str, int]] = {
    "account_type": {"Customer": BLUE, "Free": AMBER},
    "instance_type": {"Self-hosted": BLUE, "Managed": AMBER, "Sourcegraph.com": TEAL, "App": VIOLET},
    "deployment_type": {
        "Kubernetes": BLUE,
        "Helm": AMBER,
        "Docker Compose": TEAL,
        "Docker container": VIOLET,
        "Managed": UMBER,
        "Pure Docker": NAVY,
    },
    "state": {"merged": VIOLET, "open": GREEN, "draft": SLATE, "unpublished": OTHER_SLOT, "closed": RED},
    "release": {"Latest": BLUE, "One behind": SKY, "Older": OTHER_SLOT, "Unknown": SLATE},
    # Columns that are series of their own.
    "y": {
        "Monthly users": BLUE,
        "Weekly users": AMBER,
        "Daily users": TEAL,
        "Monthly": BLUE,
        "Weekly": AMBER,
        "Daily": TEAL,
        "Retained": BLUE,
        "New": TEAL,
        "Added": TEAL,
        "Cancelled": AMBER,
        "Came back": SKY,
        "Left": AMBER,
        "Deleted": MAROON,
        "Created": BLUE,
        "Published": BLUE,
        "Merged": VIOLET,
        "Open": GREEN,
        "Draft": SLATE,
        "Unpublished": OTHER_SLOT,
        # Beside Created, where nothing went wrong, and not among the states of changesets, where closed is red.
        "Closed": OTHER_SLOT,
        "Contributors": BLUE,
        "Instances": AMBER,
        "Precise": BLUE,
        "Search-based": AMBER,
        "P50": BLUE,
        "P90": TEAL,
        "P99": VIOLET,
    },
}


def assign_slots(column: str, names: Sequence[str]) -> dict[str, int]:
    """The slot (1 to 13) of each series of `column`; names come biggest first, the rest takes free slots in order.

    Of two names that mean the same colour the first has it.
    """
    known = {name.casefold(): slot for name, slot in _MEANINGS.get(column, {}).items()}
    slots = {OTHER: OTHER_SLOT} if OTHER in names else {}
    for name in names:
        slot = known.get(name.casefold())
        if slot is not None and slot not in slots.values():
            slots[name] = slot
    free = (slot for slot in range(1, SLOTS + 1) if slot not in slots.values())
    for name in names:
        if name not in slots:
            slots[name] = next(free)
    return slots


def order_series(column: str, names: Sequence[str]) -> list[str]:
    """Series in the order of stack and legend: that of their meaning where all have one, else as they come."""
    known = {name.casefold(): place for place, name in enumerate(_MEANINGS.get(column, {}))}
    if all(name.casefold() in known for name in names):
        return sorted(names, key=lambda name: known[name.casefold()])
    return list(names)


def color_domain(slots: dict[str, int]) -> list[str]:
    """Thirteen names in slot order, so that the theme's own range gives each name its colour; gaps are blanks."""
    named = {slot: name for name, slot in slots.items()}
    return [named.get(slot, " " * slot) for slot in range(1, SLOTS + 1)]
