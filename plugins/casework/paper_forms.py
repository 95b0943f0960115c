"""Forms of a case: application, declaration, check, visit, ballot, notices, township, inspections, reviews, kin."""

from core.api import RELATION, Column, Sheet, _
from plugins.casework import words
from plugins.casework.choosing import grown_ones, shown_items
from plugins.casework.paper_parts import SECRET, Printing, day, month, required, word, yuan
from plugins.casework.reading import data_of, findings, last_event
from plugins.notices.api import mask_name


def application(printing: Printing) -> Sheet:
    """D01: who applies, for whom, since when."""
    file, case = printing.file, printing.file.case
    return printing.form(
        "社会救助申请书",
        [
            ("城乡", word(words.KINDS, case.area_kind)),
            ("申请日期", day(case.applied_on)),
            ("来源", word(words.SOURCES, case.source)),
            ("共同生活人数", f"{len(file.members)} 人"),
            ("紧急程序依据", case.urgent_order or "--"),
        ],
        ("申请人", "乡镇（街道）受理人"),
        columns=(
            Column(name="name", title="姓名"),
            Column(name="relation", title="与户主关系"),
            Column(name="born", title="出生日期"),
            Column(name="joined", title="计入日期"),
        ),
        rows=[
            (one.who, RELATION.name(one.word1) if one.word1 else "--", day(one.day4), day(one.day))
            for one in file.members
        ],
        paragraphs=("申请人对所填内容的真实性负责。",),
    )


def declaration(printing: Printing) -> Sheet:
    """D02: the declaration and authorisation, with a line to sign for every adult."""
    adults = grown_ones(printing.work, printing.file.members)
    months = printing.work.policy("casework.authorisation_months", on=printing.file.case.applied_on)
    return printing.form(
        "诚信承诺及核对授权书",
        [(one.who, f"{day(one.day2)} 签署" if one.day2 else "未签署") for one in adults],
        tuple(one.who for one in adults),
        paragraphs=(
            "一、我们如实申报家庭成员、收入、财产和支出，不隐瞒、不提供虚假材料；违反的，退回多领的救助款并承担法律责任。",
            "二、我们授权民政部门及其核对机构，向公安、人社、税务、不动产登记、市场监管、公积金、银行、证券、保险等单位，"
            "查询核对与认定有关的信息，只用于社会救助的审核确认和以后的复核。",
            f"三、本授权自签署之日起 {months} 个月内有效。家庭情况发生变化的，我们及时告知。",
        ),
    )


def economic_check(printing: Printing) -> Sheet:
    """D06: what the check centre found, item by item as the township may see it."""
    check = required(printing.file.parts["check"], _("还没有核对报告"))[-1]
    return printing.form(
        "家庭经济状况核对报告",
        [
            ("报告编号", check.word2),
            ("报告日期", day(check.day)),
            ("结论", word(words.CHECK_RESULTS, check.word1)),
            ("结论说明", check.text1 or "--"),
            ("家庭说明", check.text3 or "--"),
            ("说明期限", day(check.day2)),
        ],
        ("核对中心",),
        columns=(
            Column(name="item", title="项目"),
            Column(name="declared", title="申报"),
            Column(name="found", title="核对"),
            Column(name="note", title="说明"),
        ),
        rows=[(one["item"], one["declared"], one["found"], one["note"]) for one in shown_items(check)],
        office=printing.county,
    )


def visit(printing: Printing) -> Sheet:
    """D07: the newest visit with who went and what was seen; the earlier ones as lines."""
    rows = required(printing.file.parts["visit"], _("还没有入户调查"))
    last = rows[-1]
    seen = findings(printing.work, last)
    return printing.form(
        "入户调查表",
        [
            ("入户日期", day(last.day)),
            ("种类", word(words.VISITS, last.word1)),
            ("调查人员", last.text1),
            ("家庭签字", last.text2 or "--"),
            ("照片", f"{last.figure} 张"),
            ("登记人", last.who),
        ],
        (*last.text1.split("、"), "家庭成员"),
        paragraphs=(seen,) if seen else (),
        columns=(
            Column(name="day", title="日期"),
            Column(name="kind", title="种类"),
            Column(name="who", title="调查人员"),
            Column(name="signer", title="家庭签字"),
        ),
        rows=[(day(one.day), word(words.VISITS, one.word1), one.text1, one.text2 or "--") for one in rows],
    )


def ballot(printing: Printing) -> Sheet:
    """D08: the result of the panel's vote and the record it stands in; never who voted how."""
    event = required(last_event(printing.file, "ballot_pass", "ballot_fail"), _("还没有评审团票决"))
    return printing.form(
        "民主评议（票决）结果",
        [
            ("登记日期", day(event.day)),
            ("结果", word(words.EVENTS, event.word1)),
            ("票决记录", str(data_of(event).get("record", "")) or "见评审团票决记录"),
            ("登记人", event.who),
        ],
        ("主持人", "监票人", "乡镇到场人员"),
    )


