"""The process that draws pictures for a message: a JSON list of specifications in, a JSON list of pictures out.

A picture is PNG as base64 text, or null where the chart cannot be drawn. Vega's engine lives in a process of its own,
which ends when it takes too long, and nothing that it prints reaches a message.
"""

from __future__ import annotations

import base64
import json
import sys
from typing import Any


def main() -> None:
    """Draw. The command line names the version of Vega-Lite and the scale."""
    import vl_convert

    def draw(spec: Any) -> str | None:
        try:
            png = vl_convert.vegalite_to_png(
                spec, vl_version=sys.argv[1], scale=float(sys.argv[2]), allowed_base_urls=[]
            )
        except ValueError:
            return None
        return base64.b64encode(png).decode("ascii")

    json.dump([draw(spec) for spec in json.load(sys.stdin)], sys.stdout)


if __name__ == "__main__":
    main()
