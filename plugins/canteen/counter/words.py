"""The words of the counter: codes of the handbook as a clerk reads them, channels, states."""

from core.api import mark

CODES = {
    "E_MEAL_DUP": mark("当日已享受助餐补贴"),
    "E_MEAL_DEAD": mark("登记的去世日期早于用餐日期"),
    "E_MEAL_CAPACITY": mark("超过这个站点一餐的供餐能力"),
    "E_MEAL_REFUSED": mark("其他业务不同意这笔用餐"),
    "E_LICENCE_EXPIRED": mark("食品经营许可已过期"),
    "E_SITE_CLOSED": mark("站点没有在运营，不能登记用餐"),
    "E_NOT_ENROLLED": mark("没有登记为就餐老人，或登记不在有效期"),
    "E_SETTLE_LOCKED": mark("这个月已经结算，不能再登记或撤销"),
    "E_SET_UNKNOWN": mark("站点这一天没有这个套餐"),
    "E_FUTURE_DATE": mark("用餐时间晚于现在，请核对终端时钟"),
    "E_ENTRY_SITE": mark("终端不属于这个站点"),
    "E_ENTRY_FORM": mark("这一行不是终端的签到记录"),
    "E_ENTRY_MAC": mark("校验码不符，记录被改动过或不是这台终端写的"),
    "E_ENTRY_CHAIN": mark("与前后记录接不上"),
    "E_ENTRY_FORK": mark("同一序号已收到不同的记录"),
    "E_TERMINAL_UNKNOWN": mark("没有这台终端，或还没有确认"),
    "E_TERMINAL_BLOCKED": mark("终端已被停止，记录等待人工处理"),
    "E_TERMINAL_REVOKED": mark("终端已停用，记录等待人工处理"),
}
CHANNELS = {"card": mark("刷卡"), "code": mark("扫码"), "name": mark("查姓名"), "paper": mark("纸质名单")}
TERMINAL_STATES = {
    "registered": mark("待确认"),
    "active": mark("使用中"),
    "blocked": mark("已停止"),
    "revoked": mark("已停用"),
}
TERMINAL_TAGS = {"registered": "warn", "active": "ok", "blocked": "bad", "revoked": ""}
OUTCOMES = {"unsubsidised": mark("不补贴"), "not_a_meal": mark("不算一餐")}
MEALS = {"breakfast": mark("早餐"), "lunch": mark("午餐"), "dinner": mark("晚餐")}
QUESTIONS = {"unsubsidised": mark("这一餐不补贴？"), "not_a_meal": mark("这一笔不算一餐？")}
RECORDS = {
    "canteen.meal_served": mark("登记用餐"),
    "canteen.meal_refused": mark("用餐被拒"),
    "canteen.meal_voided": mark("撤销用餐"),
    "canteen.meals_uploaded": mark("上传用餐记录"),
    "canteen.paper_lists_imported": mark("导入纸质用餐名单"),
    "canteen.conflict_decided": mark("处理重复或被拒的用餐"),
    "canteen.day_closed": mark("食堂日结"),
    "canteen.diet_read": mark("查看饮食注意事项"),
    "canteen.terminal_registered": mark("登记柜台终端"),
    "canteen.terminal_confirmed": mark("确认柜台终端"),
    "canteen.terminal_key_handed": mark("领取终端密钥"),
    "canteen.terminal_blocked": mark("终端被停止"),
    "canteen.terminal_revoked": mark("停用柜台终端"),
}
"""How the records of the counter read; no name and no reason for a tier stands in them."""
