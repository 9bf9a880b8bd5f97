"""Every rule that generated dashboards keep: Grafana's, and those of the stores' queries.

`python -m dashboards --check` and the tests apply all; a test shows that each catches a broken
sample.
"""

import json
from collections.abc import Iterator, Mapping

from dashboards import stores
from dashboards.grafana import lint as grafana
from dashboards.grafana.lint import Dashboards, LintRule

RULES: list[LintRule] = [*grafana.RULES, *stores.lint_rules()]


def lint(dashboards: Dashboards) -> list[str]:
    """Return every breach of every rule, as "file: what and where"."""
    return [breach for check in RULES for breach in check(dashboards)]


def lint_texts(files: Mapping[str, str]) -> list[str]:
    """Lint generated files by their text; files that are no dashboards are passed over."""
    texts = {path: text for path, text in files.items() if path.endswith(".json")}
    dashboards = {path: json.loads(text) for path, text in texts.items()}
    return [*_canonical(texts, dashboards), *lint(dashboards)]


def _canonical(texts: Mapping[str, str], dashboards: Dashboards) -> Iterator[str]:
    """Keep one text for one meaning: Grafana rewrites a dashboard whose text has changed."""
    for path, text in texts.items():
        if (
            text
            != json.dumps(dashboards[path], sort_keys=True, indent=2, ensure_ascii=False) + "\n"
        ):
            yield f"{path}: keys are not sorted or the layout is not the usual one"
