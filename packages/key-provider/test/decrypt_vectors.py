"""Decrypts records of ciphertext version 1 with nothing but docs/ciphertext-format.md and the package `cryptography`.

    python3 decrypt_vectors.py vectors/ciphertext-v1.json
"""
import base64
import hashlib
import hmac
import json
import struct
import sys

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV, ChaCha20Poly1305

COMMITMENT = {0x01: 32, 0x02: 16, 0x03: 0, 0x04: 32, 0x10: 32}


def pae(*pieces):
    pieces = [p.encode() if isinstance(p, str) else p for p in pieces]
    return len(pieces).to_bytes(8, "little") + b"".join(len(p).to_bytes(8, "little") + p for p in pieces)


def expand(key, info, length=32):
    block, output, counter = b"", b"", 1
    while len(output) < length:
        block = hmac.new(key, block + info + bytes([counter]), hashlib.sha256).digest()
        output, counter = output + block, counter + 1
    return output[:length]


def xor(*values):
    return bytes(a ^ b ^ c for a, b, c in zip(*(values + (bytes(16),) * (3 - len(values)))))


def xaes(key, nonce):
    """Message key and commitment of KC-XAES-256-GCM."""
    ecb = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
    whole = int.from_bytes(ecb.update(bytes(16)), "big")
    k1 = ((whole << 1 & (1 << 128) - 1) ^ (0x87 if whole >> 127 else 0)).to_bytes(16, "big")
    first, second = nonce[:12], nonce[12:]
    message_key = b"".join(ecb.update(xor(bytes([0, i, 0x58, 0]) + first, k1)) for i in (1, 2))
    x1 = ecb.update(b"XCMT" + first)
    commitment = b"".join(ecb.update(xor(second + bytes([0, 1, 0, i]), x1, k1)) for i in (1, 2))
    return message_key, commitment


def rotate(word, bits):
    return (word << bits | word >> 32 - bits) & 0xFFFFFFFF


def hchacha20(key, nonce):
    """draft-irtf-cfrg-xchacha s2.2; 16 octets of nonce."""
    state = list(struct.unpack("<16I", b"expand 32-byte k" + key + nonce))
    columns = [(0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15)]
    diagonals = [(0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)]
    for a, b, c, d in (columns + diagonals) * 10:
        for x, y, z, bits in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            state[x] = state[x] + state[y] & 0xFFFFFFFF
            state[z] = rotate(state[z] ^ state[x], bits)
    return struct.pack("<8I", *state[:4], *state[12:])


def decrypt_xchacha(key, nonce, commitment, body, aad):
    derived = expand(key, pae("vcc-pki/xchacha/v1", nonce), 64)
    assert hmac.compare_digest(commitment, derived[32:]), "wrong key"
    subkey = hchacha20(derived[:32], nonce[:16])
    return ChaCha20Poly1305(subkey).decrypt(bytes(4) + nonce[16:], body, aad)


def typed(value):
    if isinstance(value, str):
        return b"s" + value.encode()
    return b"i" + value.to_bytes(8, "big", signed=True)


def context(vectors, case):
    pieces = [vectors["tenant"], case["collection"], case["field"], case.get("group", "")]
    return pae(*pieces, *(typed(case[name]) for name in ("documentId", "rowVersion") if name in case))


def data_key(vectors, case, header):
    root, suite, line = bytes.fromhex(vectors["root"]), header[2:3], (header[4:8], header[8:12])
    scope = (vectors["tenant"], case["collection"], case["field"])
    if suite[0] == 0x20:
        return expand(root, pae("vcc-pki/siv/v1", *line, *scope), 64)
    if "group" not in case:
        return expand(root, pae("vcc-pki/dek/v1", suite, *line, *scope))
    group, epoch = case["group"], header[12:16]
    key = expand(root, pae("vcc-pki/gdek/v1", *line, vectors["tenant"], group, epoch))
    return expand(key, pae("vcc-pki/gfield/v1", suite, *line, *scope, group, epoch))


def split(vectors, case, octets):
    header = octets[: 16 if octets[3] & 4 else 12]
    return header, octets[len(header) :], data_key(vectors, case, header), header + context(vectors, case)


def decrypt_record(vectors, case, octets):
    header, rest, key, aad = split(vectors, case, octets)
    if header[2] == 0x20:
        return AESSIV(key).decrypt(rest, [aad])
    kc = COMMITMENT[header[2]]
    nonce, commitment, body = rest[:24], rest[24 : 24 + kc], rest[24 + kc :]
    if header[2] == 0x10:
        return decrypt_xchacha(key, nonce, commitment, body, aad)
    message_key, expected = xaes(key, nonce)
    assert hmac.compare_digest(commitment, expected[:kc]), "wrong key"
    return AESGCM(message_key).decrypt(nonce[12:], body, aad)


def decrypt_stream(vectors, case, octets):
    _, rest, key, aad = split(vectors, case, octets)
    nonce, commitment, body = rest[:24], rest[24:56], rest[56:]
    message_key, expected = xaes(key, nonce)
    assert hmac.compare_digest(commitment, expected), "wrong key"
    size = 65536 + 16
    chunks = [body[i : i + size] for i in range(0, len(body), size)]
    plaintext = b""
    for number, chunk in enumerate(chunks):
        last = number == len(chunks) - 1
        chunk_nonce = nonce[12:19] + number.to_bytes(4, "big") + bytes([last])
        plaintext += AESGCM(message_key).decrypt(chunk_nonce, chunk, aad)
    return plaintext


def index_entry(vectors, case):
    line = (vectors["lineId"].to_bytes(4, "big"), vectors["version"].to_bytes(4, "big"))
    scope = (vectors["tenant"], case["collection"], case["field"])
    version = bytes([case["indexVersion"]])
    key = expand(bytes.fromhex(vectors["root"]), pae("vcc-pki/bidx/v1", *line, *scope, version))
    digest = int.from_bytes(hmac.new(key, bytes.fromhex(case["input"]), hashlib.sha256).digest(), "big")
    octets = -(-case["bits"] // 8)
    kept = digest >> 256 - case["bits"] << octets * 8 - case["bits"]
    return version + kept.to_bytes(octets, "big")


def main(path):
    with open(path, encoding="utf-8") as file:
        vectors = json.load(file)
    root = bytes.fromhex(vectors["root"])
    for case in vectors["labels"]:
        info = pae(case["label"], *(bytes.fromhex(piece) for piece in case["pieces"]))
        assert expand(root, info, len(case["key"]) // 2).hex() == case["key"], case["label"]
    for case in vectors["records"]:
        assert decrypt_record(vectors, case, bytes.fromhex(case["record"])) == case["value"].encode(), case
    for case in vectors["streams"]:
        plaintext = decrypt_stream(vectors, case, base64.b64decode(case["stream"]))
        assert plaintext == case["octet"].encode() * case["length"], case["length"]
    for case in vectors["indexes"]:
        assert index_entry(vectors, case).hex() == case["entry"], case
    print(sum(len(vectors[kind]) for kind in ("labels", "records", "streams", "indexes")))


main(sys.argv[1])
