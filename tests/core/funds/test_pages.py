"""The pages of the money: every page, every act on it, and every error where it belongs."""

import re
from datetime import UTC, date, datetime
from html import unescape

import pytest
from sqlalchemy import text

from core.api import NewRecovery, open_recovery
from core.funds import queries
from core.funds.lines import add_batch
from core.funds.models import Batch
from core.households import services
from core.households.wishes import Member, OpenHousehold
from core.identity.accounts import NewGrant, grant_role
from core.testing import OTHER_TOWN, TOWN, VILLAGE

FUND = {"code": "F1", "name": "孤儿补助", "source": "PROV", "year": "2026", "amount": "1000.00", "document": "湘财1号",
        "scheme": "every_hook"}  # fmt: skip
ALLOCATION = {"fund": "F1", "scheme": "every_hook", "amount": "500.00", "item": "第一项"}
MINUTES = {"minutes": ("minutes.pdf", b"minutes", "application/pdf")}


@pytest.fixture
def client(client):
    """The browser, which goes back to a seat it had: a code of the second factor is good for once."""
    seats, first = {}, client.sign_in

    def sign_in(role, area="", name="", language=""):
        seat = (role, area, name, language)
        if seat not in seats:
            first(*seat)
            seats[seat] = client.client.cookies["huimin"]
        client.sign_out()
        client.client.cookies.set("huimin", seats[seat])
        return client

    client.sign_in = sign_in
    return client


def errors(answer):
    """The fields of a page that have an error, and its status."""
    return answer.status_code, set(re.findall(r'id="e-([\w-]+)"', answer.text))


def said(browser, answer):
    """The page a post leads to, with what it says there."""
    assert answer.status_code == 303, answer.text
    return browser.get(answer.headers["location"]).text


def recover(county, person, months):
    with county.begin("accountant") as work:
        wish = NewRecovery(scheme="every_hook", beneficiary_id=person, person_id=person, area=VILLAGE,
                           reason="死亡以后发放", months=months, source_id=person)  # fmt: skip
        return open_recovery(work, wish)


def test_money_comes_in_by_document_receipt_and_interest(client, money):
    client.sign_in("accountant")
    assert "还没有资金" in client.get("/funds").text
    empty = client.post("/funds/new", {"code": "", "source": "PROV", "amount": "", "year": "一"})
    assert errors(empty) == (422, {"code", "name", "document", "year", "amount"})
    assert "<title>有误：" in empty.text
    fine = client.post("/funds/new", {**FUND, "amount": "1000.005"})
    assert errors(fine) == (422, {"amount"}) and "金额最多两位小数" in fine.text
    assert 'value="1000.005"' in fine.text and 'value="湘财1号"' in fine.text
    donated = client.post("/funds/new", {**FUND, "source": "DON_R", "account": "SPECIAL"})
    assert errors(donated) == (422, {"account"}) and "与财政资金分开记账" in donated.text
    page = said(client, client.post("/funds/new", {**FUND, "not_received": "true"}))
    assert "等待到账" in page and "未到账" in page
    assert errors(client.post("/funds/new", FUND)) == (422, {"code"})
    assert errors(client.post("/funds/new", {**FUND, "code": "F2"})) == (422, {"document"})
    more = client.post("/funds/1/receive", {"amount": "1000.01", "on": "2026-11-19"})
    assert errors(more) == (422, {"amount"}) and "超出下达指标" in more.text and 'value="1000.01"' in more.text
    assert errors(client.post("/funds/1/receive", {"amount": "1", "on": "2027-01-01"})) == (422, {"on"})
    assert errors(client.post("/funds/1/interest", {"amount": "", "on": "昨天"})) == (422, {"amount", "on"})
    assert "已入账" in said(client, client.post("/funds/1/receive", {"amount": "1000", "on": "2026-11-19"}))
    page = said(client, client.post("/funds/1/interest", {"amount": "1.23", "on": "2026-11-20"}))
    assert "2026-11-0002" in page and "1,001.23" in page
    assert errors(client.post("/funds/vouchers/2/reverse", {"reason": ""})) == (422, {"reason"})
    page = said(client, client.post("/funds/vouchers/2/reverse", {"reason": "记错了"}))
    assert "这张凭证已经冲销" in page and "冲销凭证</button>" not in page
    assert "已经冲销过" in client.post("/funds/vouchers/2/reverse", {"reason": "再冲一次"}).text
    sheet = client.get("/funds/vouchers/1/sheet").text
    assert "壹仟元整" in sheet and "审计锚点" in sheet and "少一道复核" not in sheet
    assert client.get("/funds/vouchers/1/pdf").content.startswith(b"%PDF")
    assert client.get("/funds/99").status_code == client.get("/funds/vouchers/99").status_code == 404


