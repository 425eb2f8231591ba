import FoundationEssentials
import ProcessHardening

/// The privileges that the token's process gives up before anything else happens in it.
enum TokenConfinement {
    /// The outcome, set once by ``KMS/main()`` before there is a second thread.
    nonisolated(unsafe) private static var outcome: Result<String, HardeningError>?

    /// Returns the outcome for the log; throws if the confinement failed.
    static func result() throws(HardeningError) -> String { try outcome?.get() ?? "none" }

    /// Confines the process.
    ///
    /// - Parameter environment: the settings in force, by the names of their variables.
    static func apply(_ environment: [String: String]) {
        func isOn(_ setting: Setting) -> Bool { environment[setting.environmentName] == "true" }
        let confinement = Confinement(
            writable: writable(environment), network: isOn(.tokenNetwork), localSockets: isOn(.tokenLocalSockets))
        outcome = Result { () throws(HardeningError) in
            try CoreDumps.set(allowed: isOn(.processCoreDumps))
            return try confinement.apply()
        }
    }

    /// Returns the configured folders, or else SoftHSM's token folder, where it opens lock files for writing even to read.
    private static func writable(_ environment: [String: String]) -> [String] {
        let configured = (environment[Setting.tokenWritable.environmentName] ?? "").split(separator: ":").map(
            String.init)
        guard configured.isEmpty else { return configured }
        let home = environment["HOME"].map { ["\($0)/.config/softhsm2/softhsm2.conf"] } ?? []
        let candidates = environment["SOFTHSM2_CONF"].map { [$0] } ?? (home + ["/etc/softhsm/softhsm2.conf"])
        return candidates.lazy.compactMap(tokenFolder).first.map { [$0] } ?? []
    }

    private static func tokenFolder(in file: String) -> String? {
        guard let data = FileManager.default.contents(atPath: file) else { return nil }
        for line in String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, trimmed(parts[0]) == "directories.tokendir" else { continue }
            let path = trimmed(parts[1])
            return FileManager.default.fileExists(atPath: path) ? path : nil
        }
        return nil
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
