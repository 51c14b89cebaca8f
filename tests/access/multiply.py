"""Every table of ours ten times as long, whatever tables there are."""

from collections import defaultdict
from functools import cache
from graphlib import CycleError, TopologicalSorter

from django.apps import apps
from django.conf import settings
from django.db import connection, models


@cache
def our_models():
    """Return the models of the project, those that others point at first."""
    found = [
        model
        for model in apps.get_models()
        if apps.get_containing_app_config(model.__module__).path.startswith(str(settings.BASE_DIR))
        and "site-packages" not in apps.get_containing_app_config(model.__module__).path
    ]
    through = [
        field.remote_field.through
        for model in found
        for field in model._meta.local_many_to_many
        if field.remote_field.through._meta.auto_created
    ]
    found += through
    before = {
        model: {
            field.related_model
            for field in model._meta.concrete_fields
            if field.is_relation and field.related_model in found and field.related_model != model
        }
        for model in found
    }
    try:
        return list(TopologicalSorter(before).static_order())
    except CycleError as error:
        message = "Two tables point at each other."
        raise AssertionError(message) from error


def columns_of(model):
    """Return the fields of a table that are written."""
    return [field for field in model._meta.concrete_fields if not field.generated]


def as_stored(row):
    """Return the values of a row as the database takes them."""
    return [
        field.get_db_prep_save(getattr(row, field.attname), connection)
        for field in columns_of(type(row))
    ]


# Of which no copy can be made: a constraint says how its two cities stand to each other.
LEFT_ALONE = {"organisations.LikelyDouble", "organisations.Neighbours"}
# Signs a text can take, and signs of it that tell its rows apart.
LONG, LONG_ENOUGH = 200, 5


# Room for the keys of rows below those of their first copies.
ROOM = 10_000
# By row: all that its copies depend on, and what to insert for them. Most rows are the same in
# each test, and to work their copies out takes longer than all else.
KNOWN = {}


class Multiplier:
    """Copies each row so often; a copy keeps all but what the database wants to be unique.

    So the rows of a list, and the rows below one row, grow alike. Where a constraint names
    several columns, there is a copy for each that can differ.
    """

    def __init__(self, times):
        self.copies = times - 1
        # By row: its copies, as keys.
        self.made = defaultdict(list)

    def grow(self):
        """Multiply every table; return how many rows each had and has."""
        counts = {}
        for model in our_models():
            rows = list(model._base_manager.all()) if model._meta.label not in LEFT_ALONE else []
            copies = [(row, copy) for row in rows for copy in self.known_copies_of(row)]
            self.insert(model, [values for _, (_, values) in copies])
            for row, (key, _) in copies:
                self.made[model, row.pk].append(key)
            counts[model] = (len(rows), model._base_manager.count())
        return counts

    def insert(self, model, rows):
        """Insert rows as the database takes them."""
        name = connection.ops.quote_name
        columns = [field.column for field in columns_of(model)]
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {name(model._meta.db_table)} ({', '.join(map(name, columns))}) "
                f"VALUES ({', '.join(['%s'] * len(columns))})",
                rows,
            )

    def known_copies_of(self, row):
        """Return the key and the values of each copy, in the order of their numbers."""
        values = {field: getattr(row, field.attname) for field in row._meta.concrete_fields}
        related = [
            self.made.get((field.related_model, value))
            for field, value in values.items()
            if field.is_relation
        ]
        known = KNOWN.get((type(row), row.pk))
        if known is None or known[:2] != (list(values.values()), related):
            copies = [
                (copy.pk, as_stored(copy))
                for number in range(1, self.copies + 1)
                for copy in self.copies_of(row, number)
            ]
            known = KNOWN[type(row), row.pk] = (
                list(values.values()),
                [made and list(made) for made in related],
                copies,
            )
        return known[2]

    def copies_of(self, row, number):
        """Give unsaved copies of a row, one for each way to differ; none where there is none."""
        fields = {field.attname: field for field in row._meta.concrete_fields}
        key = row._meta.pk.attname if isinstance(row._meta.pk, models.AutoField) else ""
        fields.pop(key, None)
        values = {name: getattr(row, name) for name in fields}
        unique = [(name,) for name, field in fields.items() if field.unique]
        ways = [values]
        for names in sorted([*unique, *self.constraints(row)], key=len):
            ways = [
                way | {name: other}
                for way in ways
                for name, other in self.differences(fields, values, way, names, number)
            ]
        alone = [name for (name,) in unique if values[name] not in {None, ""}]
        if any(fields[name].is_relation for name in alone):
            ways = ways[:1]
        for place, way in enumerate(ways):
            for name in alone:
                if not fields[name].is_relation:
                    way[name] = self.differ(fields[name], values[name], number * 10 + place)
            if key:
                assert row.pk < ROOM
                way[key] = row.pk + ROOM * (number * 10 + place)
        return [type(row)(**way) for way in ways]

    def differences(self, fields, values, way, names, number):
        """Give (column, value) by which a copy becomes unique in these columns."""
        if any(way[name] != values[name] for name in names):
            return [(names[0], way[names[0]])]
        if len(names) == 1 and values[names[0]] in {None, ""}:
            return [(names[0], values[names[0]])]
        return [
            (name, other)
            for name in names
            if (other := self.differ(fields[name], values[name], number)) != values[name]
        ]

    def constraints(self, row):
        """Give the names of the columns that must be unique together."""
        meta = row._meta
        groups = [c.fields for c in meta.constraints if isinstance(c, models.UniqueConstraint)]
        for group in [*groups, *meta.unique_together]:
            if group:
                yield tuple(meta.get_field(name).attname for name in group)

    def differ(self, field, value, number):
        """Return another value for a column; the same where there is none."""
        if value is None:
            return None
        if field.is_relation:
            made = self.made.get((field.related_model, value), [])
            return made[number - 1] if len(made) >= number else value
        if isinstance(field, models.IntegerField):
            return value + 500 * number
        if isinstance(field, models.EmailField):
            return f"copy{number}.{value}"
        if isinstance(field, models.CharField) and not field.choices:
            end = f"-{number}"
            room = (field.max_length or LONG) - len(end)
            # The end of a long text differs from row to row, its beginning may not.
            return value[-room:] + end if room > LONG_ENOUGH else value
        return value
