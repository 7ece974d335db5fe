"""Slack's text as plain words: names for mentions, addresses for links, signs for the commonest emoji codes."""

import re
from collections.abc import Mapping

from bot.domain.transcript import Profile

EMOJI: Mapping[str, str] = {
    "white_check_mark": "✅",
    "heavy_check_mark": "✔️",
    "x": "❌",
    "warning": "⚠️",
    "red_circle": "🔴",
    "large_green_circle": "🟢",
    "green_circle": "🟢",
    "large_yellow_circle": "🟡",
    "fire": "🔥",
    "rotating_light": "🚨",
    "rocket": "🚀",
    "tada": "🎉",
    "eyes": "👀",
    "thumbsup": "👍",
    "+1": "👍",
    "thumbsdown": "👎",
    "-1": "👎",
    "pray": "🙏",
    "mag": "🔍",
    "wrench": "🔧",
    "bug": "🐛",
    "smile": "😄",
    "slightly_smiling_face": "🙂",
    "disappointed": "😞",
    "arrows_counterclockwise": "🔄",
    "pushpin": "📌",
    "memo": "📝",
    "checkered_flag": "🏁",
}
_TOKEN = re.compile(r"<([^<>\n]+)>")
_CODE = re.compile(r":([a-z0-9_+-]+)(?:::skin-tone-\d)?:")
_BROADCAST = re.compile(r"^!(here|channel|everyone)")


def prose(text: str, profiles: Mapping[str, Profile]) -> str:
    """Received Slack text (docs: formatting-message-text) as people read it."""

    def token(match: re.Match[str]) -> str:
        body = match[1]
        target, _, label = body.partition("|")
        if target.startswith(("@", "!subteam^")):
            key = target.removeprefix("@").removeprefix("!subteam^")
            known = profiles.get(key)
            return f"@{(known.name if known else label or key).removeprefix('@')}"
        if target.startswith("#"):
            # Slack leaves the label of a channel out, or empty.
            known = profiles.get(target[1:])
            return f"#{label or (known.name if known else target[1:])}"
        if broadcast := _BROADCAST.match(target):
            return f"@{broadcast[1]}"
        if target.startswith("!"):
            return label or target
        address = target.removeprefix("mailto:")
        return f"{label} ({address})" if label and label != address else address

    named = _TOKEN.sub(token, text)
    spoken = _CODE.sub(lambda match: EMOJI.get(match[1], match[0]), named)
    return spoken.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
