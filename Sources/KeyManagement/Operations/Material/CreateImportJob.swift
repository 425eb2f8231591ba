internal import Logging

extension KeyService {
    /// Creates a key pair in the token under whose public key material can be imported, for the configured lifetime.
    ///
    /// - Parameters:
    ///   - algorithm: the algorithm of the pair: RSA with 2,048, 3,072 or 4,096 bits.
    ///   - method: the wrapping method of the material; `nil` for the best that the token supports.
    ///   - caller: the caller, with the project of the request.
    package func createImportJob(
        _ algorithm: KeyAlgorithm = .rsa4096, method: ImportMethod? = nil, by caller: Caller
    ) async throws(KMSError) -> ImportJob {
        try await withAudit(.importKey, by: caller) { (operation) throws(KMSError) in
            guard [.rsa2048, .rsa3072, .rsa4096].contains(algorithm) else {
                throw .invalidRequest(
                    "material is wrapped under RSA-2048, RSA-3072 or RSA-4096, not under \(algorithm.rawValue)")
            }
            try requireSupport(of: algorithm)
            let method = try supported(method)
            let pair = try await atToken { () throws(TokenError) in
                try await operation.token.generateImportKey(algorithm)
            }
            guard let publicKey = pair.publicKey else {
                throw .internalFailure("the token made a key pair without a public half")
            }
            let now = clock.now
            let job = ImportJob(
                id: ImportJobID(), project: caller.project, subject: caller.subject, wrappingAlgorithm: algorithm,
                method: method, publicKey: publicKey, wrapped: pair.wrapped, createdAt: now,
                expiresAt: now.adding(rules.importJobLifetime))
            operation.recorder.note { $0.details["importJob"] = job.id.description }
            let outcome = try await operation.save(job, announcing: .init(job)) {
                (job, state) throws(StoreError) in
                try await operation.store.insert(job, state: state)
            }
            try outcome.orThrow()
            logger.info(
                "import job created",
                metadata: ["job": "\(job.id)", "subject": "\(caller.subject)", "request": "\(caller.requestID)"])
            return job
        }
    }

    private func supported(_ method: ImportMethod?) throws(KMSError) -> ImportMethod {
        let best: [ImportMethod] = [.oaepSHA256AESKWP, .oaepSHA1AESKWP, .oaepSHA256, .oaepSHA1]
        let proved = best.filter { tokenInformation.importMethods.contains($0) }
        guard let choice = method ?? proved.first else {
            throw .unsupported("this token cannot import keys")
        }
        guard proved.contains(choice) else {
            let names = proved.map(\.rawValue).joined(separator: ", ")
            throw .unsupported("this token cannot import by \(choice.rawValue); it can by \(names)")
        }
        return choice
    }
}
