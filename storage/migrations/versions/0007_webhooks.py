"""How far each webhook was told of each incident."""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'webhook_positions',
        sa.Column('endpoint', sa.String(), nullable=False),
        sa.Column('incident', sa.Integer(), nullable=False),
        sa.Column('told', sa.Integer(), nullable=False),
        sa.Column('failures', sa.Integer(), nullable=False),
        sa.Column('failing_since', sa.DateTime(timezone=True), nullable=True),
        sa.Column('not_before', sa.DateTime(timezone=True), nullable=True),
        sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
        sa.Column('owner', sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ['incident'], ['incidents.number'], name=op.f('fk_webhook_positions_incident_incidents')
        ),
        sa.PrimaryKeyConstraint('endpoint', 'incident', name=op.f('pk_webhook_positions')),
    )


def downgrade() -> None:
    op.drop_table('webhook_positions')
