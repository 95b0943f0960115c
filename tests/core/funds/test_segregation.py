"""RS09, RS10: four steps need four people whatever roles they are lent, and nobody decides about their own family."""

from contextlib import suppress
from itertools import product

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from core.api import cancel_batch
from core.audit.models import Record
from core.errors import HuiminError, Refused
from core.funds import batches, kin, verifying
from core.funds.models import Batch, BatchStep
from core.identity.accounts import NewGrant, find_account, grant_role
from core.tables import columns

PEOPLE = 5
STEPS = (("proposer", "submit"), ("reviewer", "review"), ("approver", "approve"), ("disburser", "release"))
HELD = ("proposer", "reviewer", "approver")
"""What each holds. An approver cannot be a disburser too: the role is lent in exchange for the last step."""


def staff(county):
    """Five who each hold the first three roles: names with their ids."""
    names = [county.account("proposer", name=f"员{at}") for at in range(PEOPLE)]
    for name in names:
        for role in HELD[1:]:
            with county.begin("security_admin") as work:
                grant_role(work, NewGrant(account=name, role=role))
    with county.look() as work:
        return {name: find_account(work, name).id for name in names}


def lend(county, account, role, instead):
    with county.host.database.transaction(write=True) as connection:
        wish = text("UPDATE identity_grant SET role = :role WHERE account_id = :id AND role = :instead")
        assert connection.execute(wish, {"role": role, "id": account, "instead": instead}).rowcount == 1


@pytest.mark.proof("RS09")
def test_the_steps_are_taken_by_the_api_exactly_when_four_people_take_them(county, money, client, proof):
    money.fund(yuan=10_000_000)
    money.allocate(yuan=10_000_000)
    ids = staff(county)
    ways = list(product(ids, repeat=4))
    ways = proof.dice.sample(ways, proof.effort(quick=25, long=len(ways)))
    wrong, allowed = [], 0
    for place, way in enumerate(ways):
        batch = money.roll([10_000], month=f"{1900 + place // 12}-{place % 12 + 1:02d}")
        seen = []
        for name, (_role, step) in zip(way, STEPS, strict=True):
            last = step == "release"
            if last:
                lend(county, ids[name], "disburser", "approver")
            given = {"json": {"confirm_fen": 10_000}} if last else {}
            answer = client.api("POST", f"/batches/{batch}/{step}", as_=name, **given)
            if last:
                lend(county, ids[name], "approver", "disburser")
            seen.append(answer.status_code)
            if answer.status_code != 201:
                if answer.json()["error"]["code"] != "E_SOD":
                    wrong.append((way, answer.text))
                break
        first = next((at for at, name in enumerate(way) if name in way[:at]), 4)
        if seen != [201] * first + [422] * (first < 4):
            wrong.append((way, seen))
        allowed += first == 4
        if first < 4:
            _give_up(county, batch, first)
    assert wrong == []
    if len(ways) == PEOPLE**4:
        assert allowed == 5 * 4 * 3 * 2
    with county.look("auditor") as work:
        assert verifying.verify(work) == []
    proof.counted(len(ways), len(wrong))


def _give_up(county, batch, taken):
    """Clear the table for the next way: what waits is sent back and given up."""
    role = {1: "reviewer", 2: "approver", 3: "disburser"}[taken]
    with county.begin(role, name=f"{role}-still") as work:
        batches.send_back(work, batch, "换人办理")
    with county.begin("proposer") as work:
        cancel_batch(work, batch, "换人办理")


@pytest.mark.proof("RS10")
def test_nobody_decides_about_a_declared_relative_however_the_families_lie(county, money, proof):
    dice, graphs = proof.dice, proof.effort(quick=4, long=200)
    money.fund(yuan=10_000_000)
    money.allocate(yuan=10_000_000)
    people = money.persons(12)
    names = {role: [county.account(role, name=f"{role}{at}") for at in range(3)] for role, _step in STEPS}
    with county.look() as work:
        ids = {name: find_account(work, name).id for some in names.values() for name in some}
    wrong, steps = [], 0
    for graph in range(graphs):
        edges = {(dice.choice(list(ids)), dice.choice(people)) for _edge in range(dice.randrange(1, 12))}
        with county.begin("clerk") as work:
            declared = [kin.declare_kin(work, *edge, dice.choice(list(kin.RELATIONS))).id for edge in sorted(edges)]
        on_roll = sorted(dice.sample(people, dice.randrange(1, 12)))
        month = f"{1990 + graph // 12}-{graph % 12 + 1:02d}"
        batch = money.roll([dice.randrange(1, 50_000) for _one in on_roll], people=on_roll, month=month)
        parts = [batch]
        with suppress(Refused), county.begin("proposer", name=names["proposer"][0]) as work:
            parts += batches.submit(work, batch)  # refused where the roll holds nothing but relatives of the submitter
        for part in parts:
            steps += _try_all(county, part, (names, ids), dice, wrong)
        wrong += _deciders_with_kin(county, parts)
        with county.begin("clerk") as work:
            for one in declared:
                kin.end_kin(work, one)
    with county.host.database.transaction(write=False) as connection:
        record, sheet = columns(Record), columns(Batch)
        said = connection.execute(select(record.subject).where(record.action == "funds.kin_split")).all()
        split = connection.scalar(select(func.count()).where(sheet.split_from.is_not(None)))
    assert split and steps
    assert len(said) == split
    with county.look("auditor") as work:
        assert verifying.verify(work) == []
    proof.counted(graphs, len(wrong))


def _try_all(county, part, who, dice, wrong):
    """Everybody tries every step, in any order, by the service and by the hand; those who may bring it to its end."""
    names, ids = who
    taken = 0
    for role, action in STEPS:
        order = list(names[role])
        dice.shuffle(order)
        for name in order:
            with county.look() as work:
                state, total = batches.find_batch(work, part).state, batches.find_batch(work, part).total_fen
                related = bool(kin.relatives_on(work, batches.find_batch(work, part), ids[name]))
            if related and _by_hand(county, part, ids[name], STEPS.index((role, action)) + 1):
                wrong.append((part, name, "by hand"))
            try:
                with county.begin(role, name=name) as work:
                    getattr(batches, action)(work, part, *([total] if action == "release" else []))
            except HuiminError:
                continue
            taken += 1
            if related and action != "submit":
                wrong.append((part, name, action, state))
    return taken


def _by_hand(county, part, account, step):
    statement = text(
        "INSERT INTO funds_batch_step (batch_id, round, step, actor, at, sheet_hash, reason)"
        " SELECT id, round, :step, :who, built_at, sheet_hash, '' FROM funds_batch WHERE id = :b"
    )
    try:
        with county.host.database.transaction(write=True) as connection:
            connection.execute(statement, {"b": part, "who": account, "step": step})
    except DatabaseError:
        return False
    return True


def _deciders_with_kin(county, parts):
    """Steps that stand in the database though a declared relative of who took them is on the batch."""
    batch, step = columns(Batch), columns(BatchStep)
    with county.look() as work:
        connection = work.session.connection()
        rows = connection.execute(
            select(step.batch_id, step.actor, step.step)
            .join(batch.id.table, batch.id == step.batch_id)
            .where(step.batch_id.in_(parts), step.round == batch.round, step.step < batches.SENT_BACK)
        ).all()
        found = {number: batches.find_batch(work, number) for number in parts}
        return [tuple(row) for row in rows if kin.relatives_on(work, found[row.batch_id], row.actor)]
