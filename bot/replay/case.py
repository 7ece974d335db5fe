"""A replay case (`postmortem-replay/1`) as values: the workspace, and the steps in order."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.domain.details import Severity

SCHEMA = "postmortem-replay/1"
#: Kinds of users who have an account in Slack; the others are only names.
ACCOUNTS = frozenset({"human", "bot"})


class BadCase(Exception):  # noqa: N818 - it is told to a person as it stands
    """The file cannot be replayed; the message says why and what to try."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseUser:
    id: str
    name: str
    kind: str
    zone: str

    @property
    def has_account(self) -> bool:
        return self.kind in ACCOUNTS


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStep:
    number: int
    at: datetime
    by: str
    place: str
    do: str
    args: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    id: str
    title: str
    pack: str
    display_zone: str
    users: Mapping[str, CaseUser]
    #: Channel id -> (name, kind); kind `incident` is the one that the bot makes.
    channels: Mapping[str, tuple[str, str]]
    steps: tuple[CaseStep, ...]

    @property
    def severities(self) -> tuple[Severity, ...]:
        """Those of which the case speaks, as it says them."""
        said = (step.args.get("severity") for step in self.steps if step.do in {"declare", "set_severity"})
        return tuple(
            Severity(
                scheme=str(one.get("scheme", "SEV")), level=int(one.get("level", 3)), label=str(one["label"])
            )
            for one in said
            if one
        )

    @property
    def scheme(self) -> str:
        """The severity scheme that the case speaks."""
        return self.severities[0].scheme if self.severities else "SEV"


def load(path: Path) -> Case:
    """Read and check a case file. Raises `BadCase`."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadCase(f"{path} was not replayed: it cannot be read ({error.strerror}).") from error
    except json.JSONDecodeError as error:
        raise BadCase(f"{path} was not replayed: line {error.lineno} is not JSON ({error.msg}).") from error
    if not isinstance(raw, dict) or raw.get("schema") != SCHEMA:
        raise BadCase(
            f"{path} was not replayed: its schema is not {SCHEMA}. See docs/replay.md for the format."
        )
    try:
        return _case(raw)
    except (KeyError, TypeError, ValueError) as error:
        raise BadCase(
            f"{path} was not replayed: {error!r} is missing or malformed. See docs/replay.md."
        ) from error


def _case(raw: Mapping[str, Any]) -> Case:
    workspace = raw["workspace"]
    steps = [
        CaseStep(
            number=int(step["n"]),
            at=datetime.fromisoformat(step["at"]),
            by=str(step["by"]),
            place=str(step.get("in") or "modal"),
            do=str(step["do"]),
            args=step.get("args") or {},
        )
        for step in raw["steps"]
    ]
    return Case(
        id=str(raw["id"]),
        title=str(raw["title"]),
        pack=str(raw.get("template") or "default"),
        display_zone=str(workspace.get("display_tz") or "UTC"),
        users={u["id"]: _user(u) for u in workspace["users"]},
        channels={c["id"]: (str(c["name"]), str(c.get("kind", "public"))) for c in workspace["channels"]},
        steps=tuple(sorted(steps, key=lambda step: (step.at, step.number))),
    )


def _user(raw: Mapping[str, Any]) -> CaseUser:
    return CaseUser(
        id=str(raw["id"]),
        name=str(raw["name"]),
        kind=str(raw.get("kind", "human")),
        zone=str(raw.get("tz") or "UTC"),
    )
