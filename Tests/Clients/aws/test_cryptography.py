"""Encrypt, Decrypt, ReEncrypt, data keys and random bytes."""

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from support import UNKNOWN_KEY, invalid, not_an_enum, refused

CONTEXT = {"tenant": "a", "purpose": "test", "unicode": "ä€😀"}
LARGEST = {
    ("RSA_2048", "RSAES_OAEP_SHA_1"): 214,
    ("RSA_2048", "RSAES_OAEP_SHA_256"): 190,
    ("RSA_3072", "RSAES_OAEP_SHA_1"): 342,
    ("RSA_3072", "RSAES_OAEP_SHA_256"): 318,
    ("RSA_4096", "RSAES_OAEP_SHA_1"): 470,
    ("RSA_4096", "RSAES_OAEP_SHA_256"): 446,
}
HASHES = {"RSAES_OAEP_SHA_1": hashes.SHA1(), "RSAES_OAEP_SHA_256": hashes.SHA256()}


@pytest.mark.parametrize("plaintext", [b"\0", b"some text", bytes(range(256)) * 16], ids=["one", "text", "4096"])
@pytest.mark.parametrize("context", [{}, CONTEXT], ids=["plain", "context"])
def test_symmetric(kms, shared, plaintext, context):
    key = shared()
    encrypted = kms.encrypt(KeyId=key["KeyId"], Plaintext=plaintext, EncryptionContext=context)
    assert encrypted["KeyId"] == key["Arn"]
    assert encrypted["EncryptionAlgorithm"] == "SYMMETRIC_DEFAULT"
    assert len(encrypted["CiphertextBlob"]) <= 6144
    decrypted = kms.decrypt(CiphertextBlob=encrypted["CiphertextBlob"], EncryptionContext=dict(reversed(context.items())))
    assert decrypted["Plaintext"] == plaintext
    assert decrypted["KeyId"] == key["Arn"]
    assert decrypted["EncryptionAlgorithm"] == "SYMMETRIC_DEFAULT"
    assert decrypted["KeyMaterialId"] == key["CurrentKeyMaterialId"]
    assert "CiphertextForRecipient" not in decrypted
    again = kms.encrypt(KeyId=key["KeyId"], Plaintext=plaintext, EncryptionContext=context)
    assert again["CiphertextBlob"] != encrypted["CiphertextBlob"]


def test_context_has_to_be_the_same(kms, shared):
    blob = kms.encrypt(KeyId=shared()["KeyId"], Plaintext=b"x", EncryptionContext={"a": "b", "c": "d"})["CiphertextBlob"]
    for context in ({}, {"a": "b"}, {"a": "B", "c": "d"}, {"A": "b", "c": "d"}, {"a": "b", "c": "d", "e": ""}, {"a": "bcd", "c": ""}):
        with refused("InvalidCiphertextException", ""):
            kms.decrypt(CiphertextBlob=blob, EncryptionContext=context)
    plain = kms.encrypt(KeyId=shared()["KeyId"], Plaintext=b"x")["CiphertextBlob"]
    assert kms.decrypt(CiphertextBlob=plain, EncryptionContext={})["Plaintext"] == b"x"
    with refused("InvalidCiphertextException", ""):
        kms.decrypt(CiphertextBlob=plain, EncryptionContext={"a": "b"})


def test_context_up_to_8_kib(kms, shared):
    context = {"k": "v" * 7900}
    blob = kms.encrypt(KeyId=shared()["KeyId"], Plaintext=b"x", EncryptionContext=context)["CiphertextBlob"]
    assert kms.decrypt(CiphertextBlob=blob, EncryptionContext=context)["Plaintext"] == b"x"
    with refused("ValidationException"):
        kms.encrypt(KeyId=shared()["KeyId"], Plaintext=b"x", EncryptionContext={"k": "v" * 8200})


