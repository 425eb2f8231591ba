import ArgumentParser
import KMSClient

/// The options of all commands that list items a page at a time.
struct PageOptions: ParsableArguments {
    @Option(help: "How many items a page has, 1 to 1000.")
    var limit: Int?

    @Option(help: "The cursor that the page before gave.")
    var cursor: String?

    @OptionGroup var output: OutputOptions

    var page: ListPage { ListPage(limit: limit, cursor: cursor) }

    /// The query string of the API for this page.
    var query: String { APIPath.query(page) }

    /// Shows a page, and the command that shows the next one.
    func show(_ page: some PageAnswer, command: String) throws {
        try output.show(page, as: page.table.text)
        if !output.json, let next = page.next { StandardError.write("more: \(command) --cursor \(next)\n") }
    }
}
