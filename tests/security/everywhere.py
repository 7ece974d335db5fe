"""One text wherever a person can put one, in a whole incident: typed, filled in, said, named, uploaded, imported."""

from bot.domain.fields import FIELDS, LISTS
from bot.replay.hands import Refused

#: What a person is told when we fail.
FAULT = "went wrong on our side"


async def written_everywhere(slack, text):
    """Declares an incident, fills it with the text by every way there is, resolves and closes it; returns what was refused."""
    refused = []

    async def typed(words, who="ana"):
        try:
            answer = await slack.command(who, words)
        except Refused as error:
            answer = str(error)
        if FAULT in answer:
            refused.append((words, answer))
        return answer

    await _people(slack, text)
    await slack.declare("ana", f"{text[:150]} --sev 2")
    await _messages(slack, text)
    for words in (
        f"note {text}", f"note {text} --at 14:00 --marker degraded", f"update {text} --next 30m", f"sev 1 {text}",
        f"status identified {text}", f'role scribe "{text}"', f'role "{text[:40]}" @bea', f"handoff <@U0BEA> {text}",
        f"task {text} <@U0BEA> due 2h", f'followup {text} owner "{text[:60]}" due tomorrow', "action A1 blocked " + text,
        f"block A1 {text}", f"cancel A2 {text}", f"reassign A1 {text}", f"edit T1 {text}", f"link https://e.example/?q=1 {text}",
        f"link {text}", f"rename {text[:150]}", f"duplicate {text}", f"redact {text}", f"import 14:05:01 {text}", f"time detected {text}",
        f"list {text}", f"help {text}", f"timeline text {text}", f"monitoring {text}", text,
    ):  # fmt: skip
        await typed(words)
    for words in (*(f"set {path} {text}" for path in FIELDS), *(f"add {path} {text}" for path in LISTS)):
        answer = await slack.hands.command("U0ANA", slack.channel, words)
        refused += [(words, answer)] if FAULT in answer else []
    await slack.settle()
    await _forms(slack, text)
    await typed(f"resolve {text}")
    await typed("resolve now")
    await typed(f"reopen {text}")
    await typed("resolve now")
    await typed(f"close {text}")
    await typed("close now")
    for shape in ("markdown", "html", "pdf", "canvas", "json"):
        await typed(f"postmortem {shape}")
    await typed("timeline picture")
    for looked in (
        "status",
        "timeline",
        "actions all",
        "roles",
        "catchup",
        "list all",
        "entry T1",
        "postmortem",
        "help fields",
    ):
        await typed(looked)
    for user in ("U0ANA", "U0BEA"):
        await slack.hands._post("open-home", user=user)
    await slack.pass_time(hours=20)
    await slack.pass_time(days=4)
    return refused


async def _people(slack, text):
    """Names that people give themselves, and their groups."""
    for user in slack.sandbox.workspace.users.values():
        if user.id == "U0BEA":
            user.name = user.real_name = text[:60]


async def _messages(slack, text):
    hands, channel = slack.hands, slack.channel
    said = await slack.say("bea", text)
    await slack.react("bea", said, "pushpin")
    await slack.reply("bea", said, text)
    other = await slack.say("bea", "before")
    await slack.edit("bea", other, text)
    await slack.react("bea", other, "red_circle")
    await slack.react("bea", other, "clipboard")
    image = {"name": f"{text[:60]}.png", "mimetype": "image/png", "content_base64": "iVBORw0KGgo="}
    answer = await hands._post("message", channel=channel, user="U0BEA", text=text, files=[image])
    await slack.react("bea", answer["message"]["ts"], "pushpin")
    alert = await hands._post(
        "message",
        channel=channel,
        user="U0DEPLOY",
        text=text,
        subtype="bot_message",
        username=text,
        as_bot=True,
    )
    await slack.react("bea", alert["message"]["ts"], "memo")
    await hands._post("set-topic", channel=channel, user="U0BEA", topic=text)
    elsewhere = await hands.say("U0BEA", "C0GENERAL", text)
    for shortcut in ("add_to_timeline", "declare_from_message", "make_action_item"):
        await slack.shortcut("bea", shortcut, elsewhere, "C0GENERAL")
        await _fill(slack, "bea", text)


async def _forms(slack, text):
    """Each form that a button of the banner or an empty command opens, with the text in every field that takes one."""
    for words in (
        "",
        "note",
        "update",
        "task",
        "resolve",
        "close",
        "import",
        "postmortem summary",
        "set impact.description",
        "role",
    ):
        try:
            await slack.command("ana", words)
        except Refused:
            continue
        await _fill(slack, "ana", text)
    await slack.hands._post("shortcut", user="U0ANA", callback_id="declare_incident")
    await _fill(slack, "ana", text)


async def _fill(slack, who, text):
    user = {"ana": "U0ANA", "bea": "U0BEA"}[who]
    views = (await slack.hands._get("views", user=user)).get("views") or []
    if not views:
        return
    view = views[-1]
    inputs = [block for block in view["blocks"] if block.get("type") == "input"]
    texts = {b["block_id"]: text for b in inputs if b["element"]["type"] == "plain_text_input"}
    try:
        await slack.hands.send(user, view, texts)
    except Refused:
        # What does not fit is refused; what may be free words is tried alone.
        return
    await slack.settle()
