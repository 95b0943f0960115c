"""Roles that may not meet in one account."""

from sqlmodel import Field

from core.tables import Table


class RoleExclusion(Table, table=True):
    """Two roles that may not meet in one account; a trigger on grants reads it."""

    __tablename__ = "identity_role_exclusion"

    role: str = Field(max_length=40, primary_key=True)
    other: str = Field(max_length=40, primary_key=True)
