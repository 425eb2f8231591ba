/// The kinds of request frames that carry calls. 1 and 2 are ``Frame/Request/start`` and ``Frame/Request/ping``.
enum CallTag: UInt8, CaseIterable {
    case generateKey = 3
    case seal, verify, encrypt, decrypt, issueDataKeys, sign, authenticate, decryptAsymmetric
    case generateDataKeyPair, generateImportKey, importKey, signAudit, random, forget, checkHealth
    case readIdentity, makeRoots, rewrap, destroyRoots, facts, examineRoots, examine, wrapSecret, agree
}
