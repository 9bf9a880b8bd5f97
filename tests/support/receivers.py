"""What receives an alert's messages: Slack, PagerDuty, Amazon SNS and a webhook, on this machine.

Each takes what the real one takes and answers as it does; what the real one would refuse or cut is
an error. So the messages can be seen as their receivers see them, without an account.

Slack: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/
PagerDuty: https://developer.pagerduty.com/docs/send-alert-event
SNS: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
"""

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

Json = dict[str, Any]
Answer = tuple[int, str, str]  # status, content type, body

SLACK_TITLE, SLACK_TEXT = 1024, 40_000
PAGERDUTY_SUMMARY, PAGERDUTY_EVENT = 1024, 512_000
SNS_SUBJECT, SNS_MESSAGE = 100, 256 * 1024
_SNS = "http://sns.amazonaws.com/doc/2010-03-31/"


class Refused(Exception):
    """What the real receiver would say to it."""


def slack(body: bytes) -> tuple[Json, Answer]:
    """Take a message for an incoming webhook."""
    sent = json.loads(body)
    attachments = sent.get("attachments") or []
    if not sent.get("text") and not attachments:
        raise Refused("no_text")
    for each in attachments:
        if len(each.get("title", "")) > SLACK_TITLE or len(each.get("text", "")) > SLACK_TEXT:
            raise Refused("msg_too_long")
    return sent, (200, "text/html", "ok")


def pagerduty(body: bytes) -> tuple[Json, Answer]:
    """Take an event of the Events API v2."""
    sent = json.loads(body)
    payload = sent.get("payload") or {}
    wrong = []
    if len(body) > PAGERDUTY_EVENT:
        wrong.append("'event' is too large")
    if not sent.get("routing_key"):
        wrong.append("'routing_key' is missing")
    if sent.get("event_action") == "trigger":
        if not 0 < len(payload.get("summary", "")) <= PAGERDUTY_SUMMARY:
            wrong.append("'payload.summary' must be between 1 and 1024 characters")
        if not payload.get("source"):
            wrong.append("'payload.source' is missing or blank")
        if payload.get("severity") not in ("critical", "error", "warning", "info"):
            wrong.append("'payload.severity' is invalid")
    if wrong:
        raise Refused(json.dumps({"status": "invalid event", "errors": wrong}))
    done = {"status": "success", "message": "Event processed", "dedup_key": sent.get("dedup_key")}
    return sent, (202, "application/json", json.dumps(done))


def sns_problem(subject: str, message: str) -> str:
    """Return what is wrong with a message, or nothing."""
    if subject and (len(subject) > SNS_SUBJECT or not re.fullmatch(r"[!-~][ -~]*", subject)):
        return "Invalid parameter: Subject"
    if not 0 < len(message.encode()) <= SNS_MESSAGE:
        return "Invalid parameter: Message too long"
    return ""


def sns(body: bytes) -> tuple[Json, Answer]:
    """Take a Publish of the query protocol."""
    sent = {name: values[0] for name, values in parse_qs(body.decode()).items()}
    if sent.get("Action") != "Publish" or not sent.get("TopicArn", "").startswith("arn:aws:sns:"):
        raise Refused("Invalid parameter: TopicArn")
    if problem := sns_problem(sent.get("Subject", ""), sent.get("Message", "")):
        raise Refused(problem)
    if any(".truncated" in name or "truncated" in value for name, value in sent.items()):
        raise Refused("Grafana cut the message")
    result = "<PublishResult><MessageId>00000000-0000-4000-8000-000000000000</MessageId>"
    done = f'<PublishResponse xmlns="{_SNS}">{result}</PublishResult></PublishResponse>'
    return sent, (200, "text/xml", done)


def webhook(body: bytes) -> tuple[Json, Answer]:
    """Take anything that is JSON."""
    return json.loads(body), (200, "text/plain", "")


RECEIVERS: Mapping[str, Callable[[bytes], tuple[Json, Answer]]] = {
    "slack": slack,
    "pagerduty": pagerduty,
    "sns": sns,
    "webhook": webhook,
}


class Receivers:
    """All of them behind one address, each at /NAME; what they took, in order."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.taken: dict[str, list[Json]] = {name: [] for name in RECEIVERS}
        self.refused: list[str] = []

    def take(self, name: str, body: bytes) -> Answer:
        """Hand a message to its receiver."""
        try:
            sent, answer = RECEIVERS[name](body)
        except Refused as error:
            self.refused.append(f"{name}: {error}")
            return 400, "text/plain", str(error)
        self.taken[name].append(sent)
        return answer

    def settings(self, name: str) -> Json:
        """Return what sends a contact point's messages here instead of where they belong."""
        address = f"{self.url}/{name}"
        if name == "pagerduty":
            return {"integrationKey": "0" * 32, "url": address}
        if name == "sns":
            keys = {"access_key": "local", "secret_key": "local", "region": "us-east-1"}
            arn = "arn:aws:sns:us-east-1:123456789012:grafana-alerts"
            return {"topic_arn": arn, "api_url": address, "sigv4": keys}
        return {"url": address}


@contextmanager
def receiving(
    host: str = "127.0.0.1", port: int = 0, bind: str = "127.0.0.1"
) -> Iterator[Receivers]:
    """Run the receivers for as long as the block lasts; `host` is how their sender knows them."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            name = self.path.strip("/").partition("/")[0]
            found = receivers.take(name, body) if name in RECEIVERS else (404, "text/plain", "")
            status, kind, text = found
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer((bind, port), Handler)
    receivers = Receivers(f"http://{host}:{server.server_address[1]}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield receivers
    finally:
        server.shutdown()
        server.server_close()
