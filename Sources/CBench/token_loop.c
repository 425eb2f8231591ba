#include "token_loop.h"

#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <stdlib.h>
#include <string.h>

struct bench_token {
    CK_FUNCTION_LIST *functions;
    CK_SESSION_HANDLE session;
};

bench_token *bench_token_open(const char *module, unsigned long slot) {
    bench_token *token = calloc(1, sizeof *token);
    void *library = dlopen(module, RTLD_NOW | RTLD_LOCAL);
    CK_C_GetFunctionList get = library != NULL ? (CK_C_GetFunctionList)dlsym(library, "C_GetFunctionList") : NULL;
    if (token != NULL && get != NULL && get(&token->functions) == CKR_OK
        && token->functions->C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &token->session) == CKR_OK) return token;
    free(token);
    return NULL;
}

void bench_token_close(bench_token *token) {
    token->functions->C_CloseSession(token->session);
    free(token);
}

unsigned long bench_token_find(bench_token *token, const char *label) {
    CK_ATTRIBUTE template = {CKA_LABEL, (void *)label, strlen(label)};
    CK_OBJECT_HANDLE found[2];
    CK_ULONG count = 0;
    if (token->functions->C_FindObjectsInit(token->session, &template, 1) != CKR_OK) return 0;
    CK_RV code = token->functions->C_FindObjects(token->session, found, 2, &count);
    token->functions->C_FindObjectsFinal(token->session);
    return code == CKR_OK && count == 1 ? found[0] : 0;
}

static CK_GCM_PARAMS gcm(const bench_work *work) {
    return (CK_GCM_PARAMS){
        .pIv = (CK_BYTE *)work->nonce, .ulIvLen = work->nonce_length, .ulIvBits = work->nonce_length * 8,
        .pAAD = (CK_BYTE *)work->aad, .ulAADLen = work->aad_length, .ulTagBits = 128,
    };
}

unsigned long bench_loop_decrypt(bench_token *token, const bench_work *work, unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        CK_GCM_PARAMS parameters = gcm(work);
        CK_MECHANISM mechanism = {CKM_AES_GCM, &parameters, sizeof parameters};
        CK_ULONG length = work->output_room;
        CK_RV code = token->functions->C_DecryptInit(token->session, &mechanism, work->key);
        if (code != CKR_OK) return code;
        code = token->functions->C_Decrypt(
            token->session, (CK_BYTE *)work->input, work->input_length, work->output, &length);
        if (code != CKR_OK) return code;
    }
    return CKR_OK;
}

static CK_RV encrypt(
    bench_token *token, const bench_work *work, const uint8_t *input, size_t input_length) {
    CK_GCM_PARAMS parameters = gcm(work);
    CK_MECHANISM mechanism = {CKM_AES_GCM, &parameters, sizeof parameters};
    CK_ULONG length = work->output_room;
    CK_RV code = token->functions->C_EncryptInit(token->session, &mechanism, work->key);
    if (code != CKR_OK) return code;
    return token->functions->C_Encrypt(token->session, (CK_BYTE *)input, input_length, work->output, &length);
}

unsigned long bench_loop_encrypt(bench_token *token, const bench_work *work, unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        CK_RV code = encrypt(token, work, work->input, work->input_length);
        if (code != CKR_OK) return code;
    }
    return CKR_OK;
}

static CK_RV sign(bench_token *token, const bench_work *work, CK_MECHANISM_TYPE type) {
    CK_MECHANISM mechanism = {type, NULL, 0};
    CK_ULONG length = work->output_room;
    CK_RV code = token->functions->C_SignInit(token->session, &mechanism, work->key);
    if (code != CKR_OK) return code;
    return token->functions->C_Sign(
        token->session, (CK_BYTE *)work->input, work->input_length, work->output, &length);
}

unsigned long bench_loop_hmac(bench_token *token, const bench_work *work, unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        CK_RV code = sign(token, work, CKM_SHA256_HMAC);
        if (code != CKR_OK) return code;
    }
    return CKR_OK;
}

unsigned long bench_loop_sign(bench_token *token, const bench_work *work, unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        CK_RV code = sign(token, work, CKM_ECDSA);
        if (code != CKR_OK) return code;
    }
    return CKR_OK;
}

unsigned long bench_loop_unwrap(bench_token *token, const bench_work *work, unsigned count) {
    static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
    static CK_OBJECT_CLASS class = CKO_SECRET_KEY;
    static CK_KEY_TYPE type = CKK_AES;
    CK_ATTRIBUTE template[] = {
        {CKA_CLASS, &class, sizeof class}, {CKA_KEY_TYPE, &type, sizeof type}, {CKA_TOKEN, &no, sizeof no},
        {CKA_PRIVATE, &yes, sizeof yes}, {CKA_SENSITIVE, &yes, sizeof yes}, {CKA_EXTRACTABLE, &no, sizeof no},
        {CKA_ENCRYPT, &yes, sizeof yes}, {CKA_DECRYPT, &yes, sizeof yes},
    };
    for (unsigned i = 0; i < count; i++) {
        CK_MECHANISM mechanism = {CKM_AES_KEY_WRAP_PAD, NULL, 0};
        CK_OBJECT_HANDLE key = CK_INVALID_HANDLE;
        CK_RV code = token->functions->C_UnwrapKey(
            token->session, &mechanism, work->key, (CK_BYTE *)work->input, work->input_length, template,
            sizeof template / sizeof template[0], &key);
        if (code != CKR_OK) return code;
        code = token->functions->C_DestroyObject(token->session, key);
        if (code != CKR_OK) return code;
    }
    return CKR_OK;
}

unsigned long bench_loop_issue(bench_token *token, const bench_work *work, unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        CK_BYTE key[32], nonce[12];
        CK_RV code = token->functions->C_GenerateRandom(token->session, key, sizeof key);
        if (code != CKR_OK) return code;
        code = token->functions->C_GenerateRandom(token->session, nonce, sizeof nonce);
        if (code != CKR_OK) return code;
        bench_work own = *work;
        own.nonce = nonce;
        own.nonce_length = sizeof nonce;
        code = encrypt(token, &own, key, sizeof key);
        if (code != CKR_OK) return code;
    }
    return CKR_OK;
}
