"""Making keys, describing and listing them, and the states that they go through."""

import datetime
import re

import pytest
from botocore.exceptions import ParamValidationError
from support import UNKNOWN_KEY, every, invalid, not_an_enum, refused, unique

ENCRYPTION = {"RSA": ["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"], "SYMMETRIC_DEFAULT": ["SYMMETRIC_DEFAULT"]}
RSA_SIGNING = [
    "RSASSA_PKCS1_V1_5_SHA_256",
    "RSASSA_PKCS1_V1_5_SHA_384",
    "RSASSA_PKCS1_V1_5_SHA_512",
    "RSASSA_PSS_SHA_256",
    "RSASSA_PSS_SHA_384",
    "RSASSA_PSS_SHA_512",
]
KINDS = [
    ("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT", "EncryptionAlgorithms", ["SYMMETRIC_DEFAULT"]),
    *((f"RSA_{n}", "ENCRYPT_DECRYPT", "EncryptionAlgorithms", ENCRYPTION["RSA"]) for n in (2048, 3072, 4096)),
    *((f"RSA_{n}", "SIGN_VERIFY", "SigningAlgorithms", RSA_SIGNING) for n in (2048, 3072, 4096)),
    ("ECC_NIST_P256", "SIGN_VERIFY", "SigningAlgorithms", ["ECDSA_SHA_256"]),
    ("ECC_NIST_P384", "SIGN_VERIFY", "SigningAlgorithms", ["ECDSA_SHA_384"]),
    ("ECC_NIST_P521", "SIGN_VERIFY", "SigningAlgorithms", ["ECDSA_SHA_512"]),
    ("ECC_SECG_P256K1", "SIGN_VERIFY", "SigningAlgorithms", ["ECDSA_SHA_256"]),
    *((f"ECC_NIST_P{n}", "KEY_AGREEMENT", "KeyAgreementAlgorithms", ["ECDH"]) for n in (256, 384, 521)),
    *((f"HMAC_{n}", "GENERATE_VERIFY_MAC", "MacAlgorithms", [f"HMAC_SHA_{n}"]) for n in (224, 256, 384, 512)),
]
LISTS = {"EncryptionAlgorithms", "SigningAlgorithms", "MacAlgorithms", "KeyAgreementAlgorithms"}


@pytest.mark.parametrize("spec, usage, algorithms, expected", KINDS, ids=[f"{k[0]}-{k[1]}" for k in KINDS])
def test_every_kind_of_key(kms, account, region, spec, usage, algorithms, expected):
    made = kms.create_key(KeySpec=spec, KeyUsage=usage, Description="every kind")["KeyMetadata"]
    assert re.fullmatch("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", made["KeyId"])
    assert made["Arn"] == f"arn:aws:kms:{region}:{account}:key/{made['KeyId']}"
    assert made["AWSAccountId"] == account
    assert made["KeySpec"] == made["CustomerMasterKeySpec"] == spec
    assert made["KeyUsage"] == usage
    assert made["Description"] == "every kind"
    assert made["Enabled"] is True and made["KeyState"] == "Enabled"
    assert made["Origin"] == "AWS_KMS" and made["KeyManager"] == "CUSTOMER"
    assert made["MultiRegion"] is False
    assert sorted(made[algorithms]) == sorted(expected)
    assert not (LISTS - {algorithms}) & set(made)
    now = datetime.datetime.now(datetime.timezone.utc)
    assert abs(made["CreationDate"] - now) < datetime.timedelta(minutes=2)
    absent = {"DeletionDate", "ExpirationModel", "ValidTo", "PendingDeletionWindowInDays", "MultiRegionConfiguration"}
    assert not absent & set(made)
    described = kms.describe_key(KeyId=made["KeyId"])["KeyMetadata"]
    assert described == made


def test_a_kind_that_the_token_cannot_wrap(kms):
    """SoftHSM makes keys of Ed25519, but wraps none: they would be lost with the session in which they were made."""
    with refused("UnsupportedOperationException"):
        kms.create_key(KeySpec="ECC_NIST_EDWARDS25519", KeyUsage="SIGN_VERIFY")


