"""Settings of the diary."""

from pydantic import BaseModel


class EveryHookSettings(BaseModel):
    """``object_to`` names what the diary objects to; ``layout`` and ``headcount`` are what it answers to the funds."""

    object_to: str = ""
    layout: str = ""
    headcount: int = 0
