"""Reminders of any subject, and letters that gather what is to be said to one recipient."""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

_SECOND = timedelta(seconds=1)


def upgrade() -> None:
    old = sa.table(
        'reminders', sa.column('incident'), sa.column('action'), sa.column('next_at', sa.DateTime(timezone=True))
    )
    rows = op.get_bind().execute(sa.select(old)).all()
    op.drop_index(op.f('ix_reminders_next_at'), table_name='reminders')
    op.drop_table('reminders')
    reminders = op.create_table('reminders',
    sa.Column('incident', sa.Integer(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('said_until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['incident'], ['incidents.number'], name=op.f('fk_reminders_incident_incidents')),
    sa.PrimaryKeyConstraint('incident', 'subject', name=op.f('pk_reminders'))
    )
    op.create_index(op.f('ix_reminders_next_at'), 'reminders', ['next_at'], unique=False)
    # The rung that an old row held is the first that is still to be said.
    kept = [
        {
            'incident': row.incident,
            'subject': f'action:{row.action}',
            'said_until': row.next_at - _SECOND,
            'next_at': row.next_at,
        }
        for row in rows
    ]
    if kept:
        op.bulk_insert(reminders, kept)
    op.create_table('letters',
    sa.Column('recipient', sa.String(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('not_before', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('owner', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('recipient', name=op.f('pk_letters'))
    )
    op.create_table('letter_lines',
    sa.Column('recipient', sa.String(), nullable=False),
    sa.Column('letter', sa.Integer(), nullable=False),
    sa.Column('incident', sa.Integer(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('rung', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('manner', sa.String(), nullable=False),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('tried', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['incident'], ['incidents.number'], name=op.f('fk_letter_lines_incident_incidents')),
    sa.ForeignKeyConstraint(['recipient'], ['letters.recipient'], name=op.f('fk_letter_lines_recipient_letters')),
    sa.PrimaryKeyConstraint('recipient', 'letter', 'incident', 'subject', name=op.f('pk_letter_lines'))
    )
    op.create_index('ix_letter_lines_waiting', 'letter_lines', ['letter', 'next_at'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_letter_lines_waiting', table_name='letter_lines')
    op.drop_table('letter_lines')
    op.drop_table('letters')
    op.drop_index(op.f('ix_reminders_next_at'), table_name='reminders')
    op.drop_table('reminders')
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
