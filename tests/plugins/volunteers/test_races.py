"""RS25: two volunteers want the last place of a shift at the same moment."""

import pytest

from plugins.volunteers import acts, wishes
from tests.racing import beside


@pytest.mark.proof("RS25")
def test_the_last_place_of_a_shift_is_given_once(place, proof):
    activity = place.plan(place.orgs["桃水镇志愿服务队"], slots=1)

    def sign_up(name):
        wish = wishes.SignUp(volunteer=place.volunteer(name))
        return lambda work: acts.ACTIVITY_ACTS["signup"].do(work, activity, wish)

    assert beside(place.county, sign_up("李四"), sign_up("王五")).data["state"] == "waitlisted"
    proof.counted(1)
