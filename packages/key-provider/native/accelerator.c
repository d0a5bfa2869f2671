/*
 * XAES-256-GCM with key commitment over a batch of records, in one call: what src/ciphertext/node-engine.ts does over
 * node:crypto, octet for octet. AES and GCM are those of the OpenSSL in the running Node, whose EVP functions it exports.
 *
 *   seal(dek, arena, records, aad, nonceOffset, commitmentBytes)            writes commitments, bodies, tags into the arena
 *   open(dek, arena, records, aad, nonceOffset, commitmentBytes, verdicts)  writes bodies, and 0 good, 1 wrong key, 2 wrong tag
 *
 * A record is four numbers in `records`: start, octets of the body, start and octets of its AAD (src/ciphertext/engine.ts).
 * Every number is checked against the buffers before the first octet is touched.
 */
#define NAPI_VERSION 8
#include <node_api.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/opensslv.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifdef EXPECTED_OPENSSL
_Static_assert(OPENSSL_VERSION_MAJOR == EXPECTED_OPENSSL, "headers of another OpenSSL than that of the running Node");
#endif

enum { BLOCK = 16, KEY = 32, NONCE = 24, HALF = 12, TAG = 16, STRIDE = 4, GROUP = 64, DERIVED = 3 * BLOCK, COMMITMENT = 2 * BLOCK };
enum { GOOD = 0, WRONG_KEY = 1, WRONG_TAG = 2 };

typedef struct {
  EVP_CIPHER *ecb, *gcm;
  EVP_CIPHER_CTX *block, *message;
} Ciphers;

typedef struct {
  uint8_t *dek, *arena, *aad, *verdicts;
  size_t dek_length, arena_length, aad_length, verdicts_length;
  uint32_t *records;
  size_t count;
  uint32_t nonce_offset, commitment_bytes;
} Batch;

typedef struct {
  uint8_t *nonce, *commitment, *body, *tag, *aad;
  int body_length, aad_length;
} Record;

/* Secrets of one group of records, cleansed before the call returns. */
typedef struct {
  uint8_t k1[BLOCK];
  uint8_t blocks[GROUP * DERIVED], derived[GROUP * DERIVED];
  uint8_t commitment_blocks[GROUP * COMMITMENT], commitments[GROUP * COMMITMENT];
} Secrets;

static Record record_at(const Batch *batch, size_t index) {
  const uint32_t *numbers = batch->records + index * STRIDE;
  Record record;
  record.nonce = batch->arena + numbers[0] + batch->nonce_offset;
  record.commitment = record.nonce + NONCE;
  record.body = record.commitment + batch->commitment_bytes;
  record.body_length = (int)numbers[1];
  record.tag = record.body + numbers[1];
  record.aad = batch->aad + numbers[2];
  record.aad_length = (int)numbers[3];
  return record;
}

/* Subkey K1 of CMAC (SP 800-38B s6.1), without a branch on the secret. */
static int start_key(EVP_CIPHER_CTX *block, const Ciphers *ciphers, const uint8_t *dek, uint8_t k1[BLOCK]) {
  static const uint8_t zero[BLOCK];
  uint8_t l[BLOCK];
  int written = 0;
  if (!EVP_EncryptInit_ex2(block, ciphers->ecb, dek, NULL, NULL)) return 0;
  if (!EVP_CIPHER_CTX_set_padding(block, 0)) return 0;
  if (!EVP_EncryptUpdate(block, l, &written, zero, BLOCK) || written != BLOCK) return 0;
  for (int i = 0; i < BLOCK - 1; i++) k1[i] = (uint8_t)(l[i] << 1 | l[i + 1] >> 7);
  k1[BLOCK - 1] = (uint8_t)(l[BLOCK - 1] << 1 ^ (0x87 & -(l[0] >> 7)));
  OPENSSL_cleanse(l, sizeof l);
  return 1;
}

