// What a token does in plain C, without anything around it: the measure for the PKCS11 target.
//
// It uses the module that this process has loaded and initialized already, and the same key objects, in a session of its own.
#ifndef BENCH_TOKEN_LOOP_H
#define BENCH_TOKEN_LOOP_H

#include <stddef.h>
#include <stdint.h>

typedef struct bench_token bench_token;

// Null when the module or the slot cannot be used.
bench_token *bench_token_open(const char *module, unsigned long slot);
void bench_token_close(bench_token *token);

// The object of this label; 0 when there is none, or more than one.
unsigned long bench_token_find(bench_token *token, const char *label);

// One piece of work for a loop. The output has room for `input` and 512 bytes more.
typedef struct {
    unsigned long key;
    const uint8_t *input;
    size_t input_length;
    const uint8_t *nonce, *aad;
    size_t nonce_length, aad_length;
    uint8_t *output;
    size_t output_room;
} bench_work;

// Each does its work so often and answers what the module returned: 0 unless something failed.
unsigned long bench_loop_decrypt(bench_token *token, const bench_work *work, unsigned count);
unsigned long bench_loop_encrypt(bench_token *token, const bench_work *work, unsigned count);
unsigned long bench_loop_hmac(bench_token *token, const bench_work *work, unsigned count);
unsigned long bench_loop_sign(bench_token *token, const bench_work *work, unsigned count);
// `key` unwraps `input` as an AES key for GCM, which is destroyed again.
unsigned long bench_loop_unwrap(bench_token *token, const bench_work *work, unsigned count);
// What a data key takes: 32 random bytes, a random nonce, and their encryption.
unsigned long bench_loop_issue(bench_token *token, const bench_work *work, unsigned count);

#endif