def test_charity_money_has_an_account_and_books_of_its_own(client, money):
    money.fund(yuan=100)
    client.sign_in("accountant")
    assert errors(client.post("/funds/accounts", {"code": "", "kind": ""})) == (422, {"code", "title", "kind"})
    account = {"code": "CHARITY", "title": "慈善会账户", "kind": "charity_account", "layout": "default"}
    assert "慈善会账户" in said(client, client.post("/funds/accounts", account))
    assert errors(client.post("/funds/accounts", account)) == (422, {"code"})
    gift = {**FUND, "code": "D1", "name": "助学捐款", "source": "DON_R", "amount": "70", "document": "捐1号"}
    assert errors(client.post("/funds/new", {**gift, "account": "SPECIAL"})) == (422, {"account"})
    said(client, client.post("/funds/new", gift))
    page = client.get("/funds").text
    fiscal, charity = page.split("<h2>慈善资金</h2>", 1)
    assert "助学捐款" not in fiscal and "助学捐款" in charity and "70.00" in charity
    page = client.get("/funds/reconcile?period=2026-11&entity=charity").text
    assert "慈善账" in page and "慈善会账户" in page


def test_nothing_is_allocated_without_minutes_nor_beyond_them(client, money):
    money.fund(yuan=1000)
    money.fund("F2", yuan=1000, scheme="")
    client.sign_in("proposer")
    path = "/funds/allocations/new"
    assert 'value="F1" selected' in client.get(f"{path}?fund=F1").text
    bare = client.post(path, ALLOCATION)
    assert errors(bare) == (422, {"minutes"}) and "没有会议记录不能分配资金" in bare.text
    assert 'value="500.00"' in bare.text and 'value="第一项"' in bare.text
    assert errors(client.post(path, {**ALLOCATION, "amount": "1.001"}, files=MINUTES)) == (422, {"amount"})
    assert errors(client.post(path, {**ALLOCATION, "amount": "一", "attended": "多"}, files=MINUTES)) == (
        422,
        {"amount", "attended"},
    )
    over = client.post(path, {**ALLOCATION, "decided": "400"}, files=MINUTES)
    assert errors(over) == (422, {"amount"}) and "超出会议决定金额" in over.text and "要再选一次" in over.text
    short = client.post(path, {**ALLOCATION, "amount": "1000.01"}, files=MINUTES)
    assert errors(short) == (422, {"amount"}) and "资金余额不足" in short.text
    few = {**ALLOCATION, "members": "7", "attended": "3", "held_on": "2026-11-02"}
    assert errors(client.post(path, few, files=MINUTES)) == (422, {"attended"})
    assert errors(client.post(path, {**ALLOCATION, "held_on": "2027-01-01"}, files=MINUTES)) == (422, {"held_on"})
    page = said(client, client.post(path, ALLOCATION, files=MINUTES))
    assert "已分配 500.00 元" in page and "还缺 会议名称、开会日期、到会人数、应到人数" in page
    again = client.post(path, {**ALLOCATION, "amount": "0.01", "decided": "500"}, files=MINUTES)
    assert errors(again) == (422, {"amount"}) and "还可分配 0.00 元" in again.text
    other = client.post(path, {**ALLOCATION, "decided": "600"}, files=MINUTES)
    assert errors(other) == (422, {"decided"}) and "登记的决定金额是 500.00" in other.text
    details = {"body": "党政联席会议", "held_on": "2026-11-02", "members": "7", "attended": "8"}
    with money.county.look("accountant") as work:  # numbers rise, not always without gaps
        (kept,) = queries.list_allocations(work)
    minutes, allocation = f"/funds/minutes/{kept['minutes']}", f"/funds/allocations/{kept['id']}"
    assert errors(client.post(minutes, {})) == (422, {"body", "held_on", "attended", "members"})
    wrong = client.post(minutes, details)
    assert errors(wrong) == (422, {"attended"}) and 'value="8"' in wrong.text
    page = said(client, client.post(minutes, {**details, "attended": "5"}))
    assert "还缺" not in page and "党政联席会议" in page
    file = client.get(f"{minutes}/file")
    assert file.content == b"minutes" and "minutes.pdf" in file.headers["content-disposition"]
    assert "500.00" in client.get(f"{allocation}/close").text
    batch = money.roll([10_000])
    money.step("submit", batch, "proposer")
    used = client.post(f"{allocation}/close")
    assert used.status_code == 422 and "还有 1 个批次用着这笔分配" in used.text and "结束分配" in used.text
    money.step("send_back", batch, "reviewer", "再核对")
    assert "已退回 500.00 元" in said(client, client.post(f"{allocation}/close"))
    assert client.post(f"{allocation}/close").status_code == 409
    assert client.get("/funds/minutes/999").status_code == client.get("/funds/allocations/999/close").status_code == 404