/* Message keys, X1 and commitments of up to GROUP records from `first` on: see src/ciphertext/xaes.ts. */
static int derive(EVP_CIPHER_CTX *block, const Batch *batch, size_t first, size_t count, Secrets *s) {
  int written = 0;
  for (size_t r = 0; r < count; r++) {
    const uint8_t *nonce = record_at(batch, first + r).nonce;
    uint8_t *b = s->blocks + r * DERIVED;
    memcpy(b, "\x00\x01\x58\x00", 4);
    memcpy(b + BLOCK, "\x00\x02\x58\x00", 4);
    memcpy(b + 2 * BLOCK, "XCMT", 4);
    for (int i = 0; i < 3; i++) memcpy(b + i * BLOCK + 4, nonce, HALF);
    for (int i = 0; i < BLOCK; i++) {
      b[i] ^= s->k1[i];
      b[BLOCK + i] ^= s->k1[i];
    }
  }
  if (!EVP_EncryptUpdate(block, s->derived, &written, s->blocks, (int)(count * DERIVED))) return 0;
  if ((size_t)written != count * DERIVED) return 0;
  if (batch->commitment_bytes == 0) return 1;
  for (size_t r = 0; r < count; r++) {
    const uint8_t *nonce = record_at(batch, first + r).nonce + HALF;
    const uint8_t *x1 = s->derived + r * DERIVED + 2 * BLOCK;
    uint8_t *b = s->commitment_blocks + r * COMMITMENT;
    memcpy(b, nonce, HALF);
    memcpy(b + HALF, "\x00\x01\x00\x01", 4);
    for (int i = 0; i < BLOCK; i++) b[i] ^= x1[i] ^ s->k1[i];
    memcpy(b + BLOCK, b, BLOCK);
    b[2 * BLOCK - 1] ^= 1 ^ 2;
  }
  if (!EVP_EncryptUpdate(block, s->commitments, &written, s->commitment_blocks, (int)(count * COMMITMENT))) return 0;
  return (size_t)written == count * COMMITMENT;
}

static int seal_record(EVP_CIPHER_CTX *message, const Record *r, const uint8_t *key) {
  int written = 0;
  if (!EVP_EncryptInit_ex2(message, NULL, key, r->nonce + HALF, NULL)) return 0;
  if (r->aad_length > 0 && !EVP_EncryptUpdate(message, NULL, &written, r->aad, r->aad_length)) return 0;
  if (r->body_length > 0 && !EVP_EncryptUpdate(message, r->body, &written, r->body, r->body_length)) return 0;
  if (!EVP_EncryptFinal_ex(message, r->tag, &written)) return 0;
  return EVP_CIPHER_CTX_ctrl(message, EVP_CTRL_AEAD_GET_TAG, TAG, r->tag);
}

/* 1 when something other than the tag failed. */
static int open_record(EVP_CIPHER_CTX *message, const Record *r, const uint8_t *key, uint8_t *verdict) {
  int written = 0;
  uint8_t none[BLOCK];
  if (!EVP_DecryptInit_ex2(message, NULL, key, r->nonce + HALF, NULL)) return 0;
  if (r->aad_length > 0 && !EVP_DecryptUpdate(message, NULL, &written, r->aad, r->aad_length)) return 0;
  if (r->body_length > 0 && !EVP_DecryptUpdate(message, r->body, &written, r->body, r->body_length)) return 0;
  if (!EVP_CIPHER_CTX_ctrl(message, EVP_CTRL_AEAD_SET_TAG, TAG, r->tag)) return 0;
  *verdict = EVP_DecryptFinal_ex(message, none, &written) > 0 ? GOOD : WRONG_TAG;
  if (*verdict != GOOD) OPENSSL_cleanse(r->body, (size_t)r->body_length);
  return 1;
}

static int run_group(const Ciphers *c, const Batch *batch, size_t first, size_t count, Secrets *s) {
  if (!derive(c->block, batch, first, count, s)) return 0;
  for (size_t i = 0; i < count; i++) {
    const Record record = record_at(batch, first + i);
    const uint8_t *key = s->derived + i * DERIVED, *commitment = s->commitments + i * COMMITMENT;
    if (!batch->verdicts) {
      if (!seal_record(c->message, &record, key)) return 0;
      memcpy(record.commitment, commitment, batch->commitment_bytes);
    } else if (CRYPTO_memcmp(record.commitment, commitment, batch->commitment_bytes) != 0) {
      batch->verdicts[first + i] = WRONG_KEY;
      OPENSSL_cleanse(record.body, (size_t)record.body_length);
    } else if (!open_record(c->message, &record, key, batch->verdicts + first + i)) {
      return 0;
    }
  }
  return 1;
}

static int run(const Ciphers *c, const Batch *batch) {
  Secrets secrets;
  int good = start_key(c->block, c, batch->dek, secrets.k1) &&
             (batch->verdicts ? EVP_DecryptInit_ex2(c->message, c->gcm, NULL, NULL, NULL)
                              : EVP_EncryptInit_ex2(c->message, c->gcm, NULL, NULL, NULL));
  for (size_t first = 0; good && first < batch->count; first += GROUP) {
    size_t left = batch->count - first;
    good = run_group(c, batch, first, left < GROUP ? left : GROUP, &secrets);
  }
  /* Both key schedules begin with their keys. */
  EVP_CIPHER_CTX_reset(c->block);
  EVP_CIPHER_CTX_reset(c->message);
  OPENSSL_cleanse(&secrets, sizeof secrets);
  return good;
}

