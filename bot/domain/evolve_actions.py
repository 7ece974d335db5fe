"""What becomes of action items."""

from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from bot.domain import events as e
from bot.domain.incident import ActionItem
from bot.domain.mappings import put
from bot.domain.vocabulary import ActionState


def with_action(
    actions: Mapping[str, ActionItem],
    recorded: e.Recorded,
    event: e.ActionAdded | e.ActionEdited | e.ActionRemoved | e.ActionStateChanged | e.ActionSnoozed,
) -> Mapping[str, ActionItem]:
    at = recorded.at
    match event:
        case e.ActionAdded():
            item = ActionItem(
                id=event.action,
                details=event.details,
                state=event.state,
                created_at=at,
                created_by=recorded.by,
                changed_at=at,
                done_at=at if event.state is ActionState.DONE else None,
            )
        case e.ActionEdited():
            item = replace(actions[event.action], details=event.details, changed_at=at)
        case e.ActionRemoved():
            return _without(actions, event.action)
        case e.ActionStateChanged():
            item = replace(
                actions[event.action],
                state=event.state,
                changed_at=at,
                done_at=at if event.state is ActionState.DONE else None,
                reason=event.reason,
            )
        case e.ActionSnoozed():
            item = replace(actions[event.action], snoozed_until=event.until)
        case _:
            assert_never(event)
    return put(actions, event.action, item)


def _without(actions: Mapping[str, ActionItem], removed: str) -> Mapping[str, ActionItem]:
    above = actions[removed].details.parent
    return {
        key: replace(item, details=replace(item.details, parent=above))
        if item.details.parent == removed
        else item
        for key, item in actions.items()
        if key != removed
    }
