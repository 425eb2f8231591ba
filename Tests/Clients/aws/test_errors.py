"""How requests are refused: names, statuses and messages; and what a dry run answers."""

import re

import pytest
from support import UNKNOWN_KEY, invalid, post, refused

SIGNING = {"SigningAlgorithm": "ECDSA_SHA_256", "Message": b"x"}


def crypto(kms, name):
    """Every operation that uses a key, on the key of this name."""
    mac = {"MacAlgorithm": "HMAC_SHA_256", "Message": b"x"}
    return {
        "encrypt": lambda: kms.encrypt(KeyId=name, Plaintext=b"x"),
        "decrypt": lambda: kms.decrypt(KeyId=name, CiphertextBlob=bytes(100)),
        "generate_data_key": lambda: kms.generate_data_key(KeyId=name, KeySpec="AES_256"),
        "generate_data_key_without_plaintext": lambda: kms.generate_data_key_without_plaintext(KeyId=name, KeySpec="AES_256"),
        "generate_data_key_pair": lambda: kms.generate_data_key_pair(KeyId=name, KeyPairSpec="ECC_NIST_P256"),
        "sign": lambda: kms.sign(KeyId=name, **SIGNING),
        "verify": lambda: kms.verify(KeyId=name, Signature=b"x", **SIGNING),
        "generate_mac": lambda: kms.generate_mac(KeyId=name, **mac),
        "verify_mac": lambda: kms.verify_mac(KeyId=name, Mac=b"x", **mac),
        "get_public_key": lambda: kms.get_public_key(KeyId=name),
        "derive_shared_secret": lambda: kms.derive_shared_secret(KeyId=name, KeyAgreementAlgorithm="ECDH", PublicKey=b"x"),
        "describe_key": lambda: kms.describe_key(KeyId=name),
    }


def management(kms, name, root_arn):
    """Every operation that takes a key by its id or ARN only."""
    return {
        "schedule_key_deletion": lambda: kms.schedule_key_deletion(KeyId=name),
        "cancel_key_deletion": lambda: kms.cancel_key_deletion(KeyId=name),
        "enable_key": lambda: kms.enable_key(KeyId=name),
        "disable_key": lambda: kms.disable_key(KeyId=name),
        "update_key_description": lambda: kms.update_key_description(KeyId=name, Description="x"),
        "tag_resource": lambda: kms.tag_resource(KeyId=name, Tags=[{"TagKey": "a", "TagValue": "b"}]),
        "untag_resource": lambda: kms.untag_resource(KeyId=name, TagKeys=["a"]),
        "list_resource_tags": lambda: kms.list_resource_tags(KeyId=name),
        "get_key_policy": lambda: kms.get_key_policy(KeyId=name),
        "put_key_policy": lambda: kms.put_key_policy(KeyId=name, Policy="{}"),
        "list_key_policies": lambda: kms.list_key_policies(KeyId=name),
        "get_key_rotation_status": lambda: kms.get_key_rotation_status(KeyId=name),
        "enable_key_rotation": lambda: kms.enable_key_rotation(KeyId=name),
        "disable_key_rotation": lambda: kms.disable_key_rotation(KeyId=name),
        "rotate_key_on_demand": lambda: kms.rotate_key_on_demand(KeyId=name),
        "list_key_rotations": lambda: kms.list_key_rotations(KeyId=name),
        "create_grant": lambda: kms.create_grant(KeyId=name, GranteePrincipal=root_arn, Operations=["Decrypt"]),
        "list_grants": lambda: kms.list_grants(KeyId=name),
        "revoke_grant": lambda: kms.revoke_grant(KeyId=name, GrantId="0" * 64),
        "get_parameters_for_import": lambda: kms.get_parameters_for_import(
            KeyId=name, WrappingAlgorithm="RSAES_OAEP_SHA_256", WrappingKeySpec="RSA_2048"
        ),
        "import_key_material": lambda: kms.import_key_material(
            KeyId=name, ImportToken=b"x", EncryptedKeyMaterial=b"x", ExpirationModel="KEY_MATERIAL_DOES_NOT_EXPIRE"
        ),
        "delete_imported_key_material": lambda: kms.delete_imported_key_material(KeyId=name),
    }


CRYPTO = list(crypto(None, ""))
MANAGEMENT = list(management(None, "", ""))


@pytest.mark.parametrize("operation", CRYPTO + MANAGEMENT)
def test_a_key_that_is_not_there(kms, account, region, root_arn, operation):
    arn = f"arn:aws:kms:{region}:{account}:key/{UNKNOWN_KEY}"
    for name in (UNKNOWN_KEY, arn):
        with refused("NotFoundException", f"Key '{arn}' does not exist"):
            {**crypto(kms, name), **management(kms, name, root_arn)}[operation]()


