"""What staff ask for, as models: forms, commands, the API and spreadsheets use them. Amounts are typed in yuan."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from core.api import mark

DriveKind = Literal[
    "one_day", "poverty_day", "disaster", "project", "festival", "pairing", "online_platform", "collection_box"
]
AidUse = Literal[
    "living", "medical", "education", "housing", "elderly", "orphans", "disability", "disaster", "community"
]
Display = Literal["name", "alias", "anonymous"]
Relation = Literal[
    "none", "self", "spouse", "parent", "child", "sibling", "grandparent", "grandchild", "nephew", "in_law", "employee",
    "controlled_unit",
]  # fmt: skip
_TODAY = mark("不填即今天")
_YUAN = mark("元，最多两位小数")
_SEALED = mark("加密保存")
_PURPOSE = mark("不填即非限定")


class EditCharity(BaseModel):
    """The charity's papers."""

    name: str = Field(default="", max_length=80, title=mark("慈善组织名称"), description=mark("不填即本县慈善会"))
    code: str = Field(default="", max_length=18, title=mark("统一社会信用代码"))
    kind: Literal["foundation", "association", "service_body"] = Field(
        default="association", title=mark("慈善组织类型")
    )
    certificate: str = Field(default="", max_length=60, title=mark("公开募捐资格证书编号"))
    certificate_to: date | None = Field(default=None, title=mark("证书有效期至"))
    deduction_year: int | None = Field(default=None, title=mark("公益性捐赠税前扣除名单年度"))
    account: str = Field(default="CHARITY", max_length=40, title=mark("慈善账户编号"))
    contact: str = Field(default="", max_length=80, title=mark("联系方式"))


class Plan(BaseModel):
    """The plan of a drive, as it is filed."""

    kind: DriveKind = Field(default="project", title=mark("募捐类别"))
    use: AidUse = Field(default="living", title=mark("用途类别"))
    purpose: str = Field(default="", max_length=200, title=mark("募捐目的"))
    territory: str = Field(default="", max_length=80, title=mark("募捐地域"))
    organiser: str = Field(default="", max_length=80, title=mark("负责人"))
    partners: str = Field(default="", max_length=120, title=mark("合作方"))
    partner_agreement: str = Field(default="", max_length=80, title=mark("合作协议编号"))
    ways: str = Field(default="", max_length=80, title=mark("募捐方式"))
    bank_account: str = Field(default="", max_length=80, title=mark("接收账户"))
    beneficiaries: str = Field(default="", max_length=200, title=mark("受益人"))
    plan: str = Field(default="", max_length=500, title=mark("款物使用计划"))
    cost_budget: str = Field(default="", title=mark("募捐费用预算"), description=_YUAN)
    target: str = Field(default="", title=mark("募捐目标"), description=_YUAN)
    surplus: str = Field(default="", max_length=200, title=mark("剩余财产处理"))
    suggestion: str = Field(
        default="", max_length=200, title=mark("倡议文字"), description=mark("只是倡议，不得写成摊派")
    )


class NewDrive(Plan):
    """A drive to draft."""

    number: str = Field(min_length=1, max_length=40, pattern=r"^[\w.-]+$", title=mark("募捐编号"))
    name: str = Field(min_length=1, max_length=100, title=mark("募捐名称"))
    start: date = Field(title=mark("开始日期"))
    end: date | None = Field(default=None, title=mark("结束日期"), description=mark("不填即长期"))
    emergency: bool = Field(default=False, title=mark("重大突发事件应急募捐"))
    targeted: bool = Field(default=False, title=mark("定向募捐，不面向公众"))


class FileDrive(BaseModel):
    """The plan went to the civil-affairs department."""

    filed: date | None = Field(default=None, title=mark("备案日期"), description=_TODAY)
    filing_no: str = Field(default="", max_length=60, title=mark("备案编号"))


class NewFiledDrive(NewDrive):
    """A drive filed at once, by one command."""

    filed: date | None = Field(default=None, title=mark("备案日期"), description=_TODAY)
    filing_no: str = Field(default="", max_length=60, title=mark("备案编号"))


