"""Slack at the edge: payloads in, blocks and Web API calls out."""
