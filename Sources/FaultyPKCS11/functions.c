// The functions of PKCS #11 v2.40 as the caller sees them: each judges its call, forwards it, and hands on what came of it.
#include "module.h"

#include <string.h>

// A call on a session.
#define FORWARD(function, arguments, output, length)      \
    struct verdict verdict;                               \
    begin("C_" #function, s, &verdict);                   \
    if (verdict.skips) return verdict.code;               \
    flight_begin();                                       \
    CK_RV code = real->C_##function arguments;            \
    flight_end();                                         \
    return finish(&verdict, code, output, length)

// A call on a slot.
#define FORWARD_SLOT(function, arguments)                 \
    struct verdict verdict;                               \
    begin_slot("C_" #function, slot, &verdict);           \
    if (verdict.skips) return verdict.code;               \
    flight_begin();                                       \
    CK_RV code = real->C_##function arguments;            \
    flight_end();                                         \
    return finish(&verdict, code, NULL, NULL)

// A call on neither.
#define FORWARD_GLOBAL(function, call)                    \
    struct verdict verdict;                               \
    begin_global("C_" #function, &verdict);               \
    if (verdict.skips) return verdict.code;               \
    CK_RV code = call;                                    \
    return finish(&verdict, code, NULL, NULL)

static CK_RV f_Initialize(void *arguments) {
    // Called by its name, nobody has asked for the list before.
    if (!module_load()) return CKR_GENERAL_ERROR;
    FORWARD_GLOBAL(Initialize, real->C_Initialize(arguments));
}

static CK_RV finalize(void *reserved) {
    CK_RV code = real->C_Finalize(reserved);
    if (code == CKR_OK) sessions_forget();
    return code;
}

static CK_RV f_Finalize(void *reserved) { FORWARD_GLOBAL(Finalize, finalize(reserved)); }
static CK_RV f_GetInfo(CK_INFO_PTR info) { FORWARD_GLOBAL(GetInfo, real->C_GetInfo(info)); }

static CK_RV f_GetSlotList(CK_BBOOL present, CK_SLOT_ID_PTR slots, CK_ULONG_PTR count) {
    FORWARD_GLOBAL(GetSlotList, list_slots(present, slots, count));
}

static CK_RV f_WaitForSlotEvent(CK_FLAGS flags, CK_SLOT_ID_PTR slot, void *reserved) {
    FORWARD_GLOBAL(WaitForSlotEvent, real->C_WaitForSlotEvent(flags, slot, reserved));
}

static CK_RV f_GetSlotInfo(CK_SLOT_ID slot, CK_SLOT_INFO_PTR info) {
    FORWARD_SLOT(GetSlotInfo, (slot_behind(slot), info));
}

static CK_RV f_GetTokenInfo(CK_SLOT_ID slot, CK_TOKEN_INFO_PTR info) {
    struct verdict verdict;
    begin_slot("C_GetTokenInfo", slot, &verdict);
    if (verdict.skips) return verdict.code;
    flight_begin();
    CK_RV code = real->C_GetTokenInfo(slot_behind(slot), info);
    flight_end();
    if (code == CKR_OK) mark_mirror(slot, info);
    return finish(&verdict, code, NULL, NULL);
}

static CK_RV f_GetMechanismList(CK_SLOT_ID slot, CK_MECHANISM_TYPE_PTR types, CK_ULONG_PTR count) {
    FORWARD_SLOT(GetMechanismList, (slot_behind(slot), types, count));
}

static CK_RV f_GetMechanismInfo(CK_SLOT_ID slot, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO_PTR info) {
    FORWARD_SLOT(GetMechanismInfo, (slot_behind(slot), type, info));
}

static CK_RV f_InitToken(CK_SLOT_ID slot, CK_UTF8CHAR_PTR pin, CK_ULONG length, CK_UTF8CHAR_PTR label) {
    FORWARD_SLOT(InitToken, (slot_behind(slot), pin, length, label));
}

static CK_RV f_OpenSession(
    CK_SLOT_ID slot, CK_FLAGS flags, void *application, CK_NOTIFY notify, CK_SESSION_HANDLE_PTR session) {
    struct verdict verdict;
    begin_slot("C_OpenSession", slot, &verdict);
    if (verdict.skips) return verdict.code;
    flight_begin();
    CK_RV code = real->C_OpenSession(slot_behind(slot), flags, application, notify, session);
    flight_end();
    if (code == CKR_OK) session_opened(*session, slot);
    return finish(&verdict, code, NULL, NULL);
}

static CK_RV f_CloseSession(CK_SESSION_HANDLE s) {
    struct verdict verdict;
    begin("C_CloseSession", s, &verdict);
    if (verdict.skips) return verdict.code;
    flight_begin();
    CK_RV code = real->C_CloseSession(s);
    flight_end();
    if (code == CKR_OK) session_closed(s);
    return finish(&verdict, code, NULL, NULL);
}

// A mirror's sessions only, so not by the module's own function.
static CK_RV f_CloseAllSessions(CK_SLOT_ID slot) {
    struct verdict verdict;
    begin_slot("C_CloseAllSessions", slot, &verdict);
    if (verdict.skips) return verdict.code;
    return finish(&verdict, close_sessions(slot, false), NULL, NULL);
}

static CK_RV f_InitPIN(CK_SESSION_HANDLE s, CK_UTF8CHAR_PTR pin, CK_ULONG n) {
    FORWARD(InitPIN, (s, pin, n), NULL, NULL);
}

static CK_RV f_SetPIN(CK_SESSION_HANDLE s, CK_UTF8CHAR_PTR old, CK_ULONG n, CK_UTF8CHAR_PTR new, CK_ULONG m) {
    FORWARD(SetPIN, (s, old, n, new, m), NULL, NULL);
}

static CK_RV f_GetSessionInfo(CK_SESSION_HANDLE s, CK_SESSION_INFO_PTR info) {
    struct verdict verdict;
    begin("C_GetSessionInfo", s, &verdict);
    if (verdict.skips) return verdict.code;
    flight_begin();
    CK_RV code = real->C_GetSessionInfo(s, info);
    flight_end();
    // The slot as it is shown.
    if (code == CKR_OK && verdict.subject.has_slot) info->slotID = verdict.subject.slot;
    return finish(&verdict, code, NULL, NULL);
}

static CK_RV f_GetOperationState(CK_SESSION_HANDLE s, CK_BYTE_PTR out, CK_ULONG_PTR n) {
    FORWARD(GetOperationState, (s, out, n), out, n);
}

static CK_RV f_SetOperationState(
    CK_SESSION_HANDLE s, CK_BYTE_PTR in, CK_ULONG n, CK_OBJECT_HANDLE a, CK_OBJECT_HANDLE b) {
    FORWARD(SetOperationState, (s, in, n, a, b), NULL, NULL);
}

static CK_RV f_Login(CK_SESSION_HANDLE s, CK_USER_TYPE user, CK_UTF8CHAR_PTR pin, CK_ULONG n) {
    FORWARD(Login, (s, user, pin, n), NULL, NULL);
}

static CK_RV f_Logout(CK_SESSION_HANDLE s) {
    FORWARD(Logout, (s), NULL, NULL);
}

static CK_RV f_CreateObject(CK_SESSION_HANDLE s, CK_ATTRIBUTE_PTR t, CK_ULONG n, CK_OBJECT_HANDLE_PTR o) {
    FORWARD(CreateObject, (s, t, n, o), NULL, NULL);
}

static CK_RV f_CopyObject(
    CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_PTR t, CK_ULONG n, CK_OBJECT_HANDLE_PTR p) {
    FORWARD(CopyObject, (s, o, t, n, p), NULL, NULL);
}

static CK_RV f_DestroyObject(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o) {
    FORWARD(DestroyObject, (s, o), NULL, NULL);
}

static CK_RV f_GetObjectSize(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o, CK_ULONG_PTR n) {
    FORWARD(GetObjectSize, (s, o, n), NULL, NULL);
}

static CK_RV f_GetAttributeValue(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_PTR t, CK_ULONG n) {
    FORWARD(GetAttributeValue, (s, o, t, n), NULL, NULL);
}

static CK_RV f_SetAttributeValue(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_PTR t, CK_ULONG n) {
    FORWARD(SetAttributeValue, (s, o, t, n), NULL, NULL);
}

static CK_RV f_FindObjectsInit(CK_SESSION_HANDLE s, CK_ATTRIBUTE_PTR t, CK_ULONG n) {
    FORWARD(FindObjectsInit, (s, t, n), NULL, NULL);
}

static CK_RV f_FindObjects(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE_PTR o, CK_ULONG room, CK_ULONG_PTR n) {
    FORWARD(FindObjects, (s, o, room, n), (CK_BYTE *)o, n);
}

static CK_RV f_FindObjectsFinal(CK_SESSION_HANDLE s) {
    FORWARD(FindObjectsFinal, (s), NULL, NULL);
}

static CK_RV f_EncryptInit(CK_SESSION_HANDLE s, CK_MECHANISM_PTR m, CK_OBJECT_HANDLE k) {
    FORWARD(EncryptInit, (s, m, k), NULL, NULL);
}

static CK_RV f_Encrypt(CK_SESSION_HANDLE s, CK_BYTE_PTR in, CK_ULONG n, CK_BYTE_PTR out, CK_ULONG_PTR m) {
    FORWARD(Encrypt, (s, in, n, out, m), out, m);
}

static CK_RV f_EncryptUpdate(CK_SESSION_HANDLE s, CK_BYTE_PTR in, CK_ULONG n, CK_BYTE_PTR out, CK_ULONG_PTR m) {
    FORWARD(EncryptUpdate, (s, in, n, out, m), out, m);
}

static CK_RV f_EncryptFinal(CK_SESSION_HANDLE s, CK_BYTE_PTR out, CK_ULONG_PTR m) {
    FORWARD(EncryptFinal, (s, out, m), out, m);
}

static CK_RV f_DecryptInit(CK_SESSION_HANDLE s, CK_MECHANISM_PTR m, CK_OBJECT_HANDLE k) {
    FORWARD(DecryptInit, (s, m, k), NULL, NULL);
}

static CK_RV f_Decrypt(CK_SESSION_HANDLE s, CK_BYTE_PTR in, CK_ULONG n, CK_BYTE_PTR out, CK_ULONG_PTR m) {
    FORWARD(Decrypt, (s, in, n, out, m), out, m);
}

static CK_RV f_DecryptUpdate(CK_SESSION_HANDLE s, CK_BYTE_PTR in, CK_ULONG n, CK_BYTE_PTR out, CK_ULONG_PTR m) {
    FORWARD(DecryptUpdate, (s, in, n, out, m), out, m);
}

static CK_RV f_DecryptFinal(CK_SESSION_HANDLE s, CK_BYTE_PTR out, CK_ULONG_PTR m) {
    FORWARD(DecryptFinal, (s, out, m), out, m);
}

static CK_RV f_DigestInit(CK_SESSION_HANDLE s, CK_MECHANISM_PTR m) {
    FORWARD(DigestInit, (s, m), NULL, NULL);
}

static CK_RV f_Digest(CK_SESSION_HANDLE s, CK_BYTE_PTR in, CK_ULONG n, CK_BYTE_PTR out, CK_ULONG_PTR m) {
    FORWARD(Digest, (s, in, n, out, m), out, m);
}

static CK_RV f_DigestUpdate(CK_SESSION_HANDLE s, CK_BYTE_PTR in, CK_ULONG n) {
    FORWARD(DigestUpdate, (s, in, n), NULL, NULL);
}

static CK_RV f_DigestKey(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE k) {
    FORWARD(DigestKey, (s, k), NULL, NULL);
}

static CK_RV f_DigestFinal(CK_SESSION_HANDLE s, CK_BYTE_PTR out, CK_ULONG_PTR m) {
    FORWARD(DigestFinal, (s, out, m), out, m);
}

static CK_RV f_SignInit(CK_SESSION_HANDLE s, CK_MECHANISM_PTR m, CK_OBJECT_HANDLE k) {
    FORWARD(SignInit, (s, m, k), NULL, NULL);
}

static CK_RV f_Sign(CK_SESSION_HANDLE s, CK_BYTE_PTR in, CK_ULONG n, CK_BYTE_PTR out, CK_ULONG_PTR m) {
    FORWARD(Sign, (s, in, n, out, m), out, m);
}

static CK_RV f_SignUpdate(CK_SESSION_HANDLE s, CK_BYTE_PTR in, CK_ULONG n) {
    FORWARD(SignUpdate, (s, in, n), NULL, NULL);
}

static CK_RV f_SignFinal(CK_SESSION_HANDLE s, CK_BYTE_PTR out, CK_ULONG_PTR m) {
    FORWARD(SignFinal, (s, out, m), out, m);
}

static CK_RV f_SignRecoverInit(CK_SESSION_HANDLE s, CK_MECHANISM_PTR m, CK_OBJECT_HANDLE k) {
    FORWARD(SignRecoverInit, (s, m, k), NULL, NULL);
}

static CK_RV f_SignRecover(CK_SESSION_HANDLE s, CK_BYTE_PTR in, CK_ULONG n, CK_BYTE_PTR out, CK_ULONG_PTR m) {
    FORWARD(SignRecover, (s, in, n, out, m), out, m);
}

static CK_RV f_VerifyInit(CK_SESSION_HANDLE s, CK_MECHANISM_PTR m, CK_OBJECT_HANDLE k) {
    FORWARD(VerifyInit, (s, m, k), NULL, NULL);
}

static CK_RV f_Verify(CK_SESSION_HANDLE s, CK_BYTE_PTR in, CK_ULONG n, CK_BYTE_PTR sig, CK_ULONG m) {
    FORWARD(Verify, (s, in, n, sig, m), NULL, NULL);
}

static CK_RV f_VerifyUpdate(CK_SESSION_HANDLE s, CK_BYTE_PTR in, CK_ULONG n) {
    FORWARD(VerifyUpdate, (s, in, n), NULL, NULL);
}

static CK_RV f_VerifyFinal(CK_SESSION_HANDLE s, CK_BYTE_PTR sig, CK_ULONG m) {
    FORWARD(VerifyFinal, (s, sig, m), NULL, NULL);
}

static CK_RV f_VerifyRecoverInit(CK_SESSION_HANDLE s, CK_MECHANISM_PTR m, CK_OBJECT_HANDLE k) {
    FORWARD(VerifyRecoverInit, (s, m, k), NULL, NULL);
}

static CK_RV f_VerifyRecover(CK_SESSION_HANDLE s, CK_BYTE_PTR in, CK_ULONG n, CK_BYTE_PTR out, CK_ULONG_PTR m) {
    FORWARD(VerifyRecover, (s, in, n, out, m), out, m);
}

static CK_RV f_DigestEncryptUpdate(CK_SESSION_HANDLE s, CK_BYTE_PTR in, CK_ULONG n, CK_BYTE_PTR out, CK_ULONG_PTR m) {
    FORWARD(DigestEncryptUpdate, (s, in, n, out, m), out, m);
}

static CK_RV f_DecryptDigestUpdate(CK_SESSION_HANDLE s, CK_BYTE_PTR in, CK_ULONG n, CK_BYTE_PTR out, CK_ULONG_PTR m) {
    FORWARD(DecryptDigestUpdate, (s, in, n, out, m), out, m);
}

static CK_RV f_SignEncryptUpdate(CK_SESSION_HANDLE s, CK_BYTE_PTR in, CK_ULONG n, CK_BYTE_PTR out, CK_ULONG_PTR m) {
    FORWARD(SignEncryptUpdate, (s, in, n, out, m), out, m);
}

static CK_RV f_DecryptVerifyUpdate(CK_SESSION_HANDLE s, CK_BYTE_PTR in, CK_ULONG n, CK_BYTE_PTR out, CK_ULONG_PTR m) {
    FORWARD(DecryptVerifyUpdate, (s, in, n, out, m), out, m);
}

static CK_RV f_GenerateKey(
    CK_SESSION_HANDLE s, CK_MECHANISM_PTR m, CK_ATTRIBUTE_PTR t, CK_ULONG n, CK_OBJECT_HANDLE_PTR k) {
    FORWARD(GenerateKey, (s, m, t, n, k), NULL, NULL);
}

static CK_RV f_GenerateKeyPair(
    CK_SESSION_HANDLE s, CK_MECHANISM_PTR m, CK_ATTRIBUTE_PTR t, CK_ULONG n, CK_ATTRIBUTE_PTR u, CK_ULONG o, CK_OBJECT_HANDLE_PTR k, CK_OBJECT_HANDLE_PTR p) {
    FORWARD(GenerateKeyPair, (s, m, t, n, u, o, k, p), NULL, NULL);
}

static CK_RV f_WrapKey(
    CK_SESSION_HANDLE s, CK_MECHANISM_PTR m, CK_OBJECT_HANDLE k, CK_OBJECT_HANDLE o, CK_BYTE_PTR out, CK_ULONG_PTR n) {
    FORWARD(WrapKey, (s, m, k, o, out, n), out, n);
}

static CK_RV f_UnwrapKey(
    CK_SESSION_HANDLE s, CK_MECHANISM_PTR m, CK_OBJECT_HANDLE k, CK_BYTE_PTR in, CK_ULONG n, CK_ATTRIBUTE_PTR t, CK_ULONG u, CK_OBJECT_HANDLE_PTR o) {
    FORWARD(UnwrapKey, (s, m, k, in, n, t, u, o), NULL, NULL);
}

static CK_RV f_DeriveKey(
    CK_SESSION_HANDLE s, CK_MECHANISM_PTR m, CK_OBJECT_HANDLE k, CK_ATTRIBUTE_PTR t, CK_ULONG n, CK_OBJECT_HANDLE_PTR o) {
    FORWARD(DeriveKey, (s, m, k, t, n, o), NULL, NULL);
}

static CK_RV f_SeedRandom(CK_SESSION_HANDLE s, CK_BYTE_PTR in, CK_ULONG n) {
    FORWARD(SeedRandom, (s, in, n), NULL, NULL);
}

static CK_RV f_GenerateRandom(CK_SESSION_HANDLE s, CK_BYTE_PTR out, CK_ULONG n) {
    FORWARD(GenerateRandom, (s, out, n), out, &n);
}

static CK_RV f_GetFunctionStatus(CK_SESSION_HANDLE s) {
    FORWARD(GetFunctionStatus, (s), NULL, NULL);
}

static CK_RV f_CancelFunction(CK_SESSION_HANDLE s) {
    FORWARD(CancelFunction, (s), NULL, NULL);
}

static CK_RV f_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR list);

static CK_FUNCTION_LIST functions = {
    .version = {2, 40},
    .C_GetFunctionList = f_GetFunctionList, .C_Initialize = f_Initialize, .C_Finalize = f_Finalize,
    .C_GetInfo = f_GetInfo, .C_GetSlotList = f_GetSlotList, .C_GetSlotInfo = f_GetSlotInfo,
    .C_GetTokenInfo = f_GetTokenInfo, .C_WaitForSlotEvent = f_WaitForSlotEvent,
    .C_GetMechanismList = f_GetMechanismList, .C_GetMechanismInfo = f_GetMechanismInfo, .C_InitToken = f_InitToken,
    .C_OpenSession = f_OpenSession, .C_CloseSession = f_CloseSession, .C_CloseAllSessions = f_CloseAllSessions,
    .C_InitPIN = f_InitPIN, .C_SetPIN = f_SetPIN, .C_GetSessionInfo = f_GetSessionInfo,
    .C_GetOperationState = f_GetOperationState, .C_SetOperationState = f_SetOperationState, .C_Login = f_Login,
    .C_Logout = f_Logout, .C_CreateObject = f_CreateObject, .C_CopyObject = f_CopyObject,
    .C_DestroyObject = f_DestroyObject, .C_GetObjectSize = f_GetObjectSize, .C_GetAttributeValue = f_GetAttributeValue,
    .C_SetAttributeValue = f_SetAttributeValue, .C_FindObjectsInit = f_FindObjectsInit, .C_FindObjects = f_FindObjects,
    .C_FindObjectsFinal = f_FindObjectsFinal, .C_EncryptInit = f_EncryptInit, .C_Encrypt = f_Encrypt,
    .C_EncryptUpdate = f_EncryptUpdate, .C_EncryptFinal = f_EncryptFinal, .C_DecryptInit = f_DecryptInit,
    .C_Decrypt = f_Decrypt, .C_DecryptUpdate = f_DecryptUpdate, .C_DecryptFinal = f_DecryptFinal,
    .C_DigestInit = f_DigestInit, .C_Digest = f_Digest, .C_DigestUpdate = f_DigestUpdate, .C_DigestKey = f_DigestKey,
    .C_DigestFinal = f_DigestFinal, .C_SignInit = f_SignInit, .C_Sign = f_Sign, .C_SignUpdate = f_SignUpdate,
    .C_SignFinal = f_SignFinal, .C_SignRecoverInit = f_SignRecoverInit, .C_SignRecover = f_SignRecover,
    .C_VerifyInit = f_VerifyInit, .C_Verify = f_Verify, .C_VerifyUpdate = f_VerifyUpdate,
    .C_VerifyFinal = f_VerifyFinal, .C_VerifyRecoverInit = f_VerifyRecoverInit, .C_VerifyRecover = f_VerifyRecover,
    .C_DigestEncryptUpdate = f_DigestEncryptUpdate, .C_DecryptDigestUpdate = f_DecryptDigestUpdate,
    .C_SignEncryptUpdate = f_SignEncryptUpdate, .C_DecryptVerifyUpdate = f_DecryptVerifyUpdate,
    .C_GenerateKey = f_GenerateKey, .C_GenerateKeyPair = f_GenerateKeyPair, .C_WrapKey = f_WrapKey,
    .C_UnwrapKey = f_UnwrapKey, .C_DeriveKey = f_DeriveKey, .C_SeedRandom = f_SeedRandom,
    .C_GenerateRandom = f_GenerateRandom, .C_GetFunctionStatus = f_GetFunctionStatus,
    .C_CancelFunction = f_CancelFunction,
};

static CK_RV f_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR list) {
    if (list == NULL) return CKR_ARGUMENTS_BAD;
    if (!module_load()) return CKR_GENERAL_ERROR;
    struct verdict verdict;
    begin_global("C_GetFunctionList", &verdict);
    if (verdict.skips) return verdict.code;
    *list = &functions;
    return finish(&verdict, CKR_OK, NULL, NULL);
}

// The one name that is exported. With the others, a program that links this target statically, as the bundle of all tests does,
// would take the place of SoftHSM's own functions: its library looks them up by name.
__attribute__((visibility("default"))) CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR list) {
    return f_GetFunctionList(list);
}
