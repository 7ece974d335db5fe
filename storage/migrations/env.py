"""Alembic's entry: runs on the connection that `storage.migrate` hands over."""

from typing import Any, Literal

from alembic import context

from storage.tables import metadata


def render_item(kind: str, item: Any, autogen: Any) -> str | Literal[False]:
    """Keep SQLModel's own types out of migrations."""
    if kind != "type":
        return False
    name = type(item).__name__
    if name == "UTCDateTime":
        return "sa.DateTime(timezone=True)"
    if name == "AutoString":
        length = item.impl.length
        return f"sa.String(length={length})" if length else "sa.String()"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_item=render_item,
    render_as_batch=True,  # SQLite changes a table only by making it anew
    compare_type=True,
    transaction_per_migration=False,
)
context.run_migrations()
