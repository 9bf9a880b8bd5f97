"""A Kinesis stream on moto: lines go in, batches of Lambda's event records come out."""

import base64
import hashlib
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from local.aws import ACCOUNT, REGION, client

EventRecord = dict[str, Any]

PUT_RECORDS_LIMIT = (
    500  # https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html
)
STREAM = "cloudfront-realtime-logs"


def event_record(
    data: bytes, shard: str, sequence: str, key: str, arrived: float, stream: str = STREAM
) -> EventRecord:
    """Return one record of the event Lambda's Kinesis event source makes.

    https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
    """
    return {
        "kinesis": {
            "kinesisSchemaVersion": "1.0",
            "partitionKey": key,
            "sequenceNumber": sequence,
            "data": base64.b64encode(data).decode(),
            "approximateArrivalTimestamp": arrived,
        },
        "eventSource": "aws:kinesis",
        "eventVersion": "1.0",
        "eventID": f"{shard}:{sequence}",
        "eventName": "aws:kinesis:record",
        "invokeIdentityArn": f"arn:aws:iam::{ACCOUNT}:role/processor",
        "awsRegion": REGION,
        "eventSourceARN": f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/{stream}",
    }


def events_of(lines: Iterable[bytes], batch: int, name: str) -> Iterator[list[EventRecord]]:
    """Yield the lines as batches of event records without a stream between, for a file's lines.

    The shard is named by the batch's lines, and by ``name``: the same lines come with the same
    numbers again, whatever file they are in, and other lines with others. A store that knows a
    batch by them takes it once.
    """
    numbered = enumerate(lines, start=1)
    while taken := list(islice(numbered, batch)):
        now = time.time()
        digest = hashlib.blake2b(name.encode(), digest_size=8)
        for _, data in taken:
            digest.update(b"%d " % len(data) + data)
        shard = f"file-{digest.hexdigest()}"
        yield [event_record(data, shard, f"{n:020d}", "file", now) for n, data in taken]


class Stream:
    """The stream, and how far its one reader has read."""

    def __init__(self, endpoint: str, name: str = STREAM, shards: int = 2) -> None:
        self.name = name
        self._kinesis = client("kinesis", endpoint)
        self._kinesis.create_stream(StreamName=name, ShardCount=shards)
        # moto begins at 1 with every stream; Kinesis never gives a number a second time.
        self._origin = time.time_ns() * 10**12
        self._iterators = {
            shard["ShardId"]: self._kinesis.get_shard_iterator(
                StreamName=name, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
            )["ShardIterator"]
            for shard in self._kinesis.list_shards(StreamName=name)["Shards"]
        }

    def put(self, lines: Sequence[bytes]) -> None:
        """Put the lines, one to a record as CloudFront does, 500 to a request.

        The partition key is the line's hash, so that the same lines take the same shard every
        time; CloudFront's is random. A record that Kinesis refuses is put again.
        """
        waiting = [
            {"Data": line, "PartitionKey": hashlib.blake2b(line, digest_size=16).hexdigest()}
            for line in lines
        ]
        while waiting:
            batch, waiting = waiting[:PUT_RECORDS_LIMIT], waiting[PUT_RECORDS_LIMIT:]
            answer = self._kinesis.put_records(StreamName=self.name, Records=batch)
            if answer["FailedRecordCount"]:
                failed = [
                    r for r, a in zip(batch, answer["Records"], strict=True) if "ErrorCode" in a
                ]
                waiting = failed + waiting

    def read(self, limit: int) -> Iterator[tuple[str, list[EventRecord]]]:
        """Yield (shard, records) for what arrived since the last read, at most ``limit`` each."""
        for shard, iterator in self._iterators.items():
            answer = self._kinesis.get_records(ShardIterator=iterator, Limit=limit)
            self._iterators[shard] = answer["NextShardIterator"]
            if answer["Records"]:
                yield (
                    shard,
                    [
                        event_record(
                            record["Data"],
                            shard,
                            str(self._origin + int(record["SequenceNumber"])),
                            record["PartitionKey"],
                            record["ApproximateArrivalTimestamp"].timestamp(),
                            self.name,
                        )
                        for record in answer["Records"]
                    ],
                )
                self._trim(shard, int(answer["Records"][-1]["SequenceNumber"]))

    def _trim(self, shard: str, read: int) -> None:
        """Let moto forget records that were read: it keeps all, and each call scans them all.

        The newest record stays, because moto numbers the next one after it.
        """
        from moto.kinesis.models import kinesis_backends

        records = kinesis_backends[ACCOUNT][REGION].streams[self.name].shards[shard].records
        for number in [number for number in records if number < read]:
            del records[number]
