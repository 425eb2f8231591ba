internal import CPKCS11

/// The return values of PKCS #11 v2.40 §5.1, under the names of the standard. v3.0 and v3.1 add ``aeadDecryptFailed``,
/// ``tokenResourceExceeded``, ``operationCancelFailed`` and ``keyExhausted``.
extension ReturnValue {
    /// Success. Never thrown.
    public static let ok = ReturnValue(rawValue: CKR_OK)
    public static let cancel = ReturnValue(rawValue: CKR_CANCEL)
    /// The module ran out of memory in this process.
    public static let hostMemory = ReturnValue(rawValue: CKR_HOST_MEMORY)
    public static let slotIDInvalid = ReturnValue(rawValue: CKR_SLOT_ID_INVALID)
    /// Any failure, from a lost token to a wrong GCM tag (SoftHSM). Meaningless without the function.
    public static let generalError = ReturnValue(rawValue: CKR_GENERAL_ERROR)
    /// The call failed, others may still succeed.
    public static let functionFailed = ReturnValue(rawValue: CKR_FUNCTION_FAILED)
    public static let argumentsBad = ReturnValue(rawValue: CKR_ARGUMENTS_BAD)
    public static let noEvent = ReturnValue(rawValue: CKR_NO_EVENT)
    public static let needToCreateThreads = ReturnValue(rawValue: CKR_NEED_TO_CREATE_THREADS)
    public static let cantLock = ReturnValue(rawValue: CKR_CANT_LOCK)
    public static let attributeReadOnly = ReturnValue(rawValue: CKR_ATTRIBUTE_READ_ONLY)
    /// The token does not reveal this value: the object is sensitive or not extractable.
    public static let attributeSensitive = ReturnValue(rawValue: CKR_ATTRIBUTE_SENSITIVE)
    /// The object has no such attribute, or the module does not know it.
    public static let attributeTypeInvalid = ReturnValue(rawValue: CKR_ATTRIBUTE_TYPE_INVALID)
    public static let attributeValueInvalid = ReturnValue(rawValue: CKR_ATTRIBUTE_VALUE_INVALID)
    public static let actionProhibited = ReturnValue(rawValue: CKR_ACTION_PROHIBITED)
    public static let dataInvalid = ReturnValue(rawValue: CKR_DATA_INVALID)
    public static let dataLenRange = ReturnValue(rawValue: CKR_DATA_LEN_RANGE)
    /// The token or its slot failed.
    public static let deviceError = ReturnValue(rawValue: CKR_DEVICE_ERROR)
    /// The token is full.
    public static let deviceMemory = ReturnValue(rawValue: CKR_DEVICE_MEMORY)
    /// The token was removed during the call.
    public static let deviceRemoved = ReturnValue(rawValue: CKR_DEVICE_REMOVED)
    /// The ciphertext does not decrypt: it was tampered with, or the key is another.
    public static let encryptedDataInvalid = ReturnValue(rawValue: CKR_ENCRYPTED_DATA_INVALID)
    public static let encryptedDataLenRange = ReturnValue(rawValue: CKR_ENCRYPTED_DATA_LEN_RANGE)
    /// v3.0: the authentication tag does not match.
    public static let aeadDecryptFailed = ReturnValue(rawValue: CKR_AEAD_DECRYPT_FAILED)
    public static let functionCanceled = ReturnValue(rawValue: CKR_FUNCTION_CANCELED)
    public static let functionNotParallel = ReturnValue(rawValue: CKR_FUNCTION_NOT_PARALLEL)
    /// The module does not implement this function.
    public static let functionNotSupported = ReturnValue(rawValue: CKR_FUNCTION_NOT_SUPPORTED)
    public static let keyHandleInvalid = ReturnValue(rawValue: CKR_KEY_HANDLE_INVALID)
    public static let keySizeRange = ReturnValue(rawValue: CKR_KEY_SIZE_RANGE)
    public static let keyTypeInconsistent = ReturnValue(rawValue: CKR_KEY_TYPE_INCONSISTENT)
    public static let keyNotNeeded = ReturnValue(rawValue: CKR_KEY_NOT_NEEDED)
    public static let keyChanged = ReturnValue(rawValue: CKR_KEY_CHANGED)
    public static let keyNeeded = ReturnValue(rawValue: CKR_KEY_NEEDED)
    public static let keyIndigestible = ReturnValue(rawValue: CKR_KEY_INDIGESTIBLE)
    /// The attributes of the key forbid this use.
    public static let keyFunctionNotPermitted = ReturnValue(rawValue: CKR_KEY_FUNCTION_NOT_PERMITTED)
    /// The key cannot be wrapped by this mechanism, although its attributes would allow it.
    public static let keyNotWrappable = ReturnValue(rawValue: CKR_KEY_NOT_WRAPPABLE)
    /// `CKA_EXTRACTABLE` is false: the key never leaves the token.
    public static let keyUnextractable = ReturnValue(rawValue: CKR_KEY_UNEXTRACTABLE)
    /// The token does not support the mechanism, or not for this function.
    public static let mechanismInvalid = ReturnValue(rawValue: CKR_MECHANISM_INVALID)
    public static let mechanismParamInvalid = ReturnValue(rawValue: CKR_MECHANISM_PARAM_INVALID)
    public static let objectHandleInvalid = ReturnValue(rawValue: CKR_OBJECT_HANDLE_INVALID)
    /// The session still has an unfinished operation. Close the session; v2.40 cannot cancel one.
    public static let operationActive = ReturnValue(rawValue: CKR_OPERATION_ACTIVE)
    public static let operationNotInitialized = ReturnValue(rawValue: CKR_OPERATION_NOT_INITIALIZED)
    /// A wrong PIN; the token counted the attempt. Never retry.
    public static let pinIncorrect = ReturnValue(rawValue: CKR_PIN_INCORRECT)
    public static let pinInvalid = ReturnValue(rawValue: CKR_PIN_INVALID)
    public static let pinLenRange = ReturnValue(rawValue: CKR_PIN_LEN_RANGE)
    public static let pinExpired = ReturnValue(rawValue: CKR_PIN_EXPIRED)
    /// Too many wrong PINs.
    public static let pinLocked = ReturnValue(rawValue: CKR_PIN_LOCKED)
    /// The session was closed during the call.
    public static let sessionClosed = ReturnValue(rawValue: CKR_SESSION_CLOSED)
    /// The token has no more sessions, or none of this kind.
    public static let sessionCount = ReturnValue(rawValue: CKR_SESSION_COUNT)
    /// The session is gone: closed, or the token was reset.
    public static let sessionHandleInvalid = ReturnValue(rawValue: CKR_SESSION_HANDLE_INVALID)
    public static let sessionParallelNotSupported = ReturnValue(rawValue: CKR_SESSION_PARALLEL_NOT_SUPPORTED)
    public static let sessionReadOnly = ReturnValue(rawValue: CKR_SESSION_READ_ONLY)
    public static let sessionExists = ReturnValue(rawValue: CKR_SESSION_EXISTS)
    public static let sessionReadOnlyExists = ReturnValue(rawValue: CKR_SESSION_READ_ONLY_EXISTS)
    public static let sessionReadWriteSOExists = ReturnValue(rawValue: CKR_SESSION_READ_WRITE_SO_EXISTS)
    /// The signature is wrong. `Session.verify` returns false instead of throwing it.
    public static let signatureInvalid = ReturnValue(rawValue: CKR_SIGNATURE_INVALID)
    /// The signature is wrong by its length alone. `Session.verify` returns false.
    public static let signatureLenRange = ReturnValue(rawValue: CKR_SIGNATURE_LEN_RANGE)
    /// An attribute that the token needs is missing in the template.
    public static let templateIncomplete = ReturnValue(rawValue: CKR_TEMPLATE_INCOMPLETE)
    /// Attributes contradict each other, the mechanism, or a wrapping key's template.
    public static let templateInconsistent = ReturnValue(rawValue: CKR_TEMPLATE_INCONSISTENT)
    /// The slot has no token.
    public static let tokenNotPresent = ReturnValue(rawValue: CKR_TOKEN_NOT_PRESENT)
    public static let tokenNotRecognized = ReturnValue(rawValue: CKR_TOKEN_NOT_RECOGNIZED)
    public static let tokenWriteProtected = ReturnValue(rawValue: CKR_TOKEN_WRITE_PROTECTED)
    public static let unwrappingKeyHandleInvalid = ReturnValue(rawValue: CKR_UNWRAPPING_KEY_HANDLE_INVALID)
    public static let unwrappingKeySizeRange = ReturnValue(rawValue: CKR_UNWRAPPING_KEY_SIZE_RANGE)
    public static let unwrappingKeyTypeInconsistent = ReturnValue(rawValue: CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT)
    /// This user is already logged in on the token; a login counts for all sessions of the process.
    public static let userAlreadyLoggedIn = ReturnValue(rawValue: CKR_USER_ALREADY_LOGGED_IN)
    /// The call needs a login.
    public static let userNotLoggedIn = ReturnValue(rawValue: CKR_USER_NOT_LOGGED_IN)
    public static let userPINNotInitialized = ReturnValue(rawValue: CKR_USER_PIN_NOT_INITIALIZED)
    public static let userTypeInvalid = ReturnValue(rawValue: CKR_USER_TYPE_INVALID)
    public static let userAnotherAlreadyLoggedIn = ReturnValue(rawValue: CKR_USER_ANOTHER_ALREADY_LOGGED_IN)
    public static let userTooManyTypes = ReturnValue(rawValue: CKR_USER_TOO_MANY_TYPES)
    public static let wrappedKeyInvalid = ReturnValue(rawValue: CKR_WRAPPED_KEY_INVALID)
    public static let wrappedKeyLenRange = ReturnValue(rawValue: CKR_WRAPPED_KEY_LEN_RANGE)
    public static let wrappingKeyHandleInvalid = ReturnValue(rawValue: CKR_WRAPPING_KEY_HANDLE_INVALID)
    public static let wrappingKeySizeRange = ReturnValue(rawValue: CKR_WRAPPING_KEY_SIZE_RANGE)
    public static let wrappingKeyTypeInconsistent = ReturnValue(rawValue: CKR_WRAPPING_KEY_TYPE_INCONSISTENT)
    public static let randomSeedNotSupported = ReturnValue(rawValue: CKR_RANDOM_SEED_NOT_SUPPORTED)
    public static let randomNoRNG = ReturnValue(rawValue: CKR_RANDOM_NO_RNG)
    public static let domainParamsInvalid = ReturnValue(rawValue: CKR_DOMAIN_PARAMS_INVALID)
    public static let curveNotSupported = ReturnValue(rawValue: CKR_CURVE_NOT_SUPPORTED)
    /// The output does not fit into the given memory.
    public static let bufferTooSmall = ReturnValue(rawValue: CKR_BUFFER_TOO_SMALL)
    public static let savedStateInvalid = ReturnValue(rawValue: CKR_SAVED_STATE_INVALID)
    public static let informationSensitive = ReturnValue(rawValue: CKR_INFORMATION_SENSITIVE)
    public static let stateUnsaveable = ReturnValue(rawValue: CKR_STATE_UNSAVEABLE)
    /// The module is finalized; also thrown without a call after ``Module/finalize()``.
    public static let cryptokiNotInitialized = ReturnValue(rawValue: CKR_CRYPTOKI_NOT_INITIALIZED)
    public static let cryptokiAlreadyInitialized = ReturnValue(rawValue: CKR_CRYPTOKI_ALREADY_INITIALIZED)
    public static let mutexBad = ReturnValue(rawValue: CKR_MUTEX_BAD)
    public static let mutexNotLocked = ReturnValue(rawValue: CKR_MUTEX_NOT_LOCKED)
    public static let newPINMode = ReturnValue(rawValue: CKR_NEW_PIN_MODE)
    public static let nextOTP = ReturnValue(rawValue: CKR_NEXT_OTP)
    public static let exceededMaxIterations = ReturnValue(rawValue: CKR_EXCEEDED_MAX_ITERATIONS)
    public static let fipsSelfTestFailed = ReturnValue(rawValue: CKR_FIPS_SELF_TEST_FAILED)
    public static let libraryLoadFailed = ReturnValue(rawValue: CKR_LIBRARY_LOAD_FAILED)
    public static let pinTooWeak = ReturnValue(rawValue: CKR_PIN_TOO_WEAK)
    public static let publicKeyInvalid = ReturnValue(rawValue: CKR_PUBLIC_KEY_INVALID)
    public static let functionRejected = ReturnValue(rawValue: CKR_FUNCTION_REJECTED)
    /// v3.0: the token currently lacks an internal resource.
    public static let tokenResourceExceeded = ReturnValue(rawValue: CKR_TOKEN_RESOURCE_EXCEEDED)
    /// v3.0: a running operation could not be cancelled.
    public static let operationCancelFailed = ReturnValue(rawValue: CKR_OPERATION_CANCEL_FAILED)
    /// v3.1: the key has reached its limit of uses.
    public static let keyExhausted = ReturnValue(rawValue: CKR_KEY_EXHAUSTED)
}
