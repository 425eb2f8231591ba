package import KeyManagement

// Reading documents.
extension PostgresKeyStore {
    package func documents(at addresses: [DocumentAddress]) async throws(StoreError) -> [SealedDocument?] {
        guard !addresses.isEmpty else { return [] }
        var parameters: [Parameter] = []
        let parts = addresses.enumerated().map { position, address in
            let first = parameters.count + 1
            let condition: String
            switch address {
            case .place(let kind, let place):
                parameters += [.text(kind.rawValue), .bytes(place)]
                condition = "kind = $\(first) AND place = $\(first + 1)"
            case .name(let name):
                parameters += [.bytes(name)]
                condition = "name = $\(first)"
            }
            return "SELECT \(position)::bigint, \(DocumentRow.columns) FROM kms.document WHERE \(condition)"
        }
        // One statement, so that all are of one snapshot.
        let statement = Statement(parts.joined(separator: " UNION ALL "), parameters)
        return try await read(statement) { rows throws(StoreError) in
            var found = [SealedDocument?](repeating: nil, count: addresses.count)
            for row in 0..<rows.count {
                guard let position = rows.integer(row, 0).flatMap({ Int(exactly: $0) }),
                    found.indices.contains(position)
                else { throw .malformed("a document (position)") }
                found[position] = try DocumentRow.document(rows, row, from: 1)
            }
            return found
        }
    }

    package func documents(_ query: DocumentQuery) async throws(StoreError) -> [SealedDocument] {
        try await read(query.statement) { rows throws(StoreError) in try DocumentRow.documents(rows) }
    }

    package func documents(
        due task: DueTask, of kind: RecordKind, by moment: Timestamp, limit: Int
    ) async throws(StoreError) -> [DueDocument] {
        let statement = Statement(
            """
            SELECT place, \(task.column) FROM kms.document WHERE kind = $1 AND \(task.column) <= $2
            ORDER BY \(task.column) LIMIT $3
            """, .text(kind.rawValue), .integer(moment.milliseconds), .integer(max(0, limit)))
        return try await read(statement) { rows throws(StoreError) in
            try rows.map("a document of the kind \(kind.rawValue)") { row throws(StoreError) in
                DueDocument(place: try row.bytes(0), time: try row.time(1))
            }
        }
    }
}

extension DueTask {
    /// The column with the time of the task.
    fileprivate var column: String { "\(rawValue)_at" }
}

extension DocumentQuery {
    var statement: Statement {
        let column = selection == .names ? "name" : "place"
        var parameters: [Parameter] = [.text(kind.rawValue), .bytes(after), .integer(limit)]
        var conditions = ["kind = $1", "\(column) > $2"]
        func next(_ parameter: Parameter) -> String {
            parameters.append(parameter)
            return "$\(parameters.count)"
        }
        switch selection {
        case .all, .names: break
        case .label(let value): conditions.append("label = \(next(.bytes(value)))")
        case .group(let value): conditions.append("group_key = \(next(.bytes(value)))")
        }
        if let before { conditions.append("\(column) < \(next(.bytes(before)))") }
        if let epoch {
            let number = next(.integer(epoch.number))
            conditions.append("(seal_epoch < \(number) OR wrap_epoch < \(number))")
        }
        return Statement(
            """
            SELECT \(DocumentRow.columns) FROM kms.document WHERE \(conditions.joined(separator: " AND "))
            ORDER BY \(column)\(isDescending ? " DESC" : "") LIMIT $3
            """, parameters)
    }
}
