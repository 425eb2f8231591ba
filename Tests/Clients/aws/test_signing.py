"""Sign and Verify, MACs, public keys and shared secrets; held against a cryptography that is not ours."""

import hashlib

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding
from support import invalid, not_an_enum, refused

HASHES = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512(), "224": hashes.SHA224()}
SIGNING = [
    *(
        (f"RSA_{size}", f"RSASSA_{scheme}_SHA_{digest}")
        for size in (2048, 3072, 4096)
        for scheme in ("PKCS1_V1_5", "PSS")
        for digest in (256, 384, 512)
    ),
    ("ECC_NIST_P256", "ECDSA_SHA_256"),
    ("ECC_NIST_P384", "ECDSA_SHA_384"),
    ("ECC_NIST_P521", "ECDSA_SHA_512"),
    ("ECC_SECG_P256K1", "ECDSA_SHA_256"),
]
CURVES = {"ECC_NIST_P256": ec.SECP256R1, "ECC_NIST_P384": ec.SECP384R1, "ECC_NIST_P521": ec.SECP521R1, "ECC_SECG_P256K1": ec.SECP256K1}
MESSAGE = b"what is signed"


def verify_outside(public, algorithm, message, signature):
    digest = HASHES[algorithm[-3:]]
    if algorithm.startswith("ECDSA"):
        public.verify(signature, message, ec.ECDSA(digest))
    elif "PSS" in algorithm:
        public.verify(signature, message, padding.PSS(padding.MGF1(digest), digest.digest_size), digest)
    else:
        public.verify(signature, message, padding.PKCS1v15(), digest)


@pytest.mark.parametrize("spec, algorithm", SIGNING)
def test_sign_and_verify(kms, shared, spec, algorithm):
    key = shared(spec, "SIGN_VERIFY")
    public = serialization.load_der_public_key(kms.get_public_key(KeyId=key["KeyId"])["PublicKey"])
    how = {"KeyId": key["KeyId"], "SigningAlgorithm": algorithm}
    digest = hashlib.new(f"sha{algorithm[-3:]}", MESSAGE).digest()
    for given in ({"Message": MESSAGE}, {"Message": MESSAGE, "MessageType": "RAW"}, {"Message": digest, "MessageType": "DIGEST"}):
        signed = kms.sign(**how, **given)
        assert signed["KeyId"] == key["Arn"] and signed["SigningAlgorithm"] == algorithm
        verify_outside(public, algorithm, MESSAGE, signed["Signature"])
        for same in ({"Message": MESSAGE}, {"Message": digest, "MessageType": "DIGEST"}):
            verified = kms.verify(**how, **same, Signature=signed["Signature"])
            assert verified["SignatureValid"] is True
            assert verified["KeyId"] == key["Arn"] and verified["SigningAlgorithm"] == algorithm
    signature = signed["Signature"]
    for message, spoilt in ((b"another", signature), (MESSAGE, signature[:-1] + bytes([signature[-1] ^ 1])), (MESSAGE, b"\1"), (MESSAGE, bytes(6144))):
        with refused("KMSInvalidSignatureException", ""):
            kms.verify(**how, Message=message, Signature=spoilt)
    with refused("ValidationException", f"Digest is invalid length for algorithm {algorithm}."):
        kms.sign(**how, Message=b"no digest", MessageType="DIGEST")
    with refused("ValidationException", f"Digest is invalid length for algorithm {algorithm}."):
        kms.verify(**how, Message=b"no digest", MessageType="DIGEST", Signature=signature)


def test_message_has_limits(kms, shared):
    how = {"KeyId": shared("ECC_NIST_P256", "SIGN_VERIFY")["KeyId"], "SigningAlgorithm": "ECDSA_SHA_256"}
    signature = kms.sign(**how, Message=bytes(4096))["Signature"]
    assert kms.verify(**how, Message=bytes(4096), Signature=signature)["SignatureValid"] is True
    with refused("ValidationException", invalid("message", "Member must have length less than or equal to 4096")):
        kms.sign(**how, Message=bytes(4097))
    with refused("ValidationException", invalid("message", "Member must have length greater than or equal to 1")):
        kms.sign(**how, Message=b"")
    with refused("ValidationException", invalid("signature", "Member must have length greater than or equal to 1")):
        kms.verify(**how, Message=b"x", Signature=b"")
    with refused("ValidationException", invalid("signature", "Member must have length less than or equal to 6144")):
        kms.verify(**how, Message=b"x", Signature=bytes(6145))