@pytest.mark.parametrize("operation", CRYPTO + MANAGEMENT)
@pytest.mark.parametrize("name", ["fake-key-id", "00000000111142228333444444444444", "mrk-fake-key-id"])
def test_a_name_of_no_form(kms, root_arn, operation, name):
    with refused("NotFoundException", f"Invalid keyId '{name}'"):
        {**crypto(kms, name), **management(kms, name, root_arn)}[operation]()


@pytest.mark.parametrize("operation", CRYPTO)
def test_an_alias_that_is_not_there(kms, account, region, operation):
    arn = f"arn:aws:kms:{region}:{account}:alias/nobody-made-this"
    for name in ("alias/nobody-made-this", arn):
        with refused("NotFoundException", f"Alias {arn} is not found."):
            crypto(kms, name)[operation]()


@pytest.mark.parametrize("operation", MANAGEMENT)
def test_an_alias_where_none_is_taken(kms, alias, account, region, root_arn, operation):
    for name in (alias, f"arn:aws:kms:{region}:{account}:{alias}"):
        with refused("InvalidArnException", "Key Aliases are not supported for this operation."):
            management(kms, name, root_arn)[operation]()


@pytest.mark.parametrize("operation", CRYPTO + MANAGEMENT)
def test_an_arn_of_another_region(kms, account, region, root_arn, operation):
    elsewhere = "ap-southeast-1" if region != "ap-southeast-1" else "eu-west-1"
    name = f"arn:aws:kms:{elsewhere}:{account}:key/{UNKNOWN_KEY}"
    with refused("NotFoundException", f"Invalid arn {elsewhere}"):
        {**crypto(kms, name), **management(kms, name, root_arn)}[operation]()


def test_an_arn_of_another_account(kms, account, region):
    stranger = "999999999999" if account != "999999999999" else "888888888888"
    for attempt in crypto(kms, f"arn:aws:kms:{region}:{stranger}:key/{UNKNOWN_KEY}").values():
        with pytest.raises(kms.exceptions.ClientError) as caught:
            attempt()
        assert caught.value.response["Error"]["Code"] in ("NotFoundException", "AccessDeniedException")
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_usage_is_told_before_the_state(kms, create):
    key = create("HMAC_256", "GENERATE_VERIFY_MAC")
    kms.disable_key(KeyId=key["KeyId"])
    with refused("InvalidKeyUsageException", f"{key['Arn']} key usage is GENERATE_VERIFY_MAC which is not valid for Sign."):
        kms.sign(KeyId=key["KeyId"], **SIGNING)
    with refused("InvalidKeyUsageException", f"{key['Arn']} key usage is GENERATE_VERIFY_MAC which is not valid for Encrypt."):
        kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x")


def test_state_is_told_before_the_algorithm(kms, create):
    key = create("ECC_NIST_P256", "SIGN_VERIFY")
    kms.disable_key(KeyId=key["KeyId"])
    with refused("DisabledException", f"{key['Arn']} is disabled."):
        kms.sign(KeyId=key["KeyId"], Message=b"x", SigningAlgorithm="RSASSA_PSS_SHA_256")


def test_input_is_looked_at_before_the_key(kms):
    with refused("ValidationException", invalid("plaintext", "Member must have length less than or equal to 4096")):
        kms.encrypt(KeyId=UNKNOWN_KEY, Plaintext=bytes(4097))
    with refused("ValidationException", invalid("numberOfBytes", "Member must have value less than or equal to 1024", 1025)):
        kms.generate_data_key(KeyId=UNKNOWN_KEY, NumberOfBytes=1025)


@pytest.mark.parametrize(
    "operation, body, member",
    [
        ("DescribeKey", {}, "keyId"),
        ("ScheduleKeyDeletion", {}, "keyId"),
        ("Sign", {"Message": "eA==", "SigningAlgorithm": "ECDSA_SHA_256"}, "keyId"),
        ("CreateAlias", {"AliasName": "alias/x"}, "targetKeyId"),
        ("ReEncrypt", {"CiphertextBlob": "AAAA"}, "destinationKeyId"),
        ("Sign", {"KeyId": UNKNOWN_KEY, "Message": "eA=="}, "signingAlgorithm"),
        ("GenerateMac", {"KeyId": UNKNOWN_KEY, "Message": "eA=="}, "macAlgorithm"),
        ("Decrypt", {}, "ciphertextBlob"),
    ],
)
def test_a_member_is_missing(operation, body, member):
    answer = post(operation, body)
    assert answer.status == 400 and answer.error == "ValidationException"
    assert answer.message == invalid(member, "Member must not be null", "null")


