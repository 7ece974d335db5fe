"""Secret addresses under which due dates are read as a calendar."""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'calendars',
        sa.Column('whose', sa.String(), nullable=False),
        sa.Column('token', sa.String(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('whose', name=op.f('pk_calendars')),
    )
    op.create_index(op.f('ix_calendars_token'), 'calendars', ['token'], unique=True)


def downgrade() -> None:
    op.drop_index(op.f('ix_calendars_token'), table_name='calendars')
    op.drop_table('calendars')
