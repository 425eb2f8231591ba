import ArgumentParser
import FoundationEssentials
import KMSClient
import KeyManagement

// The values that a shell offers when the user presses TAB. They come from the service and from the saved contexts.

extension CompletionKind {
    /// The names and aliases of the keys in the project.
    static var keys: CompletionKind {
        .custom { words, _, prefix in
            async let keys = ServiceCompletion.names(words, prefix) { client in
                try await client.send(KMSRequest<KeyNames>(.get, "/api/v1/keys?limit=1000")).keys.map(\.name)
            }
            return await keys + ServiceCompletion.aliases(words, prefix)
        }
    }

    /// The aliases in the project.
    static var aliases: CompletionKind {
        .custom { words, _, prefix in await ServiceCompletion.aliases(words, prefix) }
    }

    /// The projects that the caller may list, or those in which they have a role.
    static var projects: CompletionKind {
        .custom { words, _, prefix in
            await ServiceCompletion.names(words, prefix) { client in
                let caller = try await client.send(KMSRequest<WhoAmIAnswer>(.get, "/api/v1/whoami"))
                guard caller.administrator else { return caller.roles.keys.sorted() }
                let page = try await client.send(KMSRequest<ProjectNames>(.get, "/api/v1/projects?limit=1000"))
                return page.projects.map(\.name)
            }
        }
    }

    /// The names of the saved contexts.
    static var contexts: CompletionKind {
        .custom { _, _, prefix in
            guard let folder = ContextFolder.ofUser else { return [] }
            return ContextStore(folder: folder).names.map(\.text).filter { $0.hasPrefix(prefix) }
        }
    }

    /// The algorithms of keys.
    static var algorithms: CompletionKind { .list(KeyAlgorithm.allCases.map(\.rawValue)) }
}

private struct KeyNames: Decodable, Sendable {
    struct Key: Decodable {
        let name: String
    }

    let keys: [Key]
}

private struct AliasNames: Decodable, Sendable {
    struct Alias: Decodable {
        let alias: String
    }

    let aliases: [Alias]
}

private struct ProjectNames: Decodable, Sendable {
    struct Project: Decodable {
        let name: String
    }

    let projects: [Project]
}

/// The options of the connection on an unfinished command line.
private struct TypedOptions: AsyncParsableCommand {
    @OptionGroup var options: ClientOptions
}

/// Requests for completions: short, and without a word if they fail, because the user is typing a command.
private enum ServiceCompletion {
    static func aliases(_ words: [String], _ prefix: String) async -> [String] {
        await names(words, prefix) { client in
            try await client.send(KMSRequest<AliasNames>(.get, "/api/v1/aliases?limit=1000")).aliases.map(\.alias)
        }
    }

    /// Returns the names that begin with `prefix`; none if the service does not give them within a second.
    static func names(
        _ words: [String], _ prefix: String, _ request: @Sendable (KMSClient) async throws -> [String]
    ) async -> [String] {
        guard let typed = try? await TypedOptions.asyncParseAsRoot(connectionWords(words)) as? TypedOptions,
            var selection = try? typed.options.selection()
        else { return [] }
        selection.configuration.timeout = .milliseconds(900)
        let names = try? await KMSClient.withClient(selection.configuration) { client in try await request(client) }
        return (names ?? []).filter { isHarmless($0) && $0.hasPrefix(prefix) }
    }

    /// True for a name that means nothing to a shell. Bash expands the words of `compgen -W`, and the service may be another than it seems.
    private static func isHarmless(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.first != UInt8(ascii: "-")
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "._@:+-".utf8.contains(byte)
                }
            }
    }

    /// Returns the options of the connection that the user has typed already, with their values.
    private static func connectionWords(_ words: [String]) -> [String] {
        let valued = [
            "--url", "--ca", "--client-certificate", "--client-key", "--token-file", "--project",
        ]
        var found: [String] = []
        for (index, word) in words.enumerated() {
            if word == "--allow-plaintext-network" || valued.contains(where: { word.hasPrefix("\($0)=") }) {
                found.append(word)
            } else if valued.contains(word), index + 1 < words.count, !words[index + 1].isEmpty {
                found += [word, words[index + 1]]
            }
        }
        return found
    }
}
