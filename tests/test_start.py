"""A start is quick and small: what is needed only now and then is not loaded with it."""

import subprocess
import sys

LATE = ("alembic", "jinja2", "markdown_it", "icalendar", "dateparser", "uvicorn", "starlette", "typst")


def test_what_a_start_does_not_need_is_not_loaded():
    code = f"import bot.service, sys; print(*(name for name in {LATE} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
