import FoundationEssentials
import KeyManagement

/// The settings in force, each with its origin. Flags override the environment, which overrides the file, which overrides the defaults.
struct Settings {
    struct Entry {
        let text: String
        let origin: String
    }

    private var entries: [Setting: Entry] = [:]

    /// Merges the settings of all origins.
    ///
    /// - Parameters:
    ///   - file: a YAML file; nil if there is none.
    ///   - flags: the settings on the command line.
    init(file: String?, environment: [String: String], flags: [Setting: String]) throws(Failure) {
        for setting in Setting.allCases {
            if let standard = setting.standard { entries[setting] = Entry(text: standard, origin: "default") }
        }
        if let file { try read(file) }
        for setting in Setting.allCases {
            if let text = environment[setting.environmentName] {
                entries[setting] = Entry(text: text, origin: setting.environmentName)
            }
            if let text = flags[setting] { entries[setting] = Entry(text: text, origin: "flag") }
        }
    }

    /// All settings as environment variables, for a child process that must have the same settings.
    var environment: [String: String] {
        Dictionary(uniqueKeysWithValues: entries.map { ($0.key.environmentName, $0.value.text) })
    }

    subscript(setting: Setting) -> Entry? { entries[setting] }

    /// Returns a setting.
    ///
    /// - Throws: a ``Failure`` if the setting is missing.
    func required(_ setting: Setting) throws(Failure) -> Entry {
        guard let entry = entries[setting] else {
            throw Failure(
                .configuration,
                "\(setting.rawValue) is not set; set it in the configuration file or by \(setting.environmentName)")
        }
        return entry
    }

    private mutating func read(_ file: String) throws(Failure) {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw Failure(.configuration, "\(file) cannot be read")
        }
        for value in try YAMLFile(file, bytes: [UInt8](data)).values {
            guard case .single(let text) = value.content else {
                throw Failure(.configuration, "\(value.place): '\(value.path)' is no single value")
            }
            guard value.path.isASCII, let setting = Setting(rawValue: value.path) else {
                throw Failure(
                    .configuration,
                    "\(value.place): there is no setting '\(value.path)'; \(Self.advice(for: value.path))")
            }
            entries[setting] = Entry(text: text, origin: value.place)
        }
    }

    private static func advice(for path: String) -> String {
        let section = path.split(separator: ".").first.map(String.init) ?? ""
        let names = Setting.allCases.map(\.rawValue).filter { $0.hasPrefix(section + ".") }
        return "there are: " + (names.isEmpty ? Setting.allCases.map(\.rawValue) : names).joined(separator: ", ")
    }
}