def test_restricted_money_is_not_allocated_to_another_scheme(client, money, county):
    from core.testing import enabled

    enabled(county, "benefits")
    enabled(county, "orphan_care")
    county.reload()
    money.fund(yuan=1000)
    client.sign_in("proposer")
    form = {**ALLOCATION, "scheme": "orphan_care"}
    answer = client.post("/funds/allocations/new", form, files=MINUTES)
    assert errors(answer) == (422, {"scheme"}) and "超出定向用途" in answer.text


def test_a_batch_goes_through_four_hands_to_the_bank_and_back(client, money):
    money.fund()
    batch = money.roll([10_000, 20_000, 30_000])
    path = f"/funds/batches/{batch}"
    client.sign_in("proposer")
    short = client.post(f"{path}/submit")
    assert short.status_code == 422 and "资金余额不足" in short.text and "还差 600.00 元" in short.text
    money.allocate()
    assert "提交</button>" in client.get(path).text
    page = said(client, client.post(f"{path}/submit"))
    assert "已提交，等待复核" in page and "待复核" in page and "陆佰元整" in page and "提交</button>" not in page
    assert client.post(f"{path}/submit").status_code == 409
    assert client.post(f"{path}/review").status_code == 403
    client.sign_in("reviewer")
    assert client.post(f"{path}/release", {"confirm": "600"}).status_code == 403
    assert "已复核，等待审批" in said(client, client.post(f"{path}/review"))
    client.sign_in("reviewer", name="另一复核")
    late = client.post(f"{path}/review")
    assert late.status_code == 409 and "已由" in late.text and "待审批" in late.text
    client.sign_in("approver")
    assert "已审批，等待放行" in said(client, client.post(f"{path}/approve"))
    client.sign_in("disburser")
    for typed, words in (("", "请输入批次合计金额确认发放"), ("599.99", "与合计不符"), ("六百", "金额应为数字")):
        wrong = client.post(f"{path}/release", {"confirm": typed})
        assert errors(wrong) == (422, {"confirm"}) and words in wrong.text and f'value="{typed}"' in wrong.text
    early = client.post(f"{path}/export")
    assert early.status_code == 422 and "放行以后才能生成银行文件" in early.text
    assert client.get(f"{path}/bank-file").status_code == 404
    assert "已放行" in said(client, client.post(f"{path}/release", {"confirm": "600.00"}))
    page = said(client, client.post(f"{path}/export"))
    assert "银行文件 1 已生成" in page and "已送银行" in page
    file = client.get(f"{path}/bank-file")
    assert file.content == client.get(f"{path}/bank-file").content and file.content.startswith(b"\xef\xbb\xbf")
    assert errors(client.post(f"{path}/result")) == (422, {"file"})
    wrong = money.answer_of(file.content, change=lambda rows: (rows[0].update(金额="1"), rows[2].update(参考号="x")))
    mismatch = client.post(f"{path}/result", files={"file": ("r.csv", wrong, "text/csv")})
    assert errors(mismatch) == (422, {"file"})
    assert "没有作任何变更" in mismatch.text and "第 2 行" in mismatch.text and "第 4 行" in mismatch.text
    right = {"file": ("r.csv", money.answer_of(file.content, returned=(1,)), "text/csv")}
    page = said(client, client.post(f"{path}/result", files=right))
    assert "已付 2 行 400.00 元，退回 1 行 200.00 元" in page and "户名不符" in page and "已回盘" in page
    assert "银行回盘已导入过，未作变更" in said(client, client.post(f"{path}/result", files=right))
    assert "尾号 0001" in page and "62220200" not in page
    sheet = client.get(f"{path}/sheet").text
    assert "陆佰元整" in sheet and "审计锚点" in sheet
    assert client.get(f"{path}/pdf").content.startswith(b"%PDF")
    assert client.get("/funds/batches/99").status_code == 404
    listed = client.get("/funds/batches?scheme=every_hook&period=2026-11&state=settled").text
    assert "批次 1" in listed and "600.00" in listed
    assert "没有符合条件的批次" in client.get("/funds/batches?period=2026-10").text
    assert "000001-every_hook" in client.get("/funds/bank-files").text
    client.sign_in("auditor")
    words = client.get("/audit").text
    assert "查看批次名册" in words and "再次取出银行文件 1" in words


