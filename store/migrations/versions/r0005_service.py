"""The service: users, sessions, checks, watched households, and a fuller access log."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_SQLITE = """
create trigger access_entry_no_{act} before {act} on access_entry
begin
    select raise(abort, 'the access log is append-only');
end
"""
_POSTGRESQL = (
    """
create function access_entry_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'the access log is append-only';
end
$$
""",
    """
create trigger access_entry_append_only before update or delete or truncate on access_entry
for each statement execute function access_entry_append_only()
""",
)


def upgrade() -> None:
    """Make them, and forbid to change or remove what is in the log."""
    _fuller_log()
    _users()
    _checks()
    _append_only()


def _fuller_log() -> None:
    for column in ("origin", "target"):
        op.add_column("access_entry", sa.Column(column, sa.Text(), nullable=True))
    for column in ("subjects", "marks"):
        op.add_column("access_entry", sa.Column(column, sa.JSON(), nullable=True))
    op.create_index("ix_access_entry_at", "access_entry", ["at"])
    op.create_table(
        "access_subject",
        sa.Column("subject_key", sa.String(length=64), nullable=False),
        sa.Column("entry_no", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_no"], ["access_entry.entry_no"], name="fk_access_subject_entry_no_access_entry"
        ),
        sa.PrimaryKeyConstraint("subject_key", "entry_no", name="pk_access_subject"),
    )


def _users() -> None:
    op.create_table(
        "service_user",
        sa.Column("user_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=True),
        sa.Column("home_address", sa.Text(), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("is_disabled", sa.Boolean(), nullable=False),
        sa.Column("failed_count", sa.Integer(), nullable=False),
        sa.Column("locked_until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("user_no", name="pk_service_user"),
        sa.UniqueConstraint("name", name="uq_service_user_name"),
    )
    op.create_table(
        "service_session",
        sa.Column("session_hash", sa.String(length=64), nullable=False),
        sa.Column("user_no", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("csrf_token", sa.String(length=64), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_no"], ["service_user.user_no"], name="fk_service_session_user_no_service_user"
        ),
        sa.PrimaryKeyConstraint("session_hash", name="pk_service_session"),
    )
    op.create_index("ix_service_session_user_no", "service_session", ["user_no"])


def _checks() -> None:
    op.create_table(
        "household_check",
        sa.Column("check_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("slip_no", sa.String(length=24), nullable=False),
        sa.Column("asked_by", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("target", sa.Text(), nullable=True),
        sa.Column("township_code", sa.String(length=12), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("run_id", sa.String(length=40), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("conclusion", sa.String(length=12), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("subjects", sa.JSON(), nullable=False),
        sa.Column("slip", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("idempotency_key", sa.String(length=80), nullable=True),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("check_no", name="pk_household_check"),
        sa.UniqueConstraint("slip_no", name="uq_household_check_slip_no"),
        sa.UniqueConstraint(
            "asked_by", "idempotency_key", name="uq_household_check_asked_by_idempotency_key"
        ),
    )
    op.create_index("ix_household_check_content_hash", "household_check", ["content_hash"])
    op.create_index(
        "ix_household_check_asked_by_asked_at", "household_check", ["asked_by", "asked_at"]
    )
    op.create_table(
        "watched_household",
        sa.Column("watch_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("slip_no", sa.String(length=24), nullable=False),
        sa.Column("watched_by", sa.String(length=64), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["slip_no"],
            ["household_check.slip_no"],
            name="fk_watched_household_slip_no_household_check",
        ),
        sa.PrimaryKeyConstraint("watch_no", name="pk_watched_household"),
        sa.UniqueConstraint("slip_no", name="uq_watched_household_slip_no"),
    )
    op.create_table(
        "watched_person",
        sa.Column("watch_no", sa.Integer(), nullable=False),
        sa.Column("person_key", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["watch_no"],
            ["watched_household.watch_no"],
            name="fk_watched_person_watch_no_watched_household",
        ),
        sa.PrimaryKeyConstraint("watch_no", "person_key", name="pk_watched_person"),
    )
    op.create_table(
        "slip_print",
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("slip_no", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["slip_no"], ["household_check.slip_no"], name="fk_slip_print_slip_no_household_check"
        ),
        sa.PrimaryKeyConstraint("file_sha256", name="pk_slip_print"),
    )


def _append_only() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ("update", "delete"):
            op.execute(_SQLITE.format(act=act))
    else:
        for statement in _POSTGRESQL:
            op.execute(statement)


def downgrade() -> None:
    """Remove them."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("update", "delete"):
            op.execute(f"drop trigger access_entry_no_{act}")
    else:
        op.execute("drop trigger access_entry_append_only on access_entry")
        op.execute("drop function access_entry_append_only()")
    for table in (
        "slip_print", "watched_person", "watched_household", "household_check", "service_session",
        "service_user", "access_subject",
    ):  # fmt: skip
        op.drop_table(table)
    op.drop_index("ix_access_entry_at", "access_entry")
    with op.batch_alter_table("access_entry") as batch:
        for column in ("origin", "target", "subjects", "marks"):
            batch.drop_column(column)
