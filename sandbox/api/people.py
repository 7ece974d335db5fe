"""auth.*, users.*, views.*, team.*: who is there, and what is drawn for them."""

from typing import Any

from sandbox.api.registry import Answer, Call, method, page
from sandbox.config import GroupConfig
from sandbox.errors import SlackError
from sandbox.state import User


@method("api.test")
def api_test(call: Call) -> Answer:
    return {"args": dict(call.args)}


@method("auth.test")
def auth_test(call: Call) -> Answer:
    app = call.workspace.config.app
    return {
        "url": f"{call.base}/",
        "team": call.workspace.config.name,
        "user": app.name,
        "team_id": call.workspace.config.team_id,
        "user_id": app.bot_user_id,
        "bot_id": app.bot_id,
        "is_enterprise_install": False,
    }


@method("apps.connections.open")
def open_connection(call: Call) -> Answer:
    if call.socket is None:
        raise SlackError("forbidden_team")
    base = call.base.replace("http", "ws", 1)
    return {"url": f"{base}/link/?ticket={call.socket.ticket()}&app_id={call.workspace.config.app.app_id}"}


@method("apps.manifest.export")
def export_manifest(call: Call) -> Answer:
    app = call.workspace.config.app
    if call.need("app_id") != app.app_id:
        raise SlackError("invalid_app_id")
    return {"manifest": dict(app.manifest)}


@method("team.info", "team:read")
def team_info(call: Call) -> Answer:
    config = call.workspace.config
    return {"team": {"id": config.team_id, "name": config.name, "domain": config.domain}}


@method("bots.info", "users:read")
def bot_info(call: Call) -> Answer:
    found = next((u for u in call.workspace.users.values() if u.bot_id == call.text("bot")), None)
    if found is None:
        raise SlackError("bot_not_found")
    known = {"id": found.bot_id, "name": found.real_name, "user_id": found.id, "deleted": found.deleted}
    if found.id == call.me.id:
        known["app_id"] = call.workspace.config.app.app_id
    return {"bot": known}


def _shown(call: Call, user: User) -> dict[str, Any]:
    """The address is only for apps that may see it; of those who left, Slack tells less."""
    known = user.shown(call.workspace.clock.now())
    scopes = call.workspace.config.app.scopes
    if scopes is not None and "users:read.email" not in scopes:
        known["profile"].pop("email", None)
    gone = {"real_name", "tz", "tz_label", "tz_offset", "color"} if user.deleted else set()
    return {name: value for name, value in known.items() if name not in gone}


@method("users.info", "users:read")
def user_info(call: Call) -> Answer:
    return {"user": _shown(call, call.workspace.user(call.need("user", "user_not_found")))}


@method("users.list", "users:read")
def list_users(call: Call) -> Answer:
    found, cursor = page([_shown(call, user) for user in call.workspace.users.values()], call)
    return {"members": found, "response_metadata": cursor}


@method("users.lookupByEmail", "users:read.email")
def lookup_by_email(call: Call) -> Answer:
    wanted = call.need("email")
    found = next((u for u in call.workspace.users.values() if u.email == wanted and not u.deleted), None)
    if found is None:
        raise SlackError("users_not_found")
    return {"user": _shown(call, found)}


@method("usergroups.list", "usergroups:read")
def list_groups(call: Call) -> Answer:
    whole = call.flag("include_users")
    return {"usergroups": [_group(call, group, whole=whole) for group in call.workspace.groups.values()]}


def _group(call: Call, group: GroupConfig, *, whole: bool) -> dict[str, Any]:
    known = {
        "id": group.id,
        "team_id": call.workspace.config.team_id,
        "handle": group.handle,
        "name": group.name,
    }
    users = {"users": list(group.users)} if whole else {}
    return {**known, "is_usergroup": True, "date_delete": 0, "user_count": len(group.users), **users}


@method("usergroups.users.list", "usergroups:read")
def list_group_users(call: Call) -> Answer:
    group = call.workspace.groups.get(call.need("usergroup", "no_such_subteam"))
    if group is None:
        raise SlackError("no_such_subteam")
    return {"users": list(group.users)}


@method("dnd.info", "dnd:read")
def dnd_info(call: Call) -> Answer:
    """Without a schedule Slack says 1 for both ends (docs: dnd.info)."""
    user = call.workspace.user(call.need("user"))
    start, end = user.quiet or (1, 1)
    return {
        "dnd_enabled": user.quiet is not None,
        "next_dnd_start_ts": start,
        "next_dnd_end_ts": end,
        "snooze_enabled": False,
    }


@method("views.open")
def open_view(call: Call) -> Answer:
    view = call.forms.open(call.text("trigger_id"), call.data("view"))
    return {"view": call.forms.payload(view)}


@method("views.push")
def push_view(call: Call) -> Answer:
    view = call.forms.push(call.text("trigger_id"), call.data("view"))
    return {"view": call.forms.payload(view)}


@method("views.update")
def update_view(call: Call) -> Answer:
    view = call.forms.update(
        call.text("view_id"), call.text("external_id"), call.data("view"), call.text("hash")
    )
    return {"view": call.forms.payload(view)}


@method("views.publish")
def publish_view(call: Call) -> Answer:
    body = call.data("view")
    return {"view": call.forms.publish(call.need("user_id", "user_not_found"), body, call.text("hash"))}
