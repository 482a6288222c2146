"""The process that draws still pictures: one JSON specification a line in, one SVG (as JSON text) a line out.

Vega's engine takes half a second to start and holds Python up while it draws. One process beside the run starts
it once, and neither the kernels nor the runner wait for it.
"""

from __future__ import annotations

import json
import sys


def main() -> None:
    """Draw until the input ends. The command line names the version of Vega-Lite."""
    import vl_convert

    for line in sys.stdin:
        try:
            svg = vl_convert.vegalite_to_svg(json.loads(line), vl_version=sys.argv[1], allowed_base_urls=[])
            answer = {"svg": svg}
        except ValueError as error:
            answer = {"error": str(error)}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
