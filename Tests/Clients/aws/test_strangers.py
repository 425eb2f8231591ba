"""Somebody without any role in the project: what a grant gives him is all that he has, as long as it lasts."""

import json

import pytest
from support import refused, unique

CONTEXT = {"tenant": "a"}


@pytest.fixture(scope="module")
def grant(kms, stranger_arn):
    def grant(key, *operations, to=stranger_arn, by=kms, **arguments):
        return by.create_grant(KeyId=key["KeyId"], GranteePrincipal=to, Operations=list(operations), **arguments)

    return grant


@pytest.fixture
def sealed(kms, key):
    return kms.encrypt(KeyId=key["KeyId"], Plaintext=b"for whom it is granted", EncryptionContext=CONTEXT)["CiphertextBlob"]


def test_nothing_without_a_grant(stranger, stranger_arn, key, sealed, alias):
    attempts = {
        "Decrypt": lambda: stranger.decrypt(CiphertextBlob=sealed, EncryptionContext=CONTEXT),
        "Encrypt": lambda: stranger.encrypt(KeyId=key["KeyId"], Plaintext=b"x"),
        "GenerateDataKey": lambda: stranger.generate_data_key(KeyId=key["KeyId"], KeySpec="AES_256"),
        "DescribeKey": lambda: stranger.describe_key(KeyId=key["Arn"]),
        "ListGrants": lambda: stranger.list_grants(KeyId=key["KeyId"]),
        "GetKeyPolicy": lambda: stranger.get_key_policy(KeyId=key["KeyId"]),
        "ScheduleKeyDeletion": lambda: stranger.schedule_key_deletion(KeyId=key["KeyId"]),
    }
    for operation, attempt in attempts.items():
        with refused("AccessDeniedException", has=[stranger_arn, f"is not authorized to perform: kms:{operation}", key["Arn"]]):
            attempt()
    everywhere = [stranger.list_keys, stranger.list_aliases, stranger.create_key, lambda: stranger.generate_random(NumberOfBytes=8)]
    for attempt in [*everywhere, lambda: stranger.encrypt(KeyId=alias, Plaintext=b"x")]:
        with refused("AccessDeniedException", has=[stranger_arn, "is not authorized to perform: kms:"]):
            attempt()


@pytest.mark.parametrize("kind, more", [("EncryptionContextEquals", False), ("EncryptionContextSubset", True)])
def test_only_what_is_granted(kms, stranger, stranger_arn, grant, key, kind, more):
    grant(key, "Decrypt", Constraints={kind: CONTEXT})

    def sealed(context):
        return {
            "CiphertextBlob": kms.encrypt(KeyId=key["KeyId"], Plaintext=b"granted", EncryptionContext=context)["CiphertextBlob"],
            "EncryptionContext": context,
        }

    assert stranger.decrypt(**sealed(CONTEXT))["Plaintext"] == b"granted"
    assert stranger.decrypt(KeyId=key["Arn"], **sealed(CONTEXT))["Plaintext"] == b"granted"
    for context in ({}, {"tenant": "b"}, {"Tenant": "a"}):
        with refused("AccessDeniedException", has=[stranger_arn, "kms:Decrypt", key["Arn"]]):
            stranger.decrypt(**sealed(context))
    longer = sealed({**CONTEXT, "row": "7"})
    if more:
        assert stranger.decrypt(**longer)["Plaintext"] == b"granted"
    else:
        with refused("AccessDeniedException"):
            stranger.decrypt(**longer)
    for operation, attempt in {
        "Encrypt": lambda: stranger.encrypt(KeyId=key["KeyId"], Plaintext=b"x", EncryptionContext=CONTEXT),
        "GenerateDataKey": lambda: stranger.generate_data_key(KeyId=key["KeyId"], KeySpec="AES_256", EncryptionContext=CONTEXT),
        "DescribeKey": lambda: stranger.describe_key(KeyId=key["KeyId"]),
        "DisableKey": lambda: stranger.disable_key(KeyId=key["KeyId"]),
        "ScheduleKeyDeletion": lambda: stranger.schedule_key_deletion(KeyId=key["KeyId"]),
        "ListGrants": lambda: stranger.list_grants(KeyId=key["KeyId"]),
    }.items():
        with refused("AccessDeniedException", has=[stranger_arn, f"kms:{operation}"]):
            attempt()
    with refused("AccessDeniedException", has="kms:ReEncrypt"):
        stranger.re_encrypt(CiphertextBlob=sealed(CONTEXT)["CiphertextBlob"], SourceEncryptionContext=CONTEXT, DestinationKeyId=key["KeyId"])


def test_of_that_key_only(kms, stranger, grant, create, key):
    grant(key, "Encrypt", "Decrypt")
    blob = stranger.encrypt(KeyId=key["KeyId"], Plaintext=b"x")["CiphertextBlob"]
    assert stranger.decrypt(CiphertextBlob=blob)["Plaintext"] == b"x"
    with refused("AccessDeniedException"):
        stranger.encrypt(KeyId=create()["KeyId"], Plaintext=b"x")


