"""One page with all pictures, to look through them."""

import html
from collections.abc import Sequence
from pathlib import Path

from shots.pictures import Picture

NAME = "index.html"
_HEAD = """<!doctype html>
<meta charset="utf-8">
<title>Dashboards</title>
<style>
  body { font: 14px sans-serif; margin: 16px; background: #888; }
  div { display: flex; gap: 8px; overflow-x: auto; align-items: flex-start; }
  figure { margin: 0; }
  img { width: 480px; display: block; }
</style>
"""


def write(folder: Path, taken: Sequence[Picture]) -> Path:
    """Write the page beside the pictures, a row a dashboard; returns its path."""
    rows = [_HEAD]
    for board in dict.fromkeys(each.board for each in taken):
        rows.append(f"<h2>{html.escape(board)}</h2>\n<div>")
        for each in taken:
            if each.board == board:
                file = html.escape(each.file)
                about = f"{each.state}, {each.theme}, {each.size.width}"
                rows.append(
                    f'<figure><a href="{file}"><img src="{file}" loading="lazy" alt=""></a>'
                    f"<figcaption>{about}</figcaption></figure>"
                )
        rows.append("</div>")
    path = folder / NAME
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path
