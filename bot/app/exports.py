"""Action items of all incidents, for export."""

from bot.app.ports import Store
from bot.views.action_export import ExportedItem, exported


async def exported_items(
    store: Store, *, private: bool, open_only: bool = False, owner: str | None = None
) -> list[ExportedItem]:
    """Oldest incident first. Private incidents only when they are asked for. ``owner``: a Slack id or a name.

    ``open_only``: what still waits for a decision, which nothing of a declined or merged incident does.
    """
    rows = [row for row in await store.summaries() if private or not row.private]
    waiting = frozenset(await store.with_open_actions()) if open_only else None
    numbers = sorted(row.number for row in rows if waiting is None or row.number in waiting)
    incidents = [found for number in numbers if (found := await store.incident(number))]
    people = {p.key for i in incidents for item in i.actions.values() for p in item.details.owners}
    items = exported(incidents, await store.profiles(sorted(people)))
    return [
        item
        for item in items
        if (not open_only or item.state not in {"done", "cancelled"})
        and (owner is None or owner in {*item.owner_ids, *item.owners})
    ]
