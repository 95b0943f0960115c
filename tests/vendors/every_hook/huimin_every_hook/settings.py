"""Settings of the diary."""

from pydantic import BaseModel


class EveryHookSettings(BaseModel):
    """``object_to`` names a kind of household change the diary objects to."""

    object_to: str = ""
