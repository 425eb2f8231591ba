"""Writes vectors.json: encrypted files, made by what the format document says and by no code of the product."""
import hashlib, hmac, json, os
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_ID = bytes.fromhex("0f1e2d3c4b5a49788796a5b4c3d2e1f0")


def text(value):
    return len(value).to_bytes(2, "big") + value


def content(length):
    return bytes(i % 251 for i in range(length))


def encrypt(data_key, salt, exponent, context, wrapped, plaintext):
    pairs = sorted((name.encode(), value.encode()) for name, value in context.items())
    encoded = len(pairs).to_bytes(2, "big") + b"".join(text(name) + text(value) for name, value in pairs)
    derive = lambda purpose: HKDF(hashes.SHA256(), 32, salt, b"hsm-kms/file/1/" + purpose).derive(data_key)
    head = b"KMSFILE\0" + bytes([1, exponent]) + len(encoded).to_bytes(2, "big") + salt + encoded
    file = head + hmac.digest(derive(b"header"), head, "sha256") + wrapped
    size, cipher = 2**exponent, AESGCM(derive(b"payload"))
    count = max(1, -(-len(plaintext) // size))
    for number in range(count):
        nonce = number.to_bytes(11, "big") + bytes([number == count - 1])
        file += cipher.encrypt(nonce, plaintext[number * size : (number + 1) * size], None)
    return file


def vector(name, exponent, context, length, version=1):
    seed = lambda purpose, count: hashlib.shake_256(f"hsm-kms file vector {name} {purpose}".encode()).digest(count)
    data_key, salt = seed("data key", 32), seed("salt", 32)
    # Nobody unwraps it here: any 60 bytes do for nonce, encrypted data key and tag.
    wrapped = b"\x01" + KEY_ID + version.to_bytes(4, "big") + seed("wrapped", 60)
    file = encrypt(data_key, salt, exponent, context, wrapped, content(length))
    made = {
        "name": name, "dataKey": data_key.hex(), "salt": salt.hex(), "chunkSizeExponent": exponent, "context": context,
        "wrappedKey": wrapped.hex(), "contentLength": length, "fileLength": len(file),
        "fileSHA256": hashlib.sha256(file).hexdigest(),
    }
    if len(file) < 1024:
        made["file"] = file.hex()
    return made


vectors = [
    vector("empty", 16, {}, 0),
    vector("one byte", 16, {}, 1),
    vector("context", 16, {"use": "backup", "Ünï": "cödé", "empty": ""}, 100, version=0x01020304),
    vector("a whole chunk", 12, {}, 4096),
    vector("a whole chunk and a byte", 12, {"a": "b"}, 4097),
    vector("many small chunks", 12, {"a": "b"}, 1_000_000),
    vector("standard chunks", 16, {"use": "backup"}, 1_000_000),
    vector("whole standard chunks", 16, {}, 4 * 65536),
    vector("large chunks", 20, {}, 3 * 1048576 + 5),
]
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "vectors.json"), "w") as out:
    json.dump(vectors, out, indent=2, ensure_ascii=False)
    out.write("\n")
