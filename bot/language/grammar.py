"""The grammar of `/incident`, declared once: parser, help, README and manifest hint are made of it.

A new verb is one entry in `verbs_run` or `verbs_record`, and one small function that reads it.
"""

from collections.abc import Mapping

from bot.language.verb import TOPICS, Topic, Verb
from bot.language.verbs_record import POSTMORTEM, TIMELINE, WORK
from bot.language.verbs_run import FIND, RUN, STATUS
from bot.language.words import fold

__all__ = ["BY_WORD", "OPTION_WORDS", "TOPICS", "VERBS", "Topic", "Verb"]

VERBS: tuple[Verb, ...] = (*FIND, *RUN, *STATUS, *TIMELINE, *WORK, *POSTMORTEM)


def _by_word() -> Mapping[str, Verb]:
    """Names win over aliases."""
    names = {fold(verb.name) or verb.name: verb for verb in VERBS}
    aliases = {
        word if word.startswith("-") else fold(word) or word: verb for verb in VERBS for word in verb.aliases
    }
    return {**aliases, **names}


BY_WORD: Mapping[str, Verb] = _by_word()
OPTION_WORDS = frozenset(word for verb in VERBS for o in verb.options for word in (o.name, *o.aliases))
