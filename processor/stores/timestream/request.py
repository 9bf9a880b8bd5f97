"""One WriteRecords request as ready-made JSON, with the size of each record beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from zlib import crc32

OFFSETS = 1_000_000  # nanoseconds in a millisecond


def offset(identity: str, collisions: int = 0) -> int:
    """Return the nanoseconds, 0 to 999,999, that a record's time has below its millisecond.

    ``collisions`` counts the offsets that another record was found to have.
    """
    if collisions == 0:
        return crc32(identity.encode()) % OFFSETS
    digest = blake2b(identity.encode(), digest_size=8, salt=collisions.to_bytes(2)).digest()
    return int.from_bytes(digest) % OFFSETS


@dataclass(slots=True)
class WriteRequest:
    """At most 100 records, and the attributes they share. The lists are parallel."""

    prefix: str  # the body up to the records
    shared_bytes: int  # of what the records share, as Timestream meters it
    lines: list[int]  # index into Batch.texts
    milliseconds: list[int]  # of the log line
    identities: list[str]  # what the offset is a hash of; empty strings in the layout classic
    dimensions: list[str]  # JSON of the record's own dimensions
    times: list[str]
    measures: list[str]  # JSON
    own_bytes: list[int]  # of the record without what is shared
    collisions: int = 0

    def body(self) -> bytes:
        """Return the HTTP body."""
        records = ",".join(
            [
                f'{{{dimensions}"Time":"{time}",{measures}}}'
                for dimensions, time, measures in zip(
                    self.dimensions, self.times, self.measures, strict=True
                )
            ]
        )
        return f"{self.prefix}{records}]}}".encode()

    def write_units(self, chosen: Sequence[int]) -> int:
        """Return the write units of the chosen records: KiB, rounded up; shared parts count once.

        https://docs.aws.amazon.com/timestream/latest/developerguide/metering-and-pricing.writes.html
        """
        if not chosen:
            return 0
        return -(-(self.shared_bytes + sum([self.own_bytes[at] for at in chosen])) // 1024)

    def only(self, chosen: Sequence[int], collisions: int) -> "WriteRequest":
        """Return a request with the chosen records; more collisions give them other offsets."""
        times = [self.times[at] for at in chosen]
        if collisions:
            times = [
                f"{time[:-6]}{offset(self.identities[at], collisions):06d}"
                for at, time in zip(chosen, times, strict=True)
            ]
        return WriteRequest(
            prefix=self.prefix,
            shared_bytes=self.shared_bytes,
            lines=[self.lines[at] for at in chosen],
            milliseconds=[self.milliseconds[at] for at in chosen],
            identities=[self.identities[at] for at in chosen],
            dimensions=[self.dimensions[at] for at in chosen],
            times=times,
            measures=[self.measures[at] for at in chosen],
            own_bytes=[self.own_bytes[at] for at in chosen],
            collisions=collisions,
        )
