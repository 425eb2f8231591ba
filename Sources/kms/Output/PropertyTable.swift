/// The properties of one object, one per line.
struct PropertyTable {
    private var rows: [(name: String, value: Cell)] = []

    mutating func add(_ name: String, _ value: Cell) {
        rows.append((name, value))
    }

    mutating func add(_ name: String, _ value: String) {
        rows.append((name, .text(value)))
    }

    /// Adds a property that may be missing.
    mutating func add(_ name: String, ifAny value: String?) {
        if let value { add(name, value) }
    }

    /// Adds a time that may be missing.
    mutating func add(_ name: String, timeIfAny value: String?) {
        if let value { add(name, .time(value)) }
    }

    func text(in style: TextStyle) -> String {
        let width = rows.map(\.name.count).max() ?? 0
        return rows.map { name, value in
            let text = value.plain(in: style, isProperty: true)
            let colored = value.color(in: style).map { $0 + text + "\u{1B}[0m" } ?? text
            return name + String(repeating: " ", count: width - name.count) + "  " + colored + "\n"
        }.joined()
    }
}
