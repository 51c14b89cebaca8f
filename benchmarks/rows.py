"""Many rows in a moment: the database copies one pattern row, Python never sees them."""

from django.db import connection, models


def multiply(pattern: models.Model, source: str, /, **columns: str) -> int:
    """Copy a row once for each row of `source`, an SQL table or series; return how many.

    `columns` gives by field (`country_id`) the SQL that differs in each copy. It may name the
    source by its alias; `pattern` is the row that is copied.
    """
    meta = pattern._meta  # noqa: SLF001 - Django's public name for it
    fields = [field for field in meta.concrete_fields if not field.primary_key]
    unknown = set(columns) - {field.attname for field in fields}
    if unknown:
        message = f"{meta.label} has no {', '.join(sorted(unknown))}."
        raise ValueError(message)
    names = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(columns.get(field.attname, f'pattern."{field.column}"') for field in fields)
    return execute(
        f'INSERT INTO "{meta.db_table}" ({names}) SELECT {values} '  # noqa: S608 - ours alone
        f'FROM "{meta.db_table}" AS pattern CROSS JOIN {source} '
        f'WHERE pattern."{meta.pk.column}" = {pattern.pk}'
    )


def connect(through: type[models.Model], source: str, /, **columns: str) -> int:
    """Add rows to the table between two models, one for each row of `source`."""
    meta = through._meta  # noqa: SLF001
    names = ", ".join(f'"{meta.get_field(name).column}"' for name in columns)
    values = ", ".join(columns.values())
    return execute(
        f'INSERT INTO "{meta.db_table}" ({names}) SELECT {values} FROM {source}'  # noqa: S608
    )


def table(model: type[models.Model]) -> str:
    """Return the quoted name of a model's table."""
    return f'"{model._meta.db_table}"'  # noqa: SLF001


def execute(sql: str) -> int:
    """Run a statement; return how many rows it wrote."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.rowcount)


def take_stock() -> None:
    """Let PostgreSQL clean up and count what it holds, as its own daemon would within minutes."""
    execute("VACUUM (ANALYZE)")
