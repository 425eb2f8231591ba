// What each function of PKCS #11 v2.40 concerns and gives, so that a rule that could never do anything is an error.
#include "rules.h"

#include <string.h>

#define NEITHER(name, output) {"C_" #name, SCOPE_NEITHER, output}
#define SLOT(name, output) {"C_" #name, SCOPE_SLOT, output}
#define SESSION(name, output) {"C_" #name, SCOPE_SESSION, output}

static const struct function all[] = {
    NEITHER(Initialize, OUTPUT_NONE), NEITHER(Finalize, OUTPUT_NONE), NEITHER(GetInfo, OUTPUT_NONE),
    NEITHER(GetFunctionList, OUTPUT_NONE), NEITHER(GetSlotList, OUTPUT_NONE), NEITHER(WaitForSlotEvent, OUTPUT_NONE),
    SLOT(GetSlotInfo, OUTPUT_NONE), SLOT(GetTokenInfo, OUTPUT_NONE), SLOT(GetMechanismList, OUTPUT_NONE),
    SLOT(GetMechanismInfo, OUTPUT_NONE), SLOT(InitToken, OUTPUT_NONE), SLOT(OpenSession, OUTPUT_NONE),
    SLOT(CloseAllSessions, OUTPUT_NONE), SESSION(InitPIN, OUTPUT_NONE), SESSION(SetPIN, OUTPUT_NONE),
    SESSION(CloseSession, OUTPUT_NONE), SESSION(GetSessionInfo, OUTPUT_NONE),
    SESSION(GetOperationState, OUTPUT_COUNTED), SESSION(SetOperationState, OUTPUT_NONE), SESSION(Login, OUTPUT_NONE),
    SESSION(Logout, OUTPUT_NONE), SESSION(CreateObject, OUTPUT_NONE), SESSION(CopyObject, OUTPUT_NONE),
    SESSION(DestroyObject, OUTPUT_NONE), SESSION(GetObjectSize, OUTPUT_NONE), SESSION(GetAttributeValue, OUTPUT_NONE),
    SESSION(SetAttributeValue, OUTPUT_NONE), SESSION(FindObjectsInit, OUTPUT_NONE), SESSION(FindObjects, OUTPUT_COUNTED),
    SESSION(FindObjectsFinal, OUTPUT_NONE), SESSION(EncryptInit, OUTPUT_NONE), SESSION(Encrypt, OUTPUT_COUNTED),
    SESSION(EncryptUpdate, OUTPUT_COUNTED), SESSION(EncryptFinal, OUTPUT_COUNTED), SESSION(DecryptInit, OUTPUT_NONE),
    SESSION(Decrypt, OUTPUT_COUNTED), SESSION(DecryptUpdate, OUTPUT_COUNTED), SESSION(DecryptFinal, OUTPUT_COUNTED),
    SESSION(DigestInit, OUTPUT_NONE), SESSION(Digest, OUTPUT_COUNTED), SESSION(DigestUpdate, OUTPUT_NONE),
    SESSION(DigestKey, OUTPUT_NONE), SESSION(DigestFinal, OUTPUT_COUNTED), SESSION(SignInit, OUTPUT_NONE),
    SESSION(Sign, OUTPUT_COUNTED), SESSION(SignUpdate, OUTPUT_NONE), SESSION(SignFinal, OUTPUT_COUNTED),
    SESSION(SignRecoverInit, OUTPUT_NONE), SESSION(SignRecover, OUTPUT_COUNTED), SESSION(VerifyInit, OUTPUT_NONE),
    SESSION(Verify, OUTPUT_NONE), SESSION(VerifyUpdate, OUTPUT_NONE), SESSION(VerifyFinal, OUTPUT_NONE),
    SESSION(VerifyRecoverInit, OUTPUT_NONE), SESSION(VerifyRecover, OUTPUT_COUNTED),
    SESSION(DigestEncryptUpdate, OUTPUT_COUNTED), SESSION(DecryptDigestUpdate, OUTPUT_COUNTED),
    SESSION(SignEncryptUpdate, OUTPUT_COUNTED), SESSION(DecryptVerifyUpdate, OUTPUT_COUNTED),
    SESSION(GenerateKey, OUTPUT_NONE), SESSION(GenerateKeyPair, OUTPUT_NONE), SESSION(WrapKey, OUTPUT_COUNTED),
    SESSION(UnwrapKey, OUTPUT_NONE), SESSION(DeriveKey, OUTPUT_NONE), SESSION(SeedRandom, OUTPUT_NONE),
    SESSION(GenerateRandom, OUTPUT_FIXED), SESSION(GetFunctionStatus, OUTPUT_NONE), SESSION(CancelFunction, OUTPUT_NONE),
};
_Static_assert(sizeof all / sizeof all[0] == 68, "v2.40 has 68 functions");

const struct function *function_named(const char *name) {
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (strcmp(all[i].name, name) == 0) return &all[i];
    }
    return NULL;
}

bool action_fits(enum action action, const struct function *function) {
    switch (action) {
    case ACTION_SHORT: return function->output == OUTPUT_COUNTED;
    case ACTION_GARBLE: return function->output != OUTPUT_NONE;
    case ACTION_INVALIDATE_SESSIONS: return function->scope != SCOPE_NEITHER;
    case ACTION_LOGOUT: return function->scope == SCOPE_SESSION;
    // Asking for the slots may be what finds out about the loss.
    case ACTION_DEVICE_LOST: return function->scope != SCOPE_NEITHER || strcmp(function->name, "C_GetSlotList") == 0;
    case ACTION_RETURN: case ACTION_AFTER: case ACTION_DELAY: case ACTION_HANG: case ACTION_CRASH: return true;
    }
    return false;
}
