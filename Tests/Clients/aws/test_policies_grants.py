"""Key policies and grants: what they say, and whom they let do what."""

import json
import re

import pytest
from support import UNKNOWN_KEY, every, post, refused, setting, unique

EVERYTHING = {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}


def policy(*statements, name="key-test-1"):
    return json.dumps({"Version": "2012-10-17", "Id": name, "Statement": list(statements)})


@pytest.fixture
def administration(user_arn):
    """Everything for one user, and not for the account: roles let nobody else in then."""
    return {"Sid": "Administration", "Principal": {"AWS": user_arn}, **EVERYTHING}


def test_default_policy(kms, key, root_arn):
    answer = kms.get_key_policy(KeyId=key["KeyId"], PolicyName="default")
    assert answer["PolicyName"] == "default"
    assert json.loads(answer["Policy"]) == {
        "Version": "2012-10-17",
        "Id": "key-default-1",
        "Statement": [{"Sid": "Enable IAM User Permissions", "Principal": {"AWS": root_arn}, **EVERYTHING}],
    }
    assert json.loads(kms.get_key_policy(KeyId=key["Arn"])["Policy"]) == json.loads(answer["Policy"])


def test_policy_is_kept_as_it_was_put(kms, create, administration, root_arn):
    first = policy(administration, name="first")
    key = create(Policy=first)["KeyId"]
    assert json.dumps(json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])) == first
    more = {"Sid": "More", "Effect": "Allow", "Principal": {"AWS": root_arn}, "Action": ["kms:ListGrants"], "Resource": "*"}
    second = policy(administration, more, name="second")
    assert set(kms.put_key_policy(KeyId=key, PolicyName="default", Policy=second)) == {"ResponseMetadata"}
    assert json.dumps(json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])) == second
    kms.put_key_policy(KeyId=key, Policy=first)
    assert json.dumps(json.loads(kms.get_key_policy(KeyId=key)["Policy"])) == first


def test_there_is_one_policy(kms, key):
    answer = kms.list_key_policies(KeyId=key["KeyId"])
    assert answer["PolicyNames"] == ["default"] and answer["Truncated"] is False
    assert every(kms.list_key_policies, "PolicyNames", KeyId=key["Arn"], Limit=1) == ["default"]
    with refused("NotFoundException"):
        kms.get_key_policy(KeyId=key["KeyId"], PolicyName="another")


@pytest.mark.parametrize(
    "text", ["not json", "[]", "{}", '{"Version":"2012-10-17","Statement":[]}', '{"Version":"2012-10-17","Statement":"all"}']
)
def test_policies_that_are_none(kms, key, text):
    for attempt in (lambda: kms.put_key_policy(KeyId=key["KeyId"], PolicyName="default", Policy=text), lambda: kms.create_key(Policy=text)):
        with refused("MalformedPolicyDocumentException"):
            attempt()


