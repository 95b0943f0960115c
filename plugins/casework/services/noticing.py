"""The notices of a case: opened at every level of its flow, followed when an objection is upheld."""

from typing import TYPE_CHECKING

from plugins.casework.computing import known_amount
from plugins.casework.gates import subject
from plugins.casework.services.turns import Turn
from plugins.notices.api import (
    NewNotice,
    NoticeColumn,
    NoticeRow,
    NoticeType,
    ObjectionDecided,
    notices_of,
    open_notice,
    withdraw_notice,
)

if TYPE_CHECKING:
    from core.api import UnitOfWork

_ROUNDS = {1: "第一次公示", 2: "第二次公示"}
_CLASSES = {"A": "A 类", "B": "B 类", "C": "C 类"}
NOTICE_TYPES = (
    NoticeType(
        name="casework.proposed",
        title="拟享受社会救助待遇家庭公示",
        intro="经本人申请和审核，下列 {count} 户家庭拟享受救助待遇，现予公示，接受群众监督。",
        columns=(
            NoticeColumn(name="name", title="申请人", rule="name"),
            NoticeColumn(name="area", title="村（社区）", rule="area"),
            NoticeColumn(name="members", title="保障人数", rule="count", total=True),
            NoticeColumn(name="class", title="拟定类别", rule="word", words=_CLASSES),
            NoticeColumn(name="amount", title="拟月补助（元）", rule="money", total=True),
        ),
        rounds=_ROUNDS,
    ),
    NoticeType(
        name="casework.numbered",
        title="拟享受社会救助待遇公示",
        intro="下列 {count} 件申请拟按所列金额发放，现予公示，接受群众监督。",
        columns=(
            NoticeColumn(name="case", title="编号", rule="case_number"),
            NoticeColumn(name="amount", title="拟月补助（元）", rule="money", total=True),
        ),
        rounds=_ROUNDS,
        sensitive=True,
    ),
)
"""What casework publishes: by masked name, or by number alone where the scheme is about children."""


def open_round(turn: Turn, round_: int, amount: int | None = None) -> int:
    """Open the sheet of a round for a case; ``amount`` is what is proposed, else what is known yet. Answers its id."""
    work, case, step = turn.work, turn.case, turn.flow.step(f"notice_{round_}")
    fen = amount if amount is not None else known_amount(work, turn.facts, turn.on)
    values: dict[str, object] = {} if fen is None else {"amount": fen}
    if turn.kind.sensitive:
        row = NoticeRow(values={"case": case.number, **values}, person_id=case.applicant_id)
    else:
        beside = {"area": case.area, "members": len(turn.facts.member_ids), "class": case.review_class}
        row = NoticeRow(person_id=case.applicant_id, values={**beside, **values})
    return open_notice(
        work,
        NewNotice(
            type="casework.numbered" if turn.kind.sensitive else "casework.proposed",
            area=case.area,
            rows=(row,),
            scheme=turn.kind.title,
            round=round_,
            subject=subject(case.number),
            levels=step.levels if step else None,  # ty: ignore[invalid-argument-type] - checked when it is opened
        ),
    )


def withdraw_running(turn: Turn, reason: str) -> None:
    """Take back the sheet of a case that left its notice, so that nobody reads what no longer holds."""
    from core.api import Refused

    for notice in notices_of(turn.work, subject(turn.case.number))[-1:]:
        try:
            withdraw_notice(turn.work, notice, reason)
        except Refused:  # it ended by itself, or was withdrawn by the upheld objection
            continue


def follow_objection(work: "UnitOfWork", decided: ObjectionDecided) -> None:
    """An upheld objection sends its case back."""
    from plugins.casework.services.advancing import go_back

    kind, _colon, number = decided.subject.partition(":")
    if decided.upheld and kind == "case":
        go_back(work, number, decided.on, decided.reason)