@pytest.mark.parametrize(
    "spec, algorithm",
    [("RSA_2048", "ECDSA_SHA_256"), ("ECC_NIST_P256", "ECDSA_SHA_384"), ("ECC_NIST_P256", "RSASSA_PSS_SHA_256"), ("ECC_SECG_P256K1", "ECDSA_SHA_512")],
)
def test_algorithm_that_the_key_does_not_have(kms, shared, spec, algorithm):
    how = {"KeyId": shared(spec, "SIGN_VERIFY")["KeyId"], "SigningAlgorithm": algorithm, "Message": b"x"}
    message = f"Algorithm {algorithm} is incompatible with key spec {spec}."
    with refused("InvalidKeyUsageException", message):
        kms.sign(**how)
    with refused("InvalidKeyUsageException", message):
        kms.verify(**how, Signature=bytes(64))


def test_unknown_words(kms, shared):
    key = shared("ECC_NIST_P256", "SIGN_VERIFY")["KeyId"]
    with refused("ValidationException", starts=not_an_enum("signingAlgorithm", "INVALID")):
        kms.sign(KeyId=key, Message=b"x", SigningAlgorithm="INVALID")
    with refused("ValidationException", starts=not_an_enum("messageType", "SPOKEN")):
        kms.sign(KeyId=key, Message=b"x", MessageType="SPOKEN", SigningAlgorithm="ECDSA_SHA_256")


@pytest.mark.parametrize("spec, usage", [("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"), ("RSA_2048", "ENCRYPT_DECRYPT"), ("HMAC_256", "GENERATE_VERIFY_MAC")])
def test_keys_that_do_not_sign(kms, shared, spec, usage):
    key = shared(spec, usage)
    for operation, arguments in (("sign", {}), ("verify", {"Signature": bytes(64)})):
        with refused("InvalidKeyUsageException", f"{key['Arn']} key usage is {usage} which is not valid for {operation.title()}."):
            getattr(kms, operation)(KeyId=key["KeyId"], Message=b"x", SigningAlgorithm="RSASSA_PSS_SHA_256", **arguments)


