"""Meals and ways paid for confirmed records; certificates that are asked for; scans and photographs."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from core.api import Refused, lines_of_batch
from core.funds import batches
from core.funds.allocations import NewAllocation, allocate
from core.funds.sources import NewFund, add_fund
from core.identity.bank_accounts import NewBankAccount, set_account
from core.policy import SetPolicy, set_policy
from plugins.volunteers import acts, wishes
from plugins.volunteers.services.proving import keep_file

from .conftest import ROOMS, codes

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 60
ROOMS |= {"requests": acts.REQUEST_ACTS, "subsidies": acts.SUBSIDY_ACTS}


def _served(place, who, confirm=True, **given) -> int:
    record = place.hours(who, role="township_officer", **given)
    if confirm:
        place.confirm(record)
    return record


def _account(place, number, tail) -> None:
    with place.county.begin() as work:
        from plugins.volunteers.queries import own_volunteer

        set_account(work, own_volunteer(work, number).person_id, NewBankAccount(number=f"62284800005{tail:08d}"))


def _pay(place, month="2026-11"):
    with place.county.begin("proposer") as work:
        return acts.pay(work, wishes.PaySubsidies(month=month, minutes="会议纪要 5 号")).data


def _hand_out(place, batch) -> None:
    with place.county.begin("accountant") as work:
        fund = NewFund(
            code="F1", name="F", source="COUNTY", scheme="volunteers", year=2026, amount_fen=1_000_000, document="文 1",
            received=True,
        )  # fmt: skip
        add_fund(work, fund)
    with place.county.begin("proposer") as work:
        wish = NewAllocation(fund="F1", scheme="volunteers", amount_fen=1_000_000, decided_fen=1_000_000)
        allocate(work, wish, b"minutes", "minutes.pdf")
    for action, role in (("submit", "proposer"), ("review", "reviewer"), ("approve", "approver")):
        with place.county.begin(role) as work:
            getattr(batches, action)(work, batch["batch"])
    with place.county.begin("disburser") as work:
        batches.release(work, batch["batch"], batch["total_fen"])


def test_no_subsidy_without_a_confirmed_record_and_never_above_the_days_cap(place):
    li = place.volunteer()
    waiting = _served(place, li, confirm=False, begin="08:00", end="09:00")
    with pytest.raises(Refused) as refusal:
        place.act("hours", "subsidy", waiting, role="clerk", kind="meal", amount="10")
    assert codes(refusal) == {"E_VOL_UNCONFIRMED"}
    one, two = _served(place, li, begin="10:00", end="11:00"), _served(place, li, begin="12:00", end="13:00")
    place.act("hours", "subsidy", one, role="clerk", kind="meal", amount="30")
    with pytest.raises(Refused) as refusal:
        place.act("hours", "subsidy", one, role="clerk", kind="meal", amount="5")
    assert codes(refusal) == {"E_VOL_TWICE"}
    with pytest.raises(Refused) as refusal:
        place.act("hours", "subsidy", two, role="clerk", kind="transport", amount="20.01")
    assert codes(refusal) == {"E_VOL_SUBSIDY_CAP"}
    assert "20.00" in refusal.value.objections[0].reason
    made = place.act("hours", "subsidy", two, role="clerk", kind="transport", amount="20")
    place.act("subsidies", "withdraw", made["id"], role="clerk", reason="发票不符")
    document = {"valid_from": date(2026, 11, 1), "document": "攸民发〔2026〕8号"}
    with place.county.begin() as work:
        set_policy(work, SetPolicy(key="volunteers.subsidy_day_cap", value="35.00", **document))
    with pytest.raises(Refused) as refusal:
        place.act("hours", "subsidy", two, role="clerk", kind="transport", amount="20")
    assert codes(refusal) == {"E_VOL_SUBSIDY_CAP"}


def test_the_database_holds_that_a_subsidy_rests_on_service(place):
    record = _served(place, place.volunteer(), confirm=False)
    made = (
        "INSERT INTO volunteers_subsidy (volunteer_id, record_id, area, kind, served_on, month, amount_fen, entered_on,"
        " entered_by, revision, meeting, reason) SELECT volunteer_id, id, area, 'meal', served_on, '2026-11', 100,"
        f" served_on, entered_by, 0, '', '' FROM volunteers_record WHERE id = {record}"  # noqa: S608 - our own number
    )
    with pytest.raises(DatabaseError), place.county.host.database.transaction(write=True) as connection:
        connection.execute(text(made))
    place.confirm(record)
    with place.county.host.database.transaction(write=True) as connection:
        connection.execute(text(made))
    for wrong in ("UPDATE volunteers_subsidy SET amount_fen = 900", "DELETE FROM volunteers_subsidy"):
        with pytest.raises(DatabaseError), place.county.host.database.transaction(write=True) as connection:
            connection.execute(text(wrong))


def test_subsidies_are_one_line_for_a_volunteer_and_month_and_go_through_the_funds(place):
    li, wang = place.volunteer("李四"), place.volunteer("王五")
    first = _served(place, li, begin="08:00", end="09:00")
    for record, kind, amount in (
        (first, "meal", "20"),
        (first, "transport", "8.50"),
        (_served(place, wang), "meal", "15"),
    ):
        place.act("hours", "subsidy", record, role="clerk", kind=kind, amount=amount)
    with pytest.raises(Refused) as refusal:
        _pay(place)
    assert codes(refusal) == {"E_VOL_PAYEE"}
    _account(place, li, 1)
    _account(place, wang, 2)
    paid = _pay(place)
    assert (paid["lines"], paid["total_fen"]) == (2, 4350)
    again = _pay(place)
    assert (again["batch"], again["total_fen"]) == (paid["batch"], 4350)
    with place.county.look() as work:
        lines = lines_of_batch(work, paid["batch"])
    assert {(one.for_month, one.component, one.amount_fen) for one in lines} == {
        ("2026-11", "VOLUNTEER_COST", 2850), ("2026-11", "VOLUNTEER_COST", 1500),
    }  # fmt: skip
    place.county.account("reviewer")
    _hand_out(place, paid)
    with pytest.raises(Refused) as refusal:
        place.act("subsidies", "withdraw", 1, role="clerk", reason="x")
    assert codes(refusal) == {"E_VOL_STATE"}
    later = _served(place, li, begin="14:00", end="15:00")
    place.act("hours", "subsidy", later, role="clerk", kind="meal", amount="10")
    more = _pay(place)
    assert more["batch"] != paid["batch"] and (more["lines"], more["total_fen"]) == (1, 1000)


def test_a_reversal_takes_the_subsidy_back_or_claims_it(place):
    li = place.volunteer()
    _account(place, li, 3)
    early, late = _served(place, li, begin="08:00", end="09:00"), _served(place, li, begin="10:00", end="11:00")
    place.act("hours", "subsidy", early, role="clerk", kind="meal", amount="20")
    paid = _pay(place)
    _hand_out(place, paid)
    place.act("hours", "subsidy", late, role="clerk", kind="meal", amount="10")
    for record in (early, late):
        place.act("hours", "reverse", record, role="clerk", reason="登记错了")
    with place.county.look() as work:
        from core.api import recoveries_of
        from plugins.volunteers.queries import Filter, list_subsidies, own_volunteer

        states = {one["state"] for one in list_subsidies(work, Filter())}
        found = recoveries_of(work, "volunteers", [own_volunteer(work, li).id or 0])
    assert states == {"withdrawn"}
    assert [one.amount_fen for one in found] == [2000]


def test_a_line_that_no_longer_holds_is_not_submitted(place):
    li = place.volunteer()
    _account(place, li, 4)
    record = _served(place, li)
    made = place.act("hours", "subsidy", record, role="clerk", kind="meal", amount="20")
    paid = _pay(place)
    place.act("subsidies", "withdraw", made["id"], role="clerk", reason="发票不符")
    with pytest.raises(Refused) as refusal, place.county.begin("proposer") as work:
        batches.submit(work, paid["batch"])
    assert "E_VOL_STALE" in codes(refusal)


def test_a_request_is_due_after_ten_working_days_and_ends_with_the_certificate(place, run):
    li = place.volunteer()
    _served(place, li)
    ran = run("volunteers", "request", "add", "--volunteer", li, "--json")
    assert ran.exit_code == 0, ran.talk
    assert (ran.data["number"], ran.data["due_on"]) == ("SQ-2026-000001", "2026-12-04")
    assert run("volunteers", "request", "add", "--volunteer", li, "--json").error["code"] == "E_VOL_TWICE"
    place.at("2026-12-07")
    with place.county.look("clerk") as work:
        from plugins.volunteers.desk import tasks

        late = [one for one in tasks(work) if one.subject == "SQ-2026-000001"]
    assert [(one.state, one.due) for one in late] == [("bad", date(2026, 12, 4))]
    done = place.act("requests", "issue", "SQ-2026-000001", role="clerk", handler="周敏")
    assert done["state"] == "issued" and done["certificate_id"]
    with place.county.look() as work:
        from plugins.volunteers.queries import own_certificate

        made = own_certificate(work, str(done["certificate_id"]))
        assert (made.requested_on, made.until) == (date(2026, 11, 20), date(2026, 11, 20))
    with pytest.raises(Refused) as refusal:
        place.act("requests", "refuse", "SQ-2026-000001", role="clerk", reason="x")
    assert codes(refusal) == {"E_VOL_STATE"}


def test_a_request_to_an_organisation_that_did_not_record_is_refused(place):
    li = place.volunteer()
    _served(place, li)
    other = place.org("另一支队伍")
    with pytest.raises(Refused) as refusal, place.county.begin() as work:
        acts.ask_certificate(work, wishes.RequestCertificate(volunteer=li, org=str(other)))
    assert codes(refusal) == {"E_CERT_FOREIGN"}


def test_photographs_need_consent_and_no_childs_face(place, run, tmp_path):
    org = place.org("少儿队")
    number = place.plan(org, kind="child")
    given = {"file_name": "现场.png", "content": PNG, "kind": "photo"}

    def keep(**more):
        with place.county.begin() as work:
            return keep_file(work, "activities", number, wishes.KeepFile(**given, **more))

    with pytest.raises(Refused) as refusal:
        keep()
    assert [one.field for one in refusal.value.objections] == ["agreed", "covered"]
    assert keep(agreed=True, covered=True)["attachment"]
    file = tmp_path / "sheet.png"
    file.write_bytes(PNG)
    ran = run("volunteers", "attach", "activities", number, str(file), "--kind", "sheet", "--json")
    assert ran.exit_code == 0, ran.talk


def test_pages_and_api_of_requests_and_subsidies(place, client):
    li = place.volunteer()
    record = _served(place, li)
    client.sign_in("clerk")
    made = client.post("/volunteers/requests/new", data={"volunteer": li})
    assert made.status_code == 303, made.text
    assert "SQ-2026-000001" in client.get("/volunteers/requests?state=open").text
    assert "出具期限" in client.get("/volunteers/requests/1").text
    over = client.post(f"/volunteers/hours/{record}/subsidy", data={"kind": "meal", "amount": "50.01"})
    assert over.status_code == 422 and "50.00" in over.text
    paid = client.post(f"/volunteers/hours/{record}/subsidy", data={"kind": "meal", "amount": "12.5"})
    assert paid.headers["location"].startswith("/volunteers/subsidies/1"), paid.text
    assert "12.50" in client.get("/volunteers/subsidies?state=waiting").text
    assert "误餐" in client.get("/volunteers/subsidies/1").text
    assert client.get("/volunteers/subsidies/new").status_code == 403
    issued = client.post("/volunteers/requests/1/issue", data={})
    assert issued.headers["location"].startswith("/volunteers/certificates/1")
    assert 'name="agreed"' in client.get(f"/volunteers/hours/{record}/file").text
    sent = {"file": ("签到表.png", PNG, "image/png")}
    kept = client.post(f"/volunteers/hours/{record}/file", data={"kind": "sheet", "title": "十一月签到表"}, files=sent)
    assert kept.status_code == 303, kept.text
    assert "十一月签到表" in client.get(f"/volunteers/hours/{record}").text
    face = client.post(f"/volunteers/hours/{record}/file", data={"kind": "photo"}, files=sent)
    assert face.status_code == 422 and "同意" in face.text
    token = place.county.token(place.county.account("clerk"))
    headers = {"Authorization": f"Bearer {token}"}
    answer = client.client.get("/api/v1/volunteers/subsidies", headers=headers).json()
    assert [one["amount_fen"] for one in answer["items"]] == [1250]
    asked = client.client.get("/api/v1/volunteers/requests", headers=headers).json()
    assert [one["state"] for one in asked["items"]] == ["issued"]
