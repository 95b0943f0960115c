"""Plugins that were admitted, and how often they failed."""

from datetime import datetime

from sqlmodel import Field

from core.tables import Key, Table


class AdmittedPlugin(Table, table=True):
    """A plugin that may be switched on: admitted on the shell, with the digest of its files."""

    __tablename__ = "core_plugin"

    name: str = Field(primary_key=True, max_length=40)
    version: str = Field(max_length=40)
    bundled: bool
    digest: str = Field(max_length=64)
    admitted_at: datetime


class PluginFault(Table, table=True):
    """A failure of a plugin in the last minutes (setting ``breaker.minutes``), by the number the log has it under."""

    __tablename__ = "core_plugin_fault"

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    plugin: str = Field(max_length=40)
    hook: str = Field(max_length=80)
    number: str = Field(max_length=10)
    at: datetime


class DegradedPlugin(Table, table=True):
    """A plugin that failed too often and waits for an administrator: since when, how often, the last time."""

    __tablename__ = "core_plugin_degraded"

    plugin: str = Field(primary_key=True, max_length=40)
    at: datetime
    faults: int
    minutes: int
    hook: str = Field(max_length=80)
    number: str = Field(max_length=10)
