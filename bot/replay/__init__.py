"""Playing a written incident through the whole bot, on a local Slack and the case's own clock."""
