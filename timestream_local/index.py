"""The index of stored records: identity hash to content hash, for every row of a table.

A dict of Python integers would take some hundred bytes for each record, and block everything while
it grows. This hash table takes sixteen bytes a slot, in a thousand shards that grow one at a time.
"""

from array import array

_SHARDS = 1024
_FIRST_SIZE = 64


class _Shard:
    """Open addressing with linear probing.

    A key of 0 is an empty slot, a content of 0 a forgotten key.
    """

    __slots__ = ("contents", "keys", "limit", "mask", "share", "used")

    def __init__(self, share: float) -> None:
        self.share = share  # how full it may be; differs by shard, so that they grow in turn
        self.used = 0
        self._make(_FIRST_SIZE)

    def _make(self, size: int) -> None:
        self.keys = array("Q", bytes(8 * size))
        self.contents = array("Q", bytes(8 * size))
        self.mask = size - 1
        self.limit = int(size * self.share)

    def make_room(self) -> None:
        """Drop forgotten keys; double the table if that does not free a quarter of it."""
        old = zip(self.keys, self.contents, strict=True)
        kept = [(key, content) for key, content in old if content]
        size = self.mask + 1
        self._make(size if len(kept) < self.limit * 3 // 4 else 2 * size)
        self.used = len(kept)
        keys, contents, mask = self.keys, self.contents, self.mask
        for key, content in kept:
            slot = key & mask
            while keys[slot]:
                slot = (slot + 1) & mask
            keys[slot] = key
            contents[slot] = content


class Index:
    """A map of 64-bit identity to 64-bit content; both are unsigned."""

    def __init__(self) -> None:
        self._shards = [_Shard(0.5 + 0.3 * i / _SHARDS) for i in range(_SHARDS)]

    def __len__(self) -> int:
        return sum(shard.used for shard in self._shards)

    @property
    def slots(self) -> int:
        """The number of keys there is room for; each takes sixteen bytes."""
        return sum(len(shard.keys) for shard in self._shards)

    def get(self, identity: int) -> int | None:
        """Return the content stored for an identity, or None."""
        key = identity or 1
        shard = self._shards[key >> 54]
        keys, mask = shard.keys, shard.mask
        slot = key & mask
        while found := keys[slot]:
            if found == key:
                return shard.contents[slot] or None
            slot = (slot + 1) & mask
        return None

    def forget(self, identity: int) -> None:
        """Treat an identity as new from now on; its slot is freed when its shard needs room."""
        if self.get(identity) is not None:
            self._set(identity, 0)

    def put(self, identity: int, content: int) -> None:
        """Note or replace the content of an identity."""
        self._set(identity, content or 1)

    def _set(self, identity: int, content: int) -> None:
        key = identity or 1
        shard = self._shards[key >> 54]
        keys, mask = shard.keys, shard.mask
        slot = key & mask
        while found := keys[slot]:
            if found == key:
                shard.contents[slot] = content
                return
            slot = (slot + 1) & mask
        keys[slot] = key
        shard.contents[slot] = content
        shard.used += 1
        if shard.used > shard.limit:
            shard.make_room()
