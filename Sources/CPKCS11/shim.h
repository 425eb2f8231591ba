// PKCS #11 as p11-kit's headers declare it, and what those headers lack or Swift cannot import.
#ifndef CPKCS11_SHIM_H
#define CPKCS11_SHIM_H

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <p11-kit/p11-kit.h>
#include <p11-kit/pkcs11.h>

// MARK: - Constants

// "Not known" and "never given" (v2.40 §3.2, §5.7 C_GetAttributeValue). A cast macro, which Swift does not import.
static const CK_ULONG CPKCS11_UNAVAILABLE_INFORMATION = CK_UNAVAILABLE_INFORMATION;

// Array attributes (v2.40 §4.2): p11-kit writes them as an or of a shift.
static const CK_ATTRIBUTE_TYPE CPKCS11_CKA_WRAP_TEMPLATE = CKA_WRAP_TEMPLATE;
static const CK_ATTRIBUTE_TYPE CPKCS11_CKA_UNWRAP_TEMPLATE = CKA_UNWRAP_TEMPLATE;
static const CK_ATTRIBUTE_TYPE CPKCS11_CKA_DERIVE_TEMPLATE = CKA_DERIVE_TEMPLATE;
static const CK_ATTRIBUTE_TYPE CPKCS11_CKA_ALLOWED_MECHANISMS = CKA_ALLOWED_MECHANISMS;

// Return values that came with v3.0 (§5.1) and v3.1.
#ifndef CKR_AEAD_DECRYPT_FAILED
#define CKR_AEAD_DECRYPT_FAILED 0x42UL
#endif
#ifndef CKR_TOKEN_RESOURCE_EXCEEDED
#define CKR_TOKEN_RESOURCE_EXCEEDED 0x201UL
#endif
#ifndef CKR_OPERATION_CANCEL_FAILED
#define CKR_OPERATION_CANCEL_FAILED 0x202UL
#endif
#ifndef CKR_KEY_EXHAUSTED
#define CKR_KEY_EXHAUSTED 0x203UL
#endif

// Key wrapping as RFC 5649 has it, and as PKCS #7 pads (Current Mechanisms v3.0, "AES Key Wrap").
#ifndef CKM_AES_KEY_WRAP_KWP
#define CKM_AES_KEY_WRAP_KWP 0x210BUL
#endif
#ifndef CKM_AES_KEY_WRAP_PKCS7
#define CKM_AES_KEY_WRAP_PKCS7 0x210CUL
#endif

// Montgomery curves (Current Mechanisms v3.0, "Elliptic Curve").
#ifndef CKM_EC_MONTGOMERY_KEY_PAIR_GEN
#define CKM_EC_MONTGOMERY_KEY_PAIR_GEN 0x1056UL
#endif
#ifndef CKK_EC_MONTGOMERY
#define CKK_EC_MONTGOMERY 0x41UL
#endif

// HKDF (Current Mechanisms v3.0, "HKDF Mechanisms").
#ifndef CKM_HKDF_DERIVE
#define CKM_HKDF_DERIVE 0x402AUL
#endif
#ifndef CKM_HKDF_KEY_GEN
#define CKM_HKDF_KEY_GEN 0x402CUL
#endif

// MARK: - Mechanism parameters

// Current Mechanisms v2.40 §2.1.21: an ephemeral AES key of `ulAESKeyBits` wraps, OAEP wraps that key.
typedef struct {
    CK_ULONG ulAESKeyBits;
    CK_RSA_PKCS_OAEP_PARAMS *pOAEPParams;
} CPKCS11_RSA_AES_KEY_WRAP_PARAMS;

// The text of v2.40 has CK_GCM_PARAMS without `ulIvBits`, its header and v3.0 have it; modules follow the header. A
// module given the wrong layout reads lengths as pointers, so the layout is checked here and not found out there.
_Static_assert(sizeof(CK_GCM_PARAMS) == 6 * sizeof(CK_ULONG), "CK_GCM_PARAMS must have six words");
_Static_assert(offsetof(CK_GCM_PARAMS, ulIvBits) == 2 * sizeof(CK_ULONG), "CK_GCM_PARAMS must have ulIvBits");
_Static_assert(offsetof(CK_GCM_PARAMS, ulTagBits) == 5 * sizeof(CK_ULONG), "ulTagBits must come last");

// v2.40 §2.1 asks for one-byte packing on Windows and natural alignment elsewhere.
_Static_assert(sizeof(CK_ULONG) == sizeof(void *), "CK_ULONG must be as wide as a pointer");
_Static_assert(sizeof(CK_MECHANISM) == 3 * sizeof(CK_ULONG), "CK_MECHANISM must not be padded");
_Static_assert(sizeof(CK_ATTRIBUTE) == 3 * sizeof(CK_ULONG), "CK_ATTRIBUTE must not be padded");
_Static_assert(offsetof(CK_TOKEN_INFO, flags) == 96, "the four texts of CK_TOKEN_INFO take 96 bytes");

// MARK: - Memory

// An address for buffers of no bytes. PKCS #11 reads a null pointer as "tell me the length" and some modules refuse it
// for input (SoftHSM: CKR_ARGUMENTS_BAD); nothing is ever read from here or written to it.
static inline CK_BYTE *cpkcs11_no_bytes(void) {
    static CK_BYTE none[1];
    return none;
}

// Zeroes memory in a way that the optimizer keeps.
static inline void cpkcs11_zero(void *memory, size_t count) {
    if (count > 0) {
        explicit_bzero(memory, count);
    }
}

// Frees a string that p11-kit allocated.
static inline void cpkcs11_free(void *memory) {
    free(memory);
}

#endif
