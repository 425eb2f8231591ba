internal import KeyManagement

extension KeyStoreContract {
    static let bindingClauses: [KeyStoreClause] = [
        KeyStoreClause("a new store belongs to no token") { store in
            try requireEqual(try await store.binding(), nil, "the binding of a new store")
        },
        KeyStoreClause("the binding reads back as it was given") { store in
            let binding = try Samples.binding()
            try await store.initialize(binding: binding, directory: [])
            try requireEqual(try await store.binding(), binding, "the binding")
        },
        KeyStoreClause("a store is initialised once; the second time is a conflict and changes nothing") { store in
            try await Samples.initialize(store)
            let other = Samples.document(.subject, "other")
            try await requireError(.conflict, "the second initialisation") {
                try await store.initialize(binding: try Samples.binding(label: "other"), directory: [other])
            }
            try requireEqual(try await store.binding(), try Samples.binding(), "the binding after the refusal")
            let found = try await store.document(.subject, "other")
            try requireEqual(found, nil, "the document of the refused initialisation")
        },
        KeyStoreClause("an initialisation that fails leaves nothing behind") { store in
            let twice = Samples.document(.subject, "somebody")
            let binding = try Samples.binding()
            try await requireError(.conflict, "the same document twice") {
                try await store.initialize(binding: binding, directory: [twice, twice])
            }
            try requireEqual(try await store.binding(), nil, "the binding after the failure")
            let found = try await store.document(.subject, "somebody")
            try requireEqual(found, nil, "the document after the failure")
            try await store.initialize(binding: binding, directory: [twice])
        },
    ]
}
