"""The shipped app manifest, from the installed package or the source tree."""

from pathlib import Path
from typing import Any

import yaml


def load_manifest() -> dict[str, Any]:
    """`app.yaml` as a table."""
    here = Path(__file__).resolve().parent
    shipped = here / "_data" / "app.yaml"
    path = shipped if shipped.is_file() else here.parent / "app.yaml"
    manifest: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return manifest
