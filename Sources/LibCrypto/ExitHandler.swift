internal import CLibCrypto

/// The handler by which libcrypto frees its memory when the process calls `exit`.
package enum ExitHandler {
    /// Leaves the memory to the operating system instead. Call it before anything else uses libcrypto, modules of PKCS#11 included.
    ///
    /// The handler frees memory that a thread which ends at the same time frees, too: `double free or corruption`
    /// (OPENSSL_init_crypto(3), `OPENSSL_INIT_NO_ATEXIT`).
    package static func omit() {
        // Fails only if libcrypto could not be initialised at all, which its next user reports.
        _ = OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_ATEXIT), nil)
    }
}
