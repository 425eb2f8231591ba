"""The aws command line, as it is installed: a key's whole life."""

import base64
import json
import os
import shutil
import subprocess

import pytest
from support import setting, unique


@pytest.fixture(scope="module")
def aws():
    program = shutil.which("aws")
    assert program, "the aws command is not installed"
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": "/nonexistent",
        "AWS_ACCESS_KEY_ID": setting("AWS_ACCESS_KEY_ID"),
        "AWS_SECRET_ACCESS_KEY": setting("AWS_SECRET_ACCESS_KEY"),
        "AWS_DEFAULT_REGION": setting("AWS_DEFAULT_REGION"),
        "AWS_ENDPOINT_URL_KMS": setting("KMS_AWS_ENDPOINT"),
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_MAX_ATTEMPTS": "1",
        "AWS_CLI_FILE_ENCODING": "UTF-8",
    }

    def aws(*arguments, fails=None):
        done = subprocess.run(
            [program, "kms", *map(str, arguments), "--output", "json"], env=environment, capture_output=True, text=True, timeout=120
        )
        if fails:
            assert done.returncode in (254, 255), done.stdout + done.stderr
            assert f"({fails})" in done.stderr
            return done.stderr
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else None

    return aws


@pytest.fixture(scope="module")
def key(aws):
    return aws("create-key", "--description", "by the command line", "--tags", "TagKey=team,TagValue=cli")["KeyMetadata"]


def test_describe_and_list(aws, key):
    assert aws("describe-key", "--key-id", key["Arn"])["KeyMetadata"] == key
    assert key["KeyId"] in {entry["KeyId"] for entry in aws("list-keys", "--page-size", "7")["Keys"]}
    assert aws("list-resource-tags", "--key-id", key["KeyId"])["Tags"] == [{"TagKey": "team", "TagValue": "cli"}]
    aws("update-key-description", "--key-id", key["KeyId"], "--description", "changed")
    assert aws("describe-key", "--key-id", key["KeyId"])["KeyMetadata"]["Description"] == "changed"
    aws("tag-resource", "--key-id", key["KeyId"], "--tags", "TagKey=a,TagValue=b")
    aws("untag-resource", "--key-id", key["KeyId"], "--tag-keys", "team")
    assert aws("list-resource-tags", "--key-id", key["KeyId"])["Tags"] == [{"TagKey": "a", "TagValue": "b"}]


def test_encrypt_and_decrypt_files(aws, key, tmp_path):
    plain, sealed = tmp_path / "plain", tmp_path / "sealed"
    plain.write_bytes(os.urandom(4000))
    alias = unique("alias/cli")
    aws("create-alias", "--alias-name", alias, "--target-key-id", key["KeyId"])
    answer = aws("encrypt", "--key-id", alias, "--plaintext", f"fileb://{plain}", "--encryption-context", "purpose=test,tenant=a")
    assert answer["KeyId"] == key["Arn"] and answer["EncryptionAlgorithm"] == "SYMMETRIC_DEFAULT"
    sealed.write_bytes(base64.b64decode(answer["CiphertextBlob"]))
    opened = aws("decrypt", "--ciphertext-blob", f"fileb://{sealed}", "--encryption-context", "tenant=a,purpose=test")
    assert base64.b64decode(opened["Plaintext"]) == plain.read_bytes()
    assert "InvalidCiphertextException" in aws("decrypt", "--ciphertext-blob", f"fileb://{sealed}", fails="InvalidCiphertextException")
    moved = aws(
        "re-encrypt", "--ciphertext-blob", f"fileb://{sealed}", "--source-encryption-context", "purpose=test,tenant=a", "--destination-key-id", key["Arn"]
    )
    sealed.write_bytes(base64.b64decode(moved["CiphertextBlob"]))
    assert base64.b64decode(aws("decrypt", "--ciphertext-blob", f"fileb://{sealed}")["Plaintext"]) == plain.read_bytes()
    assert [entry["AliasName"] for entry in aws("list-aliases", "--key-id", key["KeyId"])["Aliases"]] == [alias]
    aws("delete-alias", "--alias-name", alias)
    aws("describe-key", "--key-id", alias, fails="NotFoundException")


def test_data_keys_and_random(aws, key):
    made = aws("generate-data-key", "--key-id", key["KeyId"], "--key-spec", "AES_256")
    assert len(base64.b64decode(made["Plaintext"])) == 32
    assert "Plaintext" not in aws("generate-data-key-without-plaintext", "--key-id", key["KeyId"], "--number-of-bytes", "24")
    assert "PrivateKeyPlaintext" in aws("generate-data-key-pair", "--key-id", key["KeyId"], "--key-pair-spec", "ECC_NIST_P256")
    assert len(base64.b64decode(aws("generate-random", "--number-of-bytes", "20")["Plaintext"])) == 20