def notice_feedback(printing: Printing) -> Sheet:
    """D10: where each notice hung, how long, with which proof, and what was said against it."""
    held = required(printing.file.notices, _("还没有公示"))
    rows = [
        (
            one.round_title,
            word(words.LEVELS, level.level),
            level.place or "--",
            day(level.posted_on),
            day(level.ends_on),
            "有" if level.proven else "无",
        )
        for one in held
        for level in one.levels
    ]
    said = "；".join(f"{one.round_title} {one.objections} 条，成立 {one.upheld} 条" for one in held)
    return printing.form(
        "公示情况反馈表",
        [("公示份数", f"{len(held)} 份"), ("异议", said)],
        ("村（居）民委员会", "乡镇人民政府"),
        columns=(
            Column(name="round", title="公示"),
            Column(name="level", title="层级"),
            Column(name="place", title="地点"),
            Column(name="posted", title="张贴日期"),
            Column(name="ends", title="期满日"),
            Column(name="photo", title="照片"),
        ),
        rows=rows,
    )


def township_opinion(printing: Printing) -> Sheet:
    """D11: the township's opinion and the minutes of its joint meeting."""
    event = required(last_event(printing.file, "minutes_ok"), _("乡镇还没有审核"))
    data = data_of(event)
    return printing.form(
        "乡镇审核意见",
        [
            ("审核日期", day(event.day)),
            ("党政联席会议纪要", str(data.get("minutes", "")) or "--"),
            ("审核意见", str(data.get("opinion", "")) or "拟同意，报县级审核"),
            ("经办人", event.who),
        ],
        ("乡镇负责人",),
        seal=True,
        dated=event.day,
    )


def spot_check(printing: Printing) -> Sheet:
    """D12: why the case was inspected and what was found."""
    rows = required(printing.file.parts["sample"], _("这件申请没有被抽查"))
    seen = [one for one in printing.file.parts["visit"] if one.word1 in ("spot", "county")]
    return printing.form(
        "县级抽查记录",
        [("县级入户", "；".join(f"{day(one.day)} {one.text1}" for one in seen) or "--")],
        ("抽查人员", "县民政局"),
        columns=(
            Column(name="period", title="抽查月份"),
            Column(name="why", title="原因"),
            Column(name="day", title="核查日期"),
            Column(name="result", title="结果"),
            Column(name="wrong", title="涉及金额"),
            Column(name="note", title="说明"),
        ),
        rows=[
            (
                month(one.text2),
                word(words.WHY, one.word1),
                day(one.day),
                word(words.RESULTS, one.word2),
                yuan(one.figure) if one.figure else "--",
                one.text1 or "--",
            )
            for one in rows
        ],
        office=printing.county,
    )


def long_term(printing: Printing) -> Sheet:
    """D16: what stands on the board as long as the family is paid: masked name, number of members, amount."""
    case = printing.file.case
    required(case.state in ("active", "phasing_out"), _("在保家庭才长期公示"))
    name = case.number if printing.kind.sensitive else mask_name(case.applicant)
    return Sheet(
        layout="notice",
        title=f"{printing.kind.title}长期公示表",
        number=case.number,
        office=printing.township,
        dated=printing.work.today,
        columns=(
            Column(name="name", title="编号" if printing.kind.sensitive else "申请人"),
            Column(name="place", title="村（社区）"),
            Column(name="members", title="保障人数", kind="integer"),
            Column(name="amount", title="月补助金额", kind="money"),
        ),
        rows=[(name, case.place or case.area, len(printing.file.members), case.monthly_fen)],
        unit="元",
        seal=True,
        notes=("姓名已按规定隐去。",),
    )


def reviews(printing: Printing) -> Sheet:
    """D17: the reviews of the family, the last one first, and the lines for the next."""
    case = printing.file.case
    required(case.decided_on and case.state != "refused", _("确认以后才有复核"))
    return printing.form(
        "动态管理复核表",
        [
            ("类别", f"{case.review_class} 类" if case.review_class else "--"),
            ("月补助金额", yuan(case.monthly_fen)),
            ("上次复核", day(case.reviewed_on)),
            ("应复核日期", day(case.review_due_on)),
            ("家庭变化", ""),
            ("本次结论", ""),
        ],
        ("复核人员", "家庭成员", "乡镇意见"),
        columns=(
            Column(name="day", title="复核日期"),
            Column(name="kind", title="种类"),
            Column(name="outcome", title="结果"),
            Column(name="before", title="原月补助", kind="money"),
            Column(name="after", title="现月补助", kind="money"),
            Column(name="reason", title="情况"),
        ),
        rows=[
            (
                day(one.day),
                word(words.REVIEWS, one.word1),
                word(words.OUTCOMES, one.word2),
                one.figure,
                one.figure2,
                one.text1 or "--",
            )
            for one in reversed(printing.file.parts["review"])
        ],
    )


def relatives(printing: Printing) -> Sheet:
    """D19: who of the family is whose near relative, and when the county visited."""
    rows = required(printing.file.parts["relative"], _("没有近亲属备案"))
    seen = [one for one in printing.file.parts["visit"] if one.word1 in ("county", "spot")]
    return printing.form(
        "近亲属备案登记表",
        [("县级入户", "；".join(f"{day(one.day)} {one.text1}" for one in seen) or "还没有入户")],
        ("备案人", "乡镇人民政府", "县民政局"),
        columns=(
            Column(name="member", title="家庭成员"),
            Column(name="staff", title="工作人员"),
            Column(name="post", title="职务"),
            Column(name="level", title="层级"),
            Column(name="relation", title="关系"),
            Column(name="day", title="备案日期"),
        ),
        rows=[
            (
                one.who,
                one.text1,
                one.text2,
                word(words.LEVELS, one.word1),
                word(words.RELATIONS, one.word2),
                day(one.day),
            )
            for one in rows
        ],
        notes=(SECRET,),
    )
