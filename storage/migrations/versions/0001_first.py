"""the first tables"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('counters',
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_counters'))
    )
    op.create_table('deliveries',
    sa.Column('key', sa.String(length=255), nullable=False),
    sa.Column('incident', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_deliveries'))
    )
    op.create_table('incidents',
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('severity', sa.String(), nullable=True),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('private', sa.Boolean(), nullable=False),
    sa.Column('channel', sa.String(), nullable=True),
    sa.Column('channel_name', sa.String(), nullable=True),
    sa.Column('declared_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('declared_by', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_incidents'))
    )
    with op.batch_alter_table('incidents', schema=None) as batch_op:
        batch_op.create_index('ix_incidents_channel', ['channel'], unique=False)
        batch_op.create_index(batch_op.f('ix_incidents_status'), ['status'], unique=False)

    op.create_table('messages',
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.Column('ts', sa.String(length=20), nullable=False),
    sa.Column('revision', sa.String(length=20), nullable=False),
    sa.Column('thread_ts', sa.String(), nullable=True),
    sa.Column('user', sa.String(), nullable=True),
    sa.Column('bot_name', sa.String(), nullable=True),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('files', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('deleted', sa.Boolean(), nullable=False),
    sa.Column('permalink', sa.String(), nullable=True),
    sa.Column('via', sa.String(length=10), nullable=False),
    sa.PrimaryKeyConstraint('channel', 'ts', 'revision', name=op.f('pk_messages'))
    )
    op.create_table('profiles',
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('zone', sa.String(), nullable=False),
    sa.Column('deleted', sa.Boolean(), nullable=False),
    sa.Column('is_bot', sa.Boolean(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_profiles'))
    )
    op.create_table('reactions',
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.Column('ts', sa.String(length=20), nullable=False),
    sa.Column('user', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('present', sa.Boolean(), nullable=False),
    sa.Column('event_ts', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('channel', 'ts', 'user', 'name', name=op.f('pk_reactions'))
    )
    op.create_table('action_items',
    sa.Column('incident', sa.Integer(), nullable=False),
    sa.Column('action', sa.String(length=20), nullable=False),
    sa.Column('kind', sa.String(length=30), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['incident'], ['incidents.number'], name=op.f('fk_action_items_incident_incidents')),
    sa.PrimaryKeyConstraint('incident', 'action', name=op.f('pk_action_items'))
    )
    with op.batch_alter_table('action_items', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_action_items_state'), ['state'], unique=False)

    op.create_table('action_owners',
    sa.Column('incident', sa.Integer(), nullable=False),
    sa.Column('action', sa.String(length=20), nullable=False),
    sa.Column('owner', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['incident'], ['incidents.number'], name=op.f('fk_action_owners_incident_incidents')),
    sa.PrimaryKeyConstraint('incident', 'action', 'owner', name=op.f('pk_action_owners'))
    )
    with op.batch_alter_table('action_owners', schema=None) as batch_op:
        batch_op.create_index('ix_action_owners_owner', ['owner'], unique=False)

    op.create_table('events',
    sa.Column('incident', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('body', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.ForeignKeyConstraint(['incident'], ['incidents.number'], name=op.f('fk_events_incident_incidents')),
    sa.PrimaryKeyConstraint('incident', 'number', name=op.f('pk_events'))
    )
    op.create_table('posted',
    sa.Column('incident', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
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
    sa.Column('action', sa.String(length=20), nullable=False),
    sa.Column('rung', sa.String(length=40), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('audience', sa.String(length=40), nullable=False),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('owner', sa.String(), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['incident'], ['incidents.number'], name=op.f('fk_reminders_incident_incidents')),
    sa.PrimaryKeyConstraint('incident', 'action', name=op.f('pk_reminders'))
    )
    with op.batch_alter_table('reminders', schema=None) as batch_op:
        batch_op.create_index('ix_reminders_next_at', ['next_at'], unique=False)

    op.create_table('role_holders',
    sa.Column('incident', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('person', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['incident'], ['incidents.number'], name=op.f('fk_role_holders_incident_incidents')),
    sa.PrimaryKeyConstraint('incident', 'role', 'person', name=op.f('pk_role_holders'))
    )
    op.create_table('timeline_entries',
    sa.Column('incident', sa.Integer(), nullable=False),
    sa.Column('entry', sa.String(length=20), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('precision', sa.String(length=10), nullable=False),
    sa.Column('tag', sa.String(length=10), nullable=False),
    sa.Column('marker', sa.String(length=20), nullable=True),
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


def downgrade() -> None:
    op.drop_table('work')
    op.drop_table('timeline_entries')
    op.drop_table('role_holders')
    with op.batch_alter_table('reminders', schema=None) as batch_op:
        batch_op.drop_index('ix_reminders_next_at')

    op.drop_table('reminders')
    op.drop_table('posted')
    op.drop_table('events')
    with op.batch_alter_table('action_owners', schema=None) as batch_op:
        batch_op.drop_index('ix_action_owners_owner')

    op.drop_table('action_owners')
    with op.batch_alter_table('action_items', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_action_items_state'))

    op.drop_table('action_items')
    op.drop_table('reactions')
    op.drop_table('profiles')
    op.drop_table('messages')
    with op.batch_alter_table('incidents', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_incidents_status'))
        batch_op.drop_index('ix_incidents_channel')

    op.drop_table('incidents')
    op.drop_table('deliveries')
    op.drop_table('counters')
