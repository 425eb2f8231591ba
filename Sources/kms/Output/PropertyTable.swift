/// The properties of one object, one per line.
struct PropertyTable {
    private var rows: [(String, String)] = []

    mutating func add(_ name: String, _ value: String) {
        rows.append((name, value))
    }

    /// Adds a property that may be missing.
    mutating func add(_ name: String, ifAny value: String?) {
        if let value { add(name, value) }
    }

    var text: String {
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { name, value in
            name + String(repeating: " ", count: width - name.count) + "  " + value + "\n"
        }.joined()
    }
}
