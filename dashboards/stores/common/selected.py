"""What a query of the runbook shows."""


def selected(query: str) -> tuple[str, ...]:
    """Return the columns that a query shows as they are, without what it computes."""
    head = query.strip().partition("\nFROM ")[0].removeprefix("SELECT ")
    return tuple(each for each in head.split(", ") if each.isidentifier())
