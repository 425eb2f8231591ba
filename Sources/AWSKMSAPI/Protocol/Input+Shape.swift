import JSONText
import KeyManagement
import SecretMemory

extension Input {
    /// Checks all members against a shape.
    ///
    /// - Parameters:
    ///   - shape: the allowed members and their constraints.
    ///   - path: the place of the object in the request; empty for the request itself.
    ///   - violations: receives the violated constraints, in AWS's words.
    /// - Throws: `SerializationException` for a value of another type, `UnsupportedOperationException` for a member of the model that this
    ///   service does not support, `ValidationException` for an unknown member.
    func check(_ shape: InputShape, at path: String = "", _ violations: inout [String]) throws(AWSFailure) {
        guard !shape.takesAnything else { return }
        for member in shape.members where member.kind.isUnsupported && has(member.name) {
            throw .unsupported("\(member.name) is not supported by this service.")
        }
        for member in members where !shape.names(member) {
            throw .validation(
                "\(FieldPath.shown(member.name)) is unknown to this service\(path.isEmpty ? "" : " in '\(path)'"), and is "
                    + "not ignored: it might restrict what the request gives.")
        }
        for member in shape.members { try check(path.isEmpty ? member : member.inside(path), &violations) }
    }

    private func check(_ member: MemberShape, _ violations: inout [String]) throws(AWSFailure) {
        let path = member.path
        guard let value = value(member.name) else {
            if member.isRequired {
                violations.append(
                    "Value\(member.isSensitive ? "" : " null") at '\(path)' failed to satisfy constraint: Member must not be null"
                )
            }
            return
        }
        switch (member.kind, value) {
        case (.text(let lengths, let pattern), .text(let string)):
            guard let text = try? reader.text(of: string) else { throw AWSFailure("SerializationException", nil) }
            check("length", text.unicodeScalars.count, lengths, shown: " '\(text)'", path, &violations)
            if let pattern, lengths.contains(text.unicodeScalars.count), !pattern.matches(text) {
                violations.append(
                    "Value '\(text)' at '\(path)' failed to satisfy constraint: "
                        + "Member must satisfy regular expression pattern: \(pattern.text)")
            }
        case (.one(let names), .text(let string)):
            guard let text = try? reader.text(of: string) else { throw AWSFailure("SerializationException", nil) }
            if !text.isASCII || !names.contains(text) { violations.append(Self.violation(of: names, text, path)) }
        case (.blob(let lengths), .text(let string)):
            guard let secret = try? reader.secret(of: string) else {
                throw AWSFailure("SerializationException", nil)
            }
            // The value may be secret, so it is not repeated.
            check("length", secret.count, lengths, shown: "", path, &violations)
        case (.integer(let range), .number(let text)):
            guard let number = Self.integer(text) else { throw AWSFailure("SerializationException", nil) }
            check("value", number, range, shown: " '\(number)'", path, &violations)
        case (.time, .number), (.flag, .flag), (.unsupportedObject, .object): break
        case (.time, .text):
            throw AWSFailure("SerializationException", nil)
        case (.pairs, .object(let members)):
            for pair in members {
                guard case .text(let string) = pair.value, (try? reader.text(of: string)) != nil else {
                    throw AWSFailure("SerializationException", nil)
                }
            }
        case (.texts(let maxCount, let names), .list(let items)):
            try check(items, maxCount, names, path, &violations)
        case (.objects(let shape), .list(let items)):
            for (place, item) in items.enumerated() {
                guard case .object = item else { throw AWSFailure("SerializationException", nil) }
                try Input(root: item, reader: reader).check(
                    shape, at: "\(path).\(place + 1).member", &violations)
            }
        case (.structure(let shape), .object):
            try Input(root: value, reader: reader).check(shape, at: path, &violations)
        default: throw AWSFailure("SerializationException", nil)
        }
    }

    /// Checks that a length or value is in a range.
    ///
    /// - Parameter quantity: the checked property of the member, its length or its value.
    private func check(
        _ quantity: String, _ number: Int, _ range: ClosedRange<Int>, shown: String, _ path: String,
        _ violations: inout [String]
    ) {
        guard !range.contains(number) else { return }
        let bound =
            number < range.lowerBound
            ? "greater than or equal to \(range.lowerBound)" : "less than or equal to \(range.upperBound)"
        violations.append(
            "Value\(shown) at '\(path)' failed to satisfy constraint: Member must have \(quantity) \(bound)")
    }

    private func check(
        _ items: [JSONNode], _ maxCount: Int, _ names: [String]?, _ path: String, _ violations: inout [String]
    ) throws(AWSFailure) {
        var texts: [String] = []
        for item in items {
            guard case .text(let string) = item, let text = try? reader.text(of: string) else {
                throw AWSFailure("SerializationException", nil)
            }
            texts.append(text)
        }
        if items.count > maxCount {
            violations.append(
                "Value '[\(texts.joined(separator: ", "))]' at '\(path)' failed to satisfy constraint: "
                    + "Member must have length less than or equal to \(maxCount)")
        }
        if let names, texts.contains(where: { !$0.isASCII || !names.contains($0) }) {
            violations.append(
                "Value '[\(texts.joined(separator: ", "))]' at '\(path)' failed to satisfy constraint: "
                    + "Member must satisfy constraint: [Member must satisfy enum value set: "
                    + "[\(names.joined(separator: ", "))]]")
        }
    }

    private static func violation(of names: [String], _ text: String, _ path: String) -> String {
        "Value '\(text)' at '\(path)' failed to satisfy constraint: "
            + "Member must satisfy enum value set: [\(names.joined(separator: ", "))]"
    }
}
