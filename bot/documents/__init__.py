"""Rendering the postmortem: Jinja2 packs and the writers."""
