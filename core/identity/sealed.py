"""Under which names the registry seals and indexes: the purposes of blind indexes, and the columns of sealed values."""

CITIZEN_ID, ACCOUNT, PHONE = "citizen_id", "bank_account", "phone"
"""Purposes of the blind indexes. RIC, HKB and HMT_RP share the first: one number, one person."""

NUMBER_COLUMN, LEGACY_COLUMN = "identity_document.number_sealed", "identity_document.legacy_sealed"
ACCOUNT_COLUMN, PHONE_COLUMN = "identity_bank_account.number_sealed", "identity_person.phone_sealed"
"""Places that ciphers are bound to."""
