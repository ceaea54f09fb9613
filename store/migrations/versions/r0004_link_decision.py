"""What people said of pairs of a record and a subject."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of decisions on links."""
    op.create_table(
        "link_decision",
        sa.Column("decision_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("pair_id", sa.String(length=16), nullable=False),
        sa.Column("dataset", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("record_name", sa.Text(), nullable=False),
        sa.Column("record_hash", sa.String(length=64), nullable=False),
        sa.Column("subject_hash", sa.String(length=64), nullable=False),
        sa.Column("verdict", sa.String(length=12), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("decision_no", name="pk_link_decision"),
    )
    op.create_index("ix_link_decision_pair_id", "link_decision", ["pair_id"])


def downgrade() -> None:
    """Remove it."""
    op.drop_index("ix_link_decision_pair_id", table_name="link_decision")
    op.drop_table("link_decision")