@pytest.mark.parametrize(
    "operation, member, more",
    [
        ("Encrypt", "plaintext", {}),
        ("Sign", "message", {"SigningAlgorithm": "ECDSA_SHA_256"}),
        ("GenerateMac", "message", {"MacAlgorithm": "HMAC_SHA_256"}),
    ],
)
def test_a_secret_member_is_missing(operation, member, more):
    answer = post(operation, {"KeyId": UNKNOWN_KEY, **more})
    assert answer.status == 400 and answer.error == "ValidationException"
    assert answer.message == invalid(member, "Member must not be null")


def test_several_errors_are_told_together():
    answer = post("GenerateDataKey", {"KeyId": UNKNOWN_KEY, "KeySpec": "AES_1", "NumberOfBytes": 0})
    assert answer.status == 400 and answer.error == "ValidationException"
    assert answer.message.startswith("2 validation errors detected: ")
    assert "at 'keySpec' failed to satisfy constraint" in answer.message
    assert "Value '0' at 'numberOfBytes' failed to satisfy constraint" in answer.message
    assert answer.message.count("; ") >= 1


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"text"', "12", "{}{}", "{'KeyId': 1}", b"\xff\xfe", '{"Limit": 1,}'])
def test_a_body_that_is_no_object(body):
    answer = post("ListKeys", body)
    if body == "":
        assert answer.status == 200 and "Keys" in answer.json
        return
    assert answer.status == 400 and answer.error == "SerializationException"


@pytest.mark.parametrize(
    "operation, body",
    [
        ("ListKeys", {"Limit": "many"}),
        ("ListKeys", {"Limit": [1]}),
        ("ListKeys", {"Marker": {"a": 1}}),
        ("DescribeKey", {"KeyId": ["a"]}),
        ("DescribeKey", {"KeyId": {"a": "b"}}),
        ("CreateKey", {"Tags": "team=a"}),
        ("CreateKey", {"Tags": {"TagKey": "a", "TagValue": "b"}}),
        ("CreateKey", {"Tags": ["a"]}),
        ("CreateKey", {"MultiRegion": "perhaps"}),
        ("Encrypt", {"KeyId": UNKNOWN_KEY, "Plaintext": {"a": "b"}}),
        ("Encrypt", {"KeyId": UNKNOWN_KEY, "Plaintext": "this is no base64!"}),
        ("Encrypt", {"KeyId": UNKNOWN_KEY, "Plaintext": "eA==", "EncryptionContext": ["a"]}),
        ("Encrypt", {"KeyId": UNKNOWN_KEY, "Plaintext": "eA==", "EncryptionContext": {"a": {"b": "c"}}}),
        ("GenerateRandom", {"NumberOfBytes": "x"}),
    ],
)
def test_wrong_types(operation, body):
    answer = post(operation, body)
    assert answer.status == 400 and answer.error == "SerializationException"


def test_null_is_as_if_it_were_not_there(shared):
    answer = post("ListKeys", {"Limit": None, "Marker": None})
    assert answer.status == 200
    answer = post("Encrypt", {"KeyId": shared()["KeyId"], "Plaintext": "eA==", "EncryptionContext": None, "GrantTokens": None})
    assert answer.status == 200


@pytest.mark.parametrize("operation, body", [("ListKeys", {"Limit": 1}), ("CreateKey", {}), ("GenerateRandom", {"NumberOfBytes": 1})])
def test_unknown_members_are_refused(operation, body):
    """Other than AWS: a member that this service does not know might restrict what the request gives."""
    answer = post(operation, {**body, "NobodyKnowsThis": True})
    assert answer.status == 400 and answer.error == "ValidationException"
    assert "NobodyKnowsThis" in answer.message


@pytest.mark.parametrize(
    "operation, body",
    [
        ("ListKeys", '{"Limit": 1, "Limit": 2}'),
        ("ListKeys", '{"Limit": 1, "L\\u0069mit": 2}'),
        ("Encrypt", '{"KeyId": "KEY", "Plaintext": "eA==", "EncryptionContext": {"a": "1", "a": "2"}}'),
        ("Encrypt", b'{"KeyId": "KEY", "Plaintext": "eA==", "EncryptionContext": {"a": "\xff"}}'),
    ],
)
def test_members_that_come_twice_and_bytes_that_are_no_text(shared, operation, body):
    key = shared()["KeyId"]
    answer = post(operation, body.replace(b"KEY", key.encode()) if isinstance(body, bytes) else body.replace("KEY", key))
    assert answer.status == 400 and answer.error == "SerializationException"


@pytest.mark.parametrize("target", ["TrentService.MakeCoffee", "TrentService.", "Other.ListKeys", "ListKeys", "TrentService.listKeys", ""])
def test_unknown_operations(target):
    answer = post("", target=target)
    assert answer.status in (400, 404) and answer.error == "UnknownOperationException"


