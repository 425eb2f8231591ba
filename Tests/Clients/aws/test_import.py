"""Keys whose material is brought, wrapped in every way that is offered."""

import datetime
import os
import re

import pytest
from cryptography.hazmat.primitives import hashes, hmac, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.keywrap import aes_key_wrap_with_padding
from support import every, not_an_enum, refused
from test_signing import verify_outside

FOREVER = {"ExpirationModel": "KEY_MATERIAL_DOES_NOT_EXPIRE"}
HASHES = {"1": hashes.SHA1(), "256": hashes.SHA256()}
# What SoftHSM's C_UnwrapKey does. By SHA-256 it cannot, and the service does not take keys apart outside the token.
DIRECT = ["RSAES_OAEP_SHA_1"]
BY_AES = ["RSA_AES_KEY_WRAP_SHA_1"]
BEYOND_SOFTHSM = ["RSAES_OAEP_SHA_256", "RSA_AES_KEY_WRAP_SHA_256"]


def der(private):
    return private.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def public_der(private):
    return private.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def wrap(parameters, algorithm, material):
    public = serialization.load_der_public_key(parameters["PublicKey"])
    digest = HASHES[algorithm.rsplit("_", 1)[1]]
    oaep = padding.OAEP(mgf=padding.MGF1(digest), algorithm=digest, label=None)
    if algorithm.startswith("RSAES"):
        return public.encrypt(material, oaep)
    between = os.urandom(32)
    return public.encrypt(between, oaep) + aes_key_wrap_with_padding(between, material)


def parameters_of(kms, key, algorithm="RSAES_OAEP_SHA_1", wrapping="RSA_2048"):
    return kms.get_parameters_for_import(KeyId=key["KeyId"], WrappingAlgorithm=algorithm, WrappingKeySpec=wrapping)


def bring(kms, key, material, algorithm="RSAES_OAEP_SHA_1", wrapping="RSA_2048", **arguments):
    parameters = parameters_of(kms, key, algorithm, wrapping)
    return kms.import_key_material(
        KeyId=key["KeyId"],
        ImportToken=parameters["ImportToken"],
        EncryptedKeyMaterial=wrap(parameters, algorithm, material),
        **(arguments or FOREVER),
    )


def described(kms, key):
    return kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]


@pytest.fixture
def empty(create):
    return create(Origin="EXTERNAL")


@pytest.mark.parametrize("wrapping", ["RSA_2048", "RSA_3072", "RSA_4096"])
def test_parameters(kms, empty, wrapping):
    before = datetime.datetime.now(datetime.timezone.utc)
    parameters = parameters_of(kms, empty, wrapping=wrapping)
    assert parameters["KeyId"] == empty["Arn"] and parameters["ImportToken"]
    assert serialization.load_der_public_key(parameters["PublicKey"]).key_size == int(wrapping[4:])
    due = before + datetime.timedelta(hours=24)
    assert abs(parameters["ParametersValidTo"] - due) < datetime.timedelta(minutes=5)


@pytest.mark.parametrize("algorithm", BEYOND_SOFTHSM)
def test_what_the_token_cannot_unwrap(kms, empty, algorithm):
    with refused("UnsupportedOperationException", has=[algorithm, "RSAES_OAEP_SHA_1", "RSA_AES_KEY_WRAP_SHA_1"]):
        parameters_of(kms, empty, algorithm)


@pytest.mark.parametrize("algorithm", DIRECT)
@pytest.mark.parametrize("wrapping", ["RSA_2048", "RSA_4096"])
def test_symmetric(kms, empty, algorithm, wrapping):
    with refused("KMSInvalidStateException", f"{empty['Arn']} is pending import."):
        kms.encrypt(KeyId=empty["KeyId"], Plaintext=b"x")
    material = os.urandom(32)
    answer = bring(kms, empty, material, algorithm, wrapping)
    assert answer["KeyId"] == empty["Arn"]
    assert re.fullmatch("[0-9a-f]{64}", answer["KeyMaterialId"])
    now = described(kms, empty)
    assert now["KeyState"] == "Enabled" and now["Enabled"] is True
    assert now["ExpirationModel"] == "KEY_MATERIAL_DOES_NOT_EXPIRE" and "ValidTo" not in now
    assert now["CurrentKeyMaterialId"] == answer["KeyMaterialId"]
    ciphertext = kms.encrypt(KeyId=empty["KeyId"], Plaintext=b"brought")["CiphertextBlob"]
    assert kms.decrypt(CiphertextBlob=ciphertext)["Plaintext"] == b"brought"

    removed = kms.delete_imported_key_material(KeyId=empty["KeyId"])
    assert removed["KeyId"] == empty["Arn"]
    now = described(kms, empty)
    assert now["KeyState"] == "PendingImport" and now["Enabled"] is False
    assert "ExpirationModel" not in now
    for attempt in (
        lambda: kms.encrypt(KeyId=empty["KeyId"], Plaintext=b"x"),
        lambda: kms.decrypt(CiphertextBlob=ciphertext),
        lambda: kms.generate_data_key(KeyId=empty["KeyId"], KeySpec="AES_256"),
    ):
        with refused("KMSInvalidStateException", f"{empty['Arn']} is pending import."):
            attempt()
    kms.delete_imported_key_material(KeyId=empty["KeyId"])
    with refused("IncorrectKeyMaterialException"):
        bring(kms, empty, os.urandom(32))
    assert bring(kms, empty, material, algorithm, wrapping)["KeyMaterialId"] == answer["KeyMaterialId"]
    assert kms.decrypt(CiphertextBlob=ciphertext)["Plaintext"] == b"brought"


