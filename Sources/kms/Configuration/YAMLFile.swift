import FoundationEssentials
import KeyManagement
import Yams

/// The values of a YAML file, each with its path of names, such as `token.uri`, and its place, such as `kms.yaml:3`.
struct YAMLFile {
    struct Value {
        let path: String
        let place: String
        let content: Content
    }

    enum Content {
        case single(String)
        case list([String])
    }

    let values: [Value]

    init(_ file: String, bytes: [UInt8]) throws(Failure) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Failure(.configuration, "\(file) is not UTF-8")
        }
        let root: Node?
        do {
            root = try compose(yaml: text)
        } catch {
            throw Failure(.configuration, "\(file) is not valid YAML: \(error)")
        }
        var values: [Value] = []
        if let root { try Self.read(root, under: "", of: file, &values) }
        var paths: Set<ExactText> = []
        for value in values where !paths.insert(ExactText(value.path)).inserted {
            throw Failure(.configuration, "\(value.place): '\(value.path)' comes twice")
        }
        self.values = values
    }

    private static func read(
        _ node: Node, under path: String, of file: String, _ values: inout [Value]
    ) throws(Failure) {
        let place = "\(file):\(node.mark?.line ?? 0)"
        switch node {
        case .mapping(let mapping):
            for (key, value) in mapping {
                guard let name = key.string else { throw Failure(.configuration, "\(place): a name is no text") }
                try read(value, under: path.isEmpty ? name : "\(path).\(name)", of: file, &values)
            }
        case .scalar(let scalar):
            values.append(Value(path: path, place: place, content: .single(scalar.string)))
        case .sequence(let sequence):
            values.append(Value(path: path, place: place, content: .list(sequence.compactMap(\.string))))
        case .alias: throw Failure(.configuration, "\(place): '\(path)' is no single value")
        }
    }
}
