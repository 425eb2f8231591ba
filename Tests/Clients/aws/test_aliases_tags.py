"""Aliases and tags."""

import pytest
from support import UNKNOWN_KEY, every, invalid, refused, unique


def arn_of(alias, account, region):
    return f"arn:aws:kms:{region}:{account}:{alias}"


def test_an_alias_from_beginning_to_end(kms, create, account, region):
    first, second = create(), create()
    name = unique("alias/team/test_")
    assert set(kms.create_alias(AliasName=name, TargetKeyId=first["Arn"])) == {"ResponseMetadata"}
    (entry,) = kms.list_aliases(KeyId=first["KeyId"])["Aliases"]
    assert entry["AliasName"] == name
    assert entry["AliasArn"] == arn_of(name, account, region)
    assert entry["TargetKeyId"] == first["KeyId"]
    assert entry["CreationDate"] <= entry["LastUpdatedDate"]
    assert kms.describe_key(KeyId=name)["KeyMetadata"]["KeyId"] == first["KeyId"]
    assert kms.list_aliases(KeyId=first["Arn"])["Aliases"] == [entry]

    ciphertext = kms.encrypt(KeyId=name, Plaintext=b"before")["CiphertextBlob"]
    assert set(kms.update_alias(AliasName=name, TargetKeyId=second["KeyId"])) == {"ResponseMetadata"}
    assert kms.list_aliases(KeyId=first["KeyId"])["Aliases"] == []
    (moved,) = kms.list_aliases(KeyId=second["KeyId"])["Aliases"]
    assert moved["TargetKeyId"] == second["KeyId"]
    assert moved["CreationDate"] == entry["CreationDate"]
    assert kms.encrypt(KeyId=name, Plaintext=b"after")["KeyId"] == second["Arn"]
    assert kms.decrypt(CiphertextBlob=ciphertext)["KeyId"] == first["Arn"]
    with refused("IncorrectKeyException"):
        kms.decrypt(CiphertextBlob=ciphertext, KeyId=name)
    kms.update_alias(AliasName=name, TargetKeyId=second["Arn"])

    assert set(kms.delete_alias(AliasName=name)) == {"ResponseMetadata"}
    missing = f"Alias {arn_of(name, account, region)} is not found."
    with refused("NotFoundException", missing):
        kms.describe_key(KeyId=name)
    with refused("NotFoundException", missing):
        kms.delete_alias(AliasName=name)
    with refused("NotFoundException", missing):
        kms.update_alias(AliasName=name, TargetKeyId=first["KeyId"])
    kms.create_alias(AliasName=name, TargetKeyId=first["KeyId"])
    kms.delete_alias(AliasName=name)


def test_a_name_is_taken_once(kms, shared, alias, account, region):
    message = f"An alias with the name {arn_of(alias, account, region)} already exists"
    with refused("AlreadyExistsException", message):
        kms.create_alias(AliasName=alias, TargetKeyId=shared()["KeyId"])


def test_several_aliases_page_by_page(kms, key):
    names = {unique("alias/test") for _ in range(5)}
    for name in names:
        kms.create_alias(AliasName=name, TargetKeyId=key["KeyId"])
    listed = every(kms.list_aliases, "Aliases", KeyId=key["KeyId"], Limit=2)
    assert {entry["AliasName"] for entry in listed} == names and len(listed) == 5
    assert {entry["AliasName"] for entry in every(kms.list_aliases, "Aliases", Limit=100)} >= names
    for name in names:
        kms.delete_alias(AliasName=name)


@pytest.mark.parametrize("name", ["alias/my-alias!", "alias/my alias", "alias/ümlaut"])
def test_characters_of_a_name(kms, shared, name):
    constraint = "Member must satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$"
    with refused("ValidationException", invalid("aliasName", constraint, name)):
        kms.create_alias(AliasName=name, TargetKeyId=shared()["KeyId"])


def test_a_colon_is_for_arns(kms, shared):
    with refused("ValidationException", "alias/my:alias contains invalid characters for an alias"):
        kms.create_alias(AliasName="alias/my:alias", TargetKeyId=shared()["KeyId"])


def test_names_begin_with_alias(kms, shared):
    with refused("ValidationException", starts='Alias must start with the prefix "alias/".'):
        kms.create_alias(AliasName=unique("test"), TargetKeyId=shared()["KeyId"])


