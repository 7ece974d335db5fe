"""Secrets that people paste in a hurry: found by the forms in which their issuers document them, and masked.

Each rule delimits the whole secret, because what is not masked is kept for good. Why this is our own table and no library:
docs/decisions/0008. To add one: a line here, an example in tests/domain/test_secrets.py.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """``secret`` is what is masked: the group of that name, else the whole match. ``sure`` looks at it again.

    ``signs``: every match holds one of them, whatever its case (none: always tried). Most texts hold none, and to look for
    a word takes a tenth of trying a pattern.
    """

    name: str
    signs: tuple[str, ...]
    pattern: re.Pattern[str]
    sure: Callable[[str], bool] = lambda _: True


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without its secrets, and the names of what was masked (none: the text is as it was)."""

    text: str
    kinds: tuple[str, ...] = ()


def _rule(name: str, signs: str, pattern: str, sure: Callable[[str], bool] = lambda _: True) -> Rule:
    return Rule(name, tuple(signs.split()), re.compile(pattern), sure)


def is_card_number(text: str) -> bool:
    """13 to 19 digits of a card network's range with a right check digit (ISO/IEC 7812-1, annex B: Luhn)."""
    digits = [int(char) for char in text if char.isdigit()]
    if not 13 <= len(digits) <= 19 or digits[0] not in {2, 3, 4, 5, 6} or len(set(digits)) < 2:
        return False
    doubled = [sum(divmod(digit * 2, 10)) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _mixed(text: str) -> bool:
    """Letters and digits: words after ``password:`` are seldom both."""
    return any(char.isdigit() for char in text) and any(char.isalpha() for char in text)


#: The forms are those of each issuer's own documentation (token formats, secret scanning partner pages).
RULES: tuple[Rule, ...] = (
    _rule(
        "private key",
        "-----begin",
        r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|\Z)",
    ),
    _rule("Slack token", "xox xapp- xwfp", r"\bx(?:ox[abeoprs]|app|wfp)(?:\.xox[bp])?-[A-Za-z0-9-]{10,}"),
    _rule(
        "Slack webhook",
        "hooks.slack",
        r"https://hooks\.slack(?:-gov)?\.com/(?P<secret>(?:services|workflows|triggers)/[A-Za-z0-9_/]{20,})",
    ),
    _rule(
        "GitHub token",
        "gho_ ghp_ ghr_ ghs_ ghu_ github_pat_",
        r"\b(?:gh[oprsu]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{36,255})",
    ),
    _rule(
        "GitLab token",
        "glpat- gldt- glft- glsoat- glrt- glcbt- glimt- glptt- glagent- gloas- gr1348941",
        r"\b(?:gl(?:pat|dt|ft|soat|rt|cbt|imt|ptt|agent|oas)-|GR1348941)[A-Za-z0-9_.-]{20,}",
    ),
    _rule("AWS access key", "akia asia abia acca", r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b"),
    _rule(
        "AWS secret key",
        "aws",
        r"(?i:aws.{0,20}(?:secret|key|token).{0,20}?)[\s'\"=:](?P<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])",
    ),
    _rule("Azure storage key", "accountkey=", r"\bAccountKey=(?P<secret>[A-Za-z0-9+/]{86}==)"),
    _rule("Google API key", "aiza", r"\bAIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])"),
    _rule("Google OAuth token", "ya29. gocspx-", r"\b(?:ya29\.[A-Za-z0-9_-]{20,}|GOCSPX-[A-Za-z0-9_-]{28})"),
    _rule("AI service key", "sk-", r"\bsk-(?:ant-|proj-|svcacct-|admin-)?[A-Za-z0-9_-]{32,}"),
    _rule("Stripe key", "sk_ rk_ whsec_", r"\b(?:[rs]k_(?:live|test)|whsec)_[A-Za-z0-9]{16,}"),
    _rule("SendGrid key", "sg.", r"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}"),
    _rule("Twilio key", "sk", r"\bSK[0-9a-f]{32}\b"),
    _rule("Mailchimp key", "-us", r"\b[0-9a-f]{32}-us\d{1,2}\b"),
    _rule("Telegram bot token", ":", r"\b\d{8,10}:[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])"),
    _rule("Discord bot token", ".", r"\b[MNO][A-Za-z\d_-]{23,27}\.[A-Za-z\d_-]{6}\.[A-Za-z\d_-]{27,}"),
    _rule("npm token", "npm_", r"\bnpm_[A-Za-z0-9]{36}\b"),
    _rule("PyPI token", "pypi-", r"\bpypi-[A-Za-z0-9_-]{50,}"),
    _rule("Hugging Face token", "hf_", r"\bhf_[A-Za-z0-9]{30,}"),
    _rule("DigitalOcean token", "doo_v1_ dop_v1_ dor_v1_", r"\bdo[opr]_v1_[0-9a-f]{64}\b"),
    _rule("Databricks token", "dapi", r"\bdapi[0-9a-f]{32}\b"),
    _rule("Vault token", "hvb. hvs. hvr.", r"\bhv[bsr]\.[A-Za-z0-9_-]{24,}"),
    _rule("Shopify token", "shpat_ shpca_ shppa_ shpss_", r"\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}\b"),
    _rule("JSON Web Token", "eyj", r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"),
    _rule(
        "authorization header",
        "bearer basic",
        r"(?i:\b(?:bearer|basic))\s+(?P<secret>[A-Za-z0-9._~+/=-]{20,})",
        _mixed,
    ),
    _rule(
        "password in an address",
        "://",
        r"\b[a-z][a-z0-9+.-]{1,20}://[^\s:/@<>|]*:(?P<secret>[^\s:/@<>|]{3,})@",
    ),
    _rule(
        "password",
        "pass pwd secret key token",
        r"(?i:\b(?:password|passwd|pwd|passphrase|secret|api[_-]?key|(?:access|auth|secret)[_-]?(?:key|token)))"
        r"[\"']?\s*[=:]\s*[\"']?(?P<secret>[^\s\"'<>,;\[]{8,})",
        _mixed,
    ),
    _rule(
        "card number",
        "",
        r"(?<![\w.,/+-])\d(?:[ -]?\d){12,18}(?![\w/]|[.,-]\d)",
        is_card_number,
    ),
)

_SIGNS = [(sign, rule.name) for rule in RULES for sign in rule.signs]


def mask(text: str) -> Masked:
    """The text with each secret replaced by its name. Masking twice changes nothing."""
    kinds: list[str] = []
    folded = text.casefold()
    hinted = {name for sign, name in _SIGNS if sign in folded}
    for rule in RULES:
        if rule.signs and rule.name not in hinted:
            continue

        def replaced(found: re.Match[str], rule: Rule = rule) -> str:
            group = "secret" if "secret" in rule.pattern.groupindex else 0
            if not rule.sure(found[group]):
                return found[0]
            kinds.append(rule.name)
            start, end = found.start(group) - found.start(), found.end(group) - found.start()
            return f"{found[0][:start]}[masked: {rule.name}]{found[0][end:]}"

        text = rule.pattern.sub(replaced, text)
    return Masked(text, tuple(dict.fromkeys(kinds)))
