"""What the database itself refuses in the tables of the registry."""

from datetime import date

import pytest

from core.identity.models.accounts import Account, Grant


def grant(county, account, role, since=date(2026, 1, 1), until=None):
    with county.begin() as work:
        work.session.add(Grant(account_id=account, role=role, area="430223", valid_from=since, valid_to=until))
        work.session.flush()
        work.record("account.granted", f"account:{account}")


@pytest.fixture
def account(county):
    with county.begin() as work:
        made = Account(name="李文华", created_at=work.now)
        work.session.add(made)
        work.session.flush()
        work.record("account.added", f"account:{made.id}")
        return made.id


def test_excluded_roles_do_not_meet_in_one_account(county, account):
    grant(county, account, "disburser")
    for role in ("approver", "accountant"):
        with pytest.raises(Exception, match="may not meet"):
            grant(county, account, role)
    grant(county, account, "clerk")


def test_excluded_roles_may_follow_each_other(county, account):
    grant(county, account, "disburser", until=date(2026, 6, 30))
    grant(county, account, "approver", since=date(2026, 7, 1))
    with pytest.raises(Exception, match="may not meet"), county.begin() as work:
        work.session.connection().exec_driver_sql("UPDATE identity_grant SET valid_to = NULL WHERE role = 'disburser'")


def test_the_tables_are_as_the_models_say(county):
    from core import migrating

    assert migrating.drift(county.host.database, migrating.CORE) == []
