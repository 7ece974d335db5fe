"""Tocsin, a Slack bot for live incident response."""
