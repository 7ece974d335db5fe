"""What is declared of each thing that can be typed behind `/incident`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from bot.language.intents import FormName, Intent
from bot.language.options import Option
from bot.language.said import Said

Topic = Literal["declare", "run", "timeline", "work", "postmortem"]

TOPICS: Mapping[Topic, str] = {
    "declare": "Declare and find",
    "run": "Run",
    "timeline": "Timeline",
    "work": "Action items",
    "postmortem": "Postmortem",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """One thing to type. ``arguments`` stand behind the name in help; ``undone`` begins every refusal.

    ``form`` opens when it is typed alone, with ``filled``; ``needs``: it is about one incident; ``prose``: people
    write freely, so unknown options and dashes are words; ``stops`` end an option's unquoted name; ``end_ref``: an
    ``INC-7`` at the end names the incident; ``sentence``: it can begin a title, so `status page is …` is asked about.
    """

    name: str
    read: Callable[[Said], Intent]
    says: str
    example: str
    topic: Topic
    undone: str = "Nothing was changed"
    arguments: str = ""
    aliases: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    form: FormName | None = None
    filled: Mapping[str, str] | None = None
    needs: bool = True
    prose: bool = False
    stops: frozenset[str] = frozenset()
    end_ref: bool = True
    sentence: bool = True
    #: Shown in the overview and the README; else only in its topic.
    listed: bool = True
    #: How many of its options the overview shows.
    told: int = 0
    #: Its place in the manifest's hint.
    hint: int | None = None

    @property
    def usage(self) -> str:
        """What to type behind `/incident`."""
        return " ".join(
            part for part in (self.name, self.arguments, *(o.usage for o in self.options)) if part
        )

    @property
    def short(self) -> str:
        """The same with only the options that most people need."""
        return " ".join(
            part
            for part in (self.name, self.arguments, *(o.usage for o in self.options[: self.told]))
            if part
        )


AT = Option("at", "time", "14:05", ("when", "time"))
SEV = Option("sev", "sev", "2", ("severity", "s"))