def test_returned_lines_are_corrected_and_go_out_again(client, money, clock):
    money.fund()
    money.allocate()
    money.paid([10_000, 20_000, 30_000], returned=(0, 1))
    now = clock.now()
    clock.set(datetime(2027, 6, 1, 1, tzinfo=UTC))
    client.sign_in("auditor")
    assert client.get("/funds/returned").text.count("挂账") == 2
    clock.set(now)
    client.sign_in("proposer")
    page = client.get("/funds/returned").text
    assert "户名不符" in page and "300.00" in page and "挂账" not in page
    none = client.post("/funds/returned")
    assert none.status_code == 422 and "没有选择退票" in none.text
    path = re.search(r'href="(/funds/returned/\d+)"', page).group(1)
    wrong = client.post(path, {"account_number": "123", "name": "测新"})
    assert errors(wrong) == (422, {"account_number"}) and 'value="测新"' in wrong.text
    assert errors(client.post(path, {"name": "测新"})) == (422, {"account_number"})
    form = {"account_number": "6217001234567890123", "name": "测新", "reason": "换卡"}
    page = said(client, client.post(path, form))
    assert "重发" in page and "测新" in page and "尾号 0123" in page and "第 2 次发放" in page
    left = re.search(r'name="payments" value="(\d+)"', client.get("/funds/returned").text).group(1)
    page = said(client, client.post("/funds/returned", {"payments": left}))
    assert "已列入重发批次" in page and "200.00" in page
    gone = client.post("/funds/returned", {"payments": left})
    assert gone.status_code == 422 and "没有待重发的退票" in gone.text
    assert client.get(path).status_code == 404
    assert "没有退票" in client.get("/funds/returned").text


def steps_on(page):
    """The steps a page shows, with the state each is marked with."""
    shown = page.partition('<ol class="steps">')[2].partition("</ol>")[0]
    return re.findall(r'<li(?: class="(\w+)")?(?: aria-current="step")?><b>(\w+)</b>', shown)


def test_a_batch_shows_which_step_it_has_reached_and_a_small_office_one_less(client, money, county):
    from core.policy import SetPolicy, set_policy

    money.fund()
    money.allocate()
    for small, wanted in (("false", ["done", "now", "", ""]), ("true", ["done", "now", ""])):
        with county.begin("proposer") as work:
            set_policy(
                work,
                SetPolicy(key="funds.small_office", value=small, valid_from=date(2026, 1, 1), document="攸民办1号"),
            )
        batch = money.roll([10_000], period="2026-11" if small == "false" else "2026-12")
        money.step("submit", batch, "proposer")
        client.sign_in("accountant")
        found = steps_on(client.get(f"/funds/batches/{batch}").text)
        assert [state for state, _title in found][: len(wanted)] == wanted
        assert ("复核" in [title for _state, title in found]) == (small == "false")


def test_the_lines_of_a_batch_go_on_after_the_last_one_shown(client, money, county, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 2)
    money.fund()
    batch = money.roll([10_000, 20_000, 30_000])
    client.sign_in("accountant")
    page = client.get(f"/funds/batches/{batch}").text
    after = re.search(r'href="[^"]*[?&;]after=(\d+)', page).group(1)
    rest = client.get(f"/funds/batches/{batch}?after={after}").text
    assert "100.00" in page and "200.00" in page and "测丙" not in page
    assert "测丙" in rest and "测乙" not in rest


def test_a_batch_is_sent_back_with_a_reason_or_given_up(client, money):
    money.fund()
    money.allocate()
    batch = money.roll([10_000])
    path = f"/funds/batches/{batch}"
    money.step("submit", batch, "proposer")
    client.sign_in("reviewer")
    assert errors(client.post(f"{path}/send-back", {"reason": ""})) == (422, {"reason"})
    page = said(client, client.post(f"{path}/send-back", {"reason": "漏了一人"}))
    assert "已退回" in page and "上次被退回：漏了一人" in page and "待提交" in page
    again = client.post(f"{path}/send-back", {"reason": "再退"})
    assert again.status_code in (403, 409)
    client.sign_in("proposer")
    assert errors(client.post(f"{path}/cancel", {"reason": ""})) == (422, {"reason"})
    page = said(client, client.post(f"{path}/cancel", {"reason": "不发了"}))
    assert "已作废" in page and "批次里没有发放行" in page
    assert client.post(f"{path}/cancel", {"reason": "不发了"}).status_code == 409
    empty = client.post(f"{path}/submit")
    assert empty.status_code == 422


