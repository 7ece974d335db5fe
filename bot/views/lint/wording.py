"""Rules about words: blame with a neutral way to say it, what a template left behind, secrets, broken letters."""

import re
from collections.abc import Iterator

from bot.views.lint.finding import Data, Level, Profile, Remark, Remarks
from bot.views.lint.reading import texts

_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_ACT = (
    r"(?:fail(?:ed|s) to|forgot|forgets|broke|neglect(?:ed|s)|ignored|overlooked|mess(?:ed|es) up|screw(?:ed|s) up|blew|"
    r"(?:accidentally|mistakenly|carelessly|wrongly) \w+|did(?:n['’]t| not) (?:bother|care|check|test|think)|"  # noqa: RUF001
    r"(?:made|makes) (?:a|the) (?:\w+ )?mistake|caused (?:the|this) (?:\w+ )?(?:outage|incident|failure|problem)|"
    r"should have (?:known|noticed|checked|asked|tested|realised|realized|seen|caught|read))"
)
_SOMEBODY = (
    r"(?:he|she|they|(?:the |an? |our |one |some )?(?:\w+[ -])?"
    r"(?:engineer|developer|operator|admin|administrator|employee|colleague|contractor|manager|on-call|intern|dba|sre)s?)"
)
_UNKIND = (
    r"careless(?:ly|ness)?|negligen(?:t|ce|tly)|incompeten(?:t|ce)|sloppy|sloppiness|lazy|laziness|stupid(?:ity|ly)?|"
    r"reckless(?:ly|ness)?|idiot(?:s|ic)?|irresponsib(?:le|ly)"
)
_FAULT = (
    r"the fault of|(?:his|her|their|whose|\w+['’]s) fault|(?:is|was|were|are) (?:at fault|to blame)|"  # noqa: RUF001
    r"(?:we|i|they) blame|finger[- ]pointing"
)
#: (pattern, how to say it without blame).
_BLAME: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), hint)
    for pattern, hint in (
        (
            r"\b(?:human|user|operator|pilot) error\b",
            "Say what made the mistake easy to make and hard to notice.",
        ),
        (
            rf"\b(?:{_UNKIND})\b",
            "Describe the action and what was known at that moment, not the person.",
        ),
        (
            r"\b(?:should(?:['’]ve| have)|ought to have) known\b|\bknow(?:n)? better\b",  # noqa: RUF001
            "Say what information was missing or where it could not be seen.",
        ),
        (
            rf"\b(?:{_FAULT})\b",
            "Say which condition let it happen.",
        ),
        (
            r"\b(?:new hires?|newbies?|rookies?|inexperienced|juniors?|interns?|freshers?)\b",
            "Leave out the seniority; say which review, access or guard was missing.",
        ),
        (
            r"\b(?:his|her|their) (?:unreviewed|untested|bad|buggy|faulty|broken|sloppy)\b",
            "Name the change, not whose it was.",
        ),
        (
            rf"\b{_SOMEBODY} (?:who |had |has |have )?{_ACT}\b",
            "Say what happened and what would have caught it.",
        ),
    )
)
_PERSON_HINT = "Leave the name out of the cause; say what happened and what would have caught it."
_NAME_LENGTH = 3


def blameful_wording(document: Data, _: Profile) -> Remarks:
    """Sentence by sentence, one remark each. Names are never taken out by themselves."""
    patterns = [*_BLAME, *_people(document)]
    for path, text in texts(document):
        for sentence in _SENTENCE.split(text):
            hit = next(
                ((found, hint) for pattern, hint in patterns if (found := pattern.search(sentence))), None
            )
            if hit:
                yield Remark(text=f"“{hit[0][0]}” sounds like blame.", where=path, hint=hit[1])


def _people(document: Data) -> Iterator[tuple[re.Pattern[str], str]]:
    """The people of this incident with a verb that blames."""
    known = {str(person["name"]) for person in document["people"] if person.get("kind") != "bot"}
    known |= {name.split()[0] for name in known}
    names = sorted(re.escape(name) for name in known if len(name) >= _NAME_LENGTH)
    if names:
        yield re.compile(rf"(?<!\w)@?(?:{'|'.join(names)}) (?:had |has )?{_ACT}\b"), _PERSON_HINT


_PLACEHOLDER = re.compile(
    r"(?<![\w\]!])\[(?:[A-Z][A-Za-z]*(?:[ /'-][\w/'-]+){0,6}|\.\.\.|…|[a-z]+(?: [a-z]+){1,6})\](?!\()"
    r"|\bTBD\b|\bTBC\b|\bYYYY-MM-DD\b|\bDD/MM/YYYY\b|\blorem ipsum\b|\bXX:XX\b|\bHH:MM\b|\bIn \d+-\d+ sentences\b",
)


def placeholder_left(document: Data, _: Profile) -> Remarks:
    level = Level.ERROR if document["doc"].get("status") == "published" else Level.WARN
    for path, text in texts(document):
        found = _PLACEHOLDER.search(text)
        if found:
            yield Remark(text=f"“{found[0]}” looks like a placeholder.", where=path, level=level)


_SECRETS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("a Slack token", r"\bxox[abeprs]-[\w-]{10,}|\bxapp-[\w-]{10,}"),
        ("an AWS key", r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
        ("a GitHub token", r"\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_\w{20,}"),
        ("a private key", r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
        ("a web token", r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]+"),
        ("an e-mail address", r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"),
        (
            "an IP address",
            r"(?<![\w.])(?!(?:127|0)\.)(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w.])",
        ),
        ("a telephone number", r"(?<![\w.])\+\d{1,3}[ -]?\(?\d{2,4}\)?(?:[ -]?\d{2,4}){2,4}\b"),
    )
)


def secret_or_pii(document: Data, _: Profile) -> Remarks:
    """Told by kind and place only: what it is must not be spread further."""
    for path, text in texts(document):
        for name, pattern in _SECRETS:
            if pattern.search(text):
                yield Remark(
                    text=f"This holds {name}.", where=path, hint="Take it out, or redact the message."
                )


_MOJIBAKE = re.compile(r"â€|â†|âœ|Ã[\u0080-\u00bf©¼¶¤±¨ª«]|ðŸ|‚úì|‚Ä|\ufffd")  # noqa: RUF001


def encoding_suspect(document: Data, _: Profile) -> Remarks:
    for path, text in texts(document):
        if _MOJIBAKE.search(text):
            better = repaired(text)
            hint = f"Perhaps it should read: {better[:80]}" if better else "Write it again."
            yield Remark(text="Letters look broken by a wrong encoding.", where=path, hint=hint)


def repaired(text: str) -> str | None:
    """UTF-8 that was read in an old code page, read again; None when that does not help."""
    for page in ("cp1252", "latin-1", "mac_roman"):
        try:
            again = text.encode(page).decode("utf-8")
        except UnicodeError:
            continue
        if again != text:
            return again
    return None