class CloseDrive(BaseModel):
    """The last day of a drive."""

    end: date | None = Field(default=None, title=mark("结束日期"), description=_TODAY)


class Reason(BaseModel):
    """Why something is taken back."""

    reason: str = Field(min_length=1, max_length=200, title=mark("事由"))


class Settle(BaseModel):
    """What becomes of what is left of a drive."""

    surplus: str = Field(default="", max_length=200, title=mark("剩余财产处理"), description=mark("不填即按募捐方案"))


class Disclose(BaseModel):
    """Where a disclosure is published."""

    address: str = Field(default="", max_length=200, title=mark("公开网址"))
    on: date | None = Field(default=None, title=mark("公开日期"), description=_TODAY)


class _Donor(BaseModel):
    """What is asked of whoever gives."""

    donor_kind: Literal["person", "org"] = Field(default="person", title=mark("捐赠人类别"))
    display: Display | None = Field(
        default=None, title=mark("公开方式"), description=mark("由捐赠人自己选；没有选的，单位公开名称，个人匿名")
    )
    alias: str = Field(default="", max_length=40, title=mark("化名"))
    contact: str = Field(default="", max_length=80, title=mark("联系方式"), description=_SEALED)
    identity: str = Field(
        default="", max_length=30, title=mark("证件号码"), description=mark("只为开税前扣除票据，加密保存")
    )
    person: str = Field(default="", max_length=20, title=mark("人员编号"), description=mark("捐赠人是本县登记的人时填"))


class AddDonor(_Donor):
    """Somebody who gives, with the display they chose."""

    name: str = Field(min_length=1, max_length=80, title=mark("捐赠人"))


class EditDonor(BaseModel):
    """The display a donor chose, how to reach them."""

    display: Display = Field(default="name", title=mark("公开方式"), description=mark("由捐赠人自己选"))
    alias: str = Field(default="", max_length=40, title=mark("化名"))
    contact: str = Field(default="", max_length=80, title=mark("联系方式"), description=_SEALED)


class DeclareTie(BaseModel):
    """Who is close to a donor or to a manager of the charity."""

    person: str = Field(min_length=1, max_length=20, title=mark("人员编号"))
    relation: Relation = Field(title=mark("关系"))


class DeclareManagerTie(DeclareTie):
    """Who is close to a manager of the charity."""

    manager: str = Field(min_length=1, max_length=40, title=mark("管理人员姓名"))


class _Given(_Donor):
    """What every gift says: whose, when, what for."""

    donor: str = Field(
        default="", max_length=80, title=mark("捐赠人"), description=mark("姓名、名称或捐赠人编号；不填即未留名")
    )
    on: date | None = Field(default=None, title=mark("捐赠日期"), description=_TODAY)
    restricted: str = Field(default="", max_length=80, title=mark("限定用途"), description=_PURPOSE)
    beneficiary: str = Field(default="", max_length=20, title=mark("指定受益人编号"))
    relation: Relation = Field(default="none", title=mark("捐赠人与指定受益人的关系"))
    agreement: str = Field(default="", max_length=80, title=mark("捐赠协议编号"))
    no_receipt: bool = Field(default=False, title=mark("捐赠人不要票据"))
    receipt_note: str = Field(
        default="", max_length=120, title=mark("票据备注"), description=mark("给未留名的捐赠人开票时必填")
    )
    note: str = Field(default="", max_length=200, title=mark("备注"))