def test_sign_and_openssl_verifies(aws, tmp_path):
    signer = aws("create-key", "--key-spec", "ECC_NIST_P256", "--key-usage", "SIGN_VERIFY")["KeyMetadata"]
    message, signature, public = tmp_path / "message", tmp_path / "signature", tmp_path / "public.der"
    message.write_bytes(b"signed on the command line")
    how = ("--key-id", signer["KeyId"], "--message", f"fileb://{message}", "--message-type", "RAW", "--signing-algorithm", "ECDSA_SHA_256")
    signature.write_bytes(base64.b64decode(aws("sign", *how)["Signature"]))
    public.write_bytes(base64.b64decode(aws("get-public-key", "--key-id", signer["KeyId"])["PublicKey"]))
    assert aws("verify", *how, "--signature", f"fileb://{signature}")["SignatureValid"] is True
    check = ["openssl", "dgst", "-sha256", "-keyform", "DER", "-verify", public, "-signature", signature, message]
    assert "Verified OK" in subprocess.run(check, capture_output=True, text=True, timeout=60).stdout
    message.write_bytes(b"something else")
    aws("verify", *how, "--signature", f"fileb://{signature}", fails="KMSInvalidSignatureException")


def test_mac(aws, tmp_path):
    maker = aws("create-key", "--key-spec", "HMAC_256", "--key-usage", "GENERATE_VERIFY_MAC")["KeyMetadata"]
    message, mac = tmp_path / "message", tmp_path / "mac"
    message.write_bytes(b"a message")
    how = ("--key-id", maker["KeyId"], "--message", f"fileb://{message}", "--mac-algorithm", "HMAC_SHA_256")
    mac.write_bytes(base64.b64decode(aws("generate-mac", *how)["Mac"]))
    assert aws("verify-mac", *how, "--mac", f"fileb://{mac}")["MacValid"] is True


def test_policy_grants_and_rotation(aws, key, root_arn):
    document = json.loads(aws("get-key-policy", "--key-id", key["KeyId"], "--policy-name", "default")["Policy"])
    aws("put-key-policy", "--key-id", key["KeyId"], "--policy-name", "default", "--policy", json.dumps(document))
    assert aws("list-key-policies", "--key-id", key["KeyId"])["PolicyNames"] == ["default"]
    grant = aws("create-grant", "--key-id", key["KeyId"], "--grantee-principal", root_arn, "--operations", "Decrypt", "Encrypt")
    assert [entry["GrantId"] for entry in aws("list-grants", "--key-id", key["KeyId"])["Grants"]] == [grant["GrantId"]]
    aws("revoke-grant", "--key-id", key["KeyId"], "--grant-id", grant["GrantId"])
    aws("enable-key-rotation", "--key-id", key["KeyId"], "--rotation-period-in-days", "180")
    status = aws("get-key-rotation-status", "--key-id", key["KeyId"])
    assert status["KeyRotationEnabled"] is True and status["RotationPeriodInDays"] == 180
    aws("rotate-key-on-demand", "--key-id", key["KeyId"])
    aws("disable-key-rotation", "--key-id", key["KeyId"])
    assert len(aws("list-key-rotations", "--key-id", key["KeyId"])["Rotations"]) >= 1


def test_import_wrapped_by_openssl(aws, tmp_path):
    """As AWS's own walkthrough does it."""
    empty = aws("create-key", "--origin", "EXTERNAL")["KeyMetadata"]
    parameters = aws(
        "get-parameters-for-import", "--key-id", empty["KeyId"], "--wrapping-algorithm", "RSAES_OAEP_SHA_1", "--wrapping-key-spec", "RSA_3072"
    )
    public, token, material, wrapped = (tmp_path / name for name in ("public.bin", "token.bin", "material.bin", "wrapped.bin"))
    public.write_bytes(base64.b64decode(parameters["PublicKey"]))
    token.write_bytes(base64.b64decode(parameters["ImportToken"]))
    material.write_bytes(os.urandom(32))
    options = [option for name in ("rsa_padding_mode:oaep", "rsa_oaep_md:sha1", "rsa_mgf1_md:sha1") for option in ("-pkeyopt", name)]
    wrapping = ["openssl", "pkeyutl", "-encrypt", "-in", material, "-out", wrapped, "-inkey", public, "-keyform", "DER", "-pubin", *options]
    subprocess.run(wrapping, check=True, capture_output=True, timeout=60)
    files = ("--encrypted-key-material", f"fileb://{wrapped}", "--import-token", f"fileb://{token}")
    aws("import-key-material", "--key-id", empty["KeyId"], *files, "--expiration-model", "KEY_MATERIAL_DOES_NOT_EXPIRE")
    assert aws("describe-key", "--key-id", empty["KeyId"])["KeyMetadata"]["KeyState"] == "Enabled"
    aws("delete-imported-key-material", "--key-id", empty["KeyId"])
    assert aws("describe-key", "--key-id", empty["KeyId"])["KeyMetadata"]["KeyState"] == "PendingImport"


def test_the_end_of_a_key(aws):
    doomed = aws("create-key")["KeyMetadata"]
    aws("disable-key", "--key-id", doomed["KeyId"])
    assert "is disabled." in aws("encrypt", "--key-id", doomed["KeyId"], "--plaintext", "fileb:///etc/hostname", fails="DisabledException")
    aws("enable-key", "--key-id", doomed["KeyId"])
    gone = aws("schedule-key-deletion", "--key-id", doomed["KeyId"], "--pending-window-in-days", "7")
    assert gone["KeyState"] == "PendingDeletion" and gone["KeyId"] == doomed["Arn"]
    aws("cancel-key-deletion", "--key-id", doomed["KeyId"])
    aws("schedule-key-deletion", "--key-id", doomed["KeyId"], "--pending-window-in-days", "7")
