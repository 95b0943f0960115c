"""Names as they may stand in public (ui rules, section 7): 吴*, 陈*强, 欧阳*明."""

COMPOUND_SURNAMES = frozenset({
    "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "长孙", "宇文", "司徒",
    "司空", "令狐", "夏侯", "端木", "百里", "南宫", "西门", "独孤", "轩辕", "呼延", "澹台", "公冶",
    "宗政", "濮阳", "淳于", "单于", "太叔", "申屠", "钟离", "鲜于", "闾丘", "赫连", "万俟", "闻人",
    "拓跋", "第五", "梁丘", "左丘", "东郭", "南门", "谷梁", "亓官", "仲孙",
})  # fmt: skip


def mask_name(name: str) -> str:
    """A name with its middle hidden; what follows the surname of a short one is hidden, and so is every inner part.

    Names of several parts (阿卜杜拉·买买提, John Smith) show the first letter of each part.
    """
    for mark in ("·", " ", "-"):
        if mark in name:
            return mark.join(f"{part[:1]}*" for part in name.split(mark) if part)
    surname = name[:2] if len(name) > 2 and name[:2] in COMPOUND_SURNAMES else name[:1]
    given = name[len(surname) :]
    return f"{surname}*{given[-1]}" if len(given) > 1 else f"{surname}*"
