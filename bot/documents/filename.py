"""The name of a rendering's file: `2026-01-29-inc-7-checkout-errors.md`, safe on every disk."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

EXTENSIONS: Mapping[str, str] = {
    "markdown": "md",
    "html": "html",
    "json": "json",
    "pdf": "pdf",
    "canvas": "canvas.md",
    "svg": "svg",
    "png": "png",
}
_LONGEST = 60


def filename(document: Mapping[str, Any], format: str) -> str:  # noqa: A002 - the port's word
    """Date of the incident, its reference and its title, in the letters that every disk knows."""
    incident = document["incident"]
    parts = (str(incident["date"]), slug(str(incident["ref"])), slug(str(incident["title"])))
    return "-".join(filter(None, parts)) + f".{EXTENSIONS[format]}"


def slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST].rstrip("-")
