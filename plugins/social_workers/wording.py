"""How the records of social work read; no client, number or text of a file stands in them."""

from collections.abc import Mapping
from typing import Any

from core.api import _, mark

_WORDS: Mapping[str, str] = {
    "social_workers.worker_added": mark("登记社工"),
    "social_workers.certified": mark("登记社工证书"),
    "social_workers.registered": mark("办理社工登记或再登记"),
    "social_workers.educated": mark("登记继续教育学时"),
    "social_workers.education_revoked": mark("撤销继续教育学时"),
    "social_workers.supervised": mark("登记督导时间"),
    "social_workers.employed": mark("登记社工任职"),
    "social_workers.left": mark("登记社工离职"),
    "social_workers.worker_set": mark("变更社工信息"),
    "social_workers.account_linked": mark("关联社工账号"),
    "social_workers.worker_removed": mark("变更社工在册状态"),
    "social_workers.worker_moved": mark("社工档案随迁移交接"),
    "social_workers.worker_joined": mark("社工档案随人员合并调整"),
    "social_workers.client_joined": mark("个案随人员合并调整"),
    "social_workers.agency_added": mark("登记社工机构"),
    "social_workers.agency_set": mark("变更社工机构信息"),
    "social_workers.agency_account_set": mark("登记社工机构收款账号"),
    "social_workers.agency_closed": mark("注销社工机构"),
    "social_workers.station_added": mark("设立社工站"),
    "social_workers.station_closed": mark("撤销社工站"),
    "social_workers.post_added": mark("设置社工岗位"),
    "social_workers.post_held": mark("登记社工上岗"),
    "social_workers.post_vacated": mark("登记社工离岗"),
    "social_workers.post_closed": mark("撤销社工岗位"),
    "social_workers.sent": mark("登记社工选派"),
    "social_workers.recalled": mark("提前结束社工派驻"),
    "social_workers.trainee_added": mark("登记培养人员"),
    "social_workers.trainee_attended": mark("登记培养人员出勤"),
    "social_workers.trainee_confirmed": mark("确认培养人员"),
    "social_workers.linked": mark("登记三社联动"),
    "social_workers.unlinked": mark("结束三社联动"),
    "social_workers.signed_up": mark("登记考试报考"),
    "social_workers.exam_result_set": mark("登记考试成绩"),
    "social_workers.exam_figure_added": mark("登记以前年度考试数据"),
    "social_workers.project_drafted": mark("起草社工项目"),
    "social_workers.project_stepped": mark("变更社工项目状态"),
    "social_workers.target_amended": mark("调整社工项目目标"),
    "social_workers.assessed": mark("登记社工项目评估"),
    "social_workers.visited": mark("登记社工探访"),
    "social_workers.instalment_entered": mark("登记社工项目付款"),
    "social_workers.instalment_withdrawn": mark("撤回社工项目付款"),
    "social_workers.instalments_batched": mark("社工项目付款生成批次"),
    "social_workers.case_opened": mark("社工接案"),
    "social_workers.case_staged": mark("变更个案阶段"),
    "social_workers.form_added": mark("登记个案文书"),
    "social_workers.risk_set": mark("调整个案风险"),
    "social_workers.supervisor_told": mark("危机告知督导"),
    "social_workers.handed_over": mark("移交个案"),
    "social_workers.group_planned": mark("计划小组"),
    "social_workers.group_stepped": mark("变更小组状态"),
    "social_workers.session_held": mark("登记小组活动"),
    "social_workers.event_held": mark("登记社区活动"),
    "social_workers.event_withdrawn": mark("撤回社区活动"),
    "social_workers.worker_read": mark("查看社工档案"),
    "social_workers.list_read": mark("查看社会工作名单"),
    "social_workers.panel_read": mark("在户页面看到社会工作"),
    "social_workers.file_read": mark("查看个案档案"),
    "social_workers.summary_read": mark("查看个案摘要"),
    "social_workers.paper_printed": mark("打印社会工作文书"),
    "social_workers.workers_imported": mark("导入社工"),
    "social_workers.education_imported": mark("导入继续教育学时"),
    "social_workers.exams_imported": mark("导入考试报考"),
}


def in_words(action: str, _details: Mapping[str, Any]) -> str | None:
    """One sentence for a record of social work, None for another's."""
    found = _WORDS.get(action)
    return _(found) if found else None
