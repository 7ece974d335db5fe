"""Names by which Slack gives our buttons, forms and shortcuts back to us; a test finds those that nobody answers."""

from enum import StrEnum


class Action(StrEnum):
    """Buttons in messages and on the Home page."""

    DECLARE = "declare"
    UPDATE = "update"
    ROLE = "role"
    ACTION = "action"
    TIMELINE = "timeline"
    MORE = "more"
    STATUS = "status"
    SEVERITY = "severity"
    TIME = "time"
    NOTE = "note"
    RENAME = "rename"
    LINK = "link"
    DUPLICATE = "duplicate"
    JOIN_INSTEAD = "join_instead"
    RETRY_CHANNEL = "retry_channel"
    RESOLVE = "resolve"
    CLOSE = "close"
    REOPEN = "reopen"
    RENDER = "render"
    ADD = "add"
    DONE = "done"
    START = "start"
    SNOOZE = "snooze"
    REASSIGN = "reassign"
    CANCEL = "cancel"
    CHOOSE = "choose"
    OPEN_CHANNEL = "open_channel"


class Form(StrEnum):
    """Modals, by callback id."""

    DECLARE = "form_declare"
    UPDATE = "form_update"
    NOTE = "form_note"
    TAG = "form_tag"
    ROLE = "form_role"
    ACTION = "form_action"
    RESOLVE = "form_resolve"
    CLOSE = "form_close"
    SET = "form_set"
    ADD = "form_add"
    CANCEL = "form_cancel"
    REASSIGN = "form_reassign"
    SNOOZE = "form_snooze"
    SEVERITY = "form_severity"
    STATUS = "form_status"
    TIME = "form_time"
    MORE = "form_more"
    RENAME = "form_rename"
    LINK = "form_link"
    DUPLICATE = "form_duplicate"


class Shortcut(StrEnum):
    """As registered in app.yaml."""

    DECLARE = "declare_incident"
    DECLARE_FROM_MESSAGE = "declare_from_message"
    ADD_TO_TIMELINE = "add_to_timeline"
