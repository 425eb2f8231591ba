internal import KeyManagement

extension KeyStoreContract {
    static let bindingClauses: [KeyStoreClause] = [
        KeyStoreClause("a new store belongs to no token") { store in
            try requireEqual(try await store.binding(), nil, "the binding of a new store")
        },
        KeyStoreClause("the binding reads back as it was given") { store in
            let binding = try Samples.binding()
            try await store.initialize(binding: binding, project: try Samples.project, credentials: [])
            try requireEqual(try await store.binding(), binding, "the binding")
        },
        KeyStoreClause("a store is initialised once; the second time is a conflict and changes nothing") { store in
            try await Samples.initialize(store)
            let other = try Samples.credential(1, role: .manager)
            try await requireError(.conflict, "the second initialisation") {
                try await store.initialize(
                    binding: try Samples.binding(label: "other"), project: try ProjectID("other"),
                    credentials: [other])
            }
            try requireEqual(try await store.binding(), try Samples.binding(), "the binding after the refusal")
            let found = try await store.credential(other.unverified.hash)
            try requireEqual(found, nil, "the credential of the refused initialisation")
        },
        KeyStoreClause("an initialisation that fails leaves nothing behind") { store in
            let twice = try Samples.credential(1, role: .user)
            let (binding, project) = (try Samples.binding(), try Samples.project)
            try await requireError(.conflict, "the same credential twice") {
                try await store.initialize(binding: binding, project: project, credentials: [twice, twice])
            }
            try requireEqual(try await store.binding(), nil, "the binding after the failure")
            let found = try await store.credential(twice.unverified.hash)
            try requireEqual(found, nil, "the credential after the failure")
            try await store.initialize(binding: binding, project: project, credentials: [twice])
        },
        KeyStoreClause("every field of a credential reads back, for every role") { store in
            let credentials = try Role.allCases.enumerated().map { try Samples.credential($0, role: $1) }
            try await store.initialize(
                binding: try Samples.binding(), project: try Samples.project, credentials: credentials)
            for credential in credentials {
                let found = try await store.credential(credential.unverified.hash)
                try requireEqual(found, credential, "a credential")
            }
        },
        KeyStoreClause("a credential that nobody has is nil") { store in
            try await store.initialize(
                binding: try Samples.binding(), project: try Samples.project,
                credentials: [try Samples.credential(1, role: .user)])
            let found = try await store.credential(CredentialHash(bytes: Samples.bytes(32, from: 2)))
            try requireEqual(found, nil, "an unknown credential")
        },
    ]
}
