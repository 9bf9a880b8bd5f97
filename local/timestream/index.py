"""Which records are already there: identity hash to content hash, for every row of a table."""


class Index:
    """A map of 64-bit identity to 64-bit content; both are unsigned."""

    def __init__(self) -> None:
        self._map: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._map)

    def get(self, identity: int) -> int | None:
        """Return the content stored for an identity, or None."""
        return self._map.get(identity)

    def put(self, identity: int, content: int) -> None:
        """Note or replace the content of an identity."""
        self._map[identity] = content
