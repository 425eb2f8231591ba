import ArgumentParser
import KMSClient

/// An answer that lists items a page at a time.
protocol PageAnswer: Codable {
    var next: String? { get }
    var table: Table { get }
}

/// A command that lists items a page at a time.
protocol ListCommand: RequestCommand where Answer: PageAnswer {
    associatedtype Answer

    var pages: PageOptions { get }

    /// Makes the request for a page.
    func request(_ page: ListPage) throws -> KMSRequest<Answer>
}

extension ListCommand {
    func request() throws -> KMSRequest<Answer> { try request(pages.page) }

    func check() throws { try pages.check() }

    func run() async throws {
        guard pages.all else { return try await callService() }
        try await reporting {
            try apart { try check() }
            let list = try await options.withClient { client in try await all(by: client) }
            try apart { try pages.show(list) }
        }
    }

    func show(_ page: Answer) throws { try pages.show(page) }

    /// Reads all pages.
    private func all(by client: KMSClient) async throws -> WholeList {
        var list = WholeList()
        var page = ListPage(limit: pages.limit ?? 1000, cursor: nil)
        repeat {
            let answer = try await client.send(try apart { try request(page) })
            try apart { try list.append(answer) }
            page.cursor = answer.next
        } while page.cursor != nil
        return list
    }
}

/// The items of all pages of a list.
struct WholeList: Encodable {
    private(set) var table: Table?
    private var lists: [(name: String, items: [JSONValue])] = []

    mutating func append(_ page: some PageAnswer) throws {
        if table == nil { table = page.table } else { table?.append(page.table) }
        guard case .object(let members) = try ValueEncoder.value(of: page) else { return }
        for member in members {
            guard case .list(let items) = member.value else { continue }
            if let index = lists.firstIndex(where: { $0.name == member.name }) {
                lists[index].items += items
            } else {
                lists.append((member.name, items))
            }
        }
    }

    func encode(to encoder: any Encoder) throws {
        let members = lists.map { JSONValue.Member(name: $0.name, value: .list($0.items)) }
        try JSONValue.object(members).encode(to: encoder)
    }
}
