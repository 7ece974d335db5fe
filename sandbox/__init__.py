"""A local Slack: a workspace, its Web API, Socket Mode, Events API and people, for demos and tests."""