class AddGift(_Given):
    """Money that arrived."""

    drive: str = Field(default="", max_length=40, title=mark("募捐编号"))
    amount: str = Field(min_length=1, title=mark("金额"), description=_YUAN)
    kind: Literal["cash", "transfer", "online", "service", "security"] = Field(
        default="transfer", title=mark("捐赠种类")
    )
    channel: Literal["bank", "cash", "qr", "platform"] | None = Field(default=None, title=mark("渠道"))
    unit: str = Field(default="", max_length=80, title=mark("代收单位"))
    transfer_ref: str = Field(default="", max_length=60, title=mark("到账流水号"))
    original: str = Field(
        default="", max_length=60, title=mark("原币金额"), description=mark("外币按银行入账的人民币金额登记")
    )
    credited: date | None = Field(default=None, title=mark("入账日期"), description=mark("不填即捐赠日期"))
    pledge: str = Field(default="", max_length=20, title=mark("认捐编号"))
    counted_by: str = Field(
        default="", max_length=60, title=mark("清点人"), description=mark("现金由两人清点，写两人姓名")
    )
    deposited: date | None = Field(default=None, title=mark("存入银行日期"))
    source: Literal["public", "returned_share"] = Field(default="public", title=mark("来源"))
    document: str = Field(default="", max_length=80, title=mark("返拨文号"))


class AddGoods(_Given):
    """Goods that came into the store."""

    drive: str = Field(min_length=1, max_length=40, title=mark("募捐编号"))
    item: str = Field(min_length=1, max_length=60, title=mark("物品"))
    spec: str = Field(default="", max_length=60, title=mark("规格"))
    quantity: int = Field(gt=0, title=mark("数量"))
    unit_name: str = Field(default="件", max_length=10, title=mark("单位"))
    unit_value: str = Field(default="", title=mark("单价"), description=mark("元；没有依据的不填"))
    basis: Literal["invoice", "appraisal", "none"] = Field(default="none", title=mark("计价依据"))
    proof: str = Field(default="", max_length=80, title=mark("依据编号"))
    batch: str = Field(default="", max_length=40, title=mark("批号"))
    expires: date | None = Field(default=None, title=mark("有效期至"))
    store: str = Field(default="", max_length=60, title=mark("仓库"))
    condition: str = Field(default="", max_length=60, title=mark("完好情况"))


class IssueReceipt(BaseModel):
    """A receipt for a gift that has none."""

    note: str = Field(
        default="", max_length=120, title=mark("票据备注"), description=mark("给未留名的捐赠人开票时必填")
    )


class VoidReceipt(Reason):
    """Why a slip is void; it stays in its place."""

    again: bool = Field(default=True, title=mark("同时重开一张"))


class Repurpose(BaseModel):
    """Another purpose, with the donor's written consent."""

    restricted: str = Field(default="", max_length=80, title=mark("新的限定用途"), description=_PURPOSE)
    consent: str = Field(min_length=1, max_length=120, title=mark("捐赠人书面同意"))


class Refund(BaseModel):
    """The board decided to give a gift back."""

    decision: str = Field(min_length=1, max_length=120, title=mark("理事会决定"))


class Deposit(BaseModel):
    """Cash went to the bank."""

    deposited: date | None = Field(default=None, title=mark("存入银行日期"), description=_TODAY)
    counted_by: str = Field(
        default="", max_length=60, title=mark("清点人"), description=mark("现金由两人清点，写两人姓名")
    )


class AddPledge(BaseModel):
    """A promise; it is never counted as received."""

    drive: str = Field(min_length=1, max_length=40, title=mark("募捐编号"))
    donor: str = Field(min_length=1, max_length=80, title=mark("捐赠人"))
    donor_kind: Literal["person", "org"] = Field(default="person", title=mark("捐赠人类别"))
    amount: str = Field(min_length=1, title=mark("认捐金额"), description=_YUAN)
    due: date | None = Field(default=None, title=mark("认捐日期"))
    note: str = Field(default="", max_length=200, title=mark("备注"))


class Step(BaseModel):
    """A step that asks nothing more."""

    note: str = Field(default="", max_length=200, title=mark("备注"))


