"""What can go wrong, as sentences for the person at the terminal.

PushError               one sentence: what is wrong and what to do
├── ApiError            Grafana answered with an error (has the status)
└── Unreachable         no answer, or not one of Grafana's
"""

from cli.errors import Problem


class PushError(Problem):
    """A sentence for the person at the terminal; never holds a secret."""


class ApiError(PushError):
    """Grafana answered `method path` with `status`.

    `detail` is Grafana's own message, scrubbed of secrets.
    """

    def __init__(self, method: str, path: str, status: int, detail: str, sentence: str) -> None:
        super().__init__(sentence)
        self.method = method
        self.path = path
        self.status = status
        self.detail = detail


class Unreachable(PushError):
    """No usable answer: no connection, a time-out, a redirect or a page that is not Grafana's."""