@pytest.mark.parametrize("size", [224, 256, 384, 512])
def test_mac(kms, shared, size):
    key = shared(f"HMAC_{size}", "GENERATE_VERIFY_MAC")
    how = {"KeyId": key["KeyId"], "MacAlgorithm": f"HMAC_SHA_{size}"}
    made = kms.generate_mac(**how, Message=MESSAGE)
    assert made["KeyId"] == key["Arn"] and made["MacAlgorithm"] == how["MacAlgorithm"]
    assert len(made["Mac"]) == size // 8
    assert kms.generate_mac(**how, Message=MESSAGE)["Mac"] == made["Mac"]
    verified = kms.verify_mac(**how, Message=MESSAGE, Mac=made["Mac"])
    assert verified["MacValid"] is True
    assert verified["KeyId"] == key["Arn"] and verified["MacAlgorithm"] == how["MacAlgorithm"]
    for message, mac in ((b"another", made["Mac"]), (MESSAGE, made["Mac"][:-1]), (MESSAGE, b"\0"), (MESSAGE, bytes(size // 8))):
        with refused("KMSInvalidMacException", ""):
            kms.verify_mac(**how, Message=message, Mac=mac)
    kms.generate_mac(**how, Message=bytes(4096))
    with refused("ValidationException", invalid("message", "Member must have length less than or equal to 4096")):
        kms.generate_mac(**how, Message=bytes(4097))
    with refused("ValidationException", invalid("message", "Member must have length greater than or equal to 1")):
        kms.generate_mac(**how, Message=b"")
    other = "HMAC_SHA_384" if size != 384 else "HMAC_SHA_256"
    message = f"Algorithm {other} is incompatible with key spec HMAC_{size}."
    with refused("InvalidKeyUsageException", message):
        kms.generate_mac(KeyId=key["KeyId"], MacAlgorithm=other, Message=MESSAGE)
    with refused("InvalidKeyUsageException", message):
        kms.verify_mac(KeyId=key["KeyId"], MacAlgorithm=other, Message=MESSAGE, Mac=made["Mac"])


def test_mac_that_is_refused(kms, shared):
    key = shared()
    with refused("InvalidKeyUsageException", f"{key['Arn']} key usage is ENCRYPT_DECRYPT which is not valid for GenerateMac."):
        kms.generate_mac(KeyId=key["KeyId"], MacAlgorithm="HMAC_SHA_256", Message=b"x")
    with refused("InvalidKeyUsageException", f"{key['Arn']} key usage is ENCRYPT_DECRYPT which is not valid for VerifyMac."):
        kms.verify_mac(KeyId=key["KeyId"], MacAlgorithm="HMAC_SHA_256", Message=b"x", Mac=bytes(32))
    with refused("ValidationException", starts=not_an_enum("macAlgorithm", "INVALID")):
        kms.generate_mac(KeyId=shared("HMAC_256", "GENERATE_VERIFY_MAC")["KeyId"], MacAlgorithm="INVALID", Message=b"x")


@pytest.mark.parametrize(
    "spec, usage, names",
    [
        ("RSA_2048", "ENCRYPT_DECRYPT", "EncryptionAlgorithms"),
        ("RSA_3072", "SIGN_VERIFY", "SigningAlgorithms"),
        ("ECC_NIST_P384", "SIGN_VERIFY", "SigningAlgorithms"),
        ("ECC_SECG_P256K1", "SIGN_VERIFY", "SigningAlgorithms"),
        ("ECC_NIST_P521", "KEY_AGREEMENT", "KeyAgreementAlgorithms"),
    ],
)
def test_public_key(kms, shared, spec, usage, names):
    key = shared(spec, usage)
    answer = kms.get_public_key(KeyId=key["KeyId"])
    assert answer["KeyId"] == key["Arn"]
    assert answer["KeySpec"] == answer["CustomerMasterKeySpec"] == spec and answer["KeyUsage"] == usage
    lists = {"EncryptionAlgorithms", "SigningAlgorithms", "KeyAgreementAlgorithms"}
    assert lists & set(answer) == {names} and answer[names] == key[names]
    public = serialization.load_der_public_key(answer["PublicKey"])
    if spec.startswith("RSA"):
        assert public.key_size == int(spec[4:]) and public.public_numbers().e == 65537
    else:
        assert isinstance(public.curve, CURVES[spec])
    assert kms.get_public_key(KeyId=key["Arn"])["PublicKey"] == answer["PublicKey"]


@pytest.mark.parametrize("spec, usage", [("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"), ("HMAC_256", "GENERATE_VERIFY_MAC")])
def test_keys_without_a_public_key(kms, shared, spec, usage):
    with refused("UnsupportedOperationException"):
        kms.get_public_key(KeyId=shared(spec, usage)["KeyId"])


@pytest.mark.parametrize("spec", ["ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_P521"])
def test_shared_secret(kms, create, spec):
    one, two = create(spec, "KEY_AGREEMENT"), create(spec, "KEY_AGREEMENT")
    public = {key["KeyId"]: kms.get_public_key(KeyId=key["KeyId"])["PublicKey"] for key in (one, two)}
    how = {"KeyAgreementAlgorithm": "ECDH"}
    first = kms.derive_shared_secret(KeyId=one["KeyId"], PublicKey=public[two["KeyId"]], **how)
    second = kms.derive_shared_secret(KeyId=two["Arn"], PublicKey=public[one["KeyId"]], **how)
    assert first["KeyId"] == one["Arn"]
    assert first["KeyAgreementAlgorithm"] == "ECDH" and first["KeyOrigin"] == "AWS_KMS"
    assert first["SharedSecret"] == second["SharedSecret"]
    outside = ec.generate_private_key(CURVES[spec]())
    ours = serialization.load_der_public_key(public[one["KeyId"]])
    theirs = outside.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    assert kms.derive_shared_secret(KeyId=one["KeyId"], PublicKey=theirs, **how)["SharedSecret"] == outside.exchange(ec.ECDH(), ours)


def test_shared_secret_that_is_refused(kms, shared):
    agreeing, signing = shared("ECC_NIST_P256", "KEY_AGREEMENT"), shared("ECC_NIST_P256", "SIGN_VERIFY")
    public = kms.get_public_key(KeyId=signing["KeyId"])["PublicKey"]
    other = kms.get_public_key(KeyId=shared("ECC_NIST_P384", "SIGN_VERIFY")["KeyId"])["PublicKey"]
    message = f"{signing['Arn']} key usage is SIGN_VERIFY which is not valid for DeriveSharedSecret."
    with refused("InvalidKeyUsageException", message):
        kms.derive_shared_secret(KeyId=signing["KeyId"], KeyAgreementAlgorithm="ECDH", PublicKey=public)
    with refused("ValidationException", starts=not_an_enum("keyAgreementAlgorithm", "INVALID")):
        kms.derive_shared_secret(KeyId=agreeing["KeyId"], KeyAgreementAlgorithm="INVALID", PublicKey=public)
    for bad in (b"InvalidPublicKey", other, public[:-1]):
        with refused("ValidationException"):
            kms.derive_shared_secret(KeyId=agreeing["KeyId"], KeyAgreementAlgorithm="ECDH", PublicKey=bad)