class AddProject(BaseModel):
    """An aid project the board decided."""

    title: str = Field(min_length=1, max_length=100, title=mark("项目名称"))
    use: AidUse = Field(default="living", title=mark("用途类别"))
    restricted: str = Field(default="", max_length=80, title=mark("使用哪笔限定资金"), description=_PURPOSE)
    drive: str = Field(default="", max_length=40, title=mark("募捐编号"))
    budget: str = Field(min_length=1, title=mark("预算"), description=_YUAN)
    beneficiaries: str = Field(default="", max_length=200, title=mark("受益人条件"))
    since: date | None = Field(default=None, title=mark("开始日期"), description=_TODAY)
    until: date | None = Field(default=None, title=mark("结束日期"))
    minutes: str = Field(min_length=1, max_length=80, title=mark("理事会会议记录"))
    minutes_on: date | None = Field(default=None, title=mark("开会日期"), description=_TODAY)


class CloseProject(BaseModel):
    """What came of a project."""

    result: str = Field(min_length=1, max_length=500, title=mark("项目成效"))


class _Aid(BaseModel):
    """What every aid says: for whom, where, decided how."""

    project: str = Field(default="", max_length=20, title=mark("项目编号"))
    person: str = Field(default="", max_length=20, title=mark("受益人编号"))
    receiver: str = Field(default="", max_length=80, title=mark("受益单位或群体"))
    area: str = Field(default="", max_length=12, title=mark("受益地区划"))
    on: date | None = Field(default=None, title=mark("支出日期"), description=_TODAY)
    minutes: str = Field(
        default="", max_length=80, title=mark("理事会会议记录"), description=mark("不填即项目的会议记录")
    )
    town: str = Field(default="", max_length=12, title=mark("经乡镇发放的区划"))
    town_minutes: str = Field(default="", max_length=80, title=mark("乡镇党政联席会议记录"))
    household_list: bool = Field(default=False, title=mark("按村组名单发放到户"))
    ballot: str = Field(default="", max_length=60, title=mark("评议票决编号"))
    evidence: str = Field(default="", max_length=120, title=mark("凭证"))
    note: str = Field(default="", max_length=200, title=mark("备注"))


class Spend(_Aid):
    """Money for aid or cost."""

    amount: str = Field(min_length=1, title=mark("金额"), description=_YUAN)
    restricted: str = Field(default="", max_length=80, title=mark("使用哪笔限定资金"), description=_PURPOSE)
    kind: Literal["aid", "management", "fundraising"] = Field(default="aid", title=mark("支出种类"))
    drive: str = Field(default="", max_length=40, title=mark("募捐编号"), description=mark("只用这次募捐的钱"))
    use: AidUse | None = Field(default=None, title=mark("用途类别"))


class IssueGoods(_Aid):
    """Goods for aid."""

    lot: str = Field(min_length=1, max_length=20, title=mark("批次编号"))
    quantity: int = Field(gt=0, title=mark("数量"))
    use: AidUse | None = Field(default=None, title=mark("用途类别"))


class CountLot(BaseModel):
    """What was counted in the store."""

    count_month: str = Field(default="", max_length=7, title=mark("盘点月份"), description=mark("不填即本月"))
    quantity: int = Field(ge=0, title=mark("实存数量"))
    first_by: str = Field(min_length=1, max_length=40, title=mark("盘点人一"))
    second_by: str = Field(min_length=1, max_length=40, title=mark("盘点人二"))


class Payout(BaseModel):
    """What a platform paid out: gifts are booked gross, its fee is fundraising cost."""

    platform_ref: str = Field(min_length=1, max_length=60, title=mark("到账流水号"))
    payout: str = Field(min_length=1, title=mark("实际到账"), description=_YUAN)
    fee: str = Field(min_length=1, title=mark("平台手续费"), description=_YUAN)


