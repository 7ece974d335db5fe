"""Find what stands in Slack by its message, when a person deletes it."""

from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index('ix_posted_message', 'posted', ['channel', 'ts'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_posted_message', table_name='posted')
