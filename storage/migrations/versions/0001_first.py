"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('counters',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_counters'))
    )
    op.create_table('incidents',
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('severity', sa.String(), nullable=True),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('private', sa.Boolean(), nullable=False),
    sa.Column('channel', sa.String(), nullable=True),
    sa.Column('channel_name', sa.String(), nullable=True),
    sa.Column('declared_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('declared_by', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_incidents'))
    )
    op.create_index(op.f('ix_incidents_channel'), 'incidents', ['channel'], unique=False)
    op.create_index(op.f('ix_incidents_status'), 'incidents', ['status'], unique=False)
    op.create_table('messages',
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('ts', sa.String(), nullable=False),
    sa.Column('revision', sa.String(), nullable=False),
    sa.Column('thread_ts', sa.String(), nullable=True),
    sa.Column('user', sa.String(), nullable=True),
    sa.Column('bot_name', sa.String(), nullable=True),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('files', sa.JSON(), nullable=False),
    sa.Column('deleted', sa.Boolean(), nullable=False),
    sa.Column('permalink', sa.String(), nullable=True),
    sa.Column('via', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('channel', 'ts', 'revision', name=op.f('pk_messages'))
    )
    op.create_table('profiles',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('zone', sa.String(), nullable=False),
    sa.Column('deleted', sa.Boolean(), nullable=False),
    sa.Column('is_bot', sa.Boolean(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_profiles'))
    )
    op.create_table('reactions',
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('ts', sa.String(), nullable=False),
    sa.Column('user', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('present', sa.Boolean(), nullable=False),
    sa.Column('event_ts', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('channel', 'ts', 'user', 'name', name=op.f('pk_reactions'))
    )
    op.create_table('action_items',
    sa.Column('incident', sa.Integer(), nullable=False),
    sa.Column('action', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['incident'], ['incidents.number'], name=op.f('fk_action_items_incident_incidents')),
    sa.PrimaryKeyConstraint('incident', 'action', name=op.f('pk_action_items'))
    )
    op.create_table('deliveries',
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('incident', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['incident'], ['incidents.number'], name=op.f('fk_deliveries_incident_incidents')),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_deliveries'))
    )
    op.create_table('events',
    sa.Column('incident', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['incident'], ['incidents.number'], name=op.f('fk_events_incident_incidents')),
    sa.PrimaryKeyConstraint('incident', 'number', name=op.f('pk_events'))
    )
    op.create_table('posted',
    sa.Column('incident', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('channel', sa.String(), nullable=True),
    sa.Column('ts', sa.String(), nullable=True),
    sa.Column('digest', sa.String(), nullable=True),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('failed', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['incident'], ['incidents.number'], name=op.f('fk_posted_incident_incidents')),
    sa.PrimaryKeyConstraint('incident', 'key', name=op.f('pk_posted'))
    )
    op.create_table('reminders',
    sa.Column('incident', sa.Integer(), nullable=False),
    sa.Column('action', sa.String(), nullable=False),
    sa.Column('rung', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('audience', sa.String(), nullable=False),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('owner', sa.String(), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['incident'], ['incidents.number'], name=op.f('fk_reminders_incident_incidents')),
    sa.PrimaryKeyConstraint('incident', 'action', name=op.f('pk_reminders'))
    )
    op.create_index(op.f('ix_reminders_next_at'), 'reminders', ['next_at'], unique=False)
    op.create_table('role_holders',
    sa.Column('incident', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('person', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['incident'], ['incidents.number'], name=op.f('fk_role_holders_incident_incidents')),
    sa.PrimaryKeyConstraint('incident', 'role', 'person', name=op.f('pk_role_holders'))
    )
    op.create_table('timeline_entries',
    sa.Column('incident', sa.Integer(), nullable=False),
    sa.Column('entry', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('precision', sa.String(), nullable=False),
    sa.Column('tag', sa.String(), nullable=False),
    sa.Column('marker', sa.String(), nullable=True),
    sa.Column('text', sa.String(), nullable=True),
    sa.Column('channel', sa.String(), nullable=True),
    sa.Column('ts', sa.String(), nullable=True),
    sa.Column('hidden', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['incident'], ['incidents.number'], name=op.f('fk_timeline_entries_incident_incidents')),
    sa.PrimaryKeyConstraint('incident', 'entry', name=op.f('pk_timeline_entries'))
    )
    op.create_table('work',
    sa.Column('incident', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('owner', sa.String(), nullable=True),
    sa.Column('not_before', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['incident'], ['incidents.number'], name=op.f('fk_work_incident_incidents')),
    sa.PrimaryKeyConstraint('incident', name=op.f('pk_work'))
    )
    op.create_index('ix_work_dirty', 'work', ['incident'], unique=False, sqlite_where=sa.text('done < revision'), postgresql_where=sa.text('done < revision'))
    op.create_table('action_owners',
    sa.Column('incident', sa.Integer(), nullable=False),
    sa.Column('action', sa.String(), nullable=False),
    sa.Column('owner', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['incident', 'action'], ['action_items.incident', 'action_items.action'], name=op.f('fk_action_owners_incident_action_items')),
    sa.PrimaryKeyConstraint('incident', 'action', 'owner', name=op.f('pk_action_owners'))
    )
    op.create_index(op.f('ix_action_owners_owner'), 'action_owners', ['owner'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_action_owners_owner'), table_name='action_owners')
    op.drop_table('action_owners')
    op.drop_index('ix_work_dirty', table_name='work', sqlite_where=sa.text('done < revision'), postgresql_where=sa.text('done < revision'))
    op.drop_table('work')
    op.drop_table('timeline_entries')
    op.drop_table('role_holders')
    op.drop_index(op.f('ix_reminders_next_at'), table_name='reminders')
    op.drop_table('reminders')
    op.drop_table('posted')
    op.drop_table('events')
    op.drop_table('deliveries')
    op.drop_table('action_items')
    op.drop_table('reactions')
    op.drop_table('profiles')
    op.drop_table('messages')
    op.drop_index(op.f('ix_incidents_status'), table_name='incidents')
    op.drop_index(op.f('ix_incidents_channel'), table_name='incidents')
    op.drop_table('incidents')
    op.drop_table('counters')