class OpenBox(BaseModel):
    """A box or donation point emptied by two."""

    drive: str = Field(min_length=1, max_length=40, title=mark("募捐编号"))
    kind: Literal["box", "point"] = Field(default="box", title=mark("种类"))
    place: str = Field(min_length=1, max_length=80, title=mark("地点"))
    on: date | None = Field(default=None, title=mark("开箱日期"), description=_TODAY)
    first_by: str = Field(min_length=1, max_length=40, title=mark("开箱人一"))
    second_by: str = Field(min_length=1, max_length=40, title=mark("开箱人二"))
    amount: str = Field(default="0", title=mark("金额"), description=_YUAN)
    goods: str = Field(default="", max_length=200, title=mark("物品"))
    sheet: str = Field(min_length=1, max_length=80, title=mark("清点记录编号"))
    deposited: date | None = Field(default=None, title=mark("存入银行日期"))


class AddActivity(BaseModel):
    """Something one of the four mechanisms did."""

    mechanism: Literal["publicity", "fundraising", "aid", "volunteering"] = Field(title=mark("工作机制"))
    on: date | None = Field(default=None, title=mark("日期"), description=_TODAY)
    title: str = Field(min_length=1, max_length=100, title=mark("内容"))
    note: str = Field(default="", max_length=200, title=mark("备注"))


class AddPair(BaseModel):
    """A household whose problems government aid cannot solve."""

    household: str = Field(min_length=1, max_length=20, title=mark("户编号"))
    mode: Literal["1:1", "n:1"] = Field(default="1:1", title=mark("帮扶方式"))
    reason: str = Field(min_length=1, max_length=200, title=mark("事由"))
    goals: str = Field(default="", max_length=200, title=mark("帮扶目标"))
    officer: str = Field(default="", max_length=40, title=mark("联系干部"))
    ballot: str = Field(default="", max_length=60, title=mark("评议票决编号"))
    since: date | None = Field(default=None, title=mark("开始日期"), description=_TODAY)


class AddHelper(BaseModel):
    """Who helps."""

    name: str = Field(min_length=1, max_length=80, title=mark("帮扶人"))
    kind: Literal["entrepreneur", "party_member", "cadre", "unit", "other"] = Field(title=mark("帮扶人类别"))
    since: date | None = Field(default=None, title=mark("开始日期"), description=_TODAY)


class LeaveHelper(BaseModel):
    """A helper leaves."""

    name: str = Field(min_length=1, max_length=80, title=mark("帮扶人"))
    until: date | None = Field(default=None, title=mark("结束日期"), description=_TODAY)


class StartPair(BaseModel):
    """Both sides agree."""

    household_consent: date | None = Field(default=None, title=mark("户主同意日期"), description=_TODAY)
    helper_consent: date | None = Field(default=None, title=mark("帮扶人同意日期"), description=_TODAY)
    publicity: bool = Field(default=False, title=mark("该户同意公开宣传"))


class AddVisit(BaseModel):
    """A visit."""

    on: date | None = Field(default=None, title=mark("走访日期"), description=_TODAY)
    visitor: str = Field(min_length=1, max_length=80, title=mark("走访人"))
    needs: str = Field(default="", max_length=200, title=mark("发现的困难"))
    found: int = Field(default=0, ge=0, title=mark("发现问题数"))
    solved: int = Field(default=0, ge=0, title=mark("解决问题数"))
    help: Literal["none", "money", "goods", "job", "service"] = Field(default="none", title=mark("帮扶内容"))
    amount: str = Field(default="", title=mark("资金"), description=_YUAN)
    gift: str = Field(default="", max_length=20, title=mark("捐赠编号"), description=mark("经慈善账户的资金填捐赠编号"))
    given: str = Field(default="", max_length=200, title=mark("帮扶说明"))
    next_step: str = Field(default="", max_length=200, title=mark("下一步"))


class ReviewPair(BaseModel):
    """The half-yearly review."""

    review: str = Field(min_length=1, max_length=200, title=mark("评估结论"))
    on: date | None = Field(default=None, title=mark("评估日期"), description=_TODAY)


class EndPair(BaseModel):
    """Why it ends."""

    ended_for: Literal["out_of_hardship", "moved", "helper_left"] = Field(title=mark("结束原因"))
    on: date | None = Field(default=None, title=mark("结束日期"), description=_TODAY)
