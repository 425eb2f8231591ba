import ArgumentParser

/// The options of all commands that list items a page at a time.
struct PageOptions: ParsableArguments {
    @Option(help: "How many items a page has, 1 to 1000.")
    var limit: Int?

    @Option(help: "The cursor that the page before gave.")
    var cursor: String?

    @Flag(help: "JSON instead of a table.")
    var json = false

    /// The query string of the API for this page.
    var query: String { PathText.query(["limit": limit.map(String.init), "cursor": cursor]) }

    /// Shows a page, and the command that shows the next one.
    func show(_ page: some Encodable, as table: Table, next: String?, command: String) throws {
        if json {
            try JSONText.write(page)
            return
        }
        try StandardOutput.write(table.text)
        if let next { StandardError.write("more: \(command) --cursor \(next)\n") }
    }
}
