"""How many rows a county holds, table by table, whoever made the tables."""

from sqlalchemy import func, inspect, select, table


def rows_by_table(host) -> dict[str, int]:
    """The number of rows of every table of the database; the search index, which SQLite cannot count, is left out."""
    with host.database.transaction(write=False) as connection:
        names = [name for name in sorted(inspect(connection).get_table_names()) if not name.endswith("_search")]
        found = {name: connection.scalar(select(func.count()).select_from(table(name))) for name in names}
    assert found
    return found
