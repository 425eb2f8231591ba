import FoundationEssentials
import KeyManagement

/// The subjects that a new store begins with, and the files with their bearer tokens.
struct FirstCredentials {
    let folder: String
    private let first: [FirstSubject]

    init(folder: String) throws {
        self.folder = folder
        first = [
            FirstSubject(subject: try SubjectID("admin"), role: nil, isAdministrator: true),
            FirstSubject(subject: try SubjectID("manager"), role: .manager),
            FirstSubject(subject: try SubjectID("user"), role: .user),
        ]
    }

    var paths: [String] { first.map { "\(folder)/\($0.subject).token" } }

    /// Writes the credentials first, because a store whose credentials were lost could be neither used nor initialised again.
    ///
    /// - Parameter projects: the first projects; nil for `default` at a generated location.
    func initializeStore(_ service: KeyService, with projects: FirstProjects? = nil) async throws {
        do {
            let directory = try await service.prepareDirectory(
                first, of: try ProjectID(FirstProjects.name), at: projects?.location, and: projects?.further ?? [])
            var written: [String] = []
            do {
                for (token, path) in zip(directory.tokens, paths) {
                    try token.withText { try PrivateFile.create(path, $0) }
                    written.append(path)
                }
                try await service.initializeStore(with: directory)
            } catch {
                // Credentials of a store that was not initialised are worthless.
                for path in written { try? FileManager.default.removeItem(atPath: path) }
                throw error
            }
        } catch let error as KMSError {
            switch error {
            case .tokenUnavailable, .busy, .internalFailure: throw Failure(error)
            default: throw Failure(.store, error.logDetail)
            }
        }
    }

    /// Checks that the credentials can be written, before a step that cannot be repeated.
    func prepareFolder() throws {
        for path in paths where FileManager.default.fileExists(atPath: path) {
            throw Failure(.configuration, "\(path) exists already; it is not overwritten")
        }
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw Failure(.configuration, "the folder \(folder) cannot be made: \(error)")
        }
        guard FileManager.default.isWritableFile(atPath: folder) else {
            throw Failure(.configuration, "the folder \(folder) cannot be written to")
        }
    }
}
