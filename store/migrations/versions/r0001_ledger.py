"""The ledger: runs, lock, snapshots, findings and their events."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The ledger: runs, lock, snapshots, findings and their events."""
    op.create_table(
        "ledger_owner",
        sa.Column("owner_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("owner_no", name="pk_ledger_owner"),
    )
    op.create_table(
        "run",
        sa.Column("run_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("run_id", sa.String(length=40), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("manifest", sa.Text(), nullable=False),
        sa.Column("manifest_hash", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("publication", sa.Integer(), nullable=True),
        sa.Column("snapshot", sa.String(length=80), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=True),
        sa.Column("summary", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("run_no", name="pk_run"),
        sa.UniqueConstraint("publication", name="uq_run_publication"),
        sa.UniqueConstraint("run_id", name="uq_run_run_id"),
    )
    op.create_index("ix_run_as_of", "run", ["as_of"])

    op.create_table(
        "run_lock",
        sa.Column("lock_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("process_start", sa.String(length=80), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("lock_no", name="pk_run_lock"),
    )
    op.create_table(
        "run_lock_takeover",
        sa.Column("takeover_no", sa.Integer(), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by_host", sa.String(length=255), nullable=False),
        sa.Column("taken_by_pid", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("takeover_no", name="pk_run_lock_takeover"),
    )
    op.create_table(
        "finding",
        sa.Column("finding_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("finding_id", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("direction", sa.String(length=12), nullable=False),
        sa.Column("per", sa.String(length=12), nullable=False),
        sa.Column("case_no", sa.Text(), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("household_no", sa.Text(), nullable=True),
        sa.Column("person_key", sa.Text(), nullable=True),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("first_run_no", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["first_run_no"], ["run.run_no"], name="fk_finding_first_run_no_run"
        ),
        sa.PrimaryKeyConstraint("finding_no", name="pk_finding"),
        sa.UniqueConstraint("finding_id", name="uq_finding_finding_id"),
    )
    op.create_index("ix_finding_case_no", "finding", ["case_no"])

    op.create_table(
        "snapshot_pointer",
        sa.Column("pointer_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("run_no", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("switched_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["run_no"], ["run.run_no"], name="fk_snapshot_pointer_run_no_run"),
        sa.PrimaryKeyConstraint("pointer_no", name="pk_snapshot_pointer"),
    )
    op.create_table(
        "absence",
        sa.Column("run_no", sa.Integer(), nullable=False),
        sa.Column("finding_no", sa.Integer(), nullable=False),
        sa.Column("is_clear", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["finding_no"], ["finding.finding_no"], name="fk_absence_finding_no_finding"
        ),
        sa.ForeignKeyConstraint(["run_no"], ["run.run_no"], name="fk_absence_run_no_run"),
        sa.PrimaryKeyConstraint("run_no", "finding_no", name="pk_absence"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "finding_version",
        sa.Column("version_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("finding_no", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("evidence_hash", sa.Text(), nullable=False),
        sa.Column("grade", sa.String(length=12), nullable=False),
        sa.Column("case_no", sa.Text(), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("person_id_no", sa.Text(), nullable=True),
        sa.Column("person_name", sa.Text(), nullable=True),
        sa.Column("applicant_name", sa.Text(), nullable=True),
        sa.Column("township_code", sa.Text(), nullable=True),
        sa.Column("at_risk_fen", sa.BigInteger(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("first_run_no", sa.Integer(), nullable=False),
        sa.Column("newest_evidence", sa.Text(), nullable=True),
        sa.Column("newest_run_no", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["finding_no"], ["finding.finding_no"], name="fk_finding_version_finding_no_finding"
        ),
        sa.ForeignKeyConstraint(
            ["first_run_no"], ["run.run_no"], name="fk_finding_version_first_run_no_run"
        ),
        sa.ForeignKeyConstraint(
            ["newest_run_no"], ["run.run_no"], name="fk_finding_version_newest_run_no_run"
        ),
        sa.PrimaryKeyConstraint("version_no", name="pk_finding_version"),
        sa.UniqueConstraint(
            "finding_no", "content_hash", name="uq_finding_version_finding_no_content_hash"
        ),
    )
    op.create_table(
        "finding_event",
        sa.Column("event_no", sa.Integer(), nullable=False),
        sa.Column("finding_no", sa.Integer(), nullable=False),
        sa.Column("run_no", sa.Integer(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("version_no", sa.Integer(), nullable=False),
        sa.Column("superseded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["finding_no"], ["finding.finding_no"], name="fk_finding_event_finding_no_finding"
        ),
        sa.ForeignKeyConstraint(["run_no"], ["run.run_no"], name="fk_finding_event_run_no_run"),
        sa.ForeignKeyConstraint(
            ["superseded_by"], ["run.run_no"], name="fk_finding_event_superseded_by_run"
        ),
        sa.ForeignKeyConstraint(
            ["version_no"],
            ["finding_version.version_no"],
            name="fk_finding_event_version_no_finding_version",
        ),
        sa.PrimaryKeyConstraint("event_no", name="pk_finding_event"),
    )
    op.create_index("ix_finding_event_finding_no", "finding_event", ["finding_no"])
    op.create_index("ix_finding_event_run_no", "finding_event", ["run_no"])

    op.create_table(
        "sighting",
        sa.Column("run_no", sa.Integer(), nullable=False),
        sa.Column("finding_no", sa.Integer(), nullable=False),
        sa.Column("version_no", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["finding_no"], ["finding.finding_no"], name="fk_sighting_finding_no_finding"
        ),
        sa.ForeignKeyConstraint(["run_no"], ["run.run_no"], name="fk_sighting_run_no_run"),
        sa.ForeignKeyConstraint(
            ["version_no"],
            ["finding_version.version_no"],
            name="fk_sighting_version_no_finding_version",
        ),
        sa.PrimaryKeyConstraint("run_no", "finding_no", name="pk_sighting"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Remove all of it."""
    op.drop_table("sighting")
    op.drop_table("finding_event")
    op.drop_table("finding_version")
    op.drop_table("absence")
    op.drop_table("snapshot_pointer")
    op.drop_table("finding")
    op.drop_table("run_lock_takeover")
    op.drop_table("run_lock")
    op.drop_table("run")
    op.drop_table("ledger_owner")