@pytest.mark.parametrize("name", ["alias/aws/ebs", "alias/aws/anything"])
def test_names_of_aws_are_reserved(kms, shared, name):
    with refused("NotAuthorizedException"):
        kms.create_alias(AliasName=name, TargetKeyId=shared()["KeyId"])


def test_names_have_a_length(kms, shared):
    name = "alias/" + "a" * 251
    with refused("ValidationException", has="Member must have length less than or equal to 256"):
        kms.create_alias(AliasName=name, TargetKeyId=shared()["KeyId"])


def test_targets(kms, shared, alias, account, region):
    with refused("ValidationException", "Aliases must refer to keys. Not aliases"):
        kms.create_alias(AliasName=unique("alias/test"), TargetKeyId=alias)
    with refused("NotFoundException", f"Key 'arn:aws:kms:{region}:{account}:key/{UNKNOWN_KEY}' does not exist"):
        kms.create_alias(AliasName=unique("alias/test"), TargetKeyId=UNKNOWN_KEY)
    with refused("NotFoundException"):
        kms.list_aliases(KeyId=UNKNOWN_KEY)


def test_an_alias_moves_between_keys_of_a_kind(kms, shared, alias):
    for spec, usage in (("HMAC_256", "GENERATE_VERIFY_MAC"), ("ECC_NIST_P256", "SIGN_VERIFY")):
        with refused("ValidationException"):
            kms.update_alias(AliasName=alias, TargetKeyId=shared(spec, usage)["KeyId"])


def tags(**pairs):
    return [{"TagKey": key, "TagValue": value} for key, value in pairs.items()]


def listed(kms, key, **arguments):
    return {tag["TagKey"]: tag["TagValue"] for tag in every(kms.list_resource_tags, "Tags", KeyId=key["KeyId"], **arguments)}


def test_tags_from_the_beginning(kms, create):
    key = create(Tags=tags(team="payments", empty=""))
    assert listed(kms, key) == {"team": "payments", "empty": ""}
    answer = kms.list_resource_tags(KeyId=key["Arn"])
    assert answer["Truncated"] is False and "NextMarker" not in answer


def test_tags_are_added_changed_and_removed(kms, key):
    assert listed(kms, key) == {}
    assert set(kms.tag_resource(KeyId=key["KeyId"], Tags=tags(a="1", b="2"))) == {"ResponseMetadata"}
    kms.tag_resource(KeyId=key["Arn"], Tags=tags(b="changed", c="3"))
    assert listed(kms, key) == {"a": "1", "b": "changed", "c": "3"}
    assert set(kms.untag_resource(KeyId=key["KeyId"], TagKeys=["a", "never"])) == {"ResponseMetadata"}
    assert listed(kms, key) == {"b": "changed", "c": "3"}


def test_tags_page_by_page(kms, create):
    wanted = {f"key{n:02}": str(n) for n in range(50)}
    key = create(Tags=tags(**wanted))
    assert listed(kms, key, Limit=7) == wanted
    assert listed(kms, key) == wanted
    with refused("TagException", "Too many tags"):
        kms.tag_resource(KeyId=key["KeyId"], Tags=tags(onemore=""))
    kms.tag_resource(KeyId=key["KeyId"], Tags=tags(key00="changed"))


def test_tags_that_are_refused(kms, key):
    twice = tags(a="1") + tags(a="2")
    reserved = [{"TagKey": "aws:x", "TagValue": "y"}]
    many = tags(**{f"key{n}": "" for n in range(51)})
    for make in (lambda given: kms.create_key(Tags=given), lambda given: kms.tag_resource(KeyId=key["KeyId"], Tags=given)):
        with refused("TagException", "Duplicate tag keys"):
            make(twice)
        with refused("TagException", "Tags beginning with aws: are reserved"):
            make(reserved)
        with refused("TagException", "Too many tags"):
            make(many)
        limit = "Member must have length less than or equal to"
        with refused("ValidationException", invalid("tags.1.member.tagKey", f"{limit} 128", "k" * 129)):
            make([{"TagKey": "k" * 129, "TagValue": ""}])
        with refused("ValidationException", invalid("tags.1.member.tagValue", f"{limit} 256", "v" * 257)):
            make(tags(a="v" * 257))
    with refused("TagException", "Tags beginning with aws: are reserved"):
        kms.create_key(Tags=[{"TagKey": "AWS:x", "TagValue": "y"}])
    assert listed(kms, key) == {}