@pytest.mark.parametrize("spec, usage", [("SM2", "SIGN_VERIFY"), ("ML_DSA_44", "SIGN_VERIFY"), ("ML_DSA_87", "SIGN_VERIFY")])
def test_kinds_that_are_not_there(kms, spec, usage):
    with refused("UnsupportedOperationException", f"KeySpec {spec} is not supported by this service."):
        kms.create_key(KeySpec=spec, KeyUsage=usage)


def test_defaults(kms):
    made = kms.create_key()["KeyMetadata"]
    assert made["KeySpec"] == "SYMMETRIC_DEFAULT"
    assert made["KeyUsage"] == "ENCRYPT_DECRYPT"
    assert made["Description"] == ""
    assert re.fullmatch("[0-9a-f]{64}", made["CurrentKeyMaterialId"])


def test_material_id_is_only_told_of_symmetric_keys(shared):
    assert "CurrentKeyMaterialId" not in shared("ECC_NIST_P256", "SIGN_VERIFY")
    assert "CurrentKeyMaterialId" not in shared("HMAC_256", "GENERATE_VERIFY_MAC")


def test_customer_master_key_spec_is_still_taken(kms):
    made = kms.create_key(CustomerMasterKeySpec="ECC_NIST_P384", KeyUsage="SIGN_VERIFY")["KeyMetadata"]
    assert made["KeySpec"] == made["CustomerMasterKeySpec"] == "ECC_NIST_P384"


def test_both_names_of_the_spec_are_one_too_many(kms):
    with refused("ValidationException", starts="You cannot specify KeySpec and CustomerMasterKeySpec in the same request."):
        kms.create_key(KeySpec="RSA_2048", CustomerMasterKeySpec="RSA_2048", KeyUsage="ENCRYPT_DECRYPT")


@pytest.mark.parametrize("spec", ["HMAC_256", "RSA_2048", "ECC_NIST_P256"])
def test_usage_is_needed_unless_symmetric(kms, spec):
    message = "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys."
    with refused("ValidationException", message):
        kms.create_key(KeySpec=spec)


@pytest.mark.parametrize(
    "spec, usage",
    [
        ("RSA_2048", "KEY_AGREEMENT"),
        ("RSA_2048", "GENERATE_VERIFY_MAC"),
        ("SYMMETRIC_DEFAULT", "SIGN_VERIFY"),
        ("HMAC_256", "ENCRYPT_DECRYPT"),
        ("HMAC_512", "SIGN_VERIFY"),
        ("ECC_NIST_P256", "ENCRYPT_DECRYPT"),
        ("ECC_SECG_P256K1", "KEY_AGREEMENT"),
    ],
)
def test_spec_and_usage_have_to_fit(kms, spec, usage):
    with refused("ValidationException", starts=f"KeyUsage {usage} is not compatible with KeySpec {spec}"):
        kms.create_key(KeySpec=spec, KeyUsage=usage)


@pytest.mark.parametrize(
    "member, value", [("KeySpec", "HMAC_random"), ("KeyUsage", "RANDOM"), ("Origin", "NOWHERE"), ("CustomerMasterKeySpec", "X")]
)
def test_unknown_words(kms, member, value):
    with refused("ValidationException", starts=not_an_enum(member[0].lower() + member[1:], value)):
        kms.create_key(**{member: value})


def test_description_has_a_limit(kms):
    assert kms.create_key(Description="d" * 8192)["KeyMetadata"]["Description"] == "d" * 8192
    with refused("ValidationException", has="Member must have length less than or equal to 8192"):
        kms.create_key(Description="d" * 8193)


def test_external_key_waits_for_its_material(create):
    made = create(Origin="EXTERNAL")
    assert made["Origin"] == "EXTERNAL"
    assert made["KeyState"] == "PendingImport" and made["Enabled"] is False
    assert "ExpirationModel" not in made and "CurrentKeyMaterialId" not in made