def test_every_use_that_can_be_granted(stranger, grant, create, key):
    grant(key, "GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "GenerateDataKeyPair", "DescribeKey", "ReEncryptFrom", "ReEncryptTo", "Decrypt")
    made = stranger.generate_data_key(KeyId=key["KeyId"], KeySpec="AES_256")
    assert stranger.decrypt(CiphertextBlob=made["CiphertextBlob"])["Plaintext"] == made["Plaintext"]
    stranger.generate_data_key_without_plaintext(KeyId=key["KeyId"], KeySpec="AES_128")
    stranger.generate_data_key_pair(KeyId=key["KeyId"], KeyPairSpec="ECC_NIST_P256")
    assert stranger.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["Arn"] == key["Arn"]
    moved = stranger.re_encrypt(CiphertextBlob=made["CiphertextBlob"], DestinationKeyId=key["KeyId"])
    assert stranger.decrypt(CiphertextBlob=moved["CiphertextBlob"])["Plaintext"] == made["Plaintext"]
    with refused("AccessDeniedException", has="kms:GenerateDataKeyPairWithoutPlaintext"):
        stranger.generate_data_key_pair_without_plaintext(KeyId=key["KeyId"], KeyPairSpec="ECC_NIST_P256")
    signer = create("ECC_NIST_P256", "SIGN_VERIFY")
    grant(signer, "Sign", "GetPublicKey")
    how = {"KeyId": signer["KeyId"], "Message": b"m", "SigningAlgorithm": "ECDSA_SHA_256"}
    signature = stranger.sign(**how)["Signature"]
    assert stranger.get_public_key(KeyId=signer["KeyId"])["KeySpec"] == "ECC_NIST_P256"
    with refused("AccessDeniedException", has="kms:Verify"):
        stranger.verify(**how, Signature=signature)
    maker = create("HMAC_256", "GENERATE_VERIFY_MAC")
    grant(maker, "VerifyMac")
    with refused("AccessDeniedException", has="kms:GenerateMac"):
        stranger.generate_mac(KeyId=maker["KeyId"], Message=b"m", MacAlgorithm="HMAC_SHA_256")


@pytest.mark.parametrize("how", ["revoked", "retired by its grantee", "retired by who it names", "retired by the manager"])
def test_it_ends(kms, other, other_arn, stranger, grant, key, sealed, how):
    made = grant(key, "Decrypt", "RetireGrant", RetiringPrincipal=other_arn)
    assert stranger.decrypt(CiphertextBlob=sealed, EncryptionContext=CONTEXT)["Plaintext"] == b"for whom it is granted"
    match how:
        case "revoked":
            kms.revoke_grant(KeyId=key["KeyId"], GrantId=made["GrantId"])
        case "retired by its grantee":
            stranger.retire_grant(GrantToken=made["GrantToken"])
        case "retired by who it names":
            other.retire_grant(KeyId=key["Arn"], GrantId=made["GrantId"])
        case "retired by the manager":
            kms.retire_grant(GrantToken=made["GrantToken"])
    with refused("AccessDeniedException"):
        stranger.decrypt(CiphertextBlob=sealed, EncryptionContext=CONTEXT)
    with refused("AccessDeniedException"):
        stranger.decrypt(CiphertextBlob=sealed, EncryptionContext=CONTEXT, GrantTokens=[made["GrantToken"]])


def test_neither_revoke_nor_retire_without_the_right(stranger, grant, key, sealed):
    made = grant(key, "Decrypt")
    with refused("AccessDeniedException"):
        stranger.revoke_grant(KeyId=key["KeyId"], GrantId=made["GrantId"])
    with refused("AccessDeniedException"):
        stranger.retire_grant(GrantToken=made["GrantToken"])
    assert stranger.decrypt(CiphertextBlob=sealed, EncryptionContext=CONTEXT)


def test_a_token_alone_gives_nothing(stranger, other_arn, grant, key, sealed):
    made = grant(key, "Decrypt", to=other_arn)
    with refused("AccessDeniedException"):
        stranger.decrypt(CiphertextBlob=sealed, EncryptionContext=CONTEXT, GrantTokens=[made["GrantToken"]])


def test_nobody_learns_who_there_is(stranger, user_arn, root_arn, key):
    """Whoever may not make a grant or a key is answered alike for names that exist and for names that do not."""
    nobody = user_arn.rsplit("/", 1)[0] + "/nobody-of-this-name"

    def answers(attempt):
        told = set()
        for arn in (user_arn, nobody):
            with pytest.raises(Exception) as caught:
                attempt(arn)
            told.add((caught.value.response["Error"]["Code"], caught.value.response["Error"].get("Message")))
        return told

    policy = '{"Statement": {"Effect": "Allow", "Principal": {"AWS": "%s"}, "Action": "kms:*", "Resource": "*"}}'
    for attempt in (
        lambda arn: stranger.create_grant(KeyId=key["KeyId"], GranteePrincipal=arn, Operations=["Decrypt"]),
        lambda arn: stranger.create_grant(KeyId=key["KeyId"], GranteePrincipal=root_arn, RetiringPrincipal=arn, Operations=["Decrypt"]),
        lambda arn: stranger.create_key(Policy=policy % arn, BypassPolicyLockoutSafetyCheck=True),
        lambda arn: stranger.put_key_policy(KeyId=key["KeyId"], PolicyName="default", Policy=policy % arn),
        lambda arn: stranger.list_retirable_grants(RetiringPrincipal=arn),
    ):
        told = answers(attempt)
        assert len(told) == 1 and next(iter(told))[0] == "AccessDeniedException", told


def test_handing_on(kms, stranger, other, other_arn, stranger_arn, grant, create, user_arn):
    """Who was given CreateGrant hands on some of what he has, under the same constraint, and no more."""
    administration = {"Effect": "Allow", "Principal": {"AWS": user_arn}, "Action": "kms:*", "Resource": "*"}
    key = create(Policy=json.dumps({"Version": "2012-10-17", "Statement": [administration]}))
    blob = kms.encrypt(KeyId=key["KeyId"], Plaintext=b"handed on", EncryptionContext=CONTEXT)["CiphertextBlob"]
    first = grant(key, "CreateGrant", "Decrypt", "RetireGrant", Constraints={"EncryptionContextEquals": CONTEXT})
    same = {"Constraints": {"EncryptionContextEquals": CONTEXT}, "to": other_arn, "by": stranger}
    for operations in (["Encrypt"], ["Decrypt", "Encrypt"], ["Decrypt", "DescribeKey"]):
        with refused("AccessDeniedException", has=[stranger_arn, "kms:CreateGrant"]):
            grant(key, *operations, **same)
    for constraint in ({}, {"Constraints": {"EncryptionContextEquals": {"tenant": "b"}}}, {"Constraints": {"EncryptionContextSubset": {"row": "7"}}}):
        with refused("AccessDeniedException", has=[stranger_arn, "kms:CreateGrant"]):
            grant(key, "Decrypt", to=other_arn, by=stranger, **constraint)
    with refused("AccessDeniedException"):
        other.decrypt(CiphertextBlob=blob, EncryptionContext=CONTEXT)
    second = grant(key, "Decrypt", Name=unique("second"), **same)
    assert other.decrypt(CiphertextBlob=blob, EncryptionContext=CONTEXT)["Plaintext"] == b"handed on"
    with refused("AccessDeniedException"):
        grant(key, "Decrypt", Constraints={"EncryptionContextEquals": CONTEXT}, by=other)
    # As with AWS, a grant that was handed on outlives the one that it came from.
    kms.revoke_grant(KeyId=key["KeyId"], GrantId=first["GrantId"])
    with refused("AccessDeniedException"):
        stranger.decrypt(CiphertextBlob=blob, EncryptionContext=CONTEXT)
    assert other.decrypt(CiphertextBlob=blob, EncryptionContext=CONTEXT)["Plaintext"] == b"handed on"
    kms.revoke_grant(KeyId=key["KeyId"], GrantId=second["GrantId"])
    with refused("AccessDeniedException"):
        other.decrypt(CiphertextBlob=blob, EncryptionContext=CONTEXT)


def test_without_create_grant_nothing_is_handed_on(stranger, stranger_arn, other_arn, grant, key):
    grant(key, "Decrypt")
    with refused("AccessDeniedException", has=[stranger_arn, "kms:CreateGrant"]):
        grant(key, "Decrypt", to=other_arn, by=stranger)


def test_a_denial_counts_more(kms, stranger, stranger_arn, root_arn, grant, key, sealed):
    grant(key, "Decrypt", "Encrypt")
    account = {"Effect": "Allow", "Principal": {"AWS": root_arn}, "Action": "kms:*", "Resource": "*"}
    deny = {"Effect": "Deny", "Principal": {"AWS": stranger_arn}, "Action": "kms:Decrypt", "Resource": "*"}
    kms.put_key_policy(KeyId=key["KeyId"], Policy=json.dumps({"Version": "2012-10-17", "Statement": [account, deny]}))
    with refused("AccessDeniedException", has=[stranger_arn, "kms:Decrypt"]):
        stranger.decrypt(CiphertextBlob=sealed, EncryptionContext=CONTEXT)
    stranger.encrypt(KeyId=key["KeyId"], Plaintext=b"x")


def test_a_policy_is_for_those_with_a_role(kms, stranger, stranger_arn, root_arn, key, sealed):
    """Without a role in the project a key's policy lets nobody in: what AWS leaves to IAM, roles decide here."""
    account = {"Effect": "Allow", "Principal": {"AWS": root_arn}, "Action": "kms:*", "Resource": "*"}
    allow = {"Effect": "Allow", "Principal": {"AWS": stranger_arn}, "Action": "kms:Decrypt", "Resource": "*"}
    kms.put_key_policy(KeyId=key["KeyId"], Policy=json.dumps({"Version": "2012-10-17", "Statement": [account, allow]}))
    with refused("AccessDeniedException", has=[stranger_arn, "kms:Decrypt"]):
        stranger.decrypt(CiphertextBlob=sealed, EncryptionContext=CONTEXT)
