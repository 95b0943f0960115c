"""Rows of a spreadsheet by the rules of a wish."""

from pydantic import BaseModel, Field

from core.api import NotFound, code_of, refuse, row_objections, row_wish


class Meal(BaseModel):
    """A meal of a list."""

    person: int
    price: int = Field(default=9, ge=1)


def test_empty_cells_are_not_given_and_wrong_ones_are_named_at_their_column():
    found = []
    assert row_wish(found, 3, Meal, {"person": "7", "price": ""}) == Meal(person=7)
    assert row_wish(found, 4, Meal, {"person": "seven", "price": "0"}) is None
    assert [(one.row, one.column, one.code) for one in found] == [(4, "person", "E_FIELD"), (4, "price", "E_FIELD")]


def test_what_the_rules_object_to_stands_at_the_columns_of_the_table():
    def twice():
        raise refuse("already", field="person_id", code="E_TWICE")

    def gone():
        raise NotFound("no such site")

    [one] = row_objections(2, twice, {"person_id": "citizen_id"})
    assert (one.row, one.column, one.code, one.reason) == (2, "citizen_id", "E_TWICE", "already")
    [other] = row_objections(2, gone, otherwise="site")
    assert (other.column, other.code) == ("site", "E_NOT_FOUND")
    assert row_objections(2, lambda: None) == []


def test_a_word_of_a_vocabulary_is_its_code():
    kinds = {"town": "乡镇", "village": "村"}
    assert [code_of(kinds, word) for word in ("村", "town", "city", "", None)] == ["village", "town", "city", "", None]
