"""Signatures under deliveries that were held."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of releases."""
    op.create_table(
        "delivery_release",
        sa.Column("release_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("delivery_id", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("held_for", sa.JSON(), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("release_no", name="pk_delivery_release"),
    )
    op.create_index("ix_delivery_release_delivery_id", "delivery_release", ["delivery_id"])


def downgrade() -> None:
    """Remove it."""
    op.drop_index("ix_delivery_release_delivery_id", table_name="delivery_release")
    op.drop_table("delivery_release")
