import KeyManagement

/// The projects that a new store begins with: one for each region, in one account.
struct FirstProjects {
    static let name = "default"

    let location: ProjectLocation
    let further: [(project: ProjectID, location: ProjectLocation)]

    /// - Throws: a ``Failure`` for a text that is no account or region, and for a region that is named twice.
    init(account: String?, regions: [String]) throws(Failure) {
        do throws(KMSError) {
            let regions = try regions.map { text throws(KMSError) in try Region(text) }
            guard Set(regions).count == regions.count else {
                throw .invalidRequest("--region names a region twice; each has one project in the account")
            }
            let account = try account.map { text throws(KMSError) in try AccountNumber(text) }
            location = ProjectLocation(account: account, region: regions.first) ?? .random()
            var further: [(project: ProjectID, location: ProjectLocation)] = []
            for region in regions.dropFirst() {
                further.append(
                    (
                        try ProjectID("\(Self.name)-\(region.text)"),
                        ProjectLocation(account: location.account, region: region)
                    ))
            }
            self.further = further
        } catch {
            throw Failure(error)
        }
    }

    var names: [String] { [Self.name] + further.map(\.project.text) }

    /// One line for each project.
    var text: String {
        let all =
            [(name: Self.name, location: location)] + further.map { (name: $0.project.text, location: $0.location) }
        return all.map {
            "project      \($0.name) (account \($0.location.account.text), region \($0.location.region.text))"
        }
        .joined(separator: "\n")
    }
}
