"""What the rules remark, as the last part of a draft. Published documents have none."""

from collections.abc import Callable, Sequence

from bot.documents.escaping import inline
from bot.views.lint import Finding, Level

#: Shown to the author only, never in a document that travels.
_UNPRINTED = frozenset({"SECRET_OR_PII"})
_MOST = 20


def advice(findings: Sequence[Finding], translated: Callable[[str], str]) -> str:
    """Errors and warnings as a section of Markdown; empty when there are none."""
    shown = [f for f in findings if f.level in {Level.ERROR, Level.WARN} and f.rule not in _UNPRINTED]
    if not shown:
        return ""
    lines = [f"- `{finding.rule}` {inline(finding.text)}{_hint(finding)}" for finding in shown[:_MOST]]
    if len(shown) > _MOST:
        lines.append(f"- {len(shown) - _MOST} {translated('more')}")
    return f"\n## {translated('Before publishing')}\n\n" + "\n".join(lines) + "\n"


def _hint(finding: Finding) -> str:
    return f" _{inline(finding.hint)}_" if finding.hint else ""
