"""Who may do what cannot be undone."""

from bot.app.policy import Policy
from bot.domain.incident import Incident
from bot.domain.refusals import Refusal


def may_redact(incident: Incident, user: str, policy: Policy) -> Refusal | None:
    """The commander, those whom the workspace names, and whoever declared while there is no commander; else why not."""
    commanders = {person.slack_id for person in incident.holders("commander")}
    if user in policy.redactors or user in (commanders or {incident.declared_by}):
        return None
    who = "its commander" if commanders else "who declared it, while it has no commander,"
    return Refusal(
        what="Nothing was redacted",
        why=f"only {who} may remove words from the record of {incident.ref}.",
        hint="Ask them, or take the commander's role first: `/incident role commander @me`.",
    )
