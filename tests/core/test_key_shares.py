"""Shares of a secret: enough of them bring it back whichever they are, fewer tell nothing, a wrong one is noticed."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Refused
from core.shares import recover, split, value_at
from core.shares_on_paper import from_text, to_text

SECRETS = st.binary(min_size=1, max_size=80)
pytestmark = pytest.mark.one_database


@given(SECRETS, st.integers(2, 5), st.integers(0, 3))
def test_any_so_many_shares_bring_the_secret_back_in_any_order(secret, needed, more):
    shares = split(secret, needed + more, needed)
    for some in combinations(shares, needed):
        assert recover(some) == recover(some[::-1]) == secret
    assert recover(shares) == secret


@given(SECRETS, st.integers(3, 5))
def test_one_share_too_few_is_told_and_brings_nothing_back(secret, needed):
    shares = split(secret, needed, needed)
    with pytest.raises(Refused, match=str(needed)):
        recover([*shares[1:], shares[1]])


@pytest.mark.parametrize("place", [1, 2, 3, 255])
def test_a_share_alone_is_every_byte_equally_often_whatever_the_secret(place):
    for secret in range(256):
        assert len({value_at(place, (secret, noise)) for noise in range(256)}) == 256


def test_two_of_three_shares_alone_are_every_byte_equally_often_whatever_the_secret():
    seen = {(value_at(1, (90, one, two)), value_at(2, (90, one, two))) for one in range(256) for two in range(256)}
    assert len(seen) == 65_536


def test_the_same_secret_is_split_otherwise_each_time_and_no_share_shows_it():
    secret = bytes(32)
    shares = [one[7:] for _time in range(20) for one in split(secret, 3, 2)]
    assert len(set(shares)) == 60
    assert all(len(set(one[:32])) > 16 for one in shares), "equal bytes must not show as equal bytes"


@given(SECRETS, st.data())
def test_a_changed_letter_is_noticed_wherever_it_is(secret, data):
    text = to_text(split(secret, 3, 2)[0])
    letters = [at for at, letter in enumerate(text) if letter.isalnum()]
    at = data.draw(st.sampled_from(letters))
    other = data.draw(st.sampled_from([one for one in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" if one != text[at]]))
    try:
        found = from_text(text[:at] + other + text[at + 1 :])
    except Refused:
        return
    # The last letter may carry bits that mean nothing.
    assert at == letters[-1] and found == from_text(text)


@given(SECRETS, st.data())
def test_a_share_changed_together_with_its_digest_is_noticed_when_they_are_brought_together(secret, data):
    first, second, _third = split(secret, 3, 2)
    at = data.draw(st.integers(7, len(first) - 1))
    spoilt = bytearray(first)
    spoilt[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Refused, match="不对"):
        recover([bytes(spoilt), second])


def test_shares_of_two_secrets_do_not_mix():
    with pytest.raises(Refused, match="同一次"):
        recover([split(b"one", 3, 2)[0], split(b"two", 3, 2)[1]])


def test_what_is_typed_from_paper_may_be_small_close_together_and_misread():
    share = split(b"secret", 3, 2)[1]
    typed = to_text(share).lower().replace(" ", "").replace("o", "0").replace("b", "8").replace("i", "1")
    assert from_text(f"# talk\n{typed}\n") == share


@pytest.mark.parametrize(("shares", "needed"), [(3, 1), (2, 3), (256, 2)])
def test_no_shares_that_protect_nothing_or_bring_nothing_back(shares, needed):
    with pytest.raises(Refused):
        split(b"secret", shares, needed)