/* Everything that a record names lies inside of its buffer, and GCM's int lengths hold it. */
static int check_bounds(const Batch *batch) {
  if (batch->dek_length != KEY) return 0;
  if (batch->commitment_bytes != 0 && batch->commitment_bytes != 16 && batch->commitment_bytes != 32) return 0;
  if (batch->verdicts && batch->verdicts_length < batch->count) return 0;
  const uint64_t overhead = (uint64_t)batch->nonce_offset + NONCE + batch->commitment_bytes + TAG;
  for (size_t i = 0; i < batch->count; i++) {
    const uint32_t *n = batch->records + i * STRIDE;
    if (n[1] > INT32_MAX || n[3] > INT32_MAX) return 0;
    if ((uint64_t)n[0] + overhead + n[1] > batch->arena_length) return 0;
    if ((uint64_t)n[2] + n[3] > batch->aad_length) return 0;
  }
  return 1;
}

static int get_octets(napi_env env, napi_value value, uint8_t **data, size_t *length) {
  napi_typedarray_type type;
  void *pointer = NULL;
  if (napi_get_typedarray_info(env, value, &type, length, &pointer, NULL, NULL) != napi_ok) return 0;
  *data = pointer;
  return type == napi_uint8_array;
}

static int get_records(napi_env env, napi_value value, Batch *batch) {
  napi_typedarray_type type;
  size_t length = 0;
  void *pointer = NULL;
  if (napi_get_typedarray_info(env, value, &type, &length, &pointer, NULL, NULL) != napi_ok) return 0;
  batch->records = pointer;
  batch->count = length / STRIDE;
  return type == napi_uint32_array && length % STRIDE == 0;
}

static napi_value run_batch(napi_env env, napi_callback_info info, size_t expected) {
  napi_value arguments[7];
  size_t count = 7;
  Ciphers *ciphers = NULL;
  Batch batch;
  memset(&batch, 0, sizeof batch);
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  napi_get_instance_data(env, (void **)&ciphers);
  const int understood =
      count >= expected && get_octets(env, arguments[0], &batch.dek, &batch.dek_length) &&
      get_octets(env, arguments[1], &batch.arena, &batch.arena_length) && get_records(env, arguments[2], &batch) &&
      get_octets(env, arguments[3], &batch.aad, &batch.aad_length) &&
      napi_get_value_uint32(env, arguments[4], &batch.nonce_offset) == napi_ok &&
      napi_get_value_uint32(env, arguments[5], &batch.commitment_bytes) == napi_ok &&
      (expected < 7 || get_octets(env, arguments[6], &batch.verdicts, &batch.verdicts_length));
  if (!understood || !ciphers) {
    napi_throw_type_error(env, NULL, "the accelerator was given other arguments than a batch");
  } else if (batch.count == 0) {
    return NULL;
  } else if (!check_bounds(&batch) || (expected == 7 && !batch.verdicts)) {
    napi_throw_range_error(env, NULL, "a record lies outside of its buffers");
  } else if (!run(ciphers, &batch)) {
    napi_throw_error(env, NULL, "OpenSSL failed");
  }
  return NULL;
}

static napi_value seal(napi_env env, napi_callback_info info) { return run_batch(env, info, 6); }
static napi_value open_batch(napi_env env, napi_callback_info info) { return run_batch(env, info, 7); }

static void release(napi_env env, void *data, void *hint) {
  Ciphers *ciphers = data;
  (void)env;
  (void)hint;
  EVP_CIPHER_CTX_free(ciphers->block);
  EVP_CIPHER_CTX_free(ciphers->message);
  EVP_CIPHER_free(ciphers->ecb);
  EVP_CIPHER_free(ciphers->gcm);
  free(ciphers);
}

NAPI_MODULE_INIT() {
  Ciphers *ciphers = calloc(1, sizeof *ciphers);
  napi_value function, version;
  if (!ciphers) return NULL;
  ciphers->ecb = EVP_CIPHER_fetch(NULL, "AES-256-ECB", NULL);
  ciphers->gcm = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
  ciphers->block = EVP_CIPHER_CTX_new();
  ciphers->message = EVP_CIPHER_CTX_new();
  if (!ciphers->ecb || !ciphers->gcm || !ciphers->block || !ciphers->message ||
      napi_set_instance_data(env, ciphers, release, NULL) != napi_ok) {
    release(env, ciphers, NULL);
    napi_throw_error(env, NULL, "OpenSSL has no AES-256-GCM here");
    return NULL;
  }
  napi_create_function(env, "seal", NAPI_AUTO_LENGTH, seal, NULL, &function);
  napi_set_named_property(env, exports, "seal", function);
  napi_create_function(env, "open", NAPI_AUTO_LENGTH, open_batch, NULL, &function);
  napi_set_named_property(env, exports, "open", function);
  napi_create_uint32(env, OPENSSL_VERSION_MAJOR, &version);
  napi_set_named_property(env, exports, "opensslMajor", version);
  return exports;
}
