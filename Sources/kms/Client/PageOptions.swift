import ArgumentParser

/// The flags of all commands that list something, a page at a time.
struct PageOptions: ParsableArguments {
    @Option(help: "How many items a page has, 1 to 1000.")
    var limit: Int?

    @Option(help: "The cursor that the page before gave.")
    var cursor: String?

    @Flag(help: "JSON instead of a table.")
    var json = false

    /// The page as the API's query names it.
    var query: String { PathText.query(["limit": limit.map(String.init), "cursor": cursor]) }

    /// Shows a page, and says how to go on.
    func show(_ page: some Encodable, as table: Table, next: String?, command: String) throws {
        if json {
            try JSONText.write(page)
            return
        }
        try StandardOutput.write(table.text)
        if let next { StandardError.write("more: \(command) --cursor \(next)\n") }
    }
}