def test_whoever_acted_before_or_is_kin_is_kept_from_the_next_step(client, money, county):
    money.fund()
    money.allocate()
    people = money.persons(2)
    two_roles = county.account("proposer")
    with county.begin("security_admin") as work:
        grant_role(work, NewGrant(account=two_roles, role="reviewer"))
    approver = county.account("approver")
    client.sign_in("clerk")
    missing = client.post("/funds/kin", {"account": "", "person": "", "relation": "sibling"})
    assert errors(missing) == (422, {"account", "person"})
    nobody = client.post("/funds/kin", {"account": "谁", "person": str(people[0]), "relation": "sibling"})
    assert errors(nobody) == (422, {"account"})
    unknown = client.post("/funds/kin", {"account": approver, "person": "99999", "relation": "sibling"})
    assert errors(unknown) == (422, {"person"}) and f'value="{approver}"' in unknown.text
    form = {"account": approver, "person": str(people[0]), "relation": "sibling"}
    assert "测甲" in said(client, client.post("/funds/kin", form))
    assert errors(client.post("/funds/kin", form)) == (422, {"person"})
    assert errors(client.post("/funds/kin", {**form, "relation": "cousin"})) == (422, {"relation"})
    batch = money.roll([10_000, 20_000], people=people)
    client.sign_in("proposer")
    page = said(client, client.post(f"/funds/batches/{batch}/submit"))
    assert "近亲属的发放行另列为批次 2" in page
    assert "这一步要由别人办理" in client.get(f"/funds/batches/{batch}").text
    same = client.post(f"/funds/batches/{batch}/review")
    assert same.status_code == 422 and "岗位不相容" in same.text
    money.step("review", 2, "reviewer")
    client.sign_in("approver")
    assert "从批次 1 另列" in client.get("/funds/batches/2").text
    kin = client.post("/funds/batches/2/approve")
    assert kin.status_code == 422 and "应当回避" in kin.text and "测甲" in kin.text
    client.sign_in("clerk")
    assert "已结束备案" in said(client, client.post("/funds/kin/1/end"))
    assert "还没有备案" in client.get("/funds/kin").text and client.post("/funds/kin/1/end").status_code == 404


def test_two_people_close_a_month_when_nothing_is_open(client, money, clock):
    money.fund()
    money.allocate()
    money.paid([10_000, 20_000])
    clock.set(datetime(2026, 12, 2, 1, tzinfo=UTC))
    place = {"period": "2026-11", "entity": "fiscal"}
    client.sign_in("auditor")
    first = client.post("/funds/reconcile/close", place)
    assert first.status_code == 422 and "要先由会计办理月结" in first.text
    client.sign_in("accountant")
    page = client.get("/funds/reconcile").text
    assert "2026年11月对账与月结" in page and "等银行对账单" in page and "凭证 2026-11-0002 的会议记录还缺" in page
    refused = client.post("/funds/reconcile/close", place)
    assert refused.status_code == 422 and "凭证 2026-11-0002 的会议记录还缺" in refused.text
    statement = {**place, "account": "SPECIAL", "on": "2027-01-01", "balance": "99700.00"}
    assert errors(client.post("/funds/reconcile/statement", statement)) == (422, {"on"})
    wrong = client.post("/funds/reconcile/statement", {**statement, "on": "", "balance": "多"})
    assert errors(wrong) == (422, {"on", "balance"}) and 'value="多"' in wrong.text
    page = said(client, client.post("/funds/reconcile/statement", {**statement, "on": "2026-11-30", "balance": "1"}))
    assert "不符" in page and "-99,699.00" in page
    said(client, client.post("/funds/reconcile/statement", {**statement, "on": "2026-11-30"}))
    client.sign_in("proposer")
    details = {"body": "党政联席会议", "held_on": "2026-11-02", "members": "7", "attended": "5"}
    said(client, client.post("/funds/minutes/1", details))
    client.sign_in("auditor")
    assert "审计结账" not in client.get("/funds/reconcile?period=2026-11").text
    client.sign_in("accountant")
    assert "没有未了的事，可以结账" in client.get("/funds/reconcile?period=2026-11").text
    assert "会计已办理月结" in said(client, client.post("/funds/reconcile/close", place))
    same = client.post("/funds/reconcile/close", place)
    assert same.status_code == 422 and "岗位不相容" in same.text
    client.sign_in("auditor")
    assert "审计结账" in client.get("/funds/reconcile?period=2026-11").text
    assert "已结账" in said(client, client.post("/funds/reconcile/close", place))
    sheet = client.get("/funds/reconcile/sheet?period=2026-11").text
    assert "2026年11月对账表" in sheet and "物资账实相符" in sheet
    assert client.get("/funds/reconcile/pdf?period=2026-11").content.startswith(b"%PDF")
    assert "月份应写作" in client.get("/funds/reconcile?period=latest").text
    client.sign_in("accountant")
    late = client.post("/funds/1/interest", {"amount": "1", "on": "2026-11-30"})
    assert errors(late) == (422, {"on"}) and "已结账" in late.text
    assert client.post("/funds/reconcile/reopen", {**place, "reason": "补记"}).status_code == 403
    client.sign_in("approver")
    assert "核对由会计和审计员查看" in client.get("/funds/reconcile?period=2026-11").text
    assert errors(client.post("/funds/reconcile/reopen", {**place, "reason": ""})) == (422, {"reason"})
    page = said(client, client.post("/funds/reconcile/reopen", {**place, "reason": "补记利息"}))
    assert "已提出重开，等审计同意" in page
    client.sign_in("auditor")
    assert "已重开" in said(client, client.post("/funds/reconcile/reopen", {**place, "reason": "同意"}))
    assert "未结账" in client.get("/funds/reconcile?period=2026-11").text