@pytest.mark.parametrize(
    "arguments",
    [
        {"MultiRegion": True},
        {"Origin": "AWS_CLOUDHSM", "CustomKeyStoreId": "cks-1234567890abcdef0"},
        {"Origin": "EXTERNAL_KEY_STORE", "CustomKeyStoreId": "cks-1234567890abcdef0", "XksKeyId": "x1"},
        {"CustomKeyStoreId": "cks-1234567890abcdef0"},
    ],
)
def test_what_is_not_offered(kms, arguments):
    with refused("UnsupportedOperationException"):
        kms.create_key(**arguments)


@pytest.mark.parametrize(
    "operation, arguments",
    [
        ("replicate_key", {"KeyId": UNKNOWN_KEY, "ReplicaRegion": "eu-west-3"}),
        ("update_primary_region", {"KeyId": UNKNOWN_KEY, "PrimaryRegion": "eu-west-3"}),
        ("create_custom_key_store", {"CustomKeyStoreName": "store"}),
        ("connect_custom_key_store", {"CustomKeyStoreId": "cks-1234567890abcdef0"}),
        ("disconnect_custom_key_store", {"CustomKeyStoreId": "cks-1234567890abcdef0"}),
        ("delete_custom_key_store", {"CustomKeyStoreId": "cks-1234567890abcdef0"}),
        ("update_custom_key_store", {"CustomKeyStoreId": "cks-1234567890abcdef0"}),
        ("describe_custom_key_stores", {}),
    ],
)
def test_operations_that_are_not_offered(kms, operation, arguments):
    with refused("UnsupportedOperationException"):
        getattr(kms, operation)(**arguments)


def test_key_is_named_in_four_ways(kms, shared, alias, account, region):
    key = shared()
    for name in (key["KeyId"], key["Arn"], alias, f"arn:aws:kms:{region}:{account}:{alias}"):
        assert kms.describe_key(KeyId=name)["KeyMetadata"]["Arn"] == key["Arn"]
        encrypted = kms.encrypt(KeyId=name, Plaintext=b"four ways")
        assert encrypted["KeyId"] == key["Arn"]
        assert kms.decrypt(KeyId=name, CiphertextBlob=encrypted["CiphertextBlob"])["Plaintext"] == b"four ways"


def test_list_keys(kms, create):
    made = [create() for _ in range(5)]
    listed = every(kms.list_keys, "Keys", Limit=2)
    ids = [entry["KeyId"] for entry in listed]
    assert len(ids) == len(set(ids))
    for key in made:
        assert {"KeyId": key["KeyId"], "KeyArn": key["Arn"]} in listed
    pages = kms.get_paginator("list_keys").paginate(PaginationConfig={"PageSize": 3})
    assert {key["KeyId"] for page in pages for key in page["Keys"]} >= {key["KeyId"] for key in made}


def test_list_keys_limits(kms, loose):
    with refused("ValidationException", invalid("limit", "Member must have value less than or equal to 1000", 1001)):
        kms.list_keys(Limit=1001)
    with refused("ValidationException", invalid("limit", "Member must have value greater than or equal to 1", 0)):
        loose.list_keys(Limit=0)
    with refused("InvalidMarkerException"):
        kms.list_keys(Marker="AAAA-no-marker-of-ours")


def test_disable_and_enable(kms, key):
    for _ in range(2):
        assert set(kms.disable_key(KeyId=key["KeyId"])) == {"ResponseMetadata"}
    described = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
    assert described["KeyState"] == "Disabled" and described["Enabled"] is False
    with refused("DisabledException", f"{key['Arn']} is disabled."):
        kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x")
    for _ in range(2):
        assert set(kms.enable_key(KeyId=key["Arn"])) == {"ResponseMetadata"}
    described = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
    assert described["KeyState"] == "Enabled" and described["Enabled"] is True
    kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x")