@pytest.mark.parametrize("size", [224, 256, 384, 512])
@pytest.mark.parametrize("algorithm", DIRECT)
def test_hmac(kms, create, size, algorithm):
    key = create(f"HMAC_{size}", "GENERATE_VERIFY_MAC", Origin="EXTERNAL")
    material = os.urandom(size // 8)
    bring(kms, key, material, algorithm)
    made = kms.generate_mac(KeyId=key["KeyId"], MacAlgorithm=f"HMAC_SHA_{size}", Message=b"brought")["Mac"]
    outside = hmac.HMAC(material, getattr(hashes, f"SHA{size}")())
    outside.update(b"brought")
    assert made == outside.finalize()


@pytest.mark.parametrize(
    "spec, curve",
    [("ECC_NIST_P256", ec.SECP256R1), ("ECC_NIST_P384", ec.SECP384R1), ("ECC_NIST_P521", ec.SECP521R1), ("ECC_SECG_P256K1", ec.SECP256K1)],
)
@pytest.mark.parametrize("algorithm, wrapping", [("RSAES_OAEP_SHA_1", "RSA_3072"), *((a, "RSA_2048") for a in BY_AES)])
def test_elliptic(kms, create, spec, curve, algorithm, wrapping):
    key = create(spec, "SIGN_VERIFY", Origin="EXTERNAL")
    private = ec.generate_private_key(curve())
    bring(kms, key, der(private), algorithm, wrapping)
    assert kms.get_public_key(KeyId=key["KeyId"])["PublicKey"] == public_der(private)
    how = described(kms, key)["SigningAlgorithms"][0]
    signature = kms.sign(KeyId=key["KeyId"], Message=b"brought", SigningAlgorithm=how)["Signature"]
    verify_outside(private.public_key(), how, b"brought", signature)


@pytest.mark.parametrize("size", [2048, 3072, 4096])
@pytest.mark.parametrize("usage", ["SIGN_VERIFY", "ENCRYPT_DECRYPT"])
@pytest.mark.parametrize("algorithm", BY_AES)
def test_rsa(kms, create, size, usage, algorithm):
    key = create(f"RSA_{size}", usage, Origin="EXTERNAL")
    private = rsa.generate_private_key(65537, size)
    bring(kms, key, der(private), algorithm, "RSA_4096")
    assert kms.get_public_key(KeyId=key["KeyId"])["PublicKey"] == public_der(private)
    if usage == "SIGN_VERIFY":
        how = "RSASSA_PSS_SHA_384"
        signature = kms.sign(KeyId=key["KeyId"], Message=b"brought", SigningAlgorithm=how)["Signature"]
        verify_outside(private.public_key(), how, b"brought", signature)
    else:
        how = {"KeyId": key["KeyId"], "EncryptionAlgorithm": "RSAES_OAEP_SHA_256"}
        blob = kms.encrypt(Plaintext=b"brought", **how)["CiphertextBlob"]
        assert kms.decrypt(CiphertextBlob=blob, **how)["Plaintext"] == b"brought"


def test_material_that_expires(kms, empty):
    until = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0) + datetime.timedelta(days=100)
    bring(kms, empty, os.urandom(32), ExpirationModel="KEY_MATERIAL_EXPIRES", ValidTo=until)
    now = described(kms, empty)
    assert now["ExpirationModel"] == "KEY_MATERIAL_EXPIRES" and now["ValidTo"] == until


def test_expiry_that_is_refused(kms, empty):
    now = datetime.datetime.now(datetime.timezone.utc)
    material = os.urandom(32)
    needed = "A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES"
    with refused("ValidationException", needed):
        bring(kms, empty, material, ExpirationModel="KEY_MATERIAL_EXPIRES")
    parameters = parameters_of(kms, empty)
    with refused("ValidationException", needed):
        kms.import_key_material(
            KeyId=empty["KeyId"],
            ImportToken=parameters["ImportToken"],
            EncryptedKeyMaterial=wrap(parameters, "RSAES_OAEP_SHA_1", material),
        )
    for arguments in (
        {"ExpirationModel": "KEY_MATERIAL_DOES_NOT_EXPIRE", "ValidTo": now + datetime.timedelta(days=1)},
        {"ExpirationModel": "KEY_MATERIAL_EXPIRES", "ValidTo": now - datetime.timedelta(days=1)},
        {"ExpirationModel": "KEY_MATERIAL_EXPIRES", "ValidTo": now + datetime.timedelta(days=400)},
    ):
        with refused("ValidationException"):
            bring(kms, empty, material, **arguments)
    with refused("ValidationException", starts=not_an_enum("expirationModel", "SOMETIMES")):
        bring(kms, empty, material, ExpirationModel="SOMETIMES")
    assert described(kms, empty)["KeyState"] == "PendingImport"