def test_money_is_recovered_in_instalments_or_written_off(client, money, county):
    money.fund(yuan=1000)
    money.allocate(yuan=1000)
    people = money.persons(2)
    money.paid([20_000, 10_000], people=people)
    first, second = (recover(county, person, {"2026-11": 10_000}) for person in people)
    client.sign_in("accountant")
    page = client.get("/funds/recoveries").text
    assert "测甲" in page and "还没有追回的共 200.00 元" in page
    path = f"/funds/recoveries/{first}"
    parts = {"day-0": "2026-12-31", "part-0": "60.00", "day-1": "2027-01-31", "part-1": "40.00"}
    bare = client.post(f"{path}/plan", parts)
    assert errors(bare) == (422, {"agreement"}) and 'value="60.00"' in bare.text
    broken = client.post(f"{path}/plan", {"agreement": "同意书", "part-0": "60", "day-1": "2027-01-31", "part-1": "少"})
    assert errors(broken) == (422, {"day-0", "part-1"})
    short = client.post(f"{path}/plan", {**parts, "part-1": "39.99", "agreement": "同意书"})
    assert short.status_code == 422 and "各期合计应等于还没有追回的 100.00 元" in short.text
    more = client.post(f"{path}/plan", {**parts, "more": "1"})
    assert more.status_code == 200 and 'name="part-5"' in more.text and 'value="40.00"' in more.text
    page = said(client, client.post(f"{path}/plan", {**parts, "agreement": "同意书"}))
    assert "已定 2 期" in page and "2027-01-31" in page
    assert errors(client.post(f"{path}/receive", {"amount": "100.01"})) == (422, {"amount"})
    assert "已登记收回 60.00 元" in said(client, client.post(f"{path}/receive", {"amount": "60", "on": "2026-11-20"}))
    assert "已追回" in said(client, client.post(f"{path}/receive", {"amount": "40", "on": ""}))
    assert client.post(f"{path}/receive", {"amount": "1"}).status_code == 409
    client.sign_in("approver")
    path = f"/funds/recoveries/{second}"
    assert errors(client.post(f"{path}/write-off", {"document": ""})) == (422, {"document"})
    assert "已核销" in said(client, client.post(f"{path}/write-off", {"document": "攸民〔2026〕9号"}))
    assert "测乙" in client.get("/funds/recoveries?state=written_off").text
    assert client.get("/funds/recoveries/99").status_code == 404


def test_findings_are_looked_for_and_answered_with_words(client, money, county):
    money.fund()
    money.allocate()
    people = money.persons(2)
    money.paid([10_000, 20_000], people=people)
    with county.host.database.transaction(write=True) as connection:
        connection.execute(text("UPDATE identity_person SET died_on = '2026-10-03' WHERE id = :p"), {"p": people[1]})
    client.sign_in("accountant")
    assert errors(client.post("/funds/findings", {"month": "本月"})) == (422, {"month"})
    page = said(client, client.post("/funds/findings", {"month": "2026-11"}))
    assert "死亡以后仍在发放" in page and "分配没有完整的会议记录" in page
    number = re.search(r'href="/funds/findings/(\d+)">死亡以后', page).group(1)
    path = f"/funds/findings/{number}"
    assert "/funds/batches/1" in client.get(path).text
    assert errors(client.post(path, {"answer": "查过"}))[0] == 422
    bare = client.post(path, {"state": "confirmed", "answer": ""})
    assert errors(bare) == (422, {"answer"}) and "checked" in bare.text
    assert "属实，待整改" in said(client, client.post(path, {"state": "confirmed", "answer": "多发一人"}))
    assert client.post(path, {"state": "explained", "answer": "又没事"}).status_code == 409
    assert "已整改" in said(client, client.post(path, {"state": "rectified", "answer": "已追回"}))
    assert "死亡以后仍在发放" in client.get("/funds/findings?state=rectified&period=2026-11").text
    client.sign_in("auditor")
    assert client.post(path, {"state": "explained", "answer": "x"}).status_code == 403
    assert client.get("/funds/findings/99").status_code == 404


