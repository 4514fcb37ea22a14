"""Complaints to their end: outcomes on offer, clocks that stand still, suspended addresses, erasures, reasons of the
quarantine.

A clock used to count its steps by their place in the policy file; now it keeps the moment up to which they are taken.
Which moments had passed is not stored anywhere, but all of them lie before the one that the clock waits for: a clock
that had taken a step is put right in front of that moment, so that this step is still taken, and none before it again.

A clock that was stopped now says when. That stands in the history; where it does not, its deadline is taken, so that no
promise counts as broken that nobody knows to be.

What could not be taken in named the stage that failed; those names are reasons now, and stay as they are.
"""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

from store.column_types import Elapsed, Figures, Instant, Keys, OfferColumn

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_HAS_MORE = sa.text("wakes_at IS NOT NULL")
_clock = sa.table(
    "clock",
    sa.column("ticket_id", sa.BigInteger()),
    sa.column("name", sa.Text()),
    sa.column("state", sa.Text()),
    sa.column("due_at", Instant()),
    sa.column("step", sa.Integer()),
    sa.column("wakes_at", Instant()),
    sa.column("stepped_to", Instant()),
    sa.column("ended_at", Instant()),
)
_history = sa.table(
    "history",
    sa.column("ticket_id", sa.BigInteger()),
    sa.column("at", Instant()),
    sa.column("event", sa.Text()),
    sa.column("data", sa.JSON()),
)


def upgrade() -> None:
    for table in ("ledger", "attachment"):
        op.add_column(table, sa.Column("removed_at", Instant()))
    _widen_tickets()
    _widen_clocks()
    with op.batch_alter_table("quarantine") as batch:
        batch.alter_column("stage", new_column_name="reason", existing_type=sa.Text(), existing_nullable=False)
        batch.add_column(sa.Column("discarded_at", Instant()))
        batch.add_column(sa.Column("discarded_by", sa.Text()))
        batch.add_column(sa.Column("discarded_why", sa.Text()))
        batch.add_column(sa.Column("writer", sa.Text()))
    op.create_table(
        "suspension",
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_suspension_ticket_id_ticket"),
        sa.PrimaryKeyConstraint("email", name="pk_suspension"),
    )
    op.create_table(
        "erasure",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_erasure"),
    )


def _widen_tickets() -> None:
    """Column by column: SQLite cannot make a table anew that others point to."""
    for column in (
        sa.Column("answered_at", Instant()),
        sa.Column("resolved_at", Instant()),
        sa.Column("channel", sa.Text(), nullable=False, server_default="mail"),
        sa.Column("phone", sa.Text()),
        sa.Column("rounds", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("satisfaction", sa.Integer()),
        sa.Column("offer", OfferColumn()),
        sa.Column("flags", Keys()),
        sa.Column("requested", Keys()),
        sa.Column("waived", Keys()),
        sa.Column("figures", Figures()),
    ):
        op.add_column("ticket", column)
    op.create_index("ix_ticket_order_code", "ticket", ["order_code"])


def _widen_clocks() -> None:
    op.add_column("clock", sa.Column("stepped_to", Instant()))
    _keep_steps_taken()
    with op.batch_alter_table("clock") as batch:
        batch.drop_column("step")
        batch.add_column(sa.Column("paused_at", Instant()))
        batch.add_column(sa.Column("lost", Elapsed(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("ended_at", Instant()))
        batch.add_column(sa.Column("kept", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("broken", sa.Integer(), nullable=False, server_default="0"))
        batch.drop_index("ix_clock_wakes_at")
        batch.create_index("ix_clock_wakes_at", ["wakes_at"], sqlite_where=_HAS_MORE, postgresql_where=_HAS_MORE)
    _keep_ends()


def _keep_ends() -> None:
    is_its_end = sa.and_(
        _history.c.ticket_id == _clock.c.ticket_id,
        _history.c.event == "clock-stopped",
        _history.c.data["name"].as_string() == _clock.c.name,
    )
    last = sa.select(sa.func.max(_history.c.at)).where(is_its_end).scalar_subquery()  # it may have started anew between
    was_stopped = _clock.c.state == "stopped"
    op.execute(sa.update(_clock).where(was_stopped).values(ended_at=sa.func.coalesce(last, _clock.c.due_at)))


def _keep_steps_taken() -> None:
    connection = op.get_bind()
    has_stepped = sa.and_(_clock.c.step > 0, _clock.c.wakes_at.is_not(None))
    found = connection.execute(sa.select(_clock.c.ticket_id, _clock.c.name, _clock.c.wakes_at).where(has_stepped)).all()
    if not found:
        return
    same = sa.and_(_clock.c.ticket_id == sa.bindparam("of_ticket"), _clock.c.name == sa.bindparam("of_name"))
    connection.execute(
        sa.update(_clock).where(same).values(stepped_to=sa.bindparam("taken", type_=Instant())),
        [
            {"of_ticket": row.ticket_id, "of_name": row.name, "taken": row.wakes_at - timedelta(microseconds=1)}
            for row in found
        ],
    )


def downgrade() -> None:
    """What only this release can say is lost, and which steps the clocks have taken."""
    op.drop_table("erasure")
    op.drop_table("suspension")
    for table in ("attachment", "ledger"):
        op.drop_column(table, "removed_at")
    with op.batch_alter_table("quarantine") as batch:
        for name in ("writer", "discarded_why", "discarded_by", "discarded_at"):
            batch.drop_column(name)
        batch.alter_column("reason", new_column_name="stage", existing_type=sa.Text(), existing_nullable=False)
    with op.batch_alter_table("clock") as batch:
        batch.drop_index("ix_clock_wakes_at")
        batch.create_index("ix_clock_wakes_at", ["wakes_at"])
        for name in ("broken", "kept", "ended_at", "lost", "paused_at", "stepped_to"):
            batch.drop_column(name)
        batch.add_column(sa.Column("step", sa.Integer(), nullable=False, server_default="0"))
    _narrow_tickets()


def _narrow_tickets() -> None:
    op.drop_index("ix_ticket_order_code", "ticket")
    names = ("figures", "waived", "requested", "flags", "offer", "satisfaction", "rounds", "phone", "channel")
    for name in (*names, "resolved_at", "answered_at"):
        op.drop_column("ticket", name)
