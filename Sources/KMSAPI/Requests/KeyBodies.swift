import KeyManagement

/// `POST keys`.
struct CreateKeyBody: RequestBodyShape {
    let request: CreateKeyRequest

    private enum Field: String, JSONFields {
        case name, description, algorithm, preActivation
    }

    init(_ reader: inout JSONReader) throws(KMSError) {
        var name: KeyName?
        var description = KeyDescription.none
        var algorithm = KeyAlgorithm.aes256GCM96
        var staysInPreActivation = false
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            let path = FieldPath(field)
            switch field {
            case .name: name = try KeyName(try reader.text(path))
            case .description: description = try KeyDescription(try reader.text(path))
            case .algorithm: algorithm = try Self.algorithm(try reader.text(path))
            case .preActivation: staysInPreActivation = try reader.flag(path)
            }
        }
        guard let name else { throw .invalidRequest("name is missing") }
        request = CreateKeyRequest(
            name: name, description: description, algorithm: algorithm, staysInPreActivation: staysInPreActivation)
    }

    private static func algorithm(_ name: String) throws(KMSError) -> KeyAlgorithm {
        guard let algorithm = KeyAlgorithm(rawValue: name) else {
            let known = KeyAlgorithm.allCases.map(\.rawValue).joined(separator: ", ")
            throw .unsupported("the algorithm \(FieldPath.shown(name)) is not known; known are \(known)")
        }
        return algorithm
    }
}

/// `PATCH keys/{key}`.
struct UpdateKeyBody: RequestBodyShape {
    let name: KeyName?
    let description: KeyDescription?

    private enum Field: String, JSONFields {
        case name, description
    }

    init(_ reader: inout JSONReader) throws(KMSError) {
        var name: KeyName?
        var description: KeyDescription?
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            let path = FieldPath(field)
            switch field {
            case .name: name = try KeyName(try reader.text(path))
            case .description: description = try KeyDescription(try reader.text(path))
            }
        }
        self.name = name
        self.description = description
    }
}

/// Where a body may be left out, and has nothing to say when it comes: `POST keys/{key}/rotate`.
struct EmptyBody: RequestBodyShape {
    private enum Field: String, JSONFields, CaseIterable {
        case none
        static let allCases: [Field] = []
    }

    init(_ reader: inout JSONReader) throws(KMSError) {
        try reader.object(of: Field.self) { (_, _) throws(KMSError) in }
    }
}