def test_policies_that_are_refused(kms, loose, key, root_arn, administration):
    def put(*statements, **arguments):
        kms.put_key_policy(KeyId=key["KeyId"], PolicyName="default", Policy=policy(*statements), **arguments)

    nobody = {"Sid": "Nobody", "Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}
    with refused("MalformedPolicyDocumentException"):
        put(administration, nobody)
    with refused("MalformedPolicyDocumentException"):
        put(administration, {**nobody, "Effect": "Perhaps", "Principal": {"AWS": root_arn}})
    somebody = {**nobody, "Principal": {"AWS": root_arn.replace(":root", ":user/nobody-of-this-name")}}
    with refused("MalformedPolicyDocumentException"):
        put(administration, somebody)
    lockout = "The new key policy will not allow you to update the key policy in the future."
    reading = {"Effect": "Allow", "Principal": {"AWS": root_arn}, "Action": ["kms:DescribeKey", "kms:GetKeyPolicy"], "Resource": "*"}
    with refused("MalformedPolicyDocumentException", lockout):
        put(reading)
    with refused("MalformedPolicyDocumentException", lockout):
        kms.create_key(Policy=policy(reading))
    with refused("ValidationException", has="Member must have length greater than or equal to 1"):
        loose.create_key(Policy="")


OTHER_ACCOUNT = "999999999999"

# What IAM knows and this service could not enforce: (how the statement differs from one that is good, what the message names)
UNENFORCEABLE = {
    "condition": ({"Condition": {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}}, "Condition"),
    "no condition": ({"Condition": {}}, "Condition"),
    "not action": ({"Action": None, "NotAction": "kms:Decrypt"}, "NotAction"),
    "not principal": ({"Principal": None, "NotPrincipal": {"AWS": "ROOT"}}, "NotPrincipal"),
    "not resource": ({"Resource": None, "NotResource": "arn:aws:kms:*:*:key/x"}, "NotResource"),
    "both actions": ({"NotAction": "kms:Decrypt"}, "NotAction"),
    "another resource": ({"Resource": "arn:aws:kms:us-east-1:123456789012:key/other"}, "Resource"),
    "service principal": ({"Principal": {"Service": "s3.amazonaws.com"}}, "Service"),
    "federated principal": ({"Principal": {"Federated": "cognito-identity.amazonaws.com"}}, "Federated"),
    "canonical user": ({"Principal": {"CanonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"}}, "CanonicalUser"),
    "unknown member": ({"Comment": "what is this"}, "Comment"),
}
PRINCIPALS = {
    "account": OTHER_ACCOUNT,
    "root": f"arn:aws:iam::{OTHER_ACCOUNT}:root",
    "user": f"arn:aws:iam::{OTHER_ACCOUNT}:user/KMS_AWS_USER",
    "partition": "arn:aws-cn:iam::ACCOUNT:root",
    "session": "arn:aws:sts::ACCOUNT:assumed-role/KMS_AWS_USER/session",
    "no name": "arn:aws:iam::ACCOUNT:user/",
    "wildcard": "arn:aws:iam::ACCOUNT:user/*",
    "nobody": "arn:aws:iam::ACCOUNT:user/nobody-of-this-name",
    "text": "somebody",
}


@pytest.mark.parametrize("effect", ["Allow", "Deny"])
@pytest.mark.parametrize("change, named", UNENFORCEABLE.values(), ids=UNENFORCEABLE)
def test_what_could_not_be_enforced_is_refused(kms, key, root_arn, administration, change, named, effect):
    """Nothing of a policy is ignored, in a permission as little as in a denial."""
    statement = {"Effect": effect, "Action": "kms:Encrypt", "Resource": "*", "Principal": {"AWS": root_arn}, **change}
    statement = {name: value for name, value in statement.items() if value is not None}
    before = kms.get_key_policy(KeyId=key["KeyId"])["Policy"]
    with refused("MalformedPolicyDocumentException", has=named):
        kms.put_key_policy(KeyId=key["KeyId"], Policy=policy(administration, statement))
    assert kms.get_key_policy(KeyId=key["KeyId"])["Policy"] == before
    with refused("MalformedPolicyDocumentException", has=named):
        kms.create_key(Policy=policy(administration, statement))


@pytest.mark.parametrize("name", PRINCIPALS.values(), ids=PRINCIPALS)
def test_principals_that_are_nobody_here(kms, key, account, administration, name):
    name = name.replace("ACCOUNT", account).replace("KMS_AWS_USER", setting("KMS_AWS_USER"))
    message = "Policy contains a statement with one or more invalid principals."
    for principal in ({"AWS": name}, {"AWS": [administration["Principal"]["AWS"], name]}):
        with refused("MalformedPolicyDocumentException", message):
            kms.put_key_policy(KeyId=key["KeyId"], Policy=policy(administration, {**EVERYTHING, "Principal": principal}))


@pytest.mark.parametrize("action", ["s3:GetObject", "kms", "kms:", "Decrypt", ""])
def test_actions_of_other_services(kms, key, root_arn, administration, action):
    with refused("MalformedPolicyDocumentException", "Policy contains a statement with one or more invalid actions."):
        kms.put_key_policy(KeyId=key["KeyId"], Policy=policy(administration, {**EVERYTHING, "Action": action, "Principal": {"AWS": root_arn}}))


def test_too_long_a_policy(kms, key, administration):
    with refused("LimitExceededException"):
        kms.put_key_policy(KeyId=key["KeyId"], Policy=policy({**administration, "Sid": "s" * 33000}))


def test_a_policy_lets_somebody_in(kms, other, create, administration, other_arn):
    key = create(Policy=policy(administration))
    blob = kms.encrypt(KeyId=key["KeyId"], Plaintext=b"for both")["CiphertextBlob"]
    with refused("AccessDeniedException"):
        other.decrypt(CiphertextBlob=blob)
    using = {"Sid": "Use", "Effect": "Allow", "Principal": {"AWS": other_arn}, "Action": ["kms:Decrypt", "kms:Describe*"], "Resource": "*"}
    kms.put_key_policy(KeyId=key["KeyId"], Policy=policy(administration, using))
    assert other.decrypt(CiphertextBlob=blob)["Plaintext"] == b"for both"
    assert other.describe_key(KeyId=key["Arn"])["KeyMetadata"]["Arn"] == key["Arn"]
    with refused("AccessDeniedException", has=[other_arn, "is not authorized to perform: kms:ScheduleKeyDeletion", key["Arn"]]):
        other.schedule_key_deletion(KeyId=key["KeyId"])


def test_a_policy_denies(kms, other, create, administration, other_arn):
    allow = {"Sid": "Allow", "Effect": "Allow", "Principal": {"AWS": other_arn}, "Action": "kms:*", "Resource": "*"}
    deny = {"Sid": "Deny", "Effect": "Deny", "Principal": {"AWS": other_arn}, "Action": "kms:Encrypt", "Resource": "*"}
    key = create(Policy=policy(administration, allow, deny))
    other.generate_data_key(KeyId=key["KeyId"], KeySpec="AES_256")
    with refused("AccessDeniedException", has=[other_arn, "kms:Encrypt", "explicit deny"]):
        other.encrypt(KeyId=key["KeyId"], Plaintext=b"x")


def grant_on(kms, key, grantee, operations=("Decrypt", "Encrypt"), **arguments):
    return kms.create_grant(KeyId=key["KeyId"], GranteePrincipal=grantee, Operations=list(operations), **arguments)


def grants_of(kms, key, **arguments):
    return every(kms.list_grants, "Grants", KeyId=key["KeyId"], **arguments)


def test_a_grant(kms, key, root_arn, account):
    assert grants_of(kms, key) == []
    made = grant_on(kms, key, root_arn, RetiringPrincipal=root_arn, Name="a-name")
    assert re.fullmatch("[0-9a-f]{64}", made["GrantId"])
    assert 0 < len(made["GrantToken"]) <= 8192
    (entry,) = grants_of(kms, key)
    assert entry["KeyId"] == key["Arn"] and entry["GrantId"] == made["GrantId"] and entry["Name"] == "a-name"
    assert entry["GranteePrincipal"] == entry["RetiringPrincipal"] == root_arn
    assert sorted(entry["Operations"]) == ["Decrypt", "Encrypt"]
    assert entry["IssuingAccount"] == f"arn:aws:iam::{account}:root"
    assert "CreationDate" in entry and "GrantToken" not in entry
    assert grants_of(kms, key, GrantId=made["GrantId"]) == [entry]
    assert grants_of(kms, key, GranteePrincipal=root_arn) == [entry]
    assert set(kms.revoke_grant(KeyId=key["KeyId"], GrantId=made["GrantId"])) == {"ResponseMetadata"}
    assert grants_of(kms, key) == []
    with refused("NotFoundException"):
        kms.revoke_grant(KeyId=key["KeyId"], GrantId=made["GrantId"])


def test_a_name_makes_it_once(kms, key, create, root_arn):
    first = grant_on(kms, key, root_arn, Name="same")
    again = grant_on(kms, key, root_arn, Name="same")
    assert again["GrantId"] == first["GrantId"] and again["GrantToken"] != first["GrantToken"]
    assert len(grants_of(kms, key)) == 1
    nameless = {grant_on(kms, key, root_arn)["GrantId"] for _ in range(2)}
    assert len(nameless) == 2 and len(grants_of(kms, key)) == 3
    assert grant_on(kms, create(), root_arn, Name="same")["GrantId"] != first["GrantId"]


def test_grants_page_by_page(kms, key, root_arn):
    made = {grant_on(kms, key, root_arn)["GrantId"] for _ in range(5)}
    listed = grants_of(kms, key, Limit=2)
    assert {entry["GrantId"] for entry in listed} == made and len(listed) == 5
    with refused("InvalidMarkerException"):
        kms.list_grants(KeyId=key["KeyId"], Marker="AAAA-no-marker-of-ours")


def test_a_grantee_uses_it(kms, other, create, administration, other_arn):
    key = create(Policy=policy(administration))
    blob = kms.encrypt(KeyId=key["KeyId"], Plaintext=b"granted")["CiphertextBlob"]
    with refused("AccessDeniedException", has=[other_arn, "kms:Decrypt", key["Arn"]]):
        other.decrypt(CiphertextBlob=blob)
    made = grant_on(kms, key, other_arn, ["Decrypt", "DescribeKey"])
    assert other.decrypt(CiphertextBlob=blob, GrantTokens=[made["GrantToken"]])["Plaintext"] == b"granted"
    assert other.decrypt(CiphertextBlob=blob, KeyId=key["Arn"])["Plaintext"] == b"granted"
    other.describe_key(KeyId=key["KeyId"], GrantTokens=[made["GrantToken"]])
    with refused("AccessDeniedException"):
        other.encrypt(KeyId=key["KeyId"], Plaintext=b"x")
    kms.revoke_grant(KeyId=key["KeyId"], GrantId=made["GrantId"])
    with refused("AccessDeniedException"):
        other.decrypt(CiphertextBlob=blob)


@pytest.mark.parametrize("kind, allowed", [("EncryptionContextEquals", False), ("EncryptionContextSubset", True)])
def test_constraints(kms, other, create, administration, other_arn, kind, allowed):
    key = create(Policy=policy(administration))
    constraint = {kind: {"tenant": "a"}}
    made = grant_on(kms, key, other_arn, ["Encrypt", "Decrypt"], Constraints=constraint)
    (entry,) = grants_of(kms, key, GrantId=made["GrantId"])
    assert entry["Constraints"] == constraint
    blob = other.encrypt(KeyId=key["KeyId"], Plaintext=b"x", EncryptionContext={"tenant": "a"})["CiphertextBlob"]
    assert other.decrypt(CiphertextBlob=blob, EncryptionContext={"tenant": "a"})["Plaintext"] == b"x"
    for context in ({}, {"tenant": "b"}, {"Tenant": "a"}):
        with refused("AccessDeniedException"):
            other.encrypt(KeyId=key["KeyId"], Plaintext=b"x", EncryptionContext=context)
    more = {"tenant": "a", "more": "b"}
    if allowed:
        other.encrypt(KeyId=key["KeyId"], Plaintext=b"x", EncryptionContext=more)
    else:
        with refused("AccessDeniedException"):
            other.encrypt(KeyId=key["KeyId"], Plaintext=b"x", EncryptionContext=more)


def test_retiring(kms, other, create, administration, root_arn, other_arn):
    key = create(Policy=policy(administration))
    by_token = grant_on(kms, key, root_arn, RetiringPrincipal=other_arn)
    by_id = grant_on(kms, key, root_arn, RetiringPrincipal=other_arn)
    by_grantee = grant_on(kms, key, other_arn, ["Decrypt", "RetireGrant"])
    not_his = grant_on(kms, key, other_arn, ["Decrypt"])
    mine = {entry["GrantId"] for entry in every(other.list_retirable_grants, "Grants", RetiringPrincipal=other_arn, Limit=1)}
    assert mine >= {by_token["GrantId"], by_id["GrantId"]} and not_his["GrantId"] not in mine
    assert set(other.retire_grant(GrantToken=by_token["GrantToken"])) == {"ResponseMetadata"}
    other.retire_grant(KeyId=key["Arn"], GrantId=by_id["GrantId"])
    other.retire_grant(GrantToken=by_grantee["GrantToken"])
    with refused("AccessDeniedException"):
        other.retire_grant(GrantToken=not_his["GrantToken"])
    assert {entry["GrantId"] for entry in grants_of(kms, key)} == {not_his["GrantId"]}
    kms.retire_grant(GrantToken=not_his["GrantToken"])
    assert grants_of(kms, key) == []


def test_grants_that_are_refused(kms, key, root_arn, account, region):
    with refused("ValidationException", has="Member must satisfy enum value set"):
        grant_on(kms, key, root_arn, ["DECRYPT"])
    with refused("ValidationException"):
        grant_on(kms, key, root_arn, ["Sign"])
    with refused("InvalidArnException"):
        grant_on(kms, key, "arn:aws:iam::" + account + ":user/nobody-of-this-name")
    with refused("ValidationException", has="Member must satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$"):
        grant_on(kms, key, root_arn, Name="no spaces")
    with refused("NotFoundException", f"Key 'arn:aws:kms:{region}:{account}:key/{UNKNOWN_KEY}' does not exist"):
        grant_on(kms, {"KeyId": UNKNOWN_KEY}, root_arn)
    with refused("ValidationException"):
        grant_on(kms, key, root_arn, Constraints={"EncryptionContextEquals": {f"k{n}": "v" for n in range(9)}})
    with refused("ValidationException"):
        kms.retire_grant()
    with refused("InvalidGrantTokenException"):
        kms.retire_grant(GrantToken="no-token-of-this-service")
    kms.disable_key(KeyId=key["KeyId"])
    with refused("DisabledException", f"{key['Arn']} is disabled."):
        grant_on(kms, key, root_arn)


def test_constraints_need_a_context(kms, shared, root_arn):
    signing = shared("ECC_NIST_P256", "SIGN_VERIFY")
    with refused("ValidationException"):
        grant_on(kms, signing, root_arn, ["Sign"], Constraints={"EncryptionContextEquals": {"a": "b"}})


@pytest.mark.parametrize(
    "spec, usage, operations",
    [
        ("ECC_NIST_P256", "SIGN_VERIFY", ["Sign", "Verify", "GetPublicKey"]),
        ("HMAC_256", "GENERATE_VERIFY_MAC", ["GenerateMac", "VerifyMac"]),
        ("ECC_NIST_P256", "KEY_AGREEMENT", ["DeriveSharedSecret", "GetPublicKey"]),
    ],
)
def test_grants_of_other_kinds(kms, create, root_arn, spec, usage, operations):
    key = create(spec, usage)
    made = grant_on(kms, key, root_arn, [*operations, "DescribeKey", "RetireGrant", "CreateGrant"], Name=unique("grant"))
    (entry,) = grants_of(kms, key)
    assert entry["GrantId"] == made["GrantId"]
    assert set(entry["Operations"]) == {*operations, "DescribeKey", "RetireGrant", "CreateGrant"}


def test_the_account_leaves_it_to_roles(kms, other, create, administration, root_arn):
    """The default policy names the account, whose roles say the rest; without the account in it, roles count for nothing."""
    key = create()
    blob = other.encrypt(KeyId=key["KeyId"], Plaintext=b"by role")["CiphertextBlob"]
    assert kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"by role"
    kms.put_key_policy(KeyId=key["KeyId"], Policy=policy(administration))
    with refused("AccessDeniedException", has=["is not authorized to perform: kms:Decrypt", key["Arn"]]):
        other.decrypt(CiphertextBlob=blob)
    account = {"Sid": "Account", "Principal": {"AWS": root_arn}, **EVERYTHING}
    kms.put_key_policy(KeyId=key["KeyId"], Policy=policy(account))
    assert other.decrypt(CiphertextBlob=blob)["Plaintext"] == b"by role"


def test_a_lesser_role(other, kms, shared):
    """Who may use keys, but not manage them, is told so in AWS's words."""
    with refused("AccessDeniedException", has="is not authorized to perform: kms:CreateKey"):
        other.create_key()
    with refused("AccessDeniedException", has="is not authorized to perform: kms:ScheduleKeyDeletion"):
        other.schedule_key_deletion(KeyId=shared()["KeyId"])
    assert kms.describe_key(KeyId=shared()["KeyId"])["KeyMetadata"]["KeyState"] == "Enabled"


@pytest.mark.parametrize(
    "member",
    [
        {"Constraints": {"SourceArn": "arn:aws:s3:::bucket"}},
        {"Constraints": {"SourceArn": "arn:aws:s3:::bucket", "EncryptionContextEquals": {"a": "b"}}},
        {"RetiringServicePrincipal": "s3.amazonaws.com"},
        {"GranteeServicePrincipal": "s3.amazonaws.com"},
    ],
)
def test_what_later_models_restrict_a_grant_by(kms, key, root_arn, member):
    """botocore 1.44.8 has them; a grant without what restricts it would give more than was meant."""
    answer = post("CreateGrant", {"KeyId": key["KeyId"], "GranteePrincipal": root_arn, "Operations": ["Decrypt"], **member})
    assert answer.status == 400 and answer.error == "UnsupportedOperationException"
    assert grants_of(kms, key) == []


def test_two_spellings_are_two_names(kms, key, stranger, stranger_arn):
    composed, decomposed = "caf\u00e9", "cafe\u0301"
    context = {composed: "1", decomposed: "2"}
    blob = kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x", EncryptionContext=context)["CiphertextBlob"]
    assert kms.decrypt(CiphertextBlob=blob, EncryptionContext=context)["Plaintext"] == b"x"
    for other in ({composed: "1"}, {decomposed: "2"}, {composed: "2", decomposed: "1"}):
        with refused("InvalidCiphertextException"):
            kms.decrypt(CiphertextBlob=blob, EncryptionContext=other)
    kms.create_grant(
        KeyId=key["KeyId"], GranteePrincipal=stranger_arn, Operations=["Decrypt"], Constraints={"EncryptionContextEquals": context}
    )
    assert grants_of(kms, key)[0]["Constraints"] == {"EncryptionContextEquals": context}
    assert stranger.decrypt(CiphertextBlob=blob, EncryptionContext=context)["Plaintext"] == b"x"


def test_grant_tokens_have_to_be_genuine(kms, key, root_arn):
    made = kms.create_grant(KeyId=key["KeyId"], GranteePrincipal=root_arn, Operations=["Encrypt"])
    token = made["GrantToken"]
    kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x", GrantTokens=[token])
    forged = token[:-1] + ("1" if token[-1] == "0" else "0")
    for text in (forged, "anything", token[:-2]):
        with refused("InvalidGrantTokenException"):
            kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x", GrantTokens=[token, text])
        with refused("InvalidGrantTokenException"):
            kms.describe_key(KeyId=key["KeyId"], GrantTokens=[text])


def test_a_denial_that_comes_twice(kms, key, root_arn):
    text = json.dumps({"Statement": [{"Principal": {"AWS": root_arn}, **EVERYTHING}]})
    doubled = text.replace('"Effect": "Allow"', '"Effect": "Deny", "Effect": "Allow"')
    with refused("MalformedPolicyDocumentException"):
        kms.put_key_policy(KeyId=key["KeyId"], PolicyName="default", Policy=doubled)
