"""Reads a file of 'kms file encrypt' by what its format document says: read.py FILE DATA-KEY-IN-HEX > CONTENT"""
import hmac, sys
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

def read(file, data_key):
    derive = lambda purpose: HKDF(hashes.SHA256(), 32, file[12:44], b"hsm-kms/file/1/" + purpose).derive(data_key)
    if file[:9] != b"KMSFILE\0\x01" or not 12 <= file[9] <= 20:
        raise ValueError("not an encrypted file of format 1")
    mac_at = 44 + int.from_bytes(file[10:12], "big")
    if not hmac.compare_digest(hmac.digest(derive(b"header"), file[:mac_at], "sha256"), file[mac_at : mac_at + 32]):
        raise ValueError("the header is not authentic")
    cipher, payload, sealed = AESGCM(derive(b"payload")), file[mac_at + 113 :], 2 ** file[9] + 16
    last = max(0, (len(payload) - 1) // sealed)
    for number in range(last + 1):
        chunk = payload[number * sealed : (number + 1) * sealed]
        if len(chunk) == 16 and number > 0:
            raise ValueError("an empty last chunk")
        yield cipher.decrypt(number.to_bytes(11, "big") + bytes([number == last]), chunk, None)

if __name__ == "__main__":
    with open(sys.argv[1], "rb") as opened:
        for content in read(opened.read(), bytes.fromhex(sys.argv[2])):
            sys.stdout.buffer.write(content)
