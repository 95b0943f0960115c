"""What every table of Huimin shares: one registry, and names of constraints that read as sentences.

Trap: no ``from __future__ import annotations`` in a module of models, and no ``Relationship`` between plugins.
"""

from collections.abc import Iterable
from typing import Any

from pydantic import ConfigDict
from sqlalchemy import BigInteger, Index, Integer, LargeBinary, MetaData, cast, func
from sqlalchemy import Table as SqlTable
from sqlalchemy.orm import registry
from sqlmodel import SQLModel

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(SQLModel, registry=registry(metadata=MetaData(naming_convention=NAMING))):
    """The base of every table, of the core and of plugins: ``class MealBooking(Table, table=True)``.

    A table class does not validate what it is given: check wishes in a pydantic model of their own, and let
    the database hold the rule too. Hence pydantic's validator is built late, which for most commands is never.
    """

    model_config = ConfigDict(defer_build=True)  # ty: ignore[invalid-assignment] - SQLModel's own kind of it


Key = BigInteger().with_variant(Integer, "sqlite")
"""The type of a primary key and of what points at one: 64 bits on both databases."""

Bytes = LargeBinary
"""Blind indexes and hashes."""


class Ciphertext(LargeBinary):
    """A text sealed by ``work.keys`` under its place ``table.column`` and the row's ``id``.

    The column says so, that it is sealed anew when the county exchanges its key. Where the place has another name, the
    column names it: ``sa_column_kwargs={"info": {"place": "funds_payee.number"}}``.
    """


def only_one(name: str, *columns: str, where: str) -> Index:
    """A unique index over the rows for which ``where`` holds, named as the sentence it enforces.

    The migration spells the condition for each database. Given to SQLAlchemy here, it would import the dialect of
    PostgreSQL in every command, which costs more than reading a household.
    """
    return Index(name, *columns, unique=True, info={"where": where})


def index_of_some(name: str, *columns: str, where: str) -> Index:
    """An index over the rows for which ``where`` holds; written like ``only_one`` for the same reason."""
    return Index(name, *columns, info={"where": where})


def table_of(model: type[Table]) -> SqlTable:
    """The table behind a table class, for statements in columns."""
    return model.__table__  # ty: ignore[missing-attribute] - made by SQLModel when the class is


def columns(model: type[Table]) -> Any:
    """The plain columns of a table class. A select over them needs no mapper, which is half its cost on a hot path."""
    return table_of(model).c


def sum_of(column: Any) -> Any:
    """The sum of a whole-number column, 0 for none, as a whole number: PostgreSQL would answer a decimal."""
    return cast(func.coalesce(func.sum(column), 0), BigInteger)


def mapped(rows: Iterable[Any]) -> dict[Any, Any]:
    """Rows of two columns as a dictionary, the first column its key."""
    return {key: value for key, value in rows}  # noqa: C416 - a result with keys() is not a sequence of pairs to dict()
