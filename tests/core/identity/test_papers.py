"""Numbers of other papers, bank accounts and phones."""

from datetime import date

import pytest

from core.errors import Refused
from core.identity import papers
from core.identity.numbers import check_character

TODAY = date(2026, 11, 20)


def code_of(read, *given, **options):
    with pytest.raises(Refused) as refusal:
        read(*given, **options)
    return refusal.value.objections[0].code


def test_a_disability_certificate_tells_kind_and_grade_of_its_holder():
    found = papers.read_disability("11010519491231002x41", "11010519491231002X", today=TODAY)
    assert (found.kind_name, found.grade, found.reissue) == ("limb", 1, 0)
    again = papers.read_disability("11010519491231002X41B2", "11010519491231002X", today=TODAY)
    assert again.reissue == 2


@pytest.mark.parametrize(
    ("number", "holder"),
    [
        ("11010519491231002X41", "430223194611200233"),
        ("11010519491231002X81", "11010519491231002X"),
        ("11010519491231002X45", "11010519491231002X"),
        ("11010519491231002X4", "11010519491231002X"),
        ("11010519491231002X41", None),
    ],
)
def test_a_certificate_of_somebody_else_is_refused(number, holder):
    assert code_of(papers.read_disability, number, holder, today=TODAY) == "E_DISAB_NO"


def test_credit_codes_are_checked():
    assert papers.read_credit_code(" 51430223501234569a") == "51430223501234569A"
    assert papers.read_credit_code("52430223MJ0123456A") == "52430223MJ0123456A"
    for wrong in ("51430223501234568A", "5143022350123456IA", "514302235012345"):
        assert code_of(papers.read_credit_code, wrong) == "E_USCC"


def test_a_residence_permit_begins_with_81_82_or_83():
    first = "83000019900101001"
    number = first + check_character(first)
    assert papers.read_permit(number, today=TODAY) == number
    assert code_of(papers.read_permit, "430223194611200233", today=TODAY) == "E_ID_PROVINCE"


def test_a_foreigners_card_has_an_old_and_a_new_form():
    assert papers.read_foreign_permit("911124198108030024") == "911124198108030024"
    assert papers.read_foreign_permit("can110000000001") == "CAN110000000001"
    assert code_of(papers.read_foreign_permit, "12345") == "E_DOC_NUMBER"
    assert papers.read_foreign_permit("Z-1", r"Z-\d") == "Z-1"


def test_a_passport_names_its_country():
    assert papers.read_passport("e1234 5678", "fra") == ("E12345678", "FRA")
    assert code_of(papers.read_passport, "E12345678", "France") == "E_DOC_NUMBER"
    assert code_of(papers.read_passport, "E-1", "FRA") == "E_DOC_NUMBER"


def test_birth_certificates_and_soldiers_cards_have_their_forms():
    assert papers.read_birth_certificate("t123456789") == "T123456789"
    assert code_of(papers.read_birth_certificate, "1234567890") == "E_DOC_NUMBER"
    assert papers.read_officer("军字第1234567号") == "军字第1234567号"


def test_a_temporary_number_never_looks_like_a_citizen_number():
    number = papers.temporary_number("430223", date(2026, 3, 15), 1)
    assert number == "TMP-430223-20260315-0001"
    assert papers.read_temporary(number.lower()) == number
    assert code_of(papers.temporary_number, "430223", date(2026, 3, 15), 10000) == "E_DOC_NUMBER"


def test_a_bank_account_has_8_to_30_digits():
    assert papers.read_account("6228 4800-1234 5678 906") == "6228480012345678906"
    for wrong in ("1234567", "1" * 31, "62284800A2345678", "6.2E+18", ""):
        assert code_of(papers.read_account, wrong) == "E_ACCOUNT"
    assert "科学计数" in papers.account_objection("6.2E+18").reason


def test_a_wrong_check_digit_of_a_card_is_only_a_warning():
    assert papers.account_warning("4539578763621486") is None
    assert papers.account_warning("4539578763621487").code == "W_ACCT_CHECK"
    assert papers.account_warning("123456789012") is None


def test_phones_lose_what_people_write_around_them():
    assert papers.read_phone("+86 138-0013-8000") == "13800138000"
    assert papers.read_phone("0731-2422 0001") == "073124220001"
    for wrong in ("12800138000", "24220001", "电话"):
        assert code_of(papers.read_phone, wrong) == "E_PHONE"


def test_columns_of_accounts_and_phones_are_read_as_one_by_one():
    assert papers.read_accounts(["6228 4800 1234 5678", "", "abc"]) == (["6228480012345678", "", "ABC"], [2])
    assert papers.read_phones(["138-0013-8000", "", "１３８００１３８０００", "12"]) == (
        ["13800138000", "", "13800138000", "12"],
        [3],
    )
