"""Where facts are kept: events, query tables, transcript, what stands in Slack, reminders. Begin with `storage.store`."""
