import KMSTesting
import KeyManagement
import Testing

@Suite
struct ListCursorTests {
    let service: Service

    init() async throws {
        service = try await Service()
        for name in ["apple", "hidden-by-its-list", "pear", "quince"] { try await service.key(name) }
        for name in ["one", "two", "three"] {
            _ = try await service.kms.setAlias(
                KeyName("alias-\(name)"), to: .name(KeyName("pear")), by: service.manager)
        }
    }

    /// Returns pages of keys as a Viewer sees them.
    private func keys(after cursor: ListCursor? = nil, _ filter: KeyFilter = .all, by caller: Caller? = nil)
        async throws -> Page<KeyRecord>
    {
        try await service.kms.listKeys(filter, after: cursor, limit: PageLimit(1), by: try caller ?? viewer)
    }

    private var viewer: Caller { get throws { try service.caller(.viewer) } }

    @Test func `contain no name, also when the page ended at something hidden`() async throws {
        let next = try #require(try await keys().next)
        for name in ["apple", "hidden-by-its-list", "pear"] {
            #expect(!next.text.contains(name))
            #expect(!next.text.contains(Array(name.utf8).map { String($0, radix: 16) }.joined()))
        }
        // Its length reveals nothing about the name's length either.
        let longer = try #require(try await keys(after: next).next)
        #expect(longer.text.utf8.count == next.text.utf8.count)
    }

    @Test
    func `are good for the list, the caller, the project and the filter that they were made for, and for nothing else`()
        async throws
    {
        let next = try #require(try await keys().next)
        #expect(try await keys(after: next).items.map(\.name.text) == ["hidden-by-its-list"])
        var filter = KeyFilter()
        filter.state = .active
        let otherFilter = await refusal { try await keys(after: next, filter) }
        let otherCaller = await refusal { try await keys(after: next, by: try service.manager) }
        let otherProject = await refusal {
            try await keys(after: next, by: try service.caller(.viewer, in: try Service.bank))
        }
        let otherList = await refusal { try await service.kms.listAliases(after: next, by: try viewer) }
        let versions = await refusal {
            try await service.kms.listVersions(of: .name(KeyName("pear")), after: next, by: try viewer)
        }
        let directory = await refusal { try await service.kms.listSubjects(after: next, by: try service.administrator) }
        for error in [otherFilter, otherCaller, otherProject, otherList, versions, directory] {
            #expect(error == .invalidCursor)
        }
    }

    @Test func `are refused when they were made up, or differ in one digit`() async throws {
        let next = try #require(try await keys().next)
        for place in [0, 7, 8, 40, next.text.utf8.count - 1] {
            var digits = Array(next.text)
            digits[place] = digits[place] == "0" ? "1" : "0"
            #expect(await refusal { try await keys(after: ListCursor(String(digits))) } == .invalidCursor)
        }
        for text in ["", "YXBwbGU", "0", "zz", "00000001", String(next.text.dropLast(2)), next.text + "00"] {
            #expect(await refusal { try await keys(after: ListCursor(text)) } == .invalidCursor, "\(text)")
        }
    }

    @Test func `go on in another process with the same token`() async throws {
        let next = try #require(try await keys().next)
        let page = try await service.restarted().listKeys(after: next, limit: PageLimit(1), by: viewer)
        #expect(page.items.map(\.name.text) == ["hidden-by-its-list"])
    }

    @Test func `pages are filled with what the caller may see, and a walk shows all of it`() async throws {
        _ = try await service.kms.changeAccess(
            to: .name(KeyName("hidden-by-its-list")), .on(.empty), by: service.manager)
        _ = try await service.kms.setAlias(
            KeyName("alias-of-hidden"), to: .name(KeyName("hidden-by-its-list")), by: service.manager)
        var names: [String] = []
        var cursor: ListCursor?
        repeat {
            let page = try await keys(after: cursor)
            #expect(page.items.count == 1, "a short page would count what is hidden")
            names += page.items.map(\.name.text)
            cursor = page.next
        } while cursor != nil
        #expect(names == ["apple", "pear", "quince"])
        let aliases = try await service.kms.listAliases(limit: PageLimit(3), by: viewer)
        #expect(aliases.items.map(\.name.text) == ["alias-one", "alias-three", "alias-two"] && aliases.next == nil)
    }

    @Test func `of the directory are the same kind`() async throws {
        let page = try await service.kms.listSubjects(limit: PageLimit(1), by: service.administrator)
        let next = try #require(page.next)
        #expect(try await service.kms.listSubjects(after: next, by: service.administrator).items.count == 3)
        #expect(
            await refusal { try await service.kms.listGroups(after: next, by: service.administrator) } == .invalidCursor
        )
        #expect(
            await refusal { try await service.kms.listSubjects(after: ListCursor("admin"), by: service.administrator) }
                == .invalidCursor)
    }
}
