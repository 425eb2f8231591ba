"""Rotation: by itself, on demand, and what it leaves behind."""

import datetime
import re
import time

import pytest
from support import UNKNOWN_KEY, every, invalid, refused


def settled(kms, key):
    """Waits until no rotation on demand is under way any more."""
    for _ in range(150):
        status = kms.get_key_rotation_status(KeyId=key["KeyId"])
        if "OnDemandRotationStartDate" not in status:
            return status
        time.sleep(0.2)
    raise AssertionError("the rotation does not end")


def material(kms, key):
    return kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["CurrentKeyMaterialId"]


def test_automatic_rotation(kms, key):
    status = kms.get_key_rotation_status(KeyId=key["KeyId"])
    assert status["KeyId"] == key["Arn"] and status["KeyRotationEnabled"] is False
    assert not {"NextRotationDate", "RotationPeriodInDays", "OnDemandRotationStartDate"} & set(status)
    now = datetime.datetime.now(datetime.timezone.utc)
    for arguments, days in (({}, 365), ({"RotationPeriodInDays": 90}, 90), ({"RotationPeriodInDays": 2560}, 2560)):
        assert set(kms.enable_key_rotation(KeyId=key["KeyId"], **arguments)) == {"ResponseMetadata"}
        status = kms.get_key_rotation_status(KeyId=key["Arn"])
        assert status["KeyRotationEnabled"] is True and status["RotationPeriodInDays"] == days
        assert abs(status["NextRotationDate"] - now - datetime.timedelta(days=days)) < datetime.timedelta(days=1)
    for _ in range(2):
        assert set(kms.disable_key_rotation(KeyId=key["KeyId"])) == {"ResponseMetadata"}
    assert kms.get_key_rotation_status(KeyId=key["KeyId"])["KeyRotationEnabled"] is False


@pytest.mark.parametrize("days, constraint", [(89, "greater than or equal to 90"), (2561, "less than or equal to 2560")])
def test_period_has_limits(kms, loose, key, days, constraint):
    with refused("ValidationException", invalid("rotationPeriodInDays", f"Member must have value {constraint}", days)):
        loose.enable_key_rotation(KeyId=key["KeyId"], RotationPeriodInDays=days)
    assert kms.get_key_rotation_status(KeyId=key["KeyId"])["KeyRotationEnabled"] is False


def test_rotation_on_demand(kms, key):
    assert kms.list_key_rotations(KeyId=key["KeyId"])["Rotations"] == []
    materials = [material(kms, key)]
    ciphertexts = [kms.encrypt(KeyId=key["KeyId"], Plaintext=b"0")["CiphertextBlob"]]
    for number in range(1, 4):
        assert kms.rotate_key_on_demand(KeyId=key["KeyId"])["KeyId"] == key["Arn"]
        settled(kms, key)
        materials.append(material(kms, key))
        ciphertexts.append(kms.encrypt(KeyId=key["KeyId"], Plaintext=str(number).encode())["CiphertextBlob"])
    assert len(set(materials)) == 4
    for number, ciphertext in enumerate(ciphertexts):
        decrypted = kms.decrypt(CiphertextBlob=ciphertext)
        assert decrypted["Plaintext"] == str(number).encode()
        assert decrypted["KeyMaterialId"] == materials[number]

    rotations = every(kms.list_key_rotations, "Rotations", KeyId=key["KeyId"])
    assert len(rotations) == 3
    for rotation in rotations:
        assert rotation["KeyId"] in (key["KeyId"], key["Arn"])
        assert rotation["RotationType"] == "ON_DEMAND"
        assert re.fullmatch("[0-9a-f]{64}", rotation["KeyMaterialId"])
        assert isinstance(rotation["RotationDate"], datetime.datetime)
        current = rotation["KeyMaterialId"] == materials[-1]
        assert rotation["KeyMaterialState"] == ("CURRENT" if current else "NON_CURRENT")
    assert {rotation["KeyMaterialId"] for rotation in rotations} == set(materials[1:])
    assert every(kms.list_key_rotations, "Rotations", KeyId=key["KeyId"], Limit=1) == rotations
    everything = every(kms.list_key_rotations, "Rotations", KeyId=key["KeyId"], IncludeKeyMaterial="ALL_KEY_MATERIAL", Limit=2)
    assert {entry["KeyMaterialId"] for entry in everything} == set(materials)
    (first,) = [entry for entry in everything if entry["KeyMaterialId"] == materials[0]]
    assert first["KeyMaterialState"] == "NON_CURRENT" and "RotationType" not in first


def test_rotation_on_demand_does_not_move_the_next_date(kms, key):
    kms.enable_key_rotation(KeyId=key["KeyId"], RotationPeriodInDays=180)
    before = kms.get_key_rotation_status(KeyId=key["KeyId"])
    kms.rotate_key_on_demand(KeyId=key["KeyId"])
    assert settled(kms, key)["NextRotationDate"] == before["NextRotationDate"]


def test_rotation_on_demand_has_an_end(kms, key):
    for _ in range(25):
        kms.rotate_key_on_demand(KeyId=key["KeyId"])
        settled(kms, key)
    with refused("LimitExceededException"):
        kms.rotate_key_on_demand(KeyId=key["KeyId"])
    assert len(every(kms.list_key_rotations, "Rotations", KeyId=key["KeyId"], Limit=10)) == 25


@pytest.mark.parametrize("spec, usage", [("RSA_2048", "ENCRYPT_DECRYPT"), ("ECC_NIST_P256", "SIGN_VERIFY"), ("HMAC_256", "GENERATE_VERIFY_MAC")])
def test_only_symmetric_keys_rotate(kms, shared, spec, usage):
    key = shared(spec, usage)["KeyId"]
    with refused("UnsupportedOperationException"):
        kms.enable_key_rotation(KeyId=key)
    with refused("UnsupportedOperationException"):
        kms.rotate_key_on_demand(KeyId=key)
    with refused("UnsupportedOperationException"):
        kms.list_key_rotations(KeyId=key)


@pytest.mark.parametrize("spec, usage", [("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"), ("ECC_NIST_P256", "SIGN_VERIFY")])
def test_disabled_keys_do_not_rotate(kms, create, spec, usage):
    """The state is told before the kind of key is."""
    key = create(spec, usage)
    kms.disable_key(KeyId=key["KeyId"])
    for operation in ("enable_key_rotation", "disable_key_rotation", "rotate_key_on_demand"):
        with refused("DisabledException", f"{key['Arn']} is disabled."):
            getattr(kms, operation)(KeyId=key["KeyId"])


def test_imported_keys_do_not_rotate_by_themselves(kms, create):
    key = create(Origin="EXTERNAL")
    message = f"{key['Arn']} origin is EXTERNAL which is not valid for this operation."
    for operation in ("enable_key_rotation", "disable_key_rotation"):
        with refused("UnsupportedOperationException", message):
            getattr(kms, operation)(KeyId=key["KeyId"])
    with refused("KMSInvalidStateException", f"{key['Arn']} is pending import."):
        kms.rotate_key_on_demand(KeyId=key["KeyId"])


def test_keys_that_are_not_there(kms, account, region):
    message = f"Key 'arn:aws:kms:{region}:{account}:key/{UNKNOWN_KEY}' does not exist"
    operations = ("enable_key_rotation", "disable_key_rotation", "get_key_rotation_status", "rotate_key_on_demand", "list_key_rotations")
    for operation in operations:
        with refused("NotFoundException", message):
            getattr(kms, operation)(KeyId=UNKNOWN_KEY)
