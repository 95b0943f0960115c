"""The frame: units of work, refusals, turns, policy, settings."""

from datetime import date

import pytest

from core.errors import Fault, Forbidden, NotFound, Refused
from core.extension import PolicyKey
from core.identity.actors import shell_actor
from core.models.workdays import WorkdayOverride
from core.policy import SetPolicy, confirm_policy, read_value, set_policy


def test_a_write_without_a_record_is_a_fault_and_leaves_nothing(county):
    with pytest.raises(Fault, match="nothing was recorded"), county.begin() as work:
        work.session.add(WorkdayOverride(day=date(2026, 12, 1), works=False, document="x"))
    with county.look() as work:
        assert work.session.get(WorkdayOverride, date(2026, 12, 1)) is None


def test_a_unit_that_only_reads_cannot_write(county):
    with pytest.raises(Exception, match="read"), county.look() as work:
        work.session.add(WorkdayOverride(day=date(2026, 12, 1), works=False, document="x"))
        work.session.flush()


def test_a_clerk_of_a_town_has_rights_there_only(county):
    with county.look("clerk", "430223103") as work:
        assert work.areas("household.show") == ("430223103",)
        assert not work.may("household.show", "430223106")
        with pytest.raises(Forbidden):
            work.require("account.set")


def test_a_policy_value_counts_from_its_day(county):
    with county.begin() as work:
        set_policy(
            work, SetPolicy(key="pay.day", value="15", valid_from=date(2027, 1, 1), document="攸民发〔2026〕9号")
        )
    with county.look() as work:
        assert work.policy("pay.day", on=date(2026, 12, 31)) == 10
        assert work.policy("pay.day", on=date(2027, 1, 1)) == 15


def test_an_unknown_policy_key_names_the_nearest(county):
    with county.look() as work, pytest.raises(NotFound, match=r"pay\.day"):
        work.policy("pay.dya")


def test_one_does_not_confirm_ones_own_policy_value(county):
    with county.begin("proposer") as work:
        row = set_policy(work, SetPolicy(key="pay.day", value="15", valid_from=None, document="1号"))
    with county.begin("approver") as work:
        confirm_policy(work, row.id)
    with pytest.raises(Forbidden), county.begin("proposer") as work:
        confirm_policy(work, row.id)


def test_a_policy_value_that_does_not_fit_says_what_is_expected(county):
    with county.begin() as work, pytest.raises(Refused, match="整数"):
        set_policy(work, SetPolicy(key="pay.day", value="十五", valid_from=None, document="1号"))


def test_the_shell_never_takes_a_second_persons_step(county):
    with county.look() as work:
        assert not work.may("policy.confirm")
        assert work.may("policy.set")


def test_an_unproven_account_never_takes_a_second_persons_step(county, run):
    name = county.account("approver")
    from core.identity.actors import actor_named

    with county.host.begin(actor_named(county.host, name), write=False) as work:
        assert not work.may("policy.confirm")


def test_a_policy_set_in_a_unit_that_is_rolled_back_is_not_read_by_the_next(county):
    wish = SetPolicy(key="households.adult_age", value=19, valid_from=None, document="试 1")
    with county.look() as work:
        assert work.policy("households.adult_age") == 18
    with county.host.begin(shell_actor(county.host, "test"), edge="command", dry_run=True) as work:
        set_policy(work, wish)
        assert work.policy("households.adult_age") == 19
    with county.look() as work:
        assert work.policy("households.adult_age") == 18
    with county.begin() as work:
        set_policy(work, SetPolicy(key="households.adult_age", value=20, valid_from=None, document="试 2"))
    with county.look() as work:
        assert work.policy("households.adult_age") == 20


def test_a_page_reads_all_its_policies_by_one_question(county):
    with county.look() as work:
        work.policy("households.adult_age")
        kept = work.policies
        work.policy("households.elderly_age", on=work.today)
        assert work.policies is kept


@pytest.mark.parametrize("kind", ["integer", "money", "ratio", "boolean", "integers", "texts", "mapping"])
@pytest.mark.parametrize("given", ["NaN", "9e999999", "9" * 5_000, "yes", "[", "[" * 100_000, 1e400, 10**400])
def test_a_policy_value_that_makes_no_sense_is_refused_in_words(kind, given):
    with pytest.raises(Refused) as refusal:
        read_value(PolicyKey(name="frame.trial", title="试", kind=kind, default=None), given)
    assert refusal.value.objections[0].code == "E_POLICY_VALUE" and len(str(refusal.value)) < 300


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(1, None, "（不小于 1）"), (None, 5, "（不大于 5）"), (1, 5, "（1 至 5）"), (None, None, "整数，")],
)
def test_a_refused_value_says_between_what_it_may_lie(low, high, words):
    key = PolicyKey(name="frame.trial", title="试", kind="integer", default=1, minimum=low, maximum=high)
    with pytest.raises(Refused, match=words):
        read_value(key, "x")
