"""How an account wants its pages: language and size of type."""

from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, Field
from sqlalchemy import update
from sqlmodel import col

from core.identity.models.accounts import Account
from core.texts import mark

if TYPE_CHECKING:
    from core.work import UnitOfWork


class Look(BaseModel):
    """Language and size of type of one's own pages."""

    language: Literal["zh-CN", "en"] = Field(default="zh-CN", title=mark("语言"))
    large_type: bool = Field(default=False, title=mark("大字版"))


def set_look(work: "UnitOfWork", wish: Look) -> None:
    """Keep how the actor's own pages look."""
    before = {"language": work.actor.language, "large_type": work.actor.large_type}
    work.session.connection().execute(
        update(Account)
        .where(col(Account.id) == work.actor.account_id)
        .values(language=wish.language, large_type=wish.large_type)
    )
    work.record("account.look_set", f"account:{work.actor.account_id}", before=before, after=wish.model_dump())
