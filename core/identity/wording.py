"""How the records of persons, attachments and accounts read."""

from core.texts import _, mark

_WORDS = {
    "person.added": mark("登记人员"),
    "person.temporary_number_issued": mark("发给临时编号"),
    "person.renamed": mark("改名"),
    "person.contact_changed": mark("更改联系方式"),
    "person.attributes_changed": mark("更改性别或民族"),
    "person.document_added": mark("添加证件"),
    "person.document_kind_changed": mark("更改证件类型"),
    "person.primary_document_set": mark("设定主要证件"),
    "person.account_set": mark("登记银行账号"),
    "person.account_ended": mark("停用银行账号"),
    "person.died": mark("登记死亡"),
    "person.moved": mark("登记县内迁移"),
    "person.moved_out": mark("登记迁出本县"),
    "person.corrected": mark("更正身份信息"),
    "person.merged": mark("合并档案"),
    "person.death_taken_back": mark("撤销死亡登记"),
    "person.move_taken_back": mark("撤销迁移登记"),
    "person.moved_out_taken_back": mark("撤销迁出登记"),
    "person.correction_taken_back": mark("撤销身份更正"),
    "person.merge_taken_back": mark("撤销档案合并"),
    "person.correction_proposed": mark("申请更正身份信息"),
    "person.merge_proposed": mark("申请合并档案"),
    "person.taken_back_proposed": mark("申请撤销"),
    "person.erased": mark("清除保存期满的个人信息"),
    "person.erased_proposed": mark("申请清除保存期满的个人信息"),
    "person.proposal_refused": mark("退回申请"),
    "person.number_revealed": mark("查看完整证件号码"),
    "person.account_revealed": mark("查看完整银行账号"),
    "person.phone_revealed": mark("查看完整电话"),
    "person.looked_up": mark("按完整号码查找"),
    "attachment.added": mark("添加附件"),
    "attachment.opened": mark("打开附件"),
    "attachment.removed": mark("删除附件"),
    "account.added": mark("新建账号"),
    "account.code_issued": mark("发给一次性登录码"),
    "account.disabled": mark("停用账号"),
    "account.enabled": mark("启用账号"),
    "account.granted": mark("授予角色"),
    "account.grant_ended": mark("收回角色"),
    "account.look_set": mark("设置页面语言和字号"),
    "account.password_set": mark("设置密码"),
    "account.second_factor_set": mark("绑定动态码"),
    "account.second_factor_reset": mark("重置动态码"),
    "account.signed_in": mark("登录"),
    "account.signed_out": mark("退出登录"),
    "account.token_issued": mark("发给令牌"),
    "account.token_revoked": mark("作废令牌"),
}


def in_words(action: str) -> str | None:
    """One phrase for a record of this room, None for another's."""
    words = _WORDS.get(action)
    return _(words) if words else None
