"""What Alembic runs: the migrations, on the connection that `lib.state.migration` hands over."""

from alembic import context

from lib.state.tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
context.run_migrations()