@pytest.mark.parametrize("days", [None, 7, 30])
def test_deletion_is_scheduled_and_cancelled(kms, key, days):
    before = datetime.datetime.now(datetime.timezone.utc)
    answer = kms.schedule_key_deletion(KeyId=key["KeyId"], **({} if days is None else {"PendingWindowInDays": days}))
    assert answer["KeyId"] == key["Arn"]
    assert answer["KeyState"] == "PendingDeletion"
    assert answer["PendingWindowInDays"] == (days or 30)
    due = before + datetime.timedelta(days=days or 30)
    assert abs(answer["DeletionDate"] - due) < datetime.timedelta(days=1)
    described = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
    assert described["KeyState"] == "PendingDeletion" and described["Enabled"] is False
    assert described["DeletionDate"] == answer["DeletionDate"]
    with refused("KMSInvalidStateException", f"{key['Arn']} is pending deletion."):
        kms.schedule_key_deletion(KeyId=key["KeyId"])
    with refused("KMSInvalidStateException", f"{key['Arn']} is pending deletion."):
        kms.generate_data_key(KeyId=key["KeyId"], KeySpec="AES_256")
    assert kms.cancel_key_deletion(KeyId=key["KeyId"])["KeyId"] == key["Arn"]
    described = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
    assert described["KeyState"] == "Disabled" and described["Enabled"] is False
    assert "DeletionDate" not in described
    kms.enable_key(KeyId=key["KeyId"])
    kms.encrypt(KeyId=key["KeyId"], Plaintext=b"back")


@pytest.mark.parametrize("days", [1, 6, 31, 366])
def test_waiting_period_is_from_7_to_30_days(kms, key, days):
    with refused("ValidationException"):
        kms.schedule_key_deletion(KeyId=key["KeyId"], PendingWindowInDays=days)


def test_only_what_is_scheduled_can_be_cancelled(kms, key):
    with refused("KMSInvalidStateException", f"{key['Arn']} is not pending deletion."):
        kms.cancel_key_deletion(KeyId=key["KeyId"])


PENDING = {
    "enable_key": {},
    "disable_key": {},
    "enable_key_rotation": {},
    "disable_key_rotation": {},
    "rotate_key_on_demand": {},
    "update_key_description": {"Description": "x"},
    "tag_resource": {"Tags": [{"TagKey": "a", "TagValue": "b"}]},
    "untag_resource": {"TagKeys": ["a"]},
    "encrypt": {"Plaintext": b"x"},
    "generate_data_key": {"KeySpec": "AES_256"},
    "generate_data_key_without_plaintext": {"NumberOfBytes": 8},
    "generate_data_key_pair": {"KeyPairSpec": "ECC_NIST_P256"},
    "generate_data_key_pair_without_plaintext": {"KeyPairSpec": "ECC_NIST_P256"},
}


def test_what_a_key_pending_deletion_refuses(kms, key):
    kms.schedule_key_deletion(KeyId=key["KeyId"], PendingWindowInDays=7)
    for operation, arguments in PENDING.items():
        with refused("KMSInvalidStateException", f"{key['Arn']} is pending deletion."):
            getattr(kms, operation)(KeyId=key["KeyId"], **arguments)
    with refused("KMSInvalidStateException", f"{key['Arn']} is pending deletion."):
        kms.create_alias(AliasName=unique("alias/test"), TargetKeyId=key["KeyId"])


def test_what_a_key_pending_deletion_answers(kms, key):
    kms.schedule_key_deletion(KeyId=key["KeyId"], PendingWindowInDays=7)
    kms.get_key_policy(KeyId=key["KeyId"], PolicyName="default")
    kms.list_key_policies(KeyId=key["KeyId"])
    kms.list_grants(KeyId=key["KeyId"])
    kms.list_resource_tags(KeyId=key["KeyId"])
    kms.list_aliases(KeyId=key["KeyId"])
    assert key["KeyId"] in {entry["KeyId"] for entry in every(kms.list_keys, "Keys")}


def test_description_is_changed(kms, key):
    for text in ("another", "", "mit Ümlauten"):
        assert set(kms.update_key_description(KeyId=key["KeyId"], Description=text)) == {"ResponseMetadata"}
        assert kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["Description"] == text
    with pytest.raises(ParamValidationError):
        kms.update_key_description(KeyId=key["KeyId"])


def test_last_usage(kms, key):
    """The audit log has it."""
    with refused("UnsupportedOperationException"):
        kms.get_key_last_usage(KeyId=key["KeyId"])