def test_after_a_restore_the_page_asks_for_the_banks_last_number(client, money, county):
    from core.restoring import mark_restored

    money.fund()
    money.allocate()
    money.release(money.roll([10_000]))
    mark_restored(county.host)
    client.sign_in("disburser")
    blocked = client.post("/funds/batches/1/export")
    assert blocked.status_code == 422 and "数据库从备份恢复过" in blocked.text
    assert errors(client.post("/funds/bank-files", {"number": "七"})) == (422, {"number"})
    assert "下一个文件号是 8" in said(client, client.post("/funds/bank-files", {"number": "7"}))
    assert "银行文件 8 已生成" in said(client, client.post("/funds/batches/1/export"))


def test_money_that_was_spent_is_not_reversed_and_two_clicks_book_once(client, money):
    money.fund(yuan=300)
    money.allocate(yuan=300)
    money.paid([20_000])
    client.sign_in("accountant")
    spent = client.post("/funds/vouchers/1/reverse", {"reason": "记错了"})
    assert spent.status_code == 422 and "不得透支" in spent.text and 'reason"' in spent.text
    roll = client.post("/funds/vouchers/2/reverse", {"reason": "记错了"})
    assert roll.status_code == 422 and "要在它的批次或追回里更正" in roll.text
    once = {"amount": "5", "on": "2026-11-20", "_once": "one-time-key-0001"}
    for _click in range(2):
        assert client.post("/funds/1/interest", once).status_code == 303
    assert client.get("/funds/1").text.count("利息</td>") == 2  # the kind and the words of one voucher


def test_people_of_one_town_see_the_lines_of_that_town_and_clerks_no_money(client, money, county):
    other = f"{OTHER_TOWN}201"
    money.fund()
    money.allocate()
    people = money.persons(2)
    first = money.paid([10_000], people=people[:1])
    second = money.paid([20_000], people=people[1:], period="2026-12", area=other, returned=(0,))
    number = recover(county, people[0], {"2026-11": 5_000})
    client.sign_in("proposer", TOWN)
    assert "测甲" in client.get(f"/funds/batches/{first}").text
    page = client.get(f"/funds/batches/{second}").text
    assert "测乙" not in page and "名册里没有你辖区的人" in page
    assert "没有退票" in client.get("/funds/returned").text
    assert "测甲" in client.get(f"/funds/recoveries/{number}").text
    client.sign_in("proposer", OTHER_TOWN)
    assert client.get(f"/funds/recoveries/{number}").status_code == 404
    assert "测乙" in client.get("/funds/returned").text
    client.sign_in("clerk")
    for path in ("/funds", "/funds/batches", f"/funds/batches/{first}", "/funds/reconcile", "/funds/findings"):
        assert client.get(path).status_code == 403, path
    client.sign_in("proposer")
    for path in ("/funds/new", "/funds/findings", "/funds/kin", "/funds/1/receive"):
        assert client.get(path).status_code == 403, path


def test_a_household_shows_what_its_people_were_paid(client, money, county):
    money.fund()
    money.allocate()
    people = money.persons(1)
    money.paid([10_000], people=people)
    with county.begin() as work:
        members = [Member(person_id=people[0], relation="户主")]
        wish = OpenHousehold(number="0307-1", area=VILLAGE, on=date(2026, 11, 1), members=members)
        household = services.open_household(work, wish).id
    client.sign_in("clerk")
    assert "发放记录" not in client.get(f"/households/{household}").text
    both = county.account("proposer", name="两岗")
    with county.begin("security_admin") as work:
        grant_role(work, NewGrant(account=both, role="clerk"))
    client.sign_in("proposer", name=both)
    page = client.get(f"/households/{household}").text
    assert "2026年11月 日记津贴" in page and "100.00 元，已付" in page


