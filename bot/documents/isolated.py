"""Rendering in a process of its own, with limits on time, memory and size: what a workspace's templates run in."""

import json
import resource
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.documents.yaml_file import BadPack


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one rendering may use."""

    seconds: int = 20
    memory_bytes: int = 1 << 30
    output_bytes: int = 16 << 20


LIMITS = Limits()


def render_apart(
    document: Mapping[str, Any], name: str, folders: Sequence[Path], limits: Limits = LIMITS
) -> str:
    """The document as Markdown by a pack of these folders. Raises `BadPack`, also when it takes too much.

    The other process gets the document, the names of the folders and nothing of our environment; it opens no files
    to write.
    """
    task = {
        "document": document,
        "name": name,
        "folders": [str(folder.resolve()) for folder in folders],
        "limits": [limits.seconds, limits.memory_bytes, limits.output_bytes],
    }
    try:
        done = subprocess.run(
            [sys.executable, "-m", "bot.documents.isolated"],
            input=json.dumps(task).encode(),
            capture_output=True,
            timeout=limits.seconds + 5,
            check=False,
            env={"PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONHASHSEED": "0"},
        )
    except subprocess.TimeoutExpired as error:
        raise BadPack(f"its templates took longer than {limits.seconds} s") from error
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        raise BadPack(_why(done.returncode, limits)) from None
    if "error" in answer:
        raise BadPack(str(answer["error"]))
    return str(answer["markdown"])


def _why(code: int, limits: Limits) -> str:
    """A process that ended without an answer was ended by a limit."""
    mebibytes = limits.memory_bytes >> 20
    return f"its templates took more than {limits.seconds} s or {mebibytes} MiB of memory (code {code})"


def main() -> None:
    """Read a task, write an answer. Runs in the other process."""
    task = json.load(sys.stdin)
    seconds, memory, size = task["limits"]
    # Imports need memory and files; the templates then have what is left.
    from bot.documents.markdown import render_markdown
    from bot.documents.packs import builtin, load_pack

    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        pack = load_pack(task["name"], [*map(Path, task["folders"]), builtin()])
        text = render_markdown(task["document"], pack)
        too_long = len(text.encode()) > size
        answer = (
            {"error": f"the document is larger than {size >> 20} MiB"} if too_long else {"markdown": text}
        )
    except BadPack as bad:
        answer = {"error": str(bad)}
    except MemoryError:
        answer = {"error": f"its templates took more than {memory >> 20} MiB of memory"}
    except RecursionError:
        answer = {"error": "its templates include or call each other without end"}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
