import ArgumentParser

struct StoreMigrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Bring the store's schema to this release.",
        discussion: """
            The service does this itself when it starts, if it may change the schema. With a database whose service role may not, run this \
            as the role that owns the schema, before the new release starts. A schema that is already right stays as it is. The release \
            before this one goes on with the new schema.

            Example: kms store migrate --store 'postgresql://kms_owner@db.example.com/kms'
            """)

    @OptionGroup var output: OutputOptions
    @OptionGroup var options: StoreConfigurationOptions

    func run() async throws {
        try await reporting {
            let location = try StoreLocation(try options.settings())
            try location.requireInitialized()
            try await location.open(.existing).close()
            try output.show(
                ["store": location.name], as: "The store \(location.name) has the schema of this release\n")
        }
    }
}
