"""One WriteRecords call as ready-made JSON, and where a record lies within its millisecond."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from zlib import crc32

SLOTS = 1_000_000  # nanoseconds in a millisecond


def slot(identity: str, probe: int = 0) -> int:
    """Return the nanoseconds, 0 to 999,999, that a request has below its millisecond.

    ``probe`` counts the slots found taken by another request.
    """
    if probe == 0:
        return crc32(identity.encode()) % SLOTS
    digest = blake2b(identity.encode(), digest_size=8, salt=probe.to_bytes(2)).digest()
    return int.from_bytes(digest) % SLOTS


@dataclass(slots=True)
class Call:
    """What one WriteRecords call carries: at most 100 records and what they share."""

    prefix: str  # the body up to the records
    lines: list[int]
    heads: list[str]  # the record's own dimensions
    times: list[str]
    tails: list[str]  # its measures
    identities: list[str]
    metered: int  # bytes as Timestream meters them
    probe: int = 0
    milliseconds: list[int] = field(default_factory=list)

    def body(self) -> bytes:
        """Return the request body."""
        records = ",".join(
            [
                f'{{{head}"Time":"{time}",{tail}}}'
                for head, time, tail in zip(self.heads, self.times, self.tails, strict=True)
            ]
        )
        return f"{self.prefix}{records}]}}".encode()

    def only(self, chosen: Sequence[int], probe: int = 0) -> "Call":
        """Return a call with the chosen records; a higher probe moves them to other slots."""
        times = [self.times[i] for i in chosen]
        if probe:
            times = [
                f"{time[:-6]}{slot(self.identities[i], probe):06d}"
                for i, time in zip(chosen, times, strict=True)
            ]
        return Call(
            prefix=self.prefix,
            lines=[self.lines[i] for i in chosen],
            heads=[self.heads[i] for i in chosen],
            times=times,
            tails=[self.tails[i] for i in chosen],
            identities=[self.identities[i] for i in chosen],
            metered=self.metered * len(chosen) // max(len(self.lines), 1),
            probe=probe,
            milliseconds=[self.milliseconds[i] for i in chosen],
        )