def test_import_that_is_refused(kms, create, empty):
    material = os.urandom(32)
    parameters = parameters_of(kms, empty)
    wrapped = wrap(parameters, "RSAES_OAEP_SHA_1", material)
    token = parameters["ImportToken"]

    def attempt(key=empty, token=token, wrapped=wrapped):
        return kms.import_key_material(KeyId=key["KeyId"], ImportToken=token, EncryptedKeyMaterial=wrapped, **FOREVER)

    with refused("InvalidImportTokenException"):
        attempt(key=create(Origin="EXTERNAL"))
    with refused("InvalidImportTokenException"):
        attempt(token=b"no token of this service")
    with refused("InvalidImportTokenException"):
        attempt(token=token[:-1] + bytes([token[-1] ^ 1]))
    with refused("InvalidCiphertextException"):
        attempt(wrapped=wrapped[:-1] + bytes([wrapped[-1] ^ 1]))
    with refused("InvalidCiphertextException"):
        attempt(wrapped=wrap(parameters, "RSAES_OAEP_SHA_256", material))
    # Whatever does not unwrap as a key of the kind is told in the same way.
    with refused("InvalidCiphertextException"):
        attempt(wrapped=wrap(parameters, "RSAES_OAEP_SHA_1", os.urandom(31)))
    assert described(kms, empty)["KeyState"] == "PendingImport"
    attempt()
    assert described(kms, empty)["KeyState"] == "Enabled"


@pytest.mark.parametrize(
    "spec, usage, material",
    [
        ("HMAC_256", "GENERATE_VERIFY_MAC", bytes(31)),
        ("ECC_NIST_P256", "SIGN_VERIFY", b"no private key at all"),
        ("ECC_NIST_P256", "SIGN_VERIFY", der(ec.generate_private_key(ec.SECP256K1()))),
    ],
    ids=["short", "garbage", "curve"],
)
def test_material_that_does_not_fit(kms, create, spec, usage, material):
    key = create(spec, usage, Origin="EXTERNAL")
    with refused("InvalidCiphertextException"):
        bring(kms, key, material, wrapping="RSA_4096")
    assert described(kms, key)["KeyState"] == "PendingImport"


def test_only_for_keys_that_wait_for_it(kms, key):
    message = f"{key['Arn']} origin is AWS_KMS which is not valid for this operation."
    with refused("UnsupportedOperationException", message):
        parameters_of(kms, key)
    with refused("UnsupportedOperationException", message):
        kms.import_key_material(KeyId=key["KeyId"], ImportToken=b"x", EncryptedKeyMaterial=b"x", **FOREVER)
    with refused("UnsupportedOperationException", message):
        kms.delete_imported_key_material(KeyId=key["KeyId"])


def test_wrapping_that_is_refused(kms, create, empty):
    with refused("UnsupportedOperationException"):
        parameters_of(kms, empty, "RSAES_PKCS1_V1_5")
    with refused("ValidationException", starts=not_an_enum("wrappingAlgorithm", "PAPER")):
        parameters_of(kms, empty, "PAPER")
    with refused("ValidationException", starts=not_an_enum("wrappingKeySpec", "RSA_1024")):
        parameters_of(kms, empty, wrapping="RSA_1024")
    rsa_key = create("RSA_2048", "SIGN_VERIFY", Origin="EXTERNAL")
    for algorithm in DIRECT:
        with refused("UnsupportedOperationException"):
            parameters_of(kms, rsa_key, algorithm, "RSA_4096")


def test_state_of_deletion_comes_first(kms, empty):
    kms.schedule_key_deletion(KeyId=empty["KeyId"], PendingWindowInDays=7)
    with refused("KMSInvalidStateException", f"{empty['Arn']} is pending deletion."):
        parameters_of(kms, empty)
    kms.delete_imported_key_material(KeyId=empty["KeyId"])
    assert described(kms, empty)["KeyState"] == "PendingDeletion"


def test_one_material_a_key(kms, empty):
    """Material of a key is not replaced here: who wants other material makes another key."""
    bring(kms, empty, os.urandom(32), ImportType="NEW_KEY_MATERIAL", **FOREVER)
    with refused("KMSInvalidStateException", f"No available key material pending rotation for the key: {empty['Arn']}."):
        kms.rotate_key_on_demand(KeyId=empty["KeyId"])
    with refused("UnsupportedOperationException"):
        bring(kms, empty, os.urandom(32), ImportType="NEW_KEY_MATERIAL", **FOREVER)
