import ArgumentParser
import FoundationEssentials
import KMSClient

/// The options of all commands that list items a page at a time.
struct PageOptions: ParsableArguments {
    @Option(help: "Items in a page, 1 to 1000. [100]")
    var limit: Int?

    @Option(help: "Start after the page that printed this cursor.")
    var cursor: String?

    @Flag(help: "List all pages.")
    var all = false

    @OptionGroup var view: ViewOptions

    var page: ListPage { ListPage(limit: limit, cursor: cursor) }

    func check() throws(Failure) {
        guard !all || cursor == nil else { throw Failure(.input, "--all and --cursor exclude each other") }
    }

    /// Shows a page, and the command that shows the next one.
    func show(_ page: some PageAnswer) throws {
        try view.output.show(page, as: page.table.text(in: view.style))
        guard !view.output.json, let next = page.next else { return }
        StandardError.write("more: \(DisplayText.safe(Invocation.next(after: next))) (or --all)\n")
    }

    func show(_ list: WholeList) throws {
        try view.output.show(list, as: list.table?.text(in: view.style) ?? "")
    }
}

/// The command line of this process.
enum Invocation {
    /// Returns the same command, with its filters, for the page after a cursor.
    static func next(after cursor: String, arguments: [String] = Array(CommandLine.arguments.dropFirst())) -> String {
        var kept: [String] = []
        var isValue = false
        for argument in arguments {
            if isValue {
                isValue = false
            } else if argument == "--cursor" {
                isValue = true
            } else if !argument.hasPrefix("--cursor=") {
                kept.append(argument)
            }
        }
        return (["kms"] + (kept + ["--cursor", cursor]).map(ShellWord.quoted)).joined(separator: " ")
    }
}
