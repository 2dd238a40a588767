"""Which migration a database stands at."""

from kit.database import MIGRATIONS, Database


def schema_state(database: Database) -> tuple[str | None, str | None]:
    """The migration the database stands at, and the newest there is."""
    from alembic.config import Config
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.engine.connect() as connection:
        stands = MigrationContext.configure(connection).get_current_revision()
    return stands, ScriptDirectory.from_config(config).get_current_head()
