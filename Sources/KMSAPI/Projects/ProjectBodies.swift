import JSONText
import KeyManagement

/// The body of `POST projects`.
struct CreateProjectBody: FieldBody {
    let id: ProjectID
    let description: KeyDescription
    /// The AWS account and region; nil if the body names none.
    let location: ProjectLocation?

    static let name = "CreateProject"
    static let example: DocumentValue = ["name": "shop", "description": "The web shop"]
    static var note: String? {
        "`account` and `region` locate the project for AWS clients. The service chooses what is left out."
    }

    enum Field: String, DescribedFields {
        case name, description, account, region

        var shape: FieldShape {
            switch self {
            case .name: .must(.projectName)
            case .description: .may(.description)
            case .account: .may(.account)
            case .region: .may(.region)
            }
        }
    }

    init(_ reader: inout JSONReader) throws(KMSError) {
        var id: ProjectID?
        var description = KeyDescription.none
        var (account, region): (AccountNumber?, Region?) = (nil, nil)
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            let path = FieldPath(field)
            switch field {
            case .name: id = try ProjectID(try reader.text(path))
            case .description: description = try KeyDescription(try reader.text(path))
            case .account: account = try AccountNumber(try reader.text(path))
            case .region: region = try Region(try reader.text(path))
            }
        }
        guard let id else { throw .invalidRequest("name is missing") }
        self.id = id
        self.description = description
        location = ProjectLocation(account: account, region: region)
    }
}

/// The body of `PATCH projects/{project}`.
struct UpdateProjectBody: FieldBody {
    let description: KeyDescription?
    let location: ProjectLocation?

    static let name = "UpdateProject"
    static let example: DocumentValue = ["description": "The web shop"]
    static var note: String? { "`account` and `region` can be set once, together, and never change." }

    enum Field: String, DescribedFields {
        case description, account, region

        var shape: FieldShape {
            switch self {
            case .description: .may(.description)
            case .account: .may(.account)
            case .region: .may(.region)
            }
        }
    }

    static var conditions: [(name: String, value: DocumentValue)] {
        [("minProperties", 1), ("dependentRequired", ["account": ["region"], "region": ["account"]])]
    }

    init(_ reader: inout JSONReader) throws(KMSError) {
        var description: KeyDescription?
        var (account, region): (AccountNumber?, Region?) = (nil, nil)
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            let path = FieldPath(field)
            switch field {
            case .description: description = try KeyDescription(try reader.text(path))
            case .account: account = try AccountNumber(try reader.text(path))
            case .region: region = try Region(try reader.text(path))
            }
        }
        self.description = description
        switch (account, region) {
        case (let account?, let region?): location = ProjectLocation(account: account, region: region)
        case (nil, nil):
            guard description != nil else {
                throw .invalidRequest("nothing to change: give description, or account and region")
            }
            location = nil
        default: throw .invalidRequest("account and region go together")
        }
    }
}
