"""What must be fast, measured as ratios in one run: ``python -m benchmarks``."""

import os

os.environ.setdefault("MOPSNB_ANSWERS", "none")  # what is measured is work, not memory; a benchmark of memory says so
