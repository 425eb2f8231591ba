"""The AWS Encryption SDK with a key of ours: a large file, streamed, with and without data keys that are cached.

KMS_AWS_FILE_MIB says how large the file is; 100 unless given.
"""

import hashlib
import os

import aws_encryption_sdk
import boto3
import botocore.session
import pytest
from aws_encryption_sdk import CachingCryptoMaterialsManager, CommitmentPolicy, LocalCryptoMaterialsCache, StrictAwsKmsMasterKeyProvider
from aws_encryption_sdk.exceptions import AWSEncryptionSDKClientError, DecryptKeyError, MasterKeyProviderError
from cryptography.exceptions import InvalidSignature, InvalidTag
from support import client, setting

MIB = 1024 * 1024
CHUNK = 64 * 1024


@pytest.fixture(scope="module", autouse=True)
def endpoint():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL_KMS", setting("KMS_AWS_ENDPOINT"))
        yield


@pytest.fixture(scope="module")
def sdk():
    return aws_encryption_sdk.EncryptionSDKClient(commitment_policy=CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)


@pytest.fixture(scope="module")
def keys():
    kms = client()
    return [kms.create_key(Description="for the Encryption SDK")["KeyMetadata"]["Arn"] for _ in range(2)]


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("sdk") / "plain"
    with path.open("wb") as out:
        for _ in range(int(os.environ.get("KMS_AWS_FILE_MIB", "100"))):
            out.write(os.urandom(MIB))
    yield path
    path.unlink()


class Provider:
    """A provider whose calls are counted."""

    def __init__(self, *keys):
        self.calls = []
        session = botocore.session.Session()
        session.get_component("event_emitter").register("before-call.kms", lambda model, **_: self.calls.append(model.name))
        self.of_sdk = StrictAwsKmsMasterKeyProvider(key_ids=list(keys), botocore_session=session)


def digest(path):
    with path.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()


def stream(sdk, mode, source, target, **arguments):
    with source.open("rb") as data, target.open("wb") as out:
        with sdk.stream(mode=mode, source=data, **arguments) as through:
            for chunk in iter(lambda: through.read(CHUNK), b""):
                out.write(chunk)
            return through.header


def test_a_large_file(sdk, keys, file, tmp_path):
    sealed, opened = tmp_path / "sealed", tmp_path / "opened"
    provider = Provider(keys[0])
    header = stream(sdk, "e", file, sealed, key_provider=provider.of_sdk, encryption_context={"purpose": "large file"})
    assert [key.key_provider.key_info.decode() for key in header.encrypted_data_keys] == [keys[0]]
    assert sealed.stat().st_size > file.stat().st_size
    header = stream(sdk, "d", sealed, opened, key_provider=provider.of_sdk)
    assert header.encryption_context["purpose"] == "large file"
    assert digest(opened) == digest(file)
    assert provider.calls == ["GenerateDataKey", "Decrypt"]
    sealed.unlink()
    opened.unlink()


def test_two_keys_and_either_opens(sdk, keys):
    sealed, _ = sdk.encrypt(source=b"for two", key_provider=Provider(*keys).of_sdk)
    for key in keys:
        opened, _ = sdk.decrypt(source=sealed, key_provider=Provider(key).of_sdk)
        assert opened == b"for two"


def test_data_keys_are_cached(sdk, keys, file, tmp_path):
    provider = Provider(keys[0])
    manager = CachingCryptoMaterialsManager(
        master_key_provider=provider.of_sdk, cache=LocalCryptoMaterialsCache(capacity=10), max_age=600.0, max_messages_encrypted=100
    )
    messages = [f"message {number}".encode() for number in range(20)]
    sealed = [sdk.encrypt(source=message, materials_manager=manager, encryption_context={"cached": "yes"})[0] for message in messages]
    assert provider.calls == ["GenerateDataKey"]
    for message, ciphertext in zip(messages, sealed, strict=True):
        assert sdk.decrypt(source=ciphertext, materials_manager=manager)[0] == message
    assert provider.calls.count("Decrypt") == 1
    large, opened = tmp_path / "sealed", tmp_path / "opened"
    stream(sdk, "e", file, large, materials_manager=manager, encryption_context={"cached": "yes"}, source_length=file.stat().st_size)
    stream(sdk, "d", large, opened, materials_manager=manager)
    assert digest(opened) == digest(file)
    large.unlink()
    opened.unlink()


def test_cache_ends(sdk, keys):
    provider = Provider(keys[0])
    manager = CachingCryptoMaterialsManager(
        master_key_provider=provider.of_sdk, cache=LocalCryptoMaterialsCache(capacity=10), max_age=600.0, max_messages_encrypted=5
    )
    for _ in range(10):
        sdk.encrypt(source=b"x", materials_manager=manager)
    assert provider.calls == ["GenerateDataKey"] * 2


def test_a_wrong_key_does_not_open(sdk, keys):
    sealed, _ = sdk.encrypt(source=b"only for the first", key_provider=Provider(keys[0]).of_sdk)
    with pytest.raises((DecryptKeyError, MasterKeyProviderError)):
        sdk.decrypt(source=sealed, key_provider=Provider(keys[1]).of_sdk)


def test_a_spoilt_message_does_not_open(sdk, keys):
    sealed, _ = sdk.encrypt(source=b"do not touch", key_provider=Provider(keys[0]).of_sdk)
    for at in (len(sealed) // 2, len(sealed) - 1):
        with pytest.raises((AWSEncryptionSDKClientError, InvalidTag, InvalidSignature)):
            sdk.decrypt(source=sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :], key_provider=Provider(keys[0]).of_sdk)


def test_a_disabled_key_does_not_open(sdk):
    kms = client()
    key = kms.create_key()["KeyMetadata"]["Arn"]
    sealed, _ = sdk.encrypt(source=b"while it lasted", key_provider=Provider(key).of_sdk)
    kms.disable_key(KeyId=key)
    with pytest.raises(DecryptKeyError):
        sdk.decrypt(source=sealed, key_provider=Provider(key).of_sdk)
    kms.enable_key(KeyId=key)
    assert sdk.decrypt(source=sealed, key_provider=Provider(key).of_sdk)[0] == b"while it lasted"


def test_keyring(sdk, keys):
    """The newer way of the SDK: a keyring of the material providers library, by a client of boto3."""
    from aws_cryptographic_material_providers.mpl import AwsCryptographicMaterialProviders
    from aws_cryptographic_material_providers.mpl.config import MaterialProvidersConfig
    from aws_cryptographic_material_providers.mpl.models import CreateAwsKmsKeyringInput

    library = AwsCryptographicMaterialProviders(config=MaterialProvidersConfig())
    reach = boto3.client("kms", endpoint_url=setting("KMS_AWS_ENDPOINT"), region_name=setting("AWS_DEFAULT_REGION"))
    rings = [library.create_aws_kms_keyring(input=CreateAwsKmsKeyringInput(kms_key_id=key, kms_client=reach)) for key in keys]
    sealed, _ = sdk.encrypt(source=b"by a keyring", keyring=rings[0], encryption_context={"a": "b"})
    assert sdk.decrypt(source=sealed, keyring=rings[0], encryption_context={"a": "b"})[0] == b"by a keyring"
    with pytest.raises(AWSEncryptionSDKClientError):
        sdk.decrypt(source=sealed, keyring=rings[1])
