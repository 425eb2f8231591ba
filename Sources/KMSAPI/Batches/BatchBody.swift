import HTTPServing
import JSONText
import KeyManagement

/// The body of `POST keys/{key}/batch/…`: `{"items": [{…}, …]}`, 1 to 1,000 items, each as the verb alone takes it. Fields that must be the
/// same for all items are beside the list.
///
/// An item that is JSON but not of the verb's shape fails alone, with a result of its own. If no item is of the shape, the request fails.
struct BatchBody<Item: BatchItem>: EndpointBody {
    /// The items of the shape, in order.
    let items: [Item]
    /// The errors of the other items, by their place in the request.
    private let failures: [Int: KMSError]
    let options: SignatureOptions

    static var name: String { Item.batchName }
    static var schema: Schema {
        let items = Property.must(
            BatchField.items.rawValue, Schema.list(of: Item.itemSchema, atMost: maxItems).with("minItems", 1))
        return .object([items] + BatchField.properties.filter { Item.sharedFields.map(\.rawValue).contains($0.name) })
    }
    static var example: DocumentValue { ["items": [Item.itemExample]] }

    private static var maxItems: Int { 1000 }

    init(_ reader: inout JSONReader) throws(KMSError) {
        var items: [Result<Item, KMSError>]?
        var options = SignatureOptions()
        try reader.object(of: BatchField.self) { (reader, field) throws(KMSError) in
            let path = FieldPath(field)
            guard field == .items || Item.sharedFields.contains(field) else {
                throw .invalidRequest("\(path) is not taken in this batch")
            }
            switch field {
            case .items:
                items = try reader.list(path, atMost: Self.maxItems) { (reader) throws(KMSError) in
                    try reader.attempt { (reader) throws(KMSError) in try Item(&reader) }
                }
            case .algorithm: options.algorithm = try reader.member(path, of: SignatureAlgorithm.self)
            case .form: options.form = try reader.member(path, of: SignatureForm.self)
            case .version: options.version = try reader.versionNumber(path)
            }
        }
        guard let items else { throw .invalidRequest("items is missing: a list") }
        (self.items, failures) = try Self.separated(items)
        self.options = options
    }

    private static func separated(
        _ items: [Result<Item, KMSError>]
    ) throws(KMSError) -> (good: [Item], failures: [Int: KMSError]) {
        var good: [Item] = []
        var failures: [Int: KMSError] = [:]
        for (place, item) in items.enumerated() {
            switch item {
            case .success(let item): good.append(item)
            case .failure(.invalidRequest(let what)): failures[place] = .invalidRequest("items[\(place)]: \(what)")
            case .failure(let error): failures[place] = error
            }
        }
        if good.isEmpty, let first = failures[0] { throw first }
        return (good, failures)
    }

    /// Returns the results of all items of the request, from those of ``items``.
    func results<Value>(_ results: [ItemResult<Value>]) -> [ItemResult<Value>] {
        guard !failures.isEmpty else { return results }
        var rest = results.makeIterator()
        return (0..<results.count + failures.count).compactMap { place in
            failures[place].map { .failure($0) } ?? rest.next()
        }
    }
}

/// The fields of a batch's body.
enum BatchField: String, DescribedFields {
    case items, algorithm, form, version

    var shape: FieldShape {
        switch self {
        case .items: .must(.list(of: .object([])))
        case .algorithm: SignBody.Field.algorithm.shape
        case .form: SignBody.Field.form.shape
        case .version: .may(.version)
        }
    }
}

/// One item of a batch.
protocol BatchItem: RequestBodyShape {
    /// The name of the schema of the batch.
    static var batchName: String { get }
    static var itemSchema: Schema { get }
    static var itemExample: DocumentValue { get }
    /// The fields that all items of a batch share.
    static var sharedFields: Set<BatchField> { get }
}

extension BatchItem {
    static var sharedFields: Set<BatchField> { [] }
}

extension BatchItem where Self: FieldBody {
    static var itemSchema: Schema { schema }
    static var itemExample: DocumentValue { example }
}