@pytest.mark.parametrize("change", ["first", "middle", "last", "longer", "shorter", "foreign", "one"])
def test_spoilt_ciphertext(kms, shared, change):
    blob = kms.encrypt(KeyId=shared()["KeyId"], Plaintext=b"do not touch")["CiphertextBlob"]

    def flipped(at):
        return blob[:at] + bytes([blob[at] ^ 1]) + blob[at + 1 :]

    spoilt = {
        "first": flipped(0),
        "middle": flipped(len(blob) * 3 // 4),
        "last": flipped(len(blob) - 1),
        "longer": blob + b"bad_data",
        "shorter": blob[:-1],
        "foreign": bytes(200),
        "one": b"\0",
    }[change]
    with refused("InvalidCiphertextException", ""):
        kms.decrypt(CiphertextBlob=spoilt)


@pytest.mark.parametrize("spec, usage", [("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"), ("HMAC_224", "GENERATE_VERIFY_MAC")])
def test_key_id_of_another_key(kms, create, shared, spec, usage):
    blob = kms.encrypt(KeyId=shared()["KeyId"], Plaintext=b"x")["CiphertextBlob"]
    message = "The key ID in the request does not identify a CMK that can perform this operation."
    with refused("IncorrectKeyException", message):
        kms.decrypt(CiphertextBlob=blob, KeyId=create(spec, usage)["KeyId"])
    with refused("IncorrectKeyException"):
        kms.re_encrypt(CiphertextBlob=blob, SourceKeyId=create(spec, usage)["KeyId"], DestinationKeyId=shared()["KeyId"])


def test_plaintext_has_limits(kms, shared):
    with refused("ValidationException", invalid("plaintext", "Member must have length less than or equal to 4096")):
        kms.encrypt(KeyId=shared()["KeyId"], Plaintext=bytes(4097))
    with refused("ValidationException", invalid("plaintext", "Member must have length greater than or equal to 1")):
        kms.encrypt(KeyId=shared()["KeyId"], Plaintext=b"")
    with refused("ValidationException", invalid("ciphertextBlob", "Member must have length less than or equal to 6144")):
        kms.decrypt(CiphertextBlob=bytes(6145))


@pytest.mark.parametrize("spec, algorithm", LARGEST)
def test_rsa(kms, shared, spec, algorithm):
    key = shared(spec)
    largest = LARGEST[spec, algorithm]
    for plaintext in (b"x", bytes(range(largest % 256)) + bytes(largest - largest % 256)):
        encrypted = kms.encrypt(KeyId=key["KeyId"], Plaintext=plaintext, EncryptionAlgorithm=algorithm)
        assert encrypted["EncryptionAlgorithm"] == algorithm and encrypted["KeyId"] == key["Arn"]
        assert len(encrypted["CiphertextBlob"]) == int(spec[4:]) // 8
        decrypted = kms.decrypt(KeyId=key["KeyId"], CiphertextBlob=encrypted["CiphertextBlob"], EncryptionAlgorithm=algorithm)
        assert decrypted["Plaintext"] == plaintext
        assert decrypted["EncryptionAlgorithm"] == algorithm and decrypted["KeyId"] == key["Arn"]
    message = f"Algorithm {algorithm} and key spec {spec} cannot encrypt data larger than {largest} bytes."
    with refused("ValidationException", message):
        kms.encrypt(KeyId=key["KeyId"], Plaintext=bytes(largest + 1), EncryptionAlgorithm=algorithm)


@pytest.mark.parametrize("spec, algorithm", LARGEST)
def test_rsa_encrypted_outside(kms, shared, spec, algorithm):
    public = kms.get_public_key(KeyId=shared(spec)["KeyId"])
    assert sorted(public["EncryptionAlgorithms"]) == ["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"]
    digest = HASHES[algorithm]
    blob = serialization.load_der_public_key(public["PublicKey"]).encrypt(
        b"from outside", padding.OAEP(mgf=padding.MGF1(digest), algorithm=digest, label=None)
    )
    assert kms.decrypt(KeyId=shared(spec)["KeyId"], CiphertextBlob=blob, EncryptionAlgorithm=algorithm)["Plaintext"] == b"from outside"


def test_rsa_that_is_refused(kms, shared):
    key = shared("RSA_2048")
    sha256 = {"EncryptionAlgorithm": "RSAES_OAEP_SHA_256"}
    blob = kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x", **sha256)["CiphertextBlob"]
    with refused("InvalidKeyUsageException", "Algorithm SYMMETRIC_DEFAULT is incompatible with key spec RSA_2048."):
        kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x")
    with refused("InvalidKeyUsageException", "Algorithm RSAES_OAEP_SHA_256 is incompatible with key spec SYMMETRIC_DEFAULT."):
        kms.encrypt(KeyId=shared()["KeyId"], Plaintext=b"x", **sha256)
    with refused("InvalidCiphertextException", ""):
        kms.decrypt(KeyId=key["KeyId"], CiphertextBlob=blob, EncryptionAlgorithm="RSAES_OAEP_SHA_1")
    with refused("InvalidCiphertextException", ""):
        kms.decrypt(KeyId=key["KeyId"], CiphertextBlob=bytes(10), **sha256)
    with refused("InvalidCiphertextException", ""):
        kms.decrypt(KeyId=key["KeyId"], CiphertextBlob=blob)
    with refused("ValidationException"):
        kms.decrypt(CiphertextBlob=blob, **sha256)
    message = "EncryptionContext is not supported when encrypting/decrypting with asymmetric CMKs."
    with refused("ValidationException", message):
        kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x", EncryptionContext={"a": "b"}, **sha256)
    with refused("ValidationException", starts=not_an_enum("encryptionAlgorithm", "ROT_13")):
        kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x", EncryptionAlgorithm="ROT_13")


@pytest.mark.parametrize("source", ["SYMMETRIC_DEFAULT", "RSA_2048"])
@pytest.mark.parametrize("destination", ["SYMMETRIC_DEFAULT", "RSA_2048"])
def test_re_encrypt(kms, create, shared, source, destination):
    algorithms = {"SYMMETRIC_DEFAULT": "SYMMETRIC_DEFAULT", "RSA_2048": "RSAES_OAEP_SHA_256"}
    here, there = create(source, "ENCRYPT_DECRYPT"), shared(destination)
    before = {"EncryptionContext": {"stage": "1"}} if source == "SYMMETRIC_DEFAULT" else {}
    after = {"EncryptionContext": {"stage": "2"}} if destination == "SYMMETRIC_DEFAULT" else {}
    blob = kms.encrypt(KeyId=here["KeyId"], Plaintext=b"moved", EncryptionAlgorithm=algorithms[source], **before)["CiphertextBlob"]
    moved = kms.re_encrypt(
        CiphertextBlob=blob,
        SourceKeyId=here["KeyId"],
        DestinationKeyId=there["Arn"],
        SourceEncryptionAlgorithm=algorithms[source],
        DestinationEncryptionAlgorithm=algorithms[destination],
        **{f"Source{name}": value for name, value in before.items()},
        **{f"Destination{name}": value for name, value in after.items()},
    )
    assert moved["SourceKeyId"] == here["Arn"] and moved["KeyId"] == there["Arn"]
    assert moved["SourceEncryptionAlgorithm"] == algorithms[source]
    assert moved["DestinationEncryptionAlgorithm"] == algorithms[destination]
    assert ("SourceKeyMaterialId" in moved) is (source == "SYMMETRIC_DEFAULT")
    assert ("DestinationKeyMaterialId" in moved) is (destination == "SYMMETRIC_DEFAULT")
    assert "Plaintext" not in moved
    decrypted = kms.decrypt(
        KeyId=there["KeyId"], CiphertextBlob=moved["CiphertextBlob"], EncryptionAlgorithm=algorithms[destination], **after
    )
    assert decrypted["Plaintext"] == b"moved"


def test_re_encrypt_that_is_refused(kms, shared, account, region):
    blob = kms.encrypt(KeyId=shared()["KeyId"], Plaintext=b"x", EncryptionContext={"a": "b"})["CiphertextBlob"]
    with refused("InvalidCiphertextException", ""):
        kms.re_encrypt(CiphertextBlob=blob, DestinationKeyId=shared()["KeyId"])
    right = {"CiphertextBlob": blob, "SourceEncryptionContext": {"a": "b"}}
    with refused("NotFoundException", f"Key 'arn:aws:kms:{region}:{account}:key/{UNKNOWN_KEY}' does not exist"):
        kms.re_encrypt(**right, DestinationKeyId=UNKNOWN_KEY)
    with refused("InvalidKeyUsageException"):
        kms.re_encrypt(**right, DestinationKeyId=shared("ECC_NIST_P256", "SIGN_VERIFY")["KeyId"])


@pytest.mark.parametrize(
    "size, length",
    [({"KeySpec": "AES_128"}, 16), ({"KeySpec": "AES_256"}, 32), *(({"NumberOfBytes": n}, n) for n in (1, 64, 1024))],
)
@pytest.mark.parametrize("context", [{}, CONTEXT], ids=["plain", "context"])
def test_data_key(kms, shared, size, length, context):
    key = shared()
    made = kms.generate_data_key(KeyId=key["KeyId"], EncryptionContext=context, **size)
    assert made["KeyId"] == key["Arn"] and len(made["Plaintext"]) == length
    assert made["KeyMaterialId"] == key["CurrentKeyMaterialId"]
    opened = kms.decrypt(CiphertextBlob=made["CiphertextBlob"], EncryptionContext=context)
    assert opened["Plaintext"] == made["Plaintext"]
    closed = kms.generate_data_key_without_plaintext(KeyId=key["Arn"], EncryptionContext=context, **size)
    assert closed["KeyId"] == key["Arn"] and "Plaintext" not in closed
    assert len(kms.decrypt(CiphertextBlob=closed["CiphertextBlob"], EncryptionContext=context)["Plaintext"]) == length
    assert "KeyMaterialId" in closed


@pytest.mark.parametrize("operation", ["generate_data_key", "generate_data_key_without_plaintext"])
def test_data_key_that_is_refused(kms, loose, shared, operation):
    key = shared()["KeyId"]
    make = getattr(kms, operation)
    for size in ({}, {"KeySpec": "AES_256", "NumberOfBytes": 32}):
        with refused("ValidationException", "Please specify either number of bytes or key spec."):
            make(KeyId=key, **size)
    with refused("ValidationException", starts=not_an_enum("keySpec", "AES_257")):
        make(KeyId=key, KeySpec="AES_257")
    with refused("ValidationException", invalid("numberOfBytes", "Member must have value less than or equal to 1024", 1025)):
        make(KeyId=key, NumberOfBytes=1025)
    with refused("ValidationException", invalid("numberOfBytes", "Member must have value greater than or equal to 1", 0)):
        getattr(loose, operation)(KeyId=key, NumberOfBytes=0)
    with refused("InvalidKeyUsageException"):
        make(KeyId=shared("RSA_2048")["KeyId"], KeySpec="AES_256")
    with refused("InvalidKeyUsageException"):
        make(KeyId=shared("HMAC_256", "GENERATE_VERIFY_MAC")["KeyId"], KeySpec="AES_256")


@pytest.mark.parametrize(
    "spec", ["RSA_2048", "RSA_3072", "RSA_4096", "ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_P521", "ECC_SECG_P256K1"]
)
def test_data_key_pair(kms, shared, spec):
    key = shared()
    made = kms.generate_data_key_pair(KeyId=key["KeyId"], KeyPairSpec=spec, EncryptionContext=CONTEXT)
    assert made["KeyId"] == key["Arn"] and made["KeyPairSpec"] == spec
    private = serialization.load_der_private_key(made["PrivateKeyPlaintext"], None)
    info = serialization.PublicFormat.SubjectPublicKeyInfo
    assert private.public_key().public_bytes(serialization.Encoding.DER, info) == made["PublicKey"]
    assert private.key_size == {"ECC_SECG_P256K1": 256}.get(spec) or private.key_size == int(spec.removeprefix("ECC_NIST_P").removeprefix("RSA_"))
    opened = kms.decrypt(CiphertextBlob=made["PrivateKeyCiphertextBlob"], EncryptionContext=CONTEXT)
    assert opened["Plaintext"] == made["PrivateKeyPlaintext"]
    with refused("InvalidCiphertextException", ""):
        kms.decrypt(CiphertextBlob=made["PrivateKeyCiphertextBlob"])
    closed = kms.generate_data_key_pair_without_plaintext(KeyId=key["KeyId"], KeyPairSpec=spec)
    assert "PrivateKeyPlaintext" not in closed
    opened = kms.decrypt(CiphertextBlob=closed["PrivateKeyCiphertextBlob"])["Plaintext"]
    private = serialization.load_der_private_key(opened, None)
    assert private.public_key().public_bytes(serialization.Encoding.DER, info) == closed["PublicKey"]


def test_data_key_pair_that_is_refused(kms, shared):
    with refused("ValidationException", starts=not_an_enum("keyPairSpec", "RSA_1024")):
        kms.generate_data_key_pair(KeyId=shared()["KeyId"], KeyPairSpec="RSA_1024")
    with refused("InvalidKeyUsageException"):
        kms.generate_data_key_pair(KeyId=shared("RSA_2048")["KeyId"], KeyPairSpec="RSA_2048")


@pytest.mark.parametrize("length", [1, 12, 32, 1024])
def test_random(kms, length):
    answer = kms.generate_random(NumberOfBytes=length)
    assert len(answer["Plaintext"]) == length
    assert set(answer) == {"Plaintext", "ResponseMetadata"}
    if length > 8:
        assert kms.generate_random(NumberOfBytes=length)["Plaintext"] != answer["Plaintext"]


def test_random_that_is_refused(kms, loose):
    with refused("ValidationException", "NumberOfBytes is required."):
        kms.generate_random()
    with refused("ValidationException", invalid("numberOfBytes", "Member must have value less than or equal to 1024", 1025)):
        kms.generate_random(NumberOfBytes=1025)
    with refused("ValidationException", invalid("numberOfBytes", "Member must have value greater than or equal to 1", 0)):
        loose.generate_random(NumberOfBytes=0)
    with refused("UnsupportedOperationException"):
        kms.generate_random(NumberOfBytes=8, CustomKeyStoreId="cks-1234567890abcdef0")
