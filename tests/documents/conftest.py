"""The graders and helpers beside these tests, by name."""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / "cases"), str(Path(__file__).parents[1] / "views")]
