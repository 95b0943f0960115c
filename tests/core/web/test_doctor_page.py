"""The check-up in the browser: findings with their mends, for those who look after the system."""

import os

from sqlalchemy import text


def test_a_finding_stands_on_the_page_with_what_to_do(client, county):
    client.sign_in("system_admin")
    os.chmod(county.host.settings.keys_folder / "430223.key", 0o644)
    with county.host.database.transaction(write=True) as connection:
        connection.execute(text("UPDATE alembic_core SET version_num = 'core_0001'"))
    page = client.get("/doctor").text
    assert "huimin upgrade run" in page and "430223.key" in page and "没有发现问题" not in page


def test_the_page_says_the_same_as_the_command(client, county, run):
    client.sign_in("system_admin")
    told = run("doctor", "--json").data
    page = client.get("/doctor").text
    assert all(one["title"] in page for one in told["findings"])
    assert told["findings"] or f"检查了 {told['checked']} 项" in page


def test_the_check_up_is_not_for_clerks(client):
    client.sign_in("clerk", "430223103")
    assert client.get("/doctor").status_code == 403
    assert "/doctor" not in client.get("/").text
