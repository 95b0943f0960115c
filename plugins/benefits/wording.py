"""How the records of benefits read."""

from core.api import _, mark

_WORDS = {
    "benefits.standard_set": mark("设定待遇标准"),
    "benefits.institution_set": mark("登记机构"),
    "benefits.scheme_started": mark("设定业务起始月"),
    "benefits.enrolled": mark("登记享受待遇"),
    "benefits.many_enrolled": mark("批量登记享受待遇"),
    "benefits.changed": mark("变更待遇"),
    "benefits.ended": mark("停发待遇"),
    "benefits.suspended": mark("暂停发放"),
    "benefits.resumed": mark("恢复发放"),
    "benefits.reopened": mark("撤销停发"),
    "benefits.payees_renewed": mark("跟随变更的银行账户"),
    "benefits.payee_lost": mark("领款人去世，待变更收款账户"),
    "benefits.handed_over": mark("待遇随迁移转到新的乡镇"),
    "benefits.joined": mark("待遇随档案合并"),
    "benefits.shown": mark("查看享受登记或名册"),
    "benefits.roll_built": mark("生成发放名册"),
    "benefits.roll_asked": mark("交办生成发放名册"),
    "benefits.roll_taken_up": mark("接着生成发放名册"),
}


def in_words(action: str) -> str | None:
    """One phrase for a record of benefits, None for another's."""
    words = _WORDS.get(action)
    return _(words) if words else None
