"""The kinds of values in the configuration file, each with a word for people who typed another."""

import re
from datetime import timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, model_validator

_UNITS = {"m": 60, "min": 60, "h": 3600, "d": 86400, "w": 604800}
_LENGTH = re.compile(r"\s*(\d{1,6})\s*(m|min|h|d|w)\s*")


class Part(BaseModel):
    """A part of the file: what it does not name is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _leave_out_what_is_empty(cls, data: Any) -> Any:
        """A key whose lines are commented out holds nothing, which says nothing."""
        if isinstance(data, dict):
            return {name: value for name, value in data.items() if value is not None}
        return data


def _length(value: Any) -> timedelta:
    if isinstance(value, timedelta):
        return value
    found = _LENGTH.fullmatch(str(value))
    if not found or int(found[1]) == 0:
        raise ValueError("write a length of time such as 15m, 2h, 3d or 1w")
    return timedelta(seconds=int(found[1]) * _UNITS[found[2]])


def _wait(value: Any) -> timedelta:
    if value == "none":
        return timedelta(0)
    try:
        return _length(value)
    except ValueError as error:
        raise ValueError(f"{error}, or none") from None


def _matching(pattern: str, advice: str) -> AfterValidator:
    compiled = re.compile(pattern)

    def check(value: str) -> str:
        if not compiled.fullmatch(value):
            raise ValueError(advice)
        return value

    return AfterValidator(check)


def _bare(value: Any) -> Any:
    return value.strip(":") if isinstance(value, str) else value


#: ``15m``, ``2h``, ``3d``, ``1w``.
Length = Annotated[timedelta, BeforeValidator(_length)]
#: A length, or ``none`` (read as no length at all) for never.
Wait = Annotated[timedelta, BeforeValidator(_wait)]
ChannelId = Annotated[
    str,
    _matching(
        r"[CG][A-Z0-9]{4,}", "write the channel's id (C…): in Slack, the channel's name, About, at the bottom"
    ),
]
UserId = Annotated[
    str,
    _matching(r"[UW][A-Z0-9]{3,}", "write the member's id (U…): in Slack, the profile, ⋮, Copy member ID"),
]
GroupId = Annotated[
    str,
    _matching(
        r"S[A-Z0-9]{3,}",
        "write the user group's id (S…): in Slack, People, User groups, ⋮, Copy group ID",
    ),
]
#: A name in lower case by which the file and people call something.
Key = Annotated[
    str, _matching(r"[a-z][a-z0-9_]{0,30}", "write a name of lower-case letters, digits and underscores")
]
Emoji = Annotated[
    str,
    BeforeValidator(_bare),
    _matching(r"[a-z0-9_+'-]{1,100}", "write an emoji's name, such as red_circle, without colons"),
]
Words = Annotated[str, _matching(r"\S(.{0,73}\S)?", "write 1 to 75 characters on one line")]
