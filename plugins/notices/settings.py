"""The county's choices for notices: whom people may call about a sheet, and how sheets are numbered."""

from pydantic import BaseModel, ConfigDict, Field

from core.api import mark


class Office(BaseModel):
    """Where people object: name, telephone and address as they are printed on the sheet."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(default="", max_length=60, title=mark("单位名称"))
    phone: str = Field(default="", max_length=40, pattern=r"^[0-9() +转-]*$", title=mark("受理电话"))
    address: str = Field(default="", max_length=80, title=mark("受理地址"))


class NoticesSettings(BaseModel):
    """``[plugin.notices]``: ``offices`` by division code; a village without its own is answered for by its township."""

    model_config = ConfigDict(frozen=True)

    number_prefix: str = Field(default="GS", pattern=r"^[A-Z]{1,6}$", title=mark("公示编号的字头"))
    offices: dict[str, Office] = Field(default_factory=dict, title=mark("受理单位：按区划代码填名称、电话、地址"))
