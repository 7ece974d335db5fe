"""`make bench`: Tocsin beside a Bolt app that does nothing, on the same sandbox, alternating; one table of ratios.

`python -m bench [family …] [--full | --tiny]`; the families are the modules named in `FAMILIES`.
"""

import argparse
import asyncio
import logging
import sys
import time

from rich.console import Console
from rich.table import Table

from bench import calls, commands, documents, messages, process, reminding, transcript
from bench.row import DEFAULT, FULL, TINY

FAMILIES = {
    "calls": calls,
    "commands": commands,
    "messages": messages,
    "process": process,
    "reminding": reminding,
    "documents": documents,
    "transcript": transcript,
}
VERDICTS = {True: "met", False: "NOT met", None: "-"}


def _arguments():
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "families", nargs="*", metavar="family", help=f"of {', '.join(FAMILIES)}; default: all"
    )
    parser.add_argument("--full", action="store_true", help="a million events, 100,000 reminders; hours")
    parser.add_argument("--tiny", action="store_true", help="only to see that everything runs")
    found = parser.parse_args()
    if unknown := set(found.families) - set(FAMILIES):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(FAMILIES)}")
    return found


async def main():
    wanted = _arguments()
    scale = FULL if wanted.full else TINY if wanted.tiny else DEFAULT
    logging.disable(logging.ERROR)  # a bot that is stopped drops its connection, and the sandbox says so
    table = Table(title=f"Tocsin beside a Bolt app that does nothing, {scale.name} scale", show_lines=True)
    for column in ("work", "goal", "measured: median (least to most)", "verdict"):
        table.add_column(column)
    for name in wanted.families or FAMILIES:
        began = time.monotonic()
        for row in await FAMILIES[name].rows(scale):
            table.add_row(row.work, row.goal, row.measured, VERDICTS[row.met])
        print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    Console(width=None if sys.stdout.isatty() else 160).print(table)


if __name__ == "__main__":
    asyncio.run(main())
