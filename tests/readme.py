"""Puts the table of verbs into the README, from the grammar: `python -m tests.readme`."""

import re
from pathlib import Path

from bot.language.help import readme_table

README = Path(__file__).parent.parent / "README.md"
PLACE = re.compile(r"(<!-- verbs:[^\n]*-->\n).*?(<!-- /verbs -->)", re.DOTALL)


def with_table(text):
    return PLACE.sub(lambda match: f"{match[1]}\n{readme_table().strip()}\n\n{match[2]}", text)


if __name__ == "__main__":
    README.write_text(with_table(README.read_text(encoding="utf-8")), encoding="utf-8")