def test_other_methods_and_places():
    for answer in (post("ListKeys", method="PUT"), post("ListKeys", path="/elsewhere")):
        assert 400 <= answer.status < 500


def test_form_of_answers():
    good, bad = post("ListKeys", {"Limit": 1}), post("DescribeKey", {"KeyId": UNKNOWN_KEY})
    assert good.status == 200 and bad.status == 400
    for answer in (good, bad):
        assert answer.headers["content-type"] == "application/x-amz-json-1.1"
        assert re.fullmatch("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", answer.headers["x-amzn-requestid"])
    assert good.headers["x-amzn-requestid"] != bad.headers["x-amzn-requestid"]
    assert bad.error == "NotFoundException" and bad.json["message"].startswith("Key '")
    created = post("CreateKey", {})
    assert isinstance(created.json["KeyMetadata"]["CreationDate"], (int, float))


def test_request_id_reaches_the_client(kms):
    answer = kms.list_keys(Limit=1)
    assert re.fullmatch("[0-9a-f-]{36}", answer["ResponseMetadata"]["RequestId"])
    with pytest.raises(kms.exceptions.NotFoundException) as caught:
        kms.describe_key(KeyId=UNKNOWN_KEY)
    assert re.fullmatch("[0-9a-f-]{36}", caught.value.response["ResponseMetadata"]["RequestId"])


DRY = "The request would have succeeded, but the DryRun option is set."


def test_dry_run_of_encryption(kms, shared, root_arn):
    key = shared()["KeyId"]
    blob = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    for attempt in (
        lambda: kms.encrypt(KeyId=key, Plaintext=b"x", DryRun=True),
        lambda: kms.decrypt(CiphertextBlob=blob, DryRun=True),
        lambda: kms.re_encrypt(CiphertextBlob=blob, DestinationKeyId=key, DryRun=True),
        lambda: kms.generate_data_key(KeyId=key, KeySpec="AES_256", DryRun=True),
        lambda: kms.generate_data_key_without_plaintext(KeyId=key, KeySpec="AES_256", DryRun=True),
        lambda: kms.generate_data_key_pair(KeyId=key, KeyPairSpec="RSA_2048", DryRun=True),
        lambda: kms.generate_data_key_pair_without_plaintext(KeyId=key, KeyPairSpec="RSA_2048", DryRun=True),
        lambda: kms.create_grant(KeyId=key, GranteePrincipal=root_arn, Operations=["Decrypt"], DryRun=True),
    ):
        with refused("DryRunOperationException", DRY):
            attempt()
    assert kms.list_grants(KeyId=key)["Grants"] == []


def test_dry_run_of_signing(kms, shared):
    signing = {"KeyId": shared("ECC_NIST_P256", "SIGN_VERIFY")["KeyId"], **SIGNING}
    signature = kms.sign(**signing)["Signature"]
    coding = {"KeyId": shared("HMAC_256", "GENERATE_VERIFY_MAC")["KeyId"], "MacAlgorithm": "HMAC_SHA_256", "Message": b"x"}
    mac = kms.generate_mac(**coding)["Mac"]
    agreeing = shared("ECC_NIST_P256", "KEY_AGREEMENT")["KeyId"]
    public = kms.get_public_key(KeyId=agreeing)["PublicKey"]
    for attempt in (
        lambda: kms.sign(**signing, DryRun=True),
        lambda: kms.verify(**signing, Signature=signature, DryRun=True),
        lambda: kms.generate_mac(**coding, DryRun=True),
        lambda: kms.verify_mac(**coding, Mac=mac, DryRun=True),
        lambda: kms.derive_shared_secret(KeyId=agreeing, KeyAgreementAlgorithm="ECDH", PublicKey=public, DryRun=True),
    ):
        with refused("DryRunOperationException", DRY):
            attempt()


def test_dry_run_of_grants_leaves_them(kms, key, root_arn):
    made = kms.create_grant(KeyId=key["KeyId"], GranteePrincipal=root_arn, Operations=["Decrypt"])
    with refused("DryRunOperationException", DRY):
        kms.revoke_grant(KeyId=key["KeyId"], GrantId=made["GrantId"], DryRun=True)
    with refused("DryRunOperationException", DRY):
        kms.retire_grant(GrantToken=made["GrantToken"], DryRun=True)
    assert len(kms.list_grants(KeyId=key["KeyId"])["Grants"]) == 1


def test_dry_run_that_would_fail(kms, key):
    with refused("ValidationException"):
        kms.generate_data_key(KeyId=key["KeyId"], DryRun=True)
    kms.disable_key(KeyId=key["KeyId"])
    with refused("DisabledException", f"{key['Arn']} is disabled."):
        kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x", DryRun=True)
