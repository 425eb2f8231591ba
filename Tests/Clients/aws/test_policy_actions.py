"""Each action of a policy by itself: allowed alone it is enough, and denied it is denied, whatever else is allowed."""

import json

import pytest
from support import refused, unique

ACTIONS = {
    "TagResource": lambda kms, key: kms.tag_resource(KeyId=key, Tags=[{"TagKey": "a", "TagValue": "b"}]),
    "UpdateKeyDescription": lambda kms, key: kms.update_key_description(KeyId=key, Description="changed"),
    "EnableKeyRotation": lambda kms, key: kms.enable_key_rotation(KeyId=key),
    "RotateKeyOnDemand": lambda kms, key: kms.rotate_key_on_demand(KeyId=key),
    "DisableKey": lambda kms, key: kms.disable_key(KeyId=key),
    "ScheduleKeyDeletion": lambda kms, key: kms.schedule_key_deletion(KeyId=key),
    "CreateAlias": lambda kms, key: kms.create_alias(AliasName=unique("alias/actions"), TargetKeyId=key),
    "ListGrants": lambda kms, key: kms.list_grants(KeyId=key),
    "ListResourceTags": lambda kms, key: kms.list_resource_tags(KeyId=key),
    "GetKeyRotationStatus": lambda kms, key: kms.get_key_rotation_status(KeyId=key),
    "ListKeyRotations": lambda kms, key: kms.list_key_rotations(KeyId=key),
    "Encrypt": lambda kms, key: kms.encrypt(KeyId=key, Plaintext=b"x"),
    "GenerateDataKey": lambda kms, key: kms.generate_data_key(KeyId=key, KeySpec="AES_256"),
}


@pytest.fixture
def write(kms, key, user_arn):
    """Puts a policy for the one user, with what he needs to put another one."""

    def write(*statements):
        own = {"Effect": "Allow", "Action": "kms:PutKeyPolicy"}
        statements = [{"Principal": {"AWS": user_arn}, "Resource": "*", **statement} for statement in (own, *statements)]
        kms.put_key_policy(KeyId=key["KeyId"], Policy=json.dumps({"Version": "2012-10-17", "Statement": statements}))

    return write


@pytest.mark.parametrize("name", ACTIONS)
def test_one_action_is_enough(kms, key, write, name):
    write({"Effect": "Allow", "Action": f"kms:{name}"})
    ACTIONS[name](kms, key["KeyId"])


@pytest.mark.parametrize("name", ACTIONS)
def test_one_action_is_denied(kms, key, write, name):
    write({"Effect": "Allow", "Action": "kms:*"}, {"Effect": "Deny", "Action": f"kms:{name}"})
    with refused("AccessDeniedException", has=[f"kms:{name}", "explicit deny"]):
        ACTIONS[name](kms, key["KeyId"])


def test_a_policy_without_description_can_be_replaced(kms, key, user_arn):
    put = {"Effect": "Allow", "Principal": {"AWS": user_arn}, "Action": "kms:PutKeyPolicy", "Resource": "*"}
    for _ in range(2):
        kms.put_key_policy(KeyId=key["KeyId"], Policy=json.dumps({"Version": "2012-10-17", "Statement": [put]}))


def test_a_key_for_others_does_not_hide_all_aliases(kms, other, create, alias, user_arn):
    mine = {"Effect": "Allow", "Principal": {"AWS": user_arn}, "Action": "kms:*", "Resource": "*"}
    hidden = create(Policy=json.dumps({"Version": "2012-10-17", "Statement": [mine]}))
    name = unique("alias/hidden")
    kms.create_alias(AliasName=name, TargetKeyId=hidden["KeyId"])
    try:
        assert alias in {entry["AliasName"] for page in other.get_paginator("list_aliases").paginate() for entry in page["Aliases"]}
    finally:
        kms.delete_alias(AliasName=name)


def test_a_grant_to_the_account_is_for_those_with_a_role(kms, other, stranger, key, root_arn):
    kms.create_grant(KeyId=key["KeyId"], GranteePrincipal=root_arn, Operations=["Encrypt"])
    other.encrypt(KeyId=key["KeyId"], Plaintext=b"x")
    with refused("AccessDeniedException"):
        stranger.encrypt(KeyId=key["KeyId"], Plaintext=b"x")


def test_a_body_that_is_too_large(kms):
    with refused("RequestEntityTooLargeException", status=413):
        kms.put_key_policy(KeyId="x", Policy="x" * 100_000)
