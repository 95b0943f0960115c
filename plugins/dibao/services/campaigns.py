"""Campaigns of re-verification over families whose list is frozen at the start; lists for other departments."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlmodel import col

from core.api import Clash, NotFound, Period, _, insert_columns, scoped, table_of
from plugins.casework.api import facts_of_cases, find_case
from plugins.dibao.awards import newest
from plugins.dibao.models import Award, Campaign, CampaignCase, LinkedList, LinkedPerson
from plugins.dibao.queries import newest_awards
from plugins.dibao.wishes import AnswerList, CampaignResult, GiveList, StartCampaign

if TYPE_CHECKING:
    from core.api import UnitOfWork

RIGHT, LINK = "dibao.campaign", "dibao.link"


def start(work: "UnitOfWork", wish: StartCampaign) -> Campaign:
    """Freeze the families in payment of an area as the list of a campaign."""
    area = wish.area or work.settings.county.code
    work.require(RIGHT, area)
    month = str(Period.of(work.today))
    asked = newest_awards(month).where(col(Award.area).startswith(area, autoescape=True))
    awards = work.session.scalars(scoped(work, asked, Award.area, RIGHT).order_by(col(Award.case_id))).all()
    row = Campaign(
        **wish.model_dump(exclude={"area"}),
        area=area,
        started_on=work.today,
        frozen=len(awards),
        persons=sum(one.members for one in awards),
        started_by=work.actor.account_id,
    )
    work.session.add(row)
    work.session.flush()
    if awards:
        insert_columns(
            work.session.connection(),
            table_of(CampaignCase),
            {
                "case_id": [one.case_id for one in awards],
                "area": [one.area for one in awards],
                "before_fen": [one.total_fen for one in awards],
            },
            {"campaign_id": row.id, "after_fen": None, "result": "", "note": "", "done_on": None, "done_by": None},
        )
    work.record("dibao.campaign_started", f"dibao:campaign:{row.id}", area=area, frozen=row.frozen, persons=row.persons)
    return row


def record_result(work: "UnitOfWork", campaign_id: int, wish: CampaignResult) -> CampaignCase:
    """What became of a family; one that was not on the frozen list can only be added."""
    work.require(RIGHT)
    campaign = running(work, campaign_id)
    case = find_case(work, wish.case, RIGHT)
    row = work.session.get(CampaignCase, (campaign.id, case.id))
    if row is None and wish.result != "added":
        raise NotFound(_("这户不在专项复核的名单里"))
    row = row or CampaignCase(campaign_id=campaign.id or 0, case_id=case.id, area=case.area)
    award = newest(work, case.id)
    row.result, row.note = wish.result, wish.note.strip()
    row.after_fen = 0 if wish.result == "stopped" else award.total_fen if award is not None else 0
    row.done_on, row.done_by = work.today, work.actor.account_id
    work.session.add(row)
    work.session.flush()
    work.record("dibao.campaign_recorded", f"case:{case.number}", area=case.area, result=row.result)
    return row


def end(work: "UnitOfWork", campaign_id: int) -> Campaign:
    """The campaign is over; what was not looked at stays so."""
    campaign = running(work, campaign_id)
    work.require(RIGHT, campaign.area)
    campaign.ended_on = work.today
    work.session.add(campaign)
    work.session.flush()
    work.record("dibao.campaign_ended", f"dibao:campaign:{campaign.id}", area=campaign.area)
    return campaign


def running(work: "UnitOfWork", campaign_id: int) -> Campaign:
    """A campaign that goes on."""
    found = work.session.get(Campaign, campaign_id)
    if found is None or not work.may(RIGHT, found.area):
        raise NotFound(_("没有这次专项复核"))
    if found.ended_on is not None:
        raise Clash(_("专项复核已经结束"))
    return found


def give_list(work: "UnitOfWork", wish: GiveList) -> LinkedList:
    """Freeze the persons in payment of this month as a list for another department."""
    work.require(LINK, work.settings.county.code)
    month = str(Period.of(work.today))
    awards = work.session.scalars(newest_awards(month).order_by(col(Award.case_id))).all()
    cases = facts_of_cases(work, [one.case_id for one in awards])
    people: dict[int, str] = {}
    for one in awards:
        people |= dict.fromkeys(cases[one.case_id].member_ids, one.area)
    row = LinkedList(
        **wish.model_dump(), month=month, persons=len(people), given_on=work.today, given_by=work.actor.account_id
    )
    work.session.add(row)
    work.session.flush()
    if people:
        insert_columns(
            work.session.connection(),
            table_of(LinkedPerson),
            {"person_id": list(people), "area": list(people.values())},
            {"list_id": row.id, "granted": None, "note": ""},
        )
    work.record("dibao.linked_given", f"dibao:linked:{row.id}", kind=row.kind, count=row.persons)
    return row


def answer_list(work: "UnitOfWork", list_id: int, wish: AnswerList) -> LinkedPerson:
    """What the department answered for a person of its list."""
    work.require(LINK, work.settings.county.code)
    row = work.session.get(LinkedPerson, (list_id, wish.person_id))
    kept = work.session.get(LinkedList, list_id)
    if row is None or kept is None:
        raise NotFound(_("这个人不在名单里"))
    row.granted, row.note = wish.granted, wish.note.strip()
    work.session.add(row)
    work.session.flush()
    answered = select(func.count()).select_from(LinkedPerson)
    answered = answered.where(col(LinkedPerson.list_id) == list_id, col(LinkedPerson.granted).is_not(None))
    kept.answered = int(work.session.scalar(answered) or 0)
    work.session.add(kept)
    work.session.flush()
    work.record("dibao.linked_answered", f"dibao:linked:{list_id}", person=wish.person_id, granted=wish.granted)
    return row


def progress(work: "UnitOfWork", campaign: Campaign) -> dict[str, Any]:
    """How far a campaign is: the frozen list, and how many were kept, lowered, stopped, added."""
    asked = (
        select(col(CampaignCase.result), func.count())
        .where(col(CampaignCase.campaign_id) == campaign.id)
        .group_by(col(CampaignCase.result))
    )
    counts = {row[0]: int(row[1]) for row in work.session.execute(asked)}
    done = sum(count for result, count in counts.items() if result not in ("", "added"))
    return {
        "id": campaign.id,
        "title": campaign.title,
        "kind": campaign.kind,
        "area": campaign.area,
        "started_on": campaign.started_on,
        "ended_on": campaign.ended_on,
        "frozen": campaign.frozen,
        "persons": campaign.persons,
        "planned_added": campaign.planned_added,
        "about": campaign.persons + campaign.planned_added if campaign.planned_added else None,
        "done": done,
        **{name: counts.get(name, 0) for name in ("kept", "lowered", "stopped", "added")},
    }
