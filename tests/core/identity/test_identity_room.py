"""What the identity room tells the core: rights, words for its records, tasks on the desk."""

import re
from pathlib import Path

import core.identity
from core.identity.corrections import Correction
from core.identity.second_person import propose_correction
from core.identity.wording import in_words
from core.roles import ADMINISTRATORS
from core.values import Masked

TOWN, OTHER_TOWN = "430223103", "430223106"


def test_every_record_of_the_room_has_words():
    sources = "".join(file.read_text("utf-8") for file in Path(core.identity.__file__).parent.glob("*.py"))
    plain = set(
        re.findall(r'"((?:person|attachment|account)\.[a-z_]+_?(?:ed|set|reset|added|opened|in|out))"', sources)
    )
    made = {f"person.{kind}_taken_back" for kind in ("death", "move", "moved_out", "correction", "merge")}
    made |= {f"person.{kind}_proposed" for kind in ("correction", "merge", "taken_back")}
    plain |= {one.action for one in (Masked, *Masked.__subclasses__())}
    rights = {"account.set", "account.show"}
    assert [action for action in sorted(plain | made) if action not in rights and in_words(action) is None] == []


def test_administrators_hold_no_right_over_persons(county):
    for role in ADMINISTRATORS:
        rights = county.host.rights_of(role)
        assert not any(right.startswith(("person.", "attachment.")) for right in rights)


def test_the_shell_stands_for_a_clerk_but_confirms_nothing(county):
    rights = county.host.rights_of("shell")
    assert {"person.show", "person.add", "person.change", "person.reveal", "attachment.add"} <= rights
    assert "person.confirm" not in rights


def test_what_waits_for_a_second_person_stands_on_the_desks_of_others(county, register):
    person = register("刘洋")
    with county.begin("clerk", TOWN, name="甲经办") as work:
        propose_correction(work, person, Correction(name="刘阳"), "录入错误")

    def tasks(town, name):
        with county.look("clerk", town, name=name) as work:
            shown = [one for one in work.hooks.show("show_desk_tasks", work=work) if one.plugin == "identity"]
            return [task.subject for one in shown for task in one.entries]

    assert tasks(TOWN, "甲经办") == []
    assert tasks(TOWN, "乙经办") == ["刘洋"]
    assert tasks(OTHER_TOWN, "丙经办") == []