PAGES = {
    "accountant": ["/funds", "/funds/new", "/funds/1", "/funds/1/receive", "/funds/1/interest", "/funds/accounts",
                   "/funds/vouchers/1", "/funds/vouchers/2", "/funds/allocations", "/funds/minutes/1",
                   "/funds/batches", "/funds/batches/1", "/funds/returned", "/funds/bank-files", "/funds/recoveries",
                   "/funds/recoveries/1", "/funds/reconcile", "/funds/reconcile?period=2026-11", "/funds/findings",
                   "/funds/findings/1", "/funds/recoveries?state=recovered"],
    "proposer": ["/funds/allocations/new", "/funds/allocations/1/close", "/funds/minutes/1", "/funds/returned",
                 "/funds/returned/2", "/funds/batches/2"],
    "disburser": ["/funds/batches/1", "/funds/batches/3", "/funds/bank-files"],
    "approver": ["/funds/batches/3", "/funds/recoveries/1", "/funds/reconcile"],
    "clerk": ["/funds/kin"],
}  # fmt: skip


@pytest.fixture
def busy(money, county):
    """Money in every state: paid, returned, waiting for release, a draft, a recovery, findings, kin."""
    money.fund()
    money.allocate()
    people = money.persons(3)
    money.paid([10_000, 20_000, 30_000], people=people, returned=(1,))
    money.roll([10_000], people=people[:1], period="2026-12")
    third = money.roll([10_000], people=people[1:2], period="2027-01")
    money.step("submit", third, "proposer")
    money.step("review", third, "reviewer")
    money.step("approve", third, "approver")
    recover(county, people[0], {"2026-11": 5_000})
    with county.begin("accountant") as work:
        from core.funds import detectors, kin

        detectors.detect(work, "2026-11")
    with county.begin("clerk") as work:
        kin.declare_kin(work, county.account("reviewer"), people[2], "sibling")
    return county


def test_pages_of_the_money_keep_the_rules_of_markup_and_lead_somewhere(client, busy):
    faults, links = [], set()
    for role, paths in PAGES.items():
        client.sign_in(role)
        for path in paths:
            faults += [f"{role} {path}: {fault}" for fault in client.faults_of_markup(path)]
            found = re.findall(r'href="(/funds[^"#]*)"', client.get(path).text)
            links |= {(role, one.replace("&amp;", "&")) for one in found if "pdf" not in one}
        for _role, path in sorted(one for one in links if one[0] == role):
            if client.get(path).status_code != 200:
                faults.append(f"{role} {path}: does not open")
        links = set()
    assert not faults, "\n".join(faults)


def test_pages_of_the_money_speak_english(client, busy):
    chinese = re.compile("[\u4e00-\u9fff]")
    data = (
        "攸县",
        "镇",
        "街道",
        "村",
        "测",
        "民政资金专户",
        "日记",
        "文〔2026〕",
        "户名不符",
        "元整",
        "惠民",
        "死亡以后",
    )
    data += ("到账：F1", "没有写明会议")  # what was booked or found is kept in the words of that day
    faults = []
    for role, paths in PAGES.items():
        client.sign_in(role, language="en")
        for path in paths:
            page = re.sub(r"<script.*?</script>", "", client.get(path).text, flags=re.S)
            for line in re.findall(r">([^<>]*)<|(?:aria-label|placeholder|title)=\"([^\"]*)\"", page):
                words = "".join(line).strip()
                if chinese.search(words) and not any(one in words for one in data):
                    faults.append(f"{path}: {words}")
    assert not faults, "\n".join(sorted(set(faults)))


def test_every_account_of_the_chart_has_its_title_for_translation(county):
    from core.funds.chart import TITLES
    from core.funds.reading import chart_titles

    with county.look("auditor") as work:
        assert chart_titles(work) == {code: f"{code} {title}" for code, title in TITLES.items()}


def test_more_batches_than_a_page_holds_stand_on_the_next_and_none_is_left_out(client, money):
    with money.county.begin("proposer") as work:
        by = work.actor.account_id
        drafts = [
            Batch(scheme="every_hook", period=f"{2000 + year}-{month:02d}", run=1, area=TOWN, built_at=work.now,
                  built_by=by)
            for year in range(10)
            for month in range(1, 13)
        ][: queries.PAGE + 3]  # fmt: skip
        for one in drafts:
            add_batch(work, one)
        work.record("test.batches", "test:batches")
        made = sorted((one.id for one in drafts), reverse=True)
    client.sign_in("accountant")
    first = client.get("/funds/batches?state=building").text
    path = unescape(re.search(r'href="([^"]*after=[^"]*)" rel="next"', first)[1])
    second = client.get(path).text
    seen = [int(one) for text in (first, second) for one in re.findall(r'href="/funds/batches/(\d+)"', text)]
    assert seen == made and "state=building" in path and 'rel="next"' not in second
    with money.county.look("accountant") as work:
        assert [one["batch"] for one in queries.list_batches(work)] == made
