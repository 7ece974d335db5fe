"""The record repairs itself: messages held before a form, copies of images, gaps that are read again, redaction."""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

REDACTED = sa.text('redacted')
WANTED = sa.text('wanted AND content IS NULL AND failed IS NULL')


def upgrade() -> None:
    op.add_column('messages', sa.Column('redacted', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index('ix_messages_thread', 'messages', ['channel', 'thread_ts'], unique=False)
    op.create_index(
        'ix_messages_redacted', 'messages', ['channel', 'ts'], unique=False, sqlite_where=REDACTED, postgresql_where=REDACTED
    )
    op.create_index('ix_timeline_entries_message', 'timeline_entries', ['channel', 'ts'], unique=False)
    op.create_table(
        'held_messages',
        sa.Column('channel', sa.String(), nullable=False),
        sa.Column('ts', sa.String(), nullable=False),
        sa.Column('body', sa.JSON(), nullable=False),
        sa.Column('until', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('channel', 'ts', name=op.f('pk_held_messages')),
    )
    op.create_table(
        'kept_files',
        sa.Column('channel', sa.String(), nullable=False),
        sa.Column('ts', sa.String(), nullable=False),
        sa.Column('file', sa.String(), nullable=False),
        sa.Column('mimetype', sa.String(), nullable=False),
        sa.Column('url', sa.String(), nullable=False),
        sa.Column('size', sa.Integer(), nullable=False),
        sa.Column('wanted', sa.Boolean(), nullable=False),
        sa.Column('content', sa.LargeBinary(), nullable=True),
        sa.Column('failed', sa.String(), nullable=True),
        sa.Column('attempts', sa.Integer(), nullable=False),
        sa.Column('not_before', sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint('channel', 'ts', 'file', name=op.f('pk_kept_files')),
    )
    op.create_index(
        'ix_kept_files_wanted', 'kept_files', ['not_before'], unique=False, sqlite_where=WANTED, postgresql_where=WANTED
    )
    op.create_table(
        'gaps',
        sa.Column('channel', sa.String(), nullable=False),
        sa.Column('oldest', sa.String(), nullable=False),
        sa.Column('before', sa.String(), nullable=False),
        sa.Column('threads', sa.JSON(), nullable=False),
        sa.Column('found', sa.Integer(), nullable=False),
        sa.Column('not_before', sa.DateTime(timezone=True), nullable=True),
        sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
        sa.Column('owner', sa.String(), nullable=True),
        sa.Column('attempts', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('channel', name=op.f('pk_gaps')),
    )


def downgrade() -> None:
    op.drop_table('gaps')
    op.drop_index('ix_kept_files_wanted', table_name='kept_files', sqlite_where=WANTED, postgresql_where=WANTED)
    op.drop_table('kept_files')
    op.drop_table('held_messages')
    op.drop_index('ix_timeline_entries_message', table_name='timeline_entries')
    op.drop_index('ix_messages_redacted', table_name='messages', sqlite_where=REDACTED, postgresql_where=REDACTED)
    op.drop_index('ix_messages_thread', table_name='messages')
    op.drop_column('messages', 'redacted')
